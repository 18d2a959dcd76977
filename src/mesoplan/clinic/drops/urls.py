from __future__ import annotations

from django.urls import path

from mesoplan.clinic.drops import views

app_name = "drops"

urlpatterns = [
    path("drops", views.drops, name="drops"),
    path("drops/reach", views.reach, name="reach"),
    path("drops/later", views.later, name="later"),
]

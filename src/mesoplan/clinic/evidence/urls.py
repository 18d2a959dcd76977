from __future__ import annotations

from django.urls import path

from mesoplan.clinic.evidence import views

app_name = "evidence"

urlpatterns = [
    path("evidence", views.evidence, name="evidence"),
    path("evidence/<slug:kind>/<str:entry_id>", views.entry, name="entry"),
]

from __future__ import annotations

from django.urls import path

from mesoplan.clinic.exposure import views

app_name = "exposure"

urlpatterns = [
    path("plans/<int:plan_id>/exposure", views.exposure, name="exposure"),
    path("courses/<int:course_id>/coverage", views.compared, name="compared"),
]

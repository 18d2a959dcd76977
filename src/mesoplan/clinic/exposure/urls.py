from __future__ import annotations

from django.urls import path

from mesoplan.clinic.exposure import sheet, views

app_name = "exposure"

urlpatterns = [
    path("plans/<int:plan_id>/exposure", views.exposure, name="exposure"),
    path("plans/<int:plan_id>/exposure.pdf", sheet.sheet, name="sheet"),
    path("courses/<int:course_id>/coverage", views.compared, name="compared"),
]

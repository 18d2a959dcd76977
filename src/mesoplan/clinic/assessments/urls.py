from __future__ import annotations

from django.urls import path

from mesoplan.clinic.assessments.views import assess, record

app_name = "assessments"

urlpatterns = [
    path("patients/<str:ref>/assess", assess.assess, name="assess"),
    path("patients/<str:ref>/assess/find", assess.find, name="find"),
    path("patients/<str:ref>/assess/new", record.start, name="start"),
    path("assessments/<int:pk>", record.assessment, name="assessment"),
    path("assessments/<int:pk>/amend", record.amend, name="amend"),
]

from __future__ import annotations

from django.urls import path

from mesoplan.clinic.patients.views import finding, patient, writing

urlpatterns = [
    path("patients", finding.patients, name="patients"),
    path("patients/new", writing.new_patient, name="new_patient"),
    path("patients/<str:ref>", patient.patient, name="patient"),
    path("patients/<str:ref>/edit", writing.edit_patient, name="edit_patient"),
]

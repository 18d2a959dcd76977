from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "mesoplan.clinic.patients"
    label = "patients"

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "mesoplan.clinic.assessments"
    label = "assessments"

from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    name = "mesoplan.clinic.comparison"
    label = "comparison"

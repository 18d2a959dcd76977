from django.apps import AppConfig


class DropsConfig(AppConfig):
    name = "mesoplan.clinic.drops"
    label = "drops"

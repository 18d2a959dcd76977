from django.apps import AppConfig


class LeafletsConfig(AppConfig):
    name = "mesoplan.clinic.leaflets"
    label = "leaflets"

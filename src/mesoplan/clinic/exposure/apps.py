from django.apps import AppConfig


class ExposureConfig(AppConfig):
    name = "mesoplan.clinic.exposure"
    label = "exposure"

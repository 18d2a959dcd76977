from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "mesoplan.clinic.evidence"
    label = "evidence"

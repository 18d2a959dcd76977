from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mesoplan.clinic.audit"
    label = "audit"

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "mesoplan.clinic.shell"
    label = "shell"

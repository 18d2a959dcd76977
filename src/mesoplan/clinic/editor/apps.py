from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "mesoplan.clinic.editor"
    label = "editor"

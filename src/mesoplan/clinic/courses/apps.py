from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "mesoplan.clinic.courses"
    label = "courses"

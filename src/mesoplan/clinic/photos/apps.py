from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "mesoplan.clinic.photos"
    label = "photos"

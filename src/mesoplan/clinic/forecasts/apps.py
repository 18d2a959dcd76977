from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    name = "mesoplan.clinic.forecasts"
    label = "forecasts"

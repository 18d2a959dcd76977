from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mesoplan.clinic.accounts"
    label = "accounts"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "labeler.accounts"
    label = "accounts"

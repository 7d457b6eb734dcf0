from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "labeler.webhooks"
    label = "webhooks"

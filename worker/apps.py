"""The worker as a Django app: it brings management commands and no tables."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Makes `manage.py evaluate_crops` known; the package itself imports nothing heavy."""

    name = "worker"

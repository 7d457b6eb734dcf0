from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "labeler.datasets"
    label = "datasets"

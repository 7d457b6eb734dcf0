from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "labeler.results"
    label = "results"

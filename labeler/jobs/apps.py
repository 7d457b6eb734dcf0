from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "labeler.jobs"
    label = "jobs"

"""The Celery client of the web side. The worker runs the same app with `worker.tasks` loaded (see `worker/app.py`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")

app = Celery("labeler")
app.config_from_object("django.conf:settings", namespace="CELERY")

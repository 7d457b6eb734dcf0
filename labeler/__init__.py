"""The web side: pages, API, websockets, jobs. Never imports torch or the worker; reaches it by task name."""

from labeler.celery import app as celery_app

__all__ = ["celery_app"]

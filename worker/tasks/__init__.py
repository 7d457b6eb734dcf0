"""Celery tasks: load rows, call `worker.ml`, save through the services of `labeler`. Nothing else happens here."""

"""The worker side: Celery tasks (`worker.tasks`) kept thin around pure functions on arrays (`worker.ml`)."""

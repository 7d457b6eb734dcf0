"""Exports made in the background."""

from django.conf import settings
from django.db import models


class Export(models.Model):
    """One file that a job makes. `options` is pinned when the job starts, so that it says how to get the same again."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="exports")
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, related_name="export")
    name = models.CharField(max_length=255)
    options = models.JSONField()
    num_bytes = models.PositiveBigIntegerField(null=True)  # once the file is there
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

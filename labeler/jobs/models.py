"""The background job as users see it."""

from enum import StrEnum

from django.conf import settings
from django.db import models


class JobKind(StrEnum):
    IMPORT = "import"
    FEATURES = "features"
    PROJECTION = "projection"
    TRAINING = "training"
    EXPORT = "export"


class JobState(StrEnum):
    """queued -> running -> succeeded | failed | cancelled; queued -> cancelled. Changed by `services` only."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """One piece of background work: its state, progress and outcome."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in JobKind])
    state = models.CharField(
        max_length=16, choices=[(state.value, state.value) for state in JobState], default=JobState.QUEUED
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    stage = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    summary = models.CharField(max_length=300, blank=True)
    num_attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "state"]), models.Index(fields=["state", "heartbeat_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=models.Q(state="queued") & ~models.Q(kind__in=["import", "export"]),
                # later requests coalesce with the queued one; imports and exports never do
                name="one_queued_job_per_kind",
            )
        ]

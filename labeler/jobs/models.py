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
    CROPS = "crops"
    SUGGESTIONS = "suggestions"  # neighbours, order of labeling, doubtful labels
    CLASS_PICTURE = "class_picture"


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
    rate_per_s = models.FloatField(null=True)  # of the present stage, over its last seconds
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    summary = models.CharField(max_length=300, blank=True)
    num_attempts = models.PositiveIntegerField(default=0)  # starts; tells one owner of the job from the next
    num_lost_workers = models.PositiveSmallIntegerField(default=0)  # a stop of the whole product is no loss
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

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end of the present stage at its present rate; null when that cannot be told."""
        if self.state != JobState.RUNNING or not self.rate_per_s or self.total <= self.done:
            return None
        return (self.total - self.done) / self.rate_per_s


class ShardState(StrEnum):
    """waiting -> running -> done; running -> waiting when its worker is lost or cannot do it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class JobShard(models.Model):
    """A part of one stage of a job, which any worker may do: who does it now, and how far they are.

    `claim` names the present worker's turn; whoever holds another one has lost the shard. A shard that a helper could
    not do is left to the job's owner, which meets the same error and ends the job with it.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="shards")
    stage = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.value) for state in ShardState],
        default=ShardState.WAITING,
    )
    claim = models.UUIDField(null=True)
    is_for_owner = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "stage", "number"], name="one_row_per_shard")]

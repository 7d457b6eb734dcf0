"""Shards of a job: parts of one stage that any worker may do. Who does which is decided here, by compare-and-set.

The job's owner plans the shards, sends one message for each that another worker might take, and does what nobody has
taken. A worker that dies stops beating: its shard is free again after `JOB_HEARTBEAT_TIMEOUT_S`. Finished shards
are never planned again, because the owner asks storage what is missing before it plans.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from kombu.exceptions import OperationalError

from labeler.jobs.models import ACTIVE_STATES, Job, JobKind, JobShard, JobState, ShardState
from labeler.jobs.names import QUEUE_OF, TaskName

logger = logging.getLogger(__name__)


@transaction.atomic
def plan_shards(*, job_id: int, stage: str, totals: Mapping[int, int]) -> None:
    """Make these the shards of a stage that are left to do: `totals` gives the size of each by its number.

    A shard that a live worker has in hand keeps its claim, so a second attempt of the job does not start it anew.
    """
    shards = JobShard.objects.filter(job_id=job_id, stage=stage)
    shards.exclude(number__in=totals).delete()
    shards.filter(state=ShardState.DONE).delete()  # storage does not have it: it counts as not done
    known = set(shards.values_list("number", flat=True))
    JobShard.objects.bulk_create(
        JobShard(job_id=job_id, stage=stage, number=number, total=total)
        for number, total in totals.items()
        if number not in known
    )


def send_shards(*, job_id: int, stage: str) -> int:
    """Offer the waiting shards but the first, which the owner takes at once, to other workers."""
    waiting = JobShard.objects.filter(job_id=job_id, stage=stage, state=ShardState.WAITING)
    numbers = list(waiting.values_list("number", flat=True))[1:]
    for number in numbers:
        try:
            current_app.send_task(
                TaskName.SHARD.value, args=[job_id, stage, number], queue=QUEUE_OF[TaskName.SHARD].value
            )
        except (OperationalError, OSError) as error:  # the owner does them all, then
            logger.warning("shards of job %s could not be offered: %s", job_id, error)
            return 0
    return len(numbers)


def claim_shard(*, job_id: int, stage: str, is_owner: bool, number: int | None = None) -> JobShard | None:
    """Take a shard that waits or whose worker is silent: the one of this number, or the first; `None` if there is none.

    Only while the job is active and nobody asked to cancel it.
    """
    if not Job.objects.filter(id=job_id, state__in=ACTIVE_STATES, cancel_requested_at__isnull=True).exists():
        return None
    free = _free_shards(job_id=job_id, stage=stage)
    if not is_owner:
        free = free.filter(is_for_owner=False)
    if number is not None:
        free = free.filter(number=number)
    for shard in free[:32]:
        claim = uuid.uuid4()
        changed = JobShard.objects.filter(id=shard.id, state=shard.state, claim=shard.claim).update(
            state=ShardState.RUNNING, claim=claim, done=0, heartbeat_at=timezone.now()
        )
        if changed:
            shard.refresh_from_db()
            return shard
    return None


def report_shard(shard: JobShard, *, done: int | None = None) -> bool:
    """Keep a claim alive, with progress if given; False when the work should stop: cancelled, ended, or claim lost."""
    fields = {} if done is None else {"done": min(done, shard.total)}
    changed = (
        _claimed(shard)
        .filter(job__state__in=ACTIVE_STATES, job__cancel_requested_at__isnull=True)
        .update(heartbeat_at=timezone.now(), **fields)
    )
    return bool(changed)


def finish_shard(shard: JobShard) -> bool:
    """running -> done, by the worker that has it."""
    return bool(_claimed(shard).update(state=ShardState.DONE, done=shard.total))


def release_shard(shard: JobShard, *, is_for_owner: bool) -> bool:
    """running -> waiting: this worker does not go on. `is_for_owner` after an error that helpers would repeat."""
    return bool(
        _claimed(shard).update(
            state=ShardState.WAITING, claim=None, is_for_owner=is_for_owner or shard.is_for_owner
        )
    )


def count_done(*, job_id: int, stage: str) -> int:
    """Images done in the planned shards of a stage, finished or not."""
    shards = JobShard.objects.filter(job_id=job_id, stage=stage)
    return int(shards.aggregate(done=Sum("done"))["done"] or 0)


def is_stage_done(*, job_id: int, stage: str) -> bool:
    """True when no planned shard of the stage is left."""
    return not JobShard.objects.filter(job_id=job_id, stage=stage).exclude(state=ShardState.DONE).exists()


def drop_shards(*, job_id: int, stage: str) -> None:
    """Forget a stage's shards once it is done."""
    JobShard.objects.filter(job_id=job_id, stage=stage).delete()


def drop_ended_shards() -> int:
    """Forget the shards of jobs that have ended, however they did."""
    return JobShard.objects.exclude(job__state__in=ACTIVE_STATES).delete()[0]


def is_another_job_waiting(*, job: Job, kinds: tuple[JobKind, ...], waited_s: float) -> bool:
    """True when one of these kinds waits for a worker for so long that none is free for it.

    A job of the same kind and project does not count: it would do the same work.
    """
    since = timezone.now() - timedelta(seconds=waited_s)
    waiting = Job.objects.filter(state=JobState.QUEUED, kind__in=kinds, created_at__lt=since)
    return waiting.exclude(project_id=job.project_id, kind=job.kind).exists()


def _free_shards(*, job_id: int, stage: str) -> "QuerySet[JobShard]":
    silent_since = timezone.now() - timedelta(seconds=settings.JOB_HEARTBEAT_TIMEOUT_S)
    is_silent = Q(state=ShardState.RUNNING, heartbeat_at__lt=silent_since)
    return JobShard.objects.filter(job_id=job_id, stage=stage).filter(Q(state=ShardState.WAITING) | is_silent)


def _claimed(shard: JobShard) -> "QuerySet[JobShard]":
    return JobShard.objects.filter(id=shard.id, state=ShardState.RUNNING, claim=shard.claim)

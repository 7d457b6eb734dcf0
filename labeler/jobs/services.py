"""The job state machine. Nobody else changes `Job.state`.

Every step is a compare-and-set: update where the state is the old one; no row changed means that somebody was first.
A worker that dies is noticed by its heartbeat (`sweep`): the job is queued again, and fails after `MAX_LOST_WORKERS`.
"""

import logging
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from labeler.errors import Conflict, Unavailable
from labeler.jobs import events, selectors
from labeler.jobs.models import Job, JobKind, JobShard, JobState, ShardState
from labeler.jobs.names import QUEUE_OF, TaskName
from labeler.jobs.schemas import JobFinished, JobOut, JobProgress

logger = logging.getLogger(__name__)

MAX_LOST_WORKERS = 3
CREATE_TRIES = 5

# Within a project, however many workers there are: each goes on from what the one before it published.
ONE_AT_A_TIME = (JobKind.TRAINING, JobKind.CROPS, JobKind.PROJECTION, JobKind.SUGGESTIONS)

TASK_OF: dict[JobKind, TaskName] = {
    JobKind.IMPORT: TaskName.IMPORT,
    JobKind.FEATURES: TaskName.FEATURES,
    JobKind.PROJECTION: TaskName.PROJECTION,
    JobKind.TRAINING: TaskName.TRAINING,
    JobKind.EXPORT: TaskName.EXPORT,
    JobKind.CROPS: TaskName.CROPS,
    JobKind.SUGGESTIONS: TaskName.SUGGESTIONS,
    JobKind.CLASS_PICTURE: TaskName.CLASS_PICTURE,
}


@transaction.atomic
def request_job(*, project_id: int, kind: JobKind, user: User | None) -> Job:
    """Queue a job and send its task after commit. A second request while one is queued returns that one.

    A running job does not absorb the request: what changed since it started needs another run.
    """
    for _ in range(CREATE_TRIES):
        try:
            with transaction.atomic():
                job = Job.objects.create(project_id=project_id, kind=kind, requested_by=user)
        except IntegrityError:
            queued = Job.objects.filter(project_id=project_id, kind=kind, state=JobState.QUEUED).first()
            if queued is not None:
                return queued
            continue  # a worker claimed it just now, and the place is free again
        transaction.on_commit(partial(send_job, job))
        events.publish(project_id, JobProgress(job=JobOut.from_orm(job)))
        return job
    raise Unavailable(f"A {kind.value} job could not be queued; try again")


def send_job(job: Job) -> None:
    """Put the job's task on its queue. If the broker is away the job stays queued and the sweep sends it later."""
    task = TASK_OF[JobKind(job.kind)]
    try:
        current_app.send_task(task.value, args=[job.id], queue=QUEUE_OF[task].value)
    except (OperationalError, OSError) as error:
        logger.error("job %s could not be sent, the sweep will try again: %s", job.id, error)


def start_job(*, job_id: int) -> Job | None:
    """Claim a queued job for this worker; `None` when it is not queued any more (cancelled, or taken already)."""
    now = timezone.now()
    changed = Job.objects.filter(id=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        started_at=now,
        heartbeat_at=now,
        num_attempts=F("num_attempts") + 1,
        done=0,
        total=0,
        stage="",
        rate_per_s=None,
    )
    if not changed:
        logger.info("job %s is not queued; nothing to start", job_id)
        return None
    job = Job.objects.get(id=job_id)
    events.publish(job.project_id, JobProgress(job=JobOut.from_orm(job)))
    return job


def report_progress(
    *, job_id: int, attempt: int, stage: str, done: int, total: int, rate_per_s: float | None = None
) -> bool:
    """Store progress with a heartbeat; False when the job should stop (cancelled, or another attempt owns it)."""
    changed = Job.objects.filter(
        id=job_id, state=JobState.RUNNING, num_attempts=attempt, cancel_requested_at__isnull=True
    ).update(stage=stage, done=done, total=total, rate_per_s=rate_per_s, heartbeat_at=timezone.now())
    if not changed:
        return False
    job = Job.objects.get(id=job_id)
    events.publish(job.project_id, JobProgress(job=JobOut.from_orm(job)))
    return True


def beat(*, job_id: int, attempt: int) -> bool:
    """Heartbeat without progress, sent from a thread while a long step runs; False when the job should stop."""
    changed = Job.objects.filter(
        id=job_id, state=JobState.RUNNING, num_attempts=attempt, cancel_requested_at__isnull=True
    ).update(heartbeat_at=timezone.now())
    return bool(changed)


def is_owned(*, job_id: int, attempt: int) -> bool:
    """True while this attempt runs the job and nobody asked to cancel it; checked inside publishing transactions."""
    return (
        Job.objects.select_for_update()
        .filter(id=job_id, state=JobState.RUNNING, num_attempts=attempt, cancel_requested_at__isnull=True)
        .exists()
    )


def succeed_job(*, job_id: int, attempt: int, summary: str = "") -> bool:
    """running -> succeeded, by the attempt that owns it."""
    return _finish(job_id, JobState.SUCCEEDED, attempt=attempt, summary=summary[:300])


def fail_job(*, job_id: int, attempt: int, code: str, message: str) -> bool:
    """running -> failed with a reason that a person understands."""
    return _finish(job_id, JobState.FAILED, attempt=attempt, error_code=code[:64], error_message=message)


def confirm_cancelled(*, job_id: int, attempt: int) -> bool:
    """running -> cancelled, by the worker that noticed the request."""
    return _finish(job_id, JobState.CANCELLED, attempt=attempt)


def cancel_job(*, job_id: int, project_id: int) -> Job:
    """Cancel a queued job at once; ask a running one to stop at its next report.

    Raises:
        Conflict: the job has ended.
    """
    job = selectors.get_job(job_id=job_id, project_id=project_id)
    now = timezone.now()
    if Job.objects.filter(id=job_id, state=JobState.QUEUED).update(state=JobState.CANCELLED, finished_at=now):
        job.refresh_from_db()
        events.publish(project_id, JobFinished(job=JobOut.from_orm(job)))
        return job
    if not Job.objects.filter(id=job_id, state=JobState.RUNNING).update(cancel_requested_at=now):
        job.refresh_from_db()
        raise Conflict(f"Job {job_id} has ended: {job.state}", code="job_ended")
    job.refresh_from_db()
    events.publish(project_id, JobProgress(job=JobOut.from_orm(job)))
    return job


def sweep() -> None:
    """Queue again, or fail, jobs whose worker is gone; send again queued jobs whose message was lost."""
    for job in selectors.list_stale_jobs():
        _recover(job)
    for job in selectors.list_forgotten_jobs():
        Job.objects.filter(id=job.id, state=JobState.QUEUED).update(heartbeat_at=timezone.now())
        send_job(job)


def recover_silent_job(*, job_id: int, heard_at: datetime) -> Job | None:
    """A task came again because its worker was lost: queue the job again if nobody has beaten since `heard_at`."""
    job = Job.objects.filter(id=job_id, state=JobState.RUNNING, heartbeat_at=heard_at).first()
    return None if job is None else _recover(job)


def requeue_interrupted_jobs() -> int:
    """At a single-machine start no worker runs yet: every running job was cut off by the stop; queue it again at once.

    That is nobody's fault, so it does not count among the lost workers.
    """
    jobs = list(Job.objects.filter(state=JobState.RUNNING))
    JobShard.objects.filter(state=ShardState.RUNNING).update(state=ShardState.WAITING, claim=None)
    for job in jobs:
        _recover(job, is_loss=False)
    return len(jobs)


def _recover(job: Job, *, is_loss: bool = True) -> Job | None:
    running = Job.objects.filter(  # the same heartbeat: a worker that came back meanwhile keeps its job
        id=job.id, state=JobState.RUNNING, num_attempts=job.num_attempts, heartbeat_at=job.heartbeat_at
    )
    if job.cancel_requested_at is not None:
        _finish(job.id, JobState.CANCELLED, attempt=job.num_attempts)
        return None
    num_lost = job.num_lost_workers + is_loss
    if num_lost >= MAX_LOST_WORKERS:
        message = (
            f"The worker stopped answering {num_lost} times, the last time in stage {job.stage or 'start'!r}"
        )
        fail_job(job_id=job.id, attempt=job.num_attempts, code="worker_lost", message=message)
        return None
    try:
        with transaction.atomic():
            changed = running.update(
                state=JobState.QUEUED, heartbeat_at=timezone.now(), num_lost_workers=num_lost
            )
    except IntegrityError:  # another of this kind is queued already and will do the same work
        message = "The worker was lost; a newer request does the same work"
        fail_job(job_id=job.id, attempt=job.num_attempts, code="superseded", message=message)
        return None
    if not changed:
        return None
    lost = "lost its worker" if is_loss else "was cut off"
    logger.warning("job %s %s in stage %r; queued again", job.id, lost, job.stage)
    job.refresh_from_db()
    events.publish(job.project_id, JobProgress(job=JobOut.from_orm(job)))
    send_job(job)
    return job


def _finish(job_id: int, state: JobState, *, attempt: int, **fields: Any) -> bool:
    changed = Job.objects.filter(id=job_id, state=JobState.RUNNING, num_attempts=attempt).update(
        state=state, finished_at=timezone.now(), **fields
    )
    if changed:
        job = Job.objects.get(id=job_id)
        events.publish(job.project_id, JobFinished(job=JobOut.from_orm(job)))
        _send_next(job)
    return bool(changed)


def _send_next(ended: Job) -> None:
    """Where jobs of a project run one at a time, the next one has waited for this end: its message was used up."""
    if ended.kind in ONE_AT_A_TIME:
        queued = Job.objects.filter(project_id=ended.project_id, kind=ended.kind, state=JobState.QUEUED)
        for job in queued:
            transaction.on_commit(partial(send_job, job))

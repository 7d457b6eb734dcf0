"""Reads of jobs."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from labeler.errors import NotFound
from labeler.jobs.models import ACTIVE_STATES, Job, JobKind, JobState

RECENT = timedelta(hours=24)


def get_job(*, job_id: int, project_id: int | None = None) -> Job:
    """One job, of the given project when that is named."""
    jobs = Job.objects.filter(id=job_id)
    if project_id is not None:
        jobs = jobs.filter(project_id=project_id)
    job = jobs.first()
    if job is None:
        raise NotFound(f"There is no job {job_id}")
    return job


def list_jobs(*, project_id: int, only_active: bool) -> QuerySet[Job]:
    """Active jobs of a project, and unless `only_active` those of the last day, newest first."""
    jobs = Job.objects.filter(project_id=project_id)
    active = Q(state__in=ACTIVE_STATES)
    return jobs.filter(active if only_active else active | Q(created_at__gte=timezone.now() - RECENT))


def has_active_job(*, project_id: int, kind: JobKind) -> bool:
    """True while a job of this kind is queued or running."""
    return Job.objects.filter(project_id=project_id, kind=kind, state__in=ACTIVE_STATES).exists()


def is_sibling_running(*, job_id: int) -> bool:
    """True while another job of the same project and kind runs."""
    siblings = Job.objects.filter(state=JobState.RUNNING).exclude(id=job_id)
    own = Job.objects.filter(id=job_id, project_id=OuterRef("project_id"), kind=OuterRef("kind"))
    return siblings.filter(Exists(own)).exists()


def list_stale_jobs() -> QuerySet[Job]:
    """Running jobs whose heartbeat is older than `JOB_HEARTBEAT_TIMEOUT_S`: their worker is gone."""
    limit = timezone.now() - timedelta(seconds=settings.JOB_HEARTBEAT_TIMEOUT_S)
    return Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=limit)


def list_forgotten_jobs() -> QuerySet[Job]:
    """Queued jobs older than the heartbeat limit: their message may have been lost with the broker."""
    limit = timezone.now() - timedelta(seconds=settings.JOB_HEARTBEAT_TIMEOUT_S)
    return Job.objects.filter(state=JobState.QUEUED).filter(
        Q(heartbeat_at__isnull=True, created_at__lt=limit) | Q(heartbeat_at__lt=limit)
    )

"""A worker's way through a job: claim, report, finish. Each step is a compare-and-set."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeler.jobs import services
from labeler.jobs.models import Job, JobKind, JobState
from tests.factories import make_project, make_running_job
from tests.threads import run_together


@pytest.mark.django_db
def test_a_worker_claims_a_queued_job() -> None:
    queued = services.request_job(project_id=make_project().id, kind=JobKind.FEATURES, user=None)
    job = services.start_job(job_id=queued.id)
    assert job is not None
    assert (job.state, job.num_attempts) == (JobState.RUNNING, 1)
    assert job.started_at is not None
    assert job.heartbeat_at == job.started_at


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.QUEUED])
def test_nobody_claims_a_job_that_is_not_queued(state: JobState) -> None:
    job = make_running_job(make_project())
    Job.objects.update(state=state)
    assert services.start_job(job_id=job.id) is None
    assert services.start_job(job_id=job.id + 1) is None  # or that does not exist
    job.refresh_from_db()
    assert (job.state, job.num_attempts) == (state, 1)


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_claim_at_the_same_moment_one_wins() -> None:
    queued = services.request_job(project_id=make_project().id, kind=JobKind.TRAINING, user=None)
    claims = run_together(lambda _: services.start_job(job_id=queued.id), range(6))
    assert [claim for claim in claims if isinstance(claim, Exception)] == []
    assert len([claim for claim in claims if claim is not None]) == 1
    assert Job.objects.get().num_attempts == 1


@pytest.mark.django_db
def test_progress_is_kept_with_a_heartbeat() -> None:
    job = make_running_job(make_project())
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=50))
    assert services.report_progress(job_id=job.id, attempt=1, stage="features", done=3, total=7)
    job.refresh_from_db()
    assert (job.stage, job.done, job.total) == ("features", 3, 7)
    assert job.heartbeat_at is not None
    assert timezone.now() - job.heartbeat_at < timedelta(seconds=10)


@pytest.mark.django_db
def test_a_heartbeat_leaves_the_progress() -> None:
    job = make_running_job(make_project())
    services.report_progress(job_id=job.id, attempt=1, stage="features", done=3, total=7)
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=50))
    assert services.beat(job_id=job.id, attempt=1)
    job.refresh_from_db()
    assert (job.stage, job.done) == ("features", 3)
    assert job.heartbeat_at is not None
    assert timezone.now() - job.heartbeat_at < timedelta(seconds=10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("finish", "state"),
    [
        (lambda job: services.succeed_job(job_id=job.id, attempt=1, summary="done"), JobState.SUCCEEDED),
        (
            lambda job: services.fail_job(job_id=job.id, attempt=1, code="no_labels", message="None yet"),
            JobState.FAILED,
        ),
        (lambda job: services.confirm_cancelled(job_id=job.id, attempt=1), JobState.CANCELLED),
    ],
)
def test_it_ends_once(finish: object, state: JobState) -> None:
    assert callable(finish)
    job = make_running_job(make_project())
    assert finish(job) is True
    job.refresh_from_db()
    assert job.state == state
    assert job.finished_at is not None
    assert finish(job) is False
    assert services.succeed_job(job_id=job.id, attempt=1) is False
    assert services.report_progress(job_id=job.id, attempt=1, stage="late", done=1, total=1) is False
    assert services.beat(job_id=job.id, attempt=1) is False
    job.refresh_from_db()
    assert (job.state, job.stage) == (state, "")


@pytest.mark.django_db
def test_a_failure_keeps_its_code_and_message() -> None:
    job = make_running_job(make_project())
    services.fail_job(job_id=job.id, attempt=1, code="not_enough_labels", message="Class 'gull' has 0 labels")
    job.refresh_from_db()
    assert (job.error_code, job.error_message) == ("not_enough_labels", "Class 'gull' has 0 labels")


@pytest.mark.django_db
@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.QUEUED])
def test_an_attempt_that_lost_its_job_changes_nothing(state: JobState) -> None:
    """A worker that hung is taken for dead; its job is queued again (and perhaps claimed) when it comes back."""
    job = make_running_job(make_project())
    attempt = 1
    if state is JobState.RUNNING:
        Job.objects.update(num_attempts=2)
    else:
        Job.objects.update(state=JobState.QUEUED)
    assert services.report_progress(job_id=job.id, attempt=attempt, stage="x", done=1, total=1) is False
    assert services.beat(job_id=job.id, attempt=attempt) is False
    assert services.succeed_job(job_id=job.id, attempt=attempt) is False
    assert services.fail_job(job_id=job.id, attempt=attempt, code="x", message="x") is False
    assert services.confirm_cancelled(job_id=job.id, attempt=attempt) is False
    job.refresh_from_db()
    assert job.state == state

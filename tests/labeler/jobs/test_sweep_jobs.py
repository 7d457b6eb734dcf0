"""Dead workers: their jobs are queued again, fail after three attempts, and never hang in "running"."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from labeler.jobs import selectors, services
from labeler.jobs.models import Job, JobKind, JobState
from tests.factories import make_project, make_running_job

pytestmark = pytest.mark.django_db
SentTasks = list[tuple[str, list[int], str]]


@pytest.fixture(autouse=True)
def heartbeat_timeout(settings: Settings) -> None:
    settings.JOB_HEARTBEAT_TIMEOUT_S = 60.0


def make_stale(job: Job, **fields: Any) -> None:
    Job.objects.filter(id=job.id).update(heartbeat_at=timezone.now() - timedelta(seconds=61), **fields)


def test_a_job_whose_heartbeat_stopped_is_queued_again(sent_tasks: SentTasks) -> None:
    job = make_running_job(make_project())
    make_stale(job)
    services.sweep()
    job.refresh_from_db()
    assert (job.state, job.num_attempts) == (JobState.QUEUED, 1)
    assert sent_tasks == [("run_training", [job.id], "gpu")]
    again = services.start_job(job_id=job.id)
    assert again is not None
    assert again.num_attempts == 2


def test_a_job_that_beats_is_left_alone(sent_tasks: SentTasks) -> None:
    job = make_running_job(make_project())
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=55))
    services.sweep()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert sent_tasks == []


def test_it_fails_after_three_attempts() -> None:
    job = make_running_job(make_project())
    for attempt in (1, 2):
        make_stale(job, stage="head")
        services.sweep()
        started = services.start_job(job_id=job.id)
        assert started is not None
        assert started.num_attempts == attempt + 1
    make_stale(job, stage="head")
    services.sweep()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
    assert job.error_message == "The worker stopped answering 3 times, the last time in stage 'head'"


def test_a_dead_job_that_was_asked_to_stop_is_cancelled(sent_tasks: SentTasks) -> None:
    project = make_project()
    job = make_running_job(project)
    services.cancel_job(job_id=job.id, project_id=project.id)
    make_stale(job)
    services.sweep()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert sent_tasks == []


def test_a_dead_job_gives_way_to_a_newer_request_of_its_kind() -> None:
    project = make_project()
    old = make_running_job(project)
    newer = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    make_stale(old)
    services.sweep()
    old.refresh_from_db()
    newer.refresh_from_db()
    assert (old.state, old.error_code) == (JobState.FAILED, "superseded")
    assert newer.state == JobState.QUEUED


def test_a_worker_that_comes_back_between_look_and_step_keeps_its_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = make_running_job(make_project())
    make_stale(job)
    seen = list(selectors.list_stale_jobs())
    services.beat(job_id=job.id, attempt=1)
    monkeypatch.setattr(selectors, "list_stale_jobs", lambda: seen)
    services.sweep()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_redelivered_task_takes_over_only_a_silent_job() -> None:
    job = make_running_job(make_project())
    heard_at = job.heartbeat_at
    assert heard_at is not None
    services.beat(job_id=job.id, attempt=1)
    assert services.recover_silent_job(job_id=job.id, heard_at=heard_at) is None
    job.refresh_from_db()
    assert job.heartbeat_at is not None
    recovered = services.recover_silent_job(job_id=job.id, heard_at=job.heartbeat_at)
    assert recovered is not None
    assert recovered.state == JobState.QUEUED


def test_a_start_of_the_product_queues_again_what_the_last_stop_cut_off(sent_tasks: SentTasks) -> None:
    project = make_project()
    running = make_running_job(project, JobKind.FEATURES)
    services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    assert services.requeue_interrupted_jobs() == 1
    running.refresh_from_db()
    assert running.state == JobState.QUEUED
    assert ("run_features", [running.id], "gpu") in sent_tasks
    assert services.requeue_interrupted_jobs() == 0


def test_stops_of_the_product_are_no_failed_attempts() -> None:
    job = make_running_job(make_project())
    for _ in range(5):
        assert services.requeue_interrupted_jobs() == 1
        assert services.start_job(job_id=job.id) is not None
    job.refresh_from_db()
    assert (job.state, job.num_attempts, job.num_lost_workers) == (JobState.RUNNING, 6, 0)


def test_two_sweeps_of_one_dead_job_queue_it_once(sent_tasks: SentTasks) -> None:
    job = make_running_job(make_project())
    make_stale(job)
    services.sweep()
    services.sweep()
    assert len(sent_tasks) == 1

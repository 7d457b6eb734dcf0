"""The wrapper around every job: it claims, beats, reports, and ends the job whatever happens."""

import errno
import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from labeler.errors import Conflict, NotReady
from labeler.jobs import services
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import MAX_LOST_WORKERS, cancel_job, request_job
from tests.factories import make_project
from worker.ml.errors import NotEnoughLabels
from worker.ml.types import Progress
from worker.tasks import running
from worker.tasks.running import JobRun, run_job

pytestmark = pytest.mark.django_db(transaction=True)

WORK = f"{__name__}:work"
todo: list[Any] = []


def work(job_run: JobRun) -> str:
    """What the job does: the function that the test put into `todo`."""
    return str(todo[0](job_run))


@pytest.fixture(autouse=True)
def _nothing_to_do() -> None:
    todo.clear()


def make_job() -> Job:
    return request_job(project_id=make_project().id, kind=JobKind.FEATURES, user=None)


def do(job: Job, step: Any, **options: Any) -> Job:
    """Run the job with `step` as its work; return it as it is afterwards."""
    todo[:] = [step]
    run_job(job.id, WORK, **options)
    job.refresh_from_db()
    return job


def raising(error: Exception) -> Any:
    def step(_: JobRun) -> str:
        raise error

    return step


def test_a_job_that_is_done_has_succeeded_with_one_line_about_it() -> None:
    job = do(make_job(), lambda _: "3 done")

    assert (job.state, job.summary, job.num_attempts) == (JobState.SUCCEEDED, "3 done", 1)
    assert job.finished_at is not None


def test_an_expected_error_fails_the_job_with_its_code_and_message() -> None:
    of_ml = do(make_job(), raising(NotEnoughLabels("1 class has labels")))
    of_a_service = do(make_job(), raising(NotReady("no model yet", code="no_model")))

    assert (of_ml.state, of_ml.error_code, of_ml.error_message) == (
        JobState.FAILED,
        "not_enough_labels",
        "1 class has labels",
    )
    assert (of_a_service.state, of_a_service.error_code) == (JobState.FAILED, "no_model")


def test_any_other_error_is_internal_and_its_traceback_is_only_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        job = do(make_job(), raising(ZeroDivisionError("secret path /x")))

    assert (job.state, job.error_code) == (JobState.FAILED, "internal")
    assert job.error_message == f"An unexpected error in the worker; its log tells more under job {job.id}"
    assert "secret path /x" in caplog.text


def test_a_full_disk_fails_the_job_with_what_to_do_about_it() -> None:
    job = do(make_job(), raising(OSError(errno.ENOSPC, "No space left on device", "/secret/path")))

    assert (job.state, job.error_code) == (JobState.FAILED, "disk_full")
    assert job.error_message.startswith("The disk that holds DATA_DIR is full.")
    assert "secret" not in job.error_message


def test_any_other_error_of_the_system_is_internal() -> None:
    assert do(make_job(), raising(OSError(errno.EIO, "Input/output error"))).error_code == "internal"


def test_a_database_that_is_locked_too_long_ends_the_attempt_and_the_sweep_starts_another() -> None:
    job = do(make_job(), raising(OperationalError("database is locked")))
    assert job.state == JobState.RUNNING
    Job.objects.filter(id=job.id).update(heartbeat_at=timezone.now() - timedelta(hours=1))

    services.sweep()

    assert do(job, lambda _: "second attempt").summary == "second attempt"


@pytest.mark.parametrize(
    ("kind", "message", "queue"),
    [
        (JobKind.TRAINING, "run_training", "gpu"),
        (JobKind.CROPS, "run_crops", "gpu"),
        (JobKind.PROJECTION, "run_projection", "cpu"),
        (JobKind.SUGGESTIONS, "run_suggestions", "cpu"),
    ],
)
def test_a_second_one_of_a_project_waits_for_the_first_and_is_sent_when_that_has_ended(
    sent_tasks: list[Any], kind: JobKind, message: str, queue: str
) -> None:
    project = make_project()
    first = request_job(project_id=project.id, kind=kind, user=None)

    def step(_: JobRun) -> str:
        second = request_job(project_id=project.id, kind=kind, user=None)
        assert run_job(second.id, WORK) is False  # another worker got its message
        second.refresh_from_db()
        assert second.state == JobState.QUEUED
        sent_tasks.clear()
        return "first"

    assert do(first, step).summary == "first"
    second = Job.objects.get(project=project, state=JobState.QUEUED)
    assert sent_tasks == [(message, [second.id], queue)]
    assert do(second, lambda _: "second").summary == "second"


def test_trainings_of_two_projects_run_side_by_side() -> None:
    first, other = (
        request_job(project_id=make_project().id, kind=JobKind.TRAINING, user=None) for _ in range(2)
    )
    assert services.start_job(job_id=first.id) is not None
    assert do(other, lambda _: "beside").summary == "beside"


def test_work_that_cannot_be_imported_fails_the_job() -> None:
    job = make_job()

    run_job(job.id, "worker.tasks.no_such_module:work")

    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "internal")


def test_a_job_runs_once_though_its_message_comes_twice() -> None:
    runs = []
    job = do(make_job(), lambda job_run: runs.append(job_run.job.id))

    do(job, lambda job_run: runs.append(job_run.job.id))

    assert runs == [job.id]


def test_a_cancelled_job_stops_at_its_next_report() -> None:
    reached = []

    def step(job_run: JobRun) -> str:
        job_run.report(Progress("features", 1, 3))
        cancel_job(job_id=job_run.job.id, project_id=job_run.job.project_id)
        job_run.report(Progress("features", 3, 3))
        reached.append("the end")
        return ""

    job = do(make_job(), step)

    assert (job.state, reached) == (JobState.CANCELLED, [])


def test_a_publishing_step_that_finds_the_job_lost_leaves_it_to_its_new_owner() -> None:
    def step(job_run: JobRun) -> str:
        Job.objects.filter(id=job_run.job.id).update(num_attempts=2)  # another worker took it over
        raise Conflict("Job is no longer run by this attempt", code="job_lost")

    job = do(make_job(), step)

    assert (job.state, job.num_attempts) == (JobState.RUNNING, 2)


def test_the_end_of_a_stage_and_a_new_stage_are_always_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, int, int]] = []
    monkeypatch.setattr(running, "REPORT_EVERY_S", 1e9)  # nothing in between is due
    real = services.report_progress

    def note(*, stage: str, done: int, total: int, **ours: Any) -> bool:
        sent.append((stage, done, total))
        return real(stage=stage, done=done, total=total, **ours)

    monkeypatch.setattr(services, "report_progress", note)

    def step(job_run: JobRun) -> str:
        for done in range(4):
            job_run.report(Progress("features", done, 3))
        for done in range(3):
            job_run.report(Progress("crops", done, 9))
        return ""

    do(make_job(), step)

    assert sent == [("features", 0, 3), ("features", 3, 3), ("crops", 0, 9), ("crops", 2, 9)]


def test_reports_of_a_step_can_go_under_another_stage_name() -> None:
    def step(job_run: JobRun) -> str:
        job_run.stage("training")(Progress("head", 2, 2))
        return ""

    job = do(make_job(), step)

    assert (job.stage, job.done, job.total) == ("training", 2, 2)


def test_a_long_step_keeps_the_heartbeat_and_sweeps_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(running, "SWEEP_EVERY_BEATS", 1)
    beaten, swept = threading.Event(), threading.Event()
    real_beat, real_sweep = services.beat, services.sweep

    def beat(**ours: Any) -> bool:
        goes_on = real_beat(**ours)
        beaten.set()
        return goes_on

    def sweep() -> None:
        real_sweep()
        swept.set()

    monkeypatch.setattr(services, "beat", beat)
    monkeypatch.setattr(services, "sweep", sweep)

    def step(job_run: JobRun) -> str:
        before = job_run.job.heartbeat_at
        assert beaten.wait(20)
        assert swept.wait(20)
        assert before is not None
        after = Job.objects.get(id=job_run.job.id).heartbeat_at
        assert after is not None
        assert after > before
        return "kept"

    assert do(make_job(), step).summary == "kept"


def test_the_heartbeat_tells_a_silent_step_that_it_was_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HEARTBEAT_S", 0.01)
    refused = threading.Event()
    real = services.beat

    def beat(**ours: Any) -> bool:
        goes_on = real(**ours)
        if not goes_on:
            refused.set()
        return goes_on

    monkeypatch.setattr(services, "beat", beat)

    def step(job_run: JobRun) -> str:
        cancel_job(job_id=job_run.job.id, project_id=job_run.job.project_id)
        assert refused.wait(20)
        job_run.check()
        return "not reached"

    assert do(make_job(), step).state == JobState.CANCELLED


def test_a_redelivered_job_whose_worker_beats_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SILENCE_S", 0.0)
    job = make_job()
    assert services.start_job(job_id=job.id) is not None
    real = services.recover_silent_job

    def recover(**heard: Any) -> Job | None:
        services.beat(job_id=job.id, attempt=1)  # the first worker lives
        return real(**heard)

    monkeypatch.setattr(services, "recover_silent_job", recover)

    do(job, lambda _: "twice", is_redelivered=True)

    assert (job.state, job.num_attempts) == (JobState.RUNNING, 1)


def test_a_redelivered_job_whose_worker_is_silent_is_queued_and_sent_again(
    monkeypatch: pytest.MonkeyPatch, sent_tasks: list[Any]
) -> None:
    monkeypatch.setattr(running, "SILENCE_S", 0.0)
    job = make_job()
    assert services.start_job(job_id=job.id) is not None
    sent_tasks.clear()

    do(job, lambda _: "not by this call", is_redelivered=True)

    assert (job.state, sent_tasks) == (JobState.QUEUED, [("run_features", [job.id], "gpu")])
    assert do(job, lambda _: "second attempt").summary == "second attempt"


def test_a_job_that_loses_its_worker_each_time_fails_in_the_end() -> None:
    job = make_job()
    for _ in range(MAX_LOST_WORKERS):
        assert services.start_job(job_id=job.id) is not None
        Job.objects.filter(id=job.id).update(heartbeat_at=timezone.now() - timedelta(hours=1))
        services.sweep()

    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")

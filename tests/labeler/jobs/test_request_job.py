"""Queueing a job: the row first, the message after commit, one queued job per kind."""

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from labeler.jobs import services
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.names import QUEUE_OF, TaskName
from tests.factories import make_project, make_running_job, make_user
from tests.threads import run_together

SentTasks = list[tuple[str, list[int], str]]


@pytest.mark.django_db(transaction=True)
def test_it_sends_the_task_to_its_queue_after_the_commit(sent_tasks: SentTasks) -> None:
    project, ann = make_project(), make_user()
    with transaction.atomic():
        job = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=ann)
        assert sent_tasks == []
    assert sent_tasks == [("run_training", [job.id], "gpu")]
    job.refresh_from_db()
    assert (job.state, job.num_attempts, job.requested_by) == (JobState.QUEUED, 0, ann)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_request_sends_nothing(sent_tasks: SentTasks) -> None:
    project = make_project()
    with transaction.atomic():
        services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
        transaction.set_rollback(True)
    assert sent_tasks == []
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (JobKind.IMPORT, ("run_import", "cpu")),
        (JobKind.FEATURES, ("run_features", "gpu")),
        (JobKind.PROJECTION, ("run_projection", "cpu")),
        (JobKind.TRAINING, ("run_training", "gpu")),
    ],
)
def test_each_kind_has_its_task_and_queue(
    kind: JobKind, message: tuple[str, str], sent_tasks: SentTasks
) -> None:
    job = services.request_job(project_id=make_project().id, kind=kind, user=None)
    assert sent_tasks == [(message[0], [job.id], message[1])]


def test_every_task_has_a_queue_and_every_kind_a_task() -> None:
    assert set(QUEUE_OF) == set(TaskName)
    assert set(services.TASK_OF) == set(JobKind)


@pytest.mark.django_db(transaction=True)
def test_a_second_request_joins_the_queued_one(sent_tasks: SentTasks) -> None:
    project = make_project()
    first = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    second = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=make_user())
    assert second.id == first.id
    assert len(sent_tasks) == 1


@pytest.mark.django_db
def test_a_running_job_does_not_absorb_a_request() -> None:
    project = make_project()
    running = make_running_job(project, JobKind.TRAINING)
    later = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    assert later.id != running.id
    assert later.state == JobState.QUEUED


@pytest.mark.django_db
def test_other_kinds_other_projects_and_imports_do_not_join() -> None:
    project, other = make_project(), make_project(name="Terns")
    jobs = [
        services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None),
        services.request_job(project_id=project.id, kind=JobKind.FEATURES, user=None),
        services.request_job(project_id=other.id, kind=JobKind.TRAINING, user=None),
        services.request_job(project_id=project.id, kind=JobKind.IMPORT, user=None),
        services.request_job(project_id=project.id, kind=JobKind.IMPORT, user=None),
    ]
    assert len({job.id for job in jobs}) == 5


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_make_one_job(sent_tasks: SentTasks) -> None:
    project = make_project()
    jobs = run_together(
        lambda _: services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None), range(6)
    )
    assert all(isinstance(job, Job) for job in jobs), jobs
    assert {job.id for job in jobs if isinstance(job, Job)} == {Job.objects.get().id}
    assert len(sent_tasks) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("no broker"), ConnectionRefusedError("no broker")])
def test_without_a_broker_the_job_stays_queued_and_the_sweep_sends_it(
    monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks, error: Exception
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(current_app, "send_task", refuse)
        job = services.request_job(project_id=make_project().id, kind=JobKind.TRAINING, user=None)
        job.refresh_from_db()
        assert job.state == JobState.QUEUED
    services.sweep()
    assert sent_tasks == []  # not yet forgotten
    Job.objects.update(created_at="2020-01-01T00:00:00Z")
    services.sweep()
    assert sent_tasks == [("run_training", [job.id], "gpu")]
    services.sweep()  # sent a moment ago, so not again
    assert len(sent_tasks) == 1

"""Cancelling: a queued job at once, a running one by asking its worker."""

import pytest

from labeler.accounts.permissions import Role
from labeler.jobs import services
from labeler.jobs.models import Job, JobKind, JobState
from tests.factories import make_member, make_project, make_running_job, signed_in

pytestmark = pytest.mark.django_db


def test_a_queued_job_is_cancelled_at_once_and_never_starts() -> None:
    project = make_project()
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    job = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    answer = ada.post(f"/api/v1/projects/{project.id}/jobs/{job.id}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert answer.json()["finished_at"] is not None
    assert services.start_job(job_id=job.id) is None


def test_a_running_job_is_asked_and_stops_at_its_next_report() -> None:
    project = make_project()
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    job = make_running_job(project)
    answer = ada.post(f"/api/v1/projects/{project.id}/jobs/{job.id}/cancel").json()
    assert answer["state"] == "running"
    assert answer["cancel_requested_at"] is not None
    assert services.report_progress(job_id=job.id, attempt=1, stage="x", done=1, total=2) is False
    assert services.beat(job_id=job.id, attempt=1) is False
    assert services.confirm_cancelled(job_id=job.id, attempt=1) is True
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_asking_twice_is_as_asking_once() -> None:
    project = make_project()
    job = make_running_job(project)
    services.cancel_job(job_id=job.id, project_id=project.id)
    assert services.cancel_job(job_id=job.id, project_id=project.id).state == JobState.RUNNING


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
def test_an_ended_job_cannot_be_cancelled(state: JobState) -> None:
    project = make_project()
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    job = make_running_job(project)
    Job.objects.update(state=state)
    answer = ada.post(f"/api/v1/projects/{project.id}/jobs/{job.id}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_ended")
    assert answer.json()["detail"] == f"Job {job.id} has ended: {state.value}"


def test_an_annotator_may_not() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    job = make_running_job(project)
    assert ann.post(f"/api/v1/projects/{project.id}/jobs/{job.id}/cancel").status_code == 403
    job.refresh_from_db()
    assert job.cancel_requested_at is None


def test_a_job_of_another_project_is_not_found() -> None:
    project, other = make_project(), make_project(name="Terns")
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    job = make_running_job(other)
    assert ada.post(f"/api/v1/projects/{project.id}/jobs/{job.id}/cancel").status_code == 404
    job.refresh_from_db()
    assert job.cancel_requested_at is None


def test_a_queued_request_can_be_made_again_after_a_cancel() -> None:
    project = make_project()
    first = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    services.cancel_job(job_id=first.id, project_id=project.id)
    assert services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None).id != first.id

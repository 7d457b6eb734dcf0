"""The list of jobs that a project's page shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeler.accounts.permissions import Role
from labeler.jobs import services
from labeler.jobs.models import Job, JobKind
from tests.factories import make_member, make_project, make_running_job, signed_in

pytestmark = pytest.mark.django_db


def test_it_shows_active_jobs_and_those_of_the_last_day_newest_first() -> None:
    project = make_project()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    old = make_running_job(project, JobKind.FEATURES)
    services.succeed_job(job_id=old.id, attempt=1)
    old_but_running = make_running_job(project, JobKind.PROJECTION)
    Job.objects.update(created_at=timezone.now() - timedelta(hours=25))
    ended = make_running_job(project, JobKind.TRAINING)
    services.fail_job(job_id=ended.id, attempt=1, code="no_labels", message="None yet")
    queued = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    make_running_job(make_project(name="Terns"))
    url = f"/api/v1/projects/{project.id}/jobs"
    assert [job["id"] for job in vera.get(url).json()["items"]] == [queued.id, ended.id, old_but_running.id]
    assert [job["id"] for job in vera.get(f"{url}?active=true").json()["items"]] == [
        queued.id,
        old_but_running.id,
    ]


def test_a_job_on_the_wire_says_what_a_person_needs() -> None:
    project = make_project()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    job = make_running_job(project)
    services.report_progress(job_id=job.id, attempt=1, stage="saliency", done=3, total=9)
    services.fail_job(job_id=job.id, attempt=1, code="out_of_memory", message="The GPU is full")
    (shown,) = vera.get(f"/api/v1/projects/{project.id}/jobs").json()["items"]
    assert {key: shown[key] for key in ("kind", "state", "stage", "done", "total")} == {
        "kind": "training",
        "state": "failed",
        "stage": "saliency",
        "done": 3,
        "total": 9,
    }
    assert (shown["error_code"], shown["error_message"]) == ("out_of_memory", "The GPU is full")


def test_a_stranger_finds_no_project() -> None:
    project = make_project()
    bob = signed_in(make_member(make_project(name="Terns"), "bob"))
    assert bob.get(f"/api/v1/projects/{project.id}/jobs").status_code == 404

"""`manage.py import_images`: the right project and user, one clear line for what is wrong, counts at the end."""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError

from labeler.datasets.models import Import, Project
from labeler.datasets.services import RejectedFile, add_images
from labeler.jobs.models import Job, JobState
from labeler.jobs.services import fail_job, start_job, succeed_job
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Inspector:
    """What Celery's `control.inspect` gives: queues by worker."""

    def __init__(self, answers: dict[str, list[dict[str, str]]] | None) -> None:
        self._answers = answers

    def active_queues(self) -> dict[str, list[dict[str, str]]] | None:
        return self._answers


@pytest.fixture
def with_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker takes imports."""
    answer_with(monkeypatch, Inspector({"cpu@here": [{"name": "cpu"}]}))


def answer_with(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def inspect(**_: Any) -> Inspector:
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Inspector)
        return answer

    monkeypatch.setattr(current_app.control, "inspect", inspect)


def work_while_it_waits(monkeypatch: pytest.MonkeyPatch, end: Callable[[Job], None]) -> None:
    """Be the worker at the command's first pause."""
    todo = [end]

    def pause(_: float) -> None:
        if todo:
            todo.pop()(Job.objects.get(state=JobState.QUEUED))

    monkeypatch.setattr(time, "sleep", pause)


def call(folder: Path | str, *options: str) -> str:
    out = io.StringIO()
    call_command("import_images", str(folder), *options, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("with_worker")
def test_it_waits_and_prints_counts_and_rejected_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ann = make_user("ann", is_staff=True)
    project = make_project(name="Gulls")

    def end(job: Job) -> None:
        source = Import.objects.get(job=job)
        assert start_job(job_id=job.id)
        add_images(source=source, images=[], rejected=[RejectedFile("notes.txt", "not an image")])
        succeed_job(job_id=job.id, attempt=1, summary="0 added, 0 duplicates, 1 rejected")

    work_while_it_waits(monkeypatch, end)

    out = call(tmp_path, "--project", "Gulls", "--classes-from-folders")

    source = Import.objects.get()
    assert out.splitlines() == [
        f"Project {project.id} 'Gulls', import {source.id}, job {source.job_id}",
        "rejected  notes.txt: not an image",
        "0 added, 0 duplicates, 1 rejected",
    ]
    assert (source.folder, source.created_by, source.classes_from_folders) == (str(tmp_path), ann, True)


@pytest.mark.usefixtures("with_worker")
def test_a_failed_import_is_an_error_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_user("ann", is_staff=True)
    make_project(name="Gulls")

    def end(job: Job) -> None:
        assert start_job(job_id=job.id)
        fail_job(job_id=job.id, attempt=1, code="no_such_folder", message="The folder is gone")

    work_while_it_waits(monkeypatch, end)

    with pytest.raises(CommandError, match="The import failed: The folder is gone"):
        call(tmp_path, "--project", "Gulls")


@pytest.mark.usefixtures("with_worker")
def test_create_makes_the_project_for_its_user(tmp_path: Path) -> None:
    make_user("root", is_staff=True)
    ann = make_user("ann")

    call(tmp_path, "--project", "Terns", "--create", "--backbone", "resnet18", "--user", "ann", "--no-wait")

    project = Project.objects.get()
    assert (project.name, project.backbone, project.created_by) == ("Terns", "resnet18", ann)
    assert Import.objects.get().created_by == ann


@pytest.mark.usefixtures("with_worker")
def test_a_project_can_be_named_by_its_id(tmp_path: Path) -> None:
    make_user("ann", is_staff=True)
    project = make_project(name="Gulls")
    make_project(name="Gulls")

    with pytest.raises(CommandError, match="2 projects are called 'Gulls'"):
        call(tmp_path, "--project", "Gulls", "--no-wait")
    call(tmp_path, "--project", str(project.id), "--no-wait")

    assert Import.objects.get().project == project


@pytest.mark.usefixtures("with_worker")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--project", "Terns"], "There is no project 'Terns'; --create makes it"),
        (["--project", "Gulls", "--user", "eve"], "There is no user 'eve'"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(options: list[str], message: str, tmp_path: Path) -> None:
    make_user("ann", is_staff=True)
    make_project(name="Gulls")

    with pytest.raises(CommandError, match=message):
        call(tmp_path, *options)
    assert not Import.objects.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"'.*nowhere' is not a folder"):
        call(tmp_path / "nowhere", "--project", "Gulls")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Inspector(None), "No worker takes imports"),
        (Inspector({"gpu@here": [{"name": "gpu"}]}), "No worker takes imports"),
        (
            OperationalError("connection refused"),
            "The broker does not answer: connection refused. Start the product",
        ),
    ],
)
def test_without_a_worker_nothing_is_made(
    answer: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("ann", is_staff=True)
    make_project(name="Gulls")
    answer_with(monkeypatch, answer)

    with pytest.raises(CommandError, match=message):
        call(tmp_path, "--project", "Gulls")
    assert not Import.objects.exists()

"""The examples of the documentation, run against a real server as they stand there."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from labeler.accounts.permissions import Scope
from labeler.datasets.models import Project
from labeler.jobs.models import Job, JobKind, JobState
from labeler_client import client
from tests.docs.blocks import Block, blocks, commands
from tests.factories import make_token, make_user
from tests.labeler.exports.pictures import make_picture_project
from tests.worker.tasks.builders import run, write_pictures
from worker.tasks.by_name import run_export

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.computes]

ADDRESS = "http://127.0.0.1:8000"
CURLS = [line for _, line in commands() if line.startswith("curl")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A folder with what the examples name: `photos/`, `labels.csv`, and a folder of the server."""
    write_pictures(tmp_path / "photos", num_images=3)
    (tmp_path / "labels.csv").write_text("index,label\n0,gull\n")
    settings.IMPORT_ROOTS = [tmp_path]
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def token(live_server: LiveServer) -> str:
    """A token of site staff, and a project with labels and a model."""
    make_picture_project()
    return make_token(make_user("zoe", is_staff=True), scope=Scope.ADMIN)


def in_place(text: str, *, address: str, token: str, here: Path) -> str:
    """An example with this server's address, token, project and folder in the place of the written ones."""
    project_id = Project.objects.earliest("id").id
    return (
        text.replace(ADDRESS, address)
        .replace("lab_...", token)
        .replace("/projects/1/", f"/projects/{project_id}/")
        .replace(".project(1)", f".project({project_id})")
        .replace("/srv/photos/birds", str(here / "photos"))
    )


def work(_: float = 0) -> None:
    """Be the worker while the client waits."""
    for job in Job.objects.filter(kind=JobKind.IMPORT, state=JobState.QUEUED):
        run(job)
    for job in Job.objects.filter(kind=JobKind.EXPORT, state=JobState.QUEUED):
        run_export(job.id)


@pytest.mark.parametrize("line", CURLS, ids=lambda line: line[-70:])
def test_a_curl_command_succeeds(line: str, live_server: LiveServer, token: str, here: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    assert "--fail " in line, "without --fail a refusal looks like success"
    done = subprocess.run(
        ["bash", "-c", in_place(line, address=live_server.url, token=token, here=here)],
        env={**os.environ, "TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_a_python_example_runs(
    block: Block, live_server: LiveServer, token: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=time.monotonic, sleep=work))
    code = in_place(block.text, address=live_server.url, token=token, here=here)
    exec(compile(code, block.page, "exec"), {})

"""A project's weights on this machine: the choice of the default, and downloads that the web side learns of."""

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from labeler.datasets.models import Backbone
from labeler.datasets.services import create_project, report_backbones
from labeler.jobs.models import JobKind, JobState
from tests.factories import make_user
from tests.weights_server import reply, server
from tests.worker.tasks.builders import run, write_squeezenet_weights
from worker.ml import weights
from worker.ml.weights import WeightsSource
from worker.tasks.backbones import default_backbone, describe_backbones, load_project_backbone

NAME = "squeezenet1_0"
PART_BYTES = 2_000_000


@pytest.mark.parametrize(
    ("has_gpu", "has_file", "may_download", "expected"),
    [
        (False, True, True, "bundled"),
        (True, True, False, "resnet34"),
        (True, False, True, "resnet34"),
        (True, False, False, "bundled"),
    ],
)
def test_the_default_needs_a_gpu_to_be_the_larger_one(
    has_gpu: bool, has_file: bool, may_download: bool, expected: str, tmp_path: Path, settings: Any
) -> None:
    settings.WEIGHTS_DIRS, settings.WEIGHTS_DOWNLOAD = [tmp_path], may_download
    if has_file:
        (tmp_path / "resnet34.pth").touch()

    assert default_backbone(has_gpu=has_gpu) == expected


@pytest.mark.parametrize("may_download", [True, False])
def test_the_report_tells_what_is_at_hand_and_what_would_be_fetched(
    may_download: bool, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEIGHTS_DIRS, settings.WEIGHTS_DOWNLOAD = [tmp_path], may_download
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    (tmp_path / "resnet18.pth").touch()
    (tmp_path / "resnet50.pth").touch()
    (tmp_path / "resnet50.pth.json").write_text("{broken")

    rows = {row["name"]: row for row in describe_backbones()}

    assert [name for name, row in rows.items() if row["is_default"]] == ["bundled"]
    assert [name for name, row in rows.items() if row["is_available"]] == ["bundled", "resnet18"]
    assert (rows["resnet34"]["is_downloadable"], rows["resnet18"]["is_downloadable"]) == (may_download, False)
    assert not rows["resnet50"]["is_downloadable"]  # it has a file; what is broken is told instead
    assert "resnet50.pth.json" in rows["resnet50"]["detail"]
    assert all(row["licence"] and row["megabytes"] > 0 for row in rows.values())
    assert {row["speed_class"] for row in rows.values()} == {"fast", "medium", "slow"}


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[bytes]:
    """SqueezeNet weights on a server that breaks off after each part, and a machine that lacks them."""
    content = write_squeezenet_weights(tmp_path / "published", seed=3).read_bytes()
    file_name = f"{NAME}-{hashlib.sha256(content).hexdigest()[:8]}.pth"

    def break_off(handler: BaseHTTPRequestHandler, start: int) -> None:
        part = content[start : start + PART_BYTES]
        reply(handler, part, start=start, total=len(content), ranged=start > 0)

    def source(name: str, *, base_url: str | None = None) -> WeightsSource:
        return WeightsSource(name, file_name, base_url or "http://127.0.0.1:9/")  # nothing answers there

    with server(break_off) as (address, _):
        settings.WEIGHTS_DIRS, settings.WEIGHTS_DOWNLOAD = [tmp_path / "weights"], True
        settings.WEIGHTS_URL = address
        monkeypatch.setattr(weights, "weights_source", source)
        yield content


@pytest.mark.django_db(transaction=True)
def test_a_project_fetches_its_weights_over_a_connection_that_breaks_off(
    published: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    report_backbones(describe_backbones())
    project = create_project(user=make_user(), name="Gulls", backbone=NAME)
    job = project.jobs.get(kind=JobKind.FEATURES)

    run(job)

    job.refresh_from_db()
    assert (job.state, job.summary) == (JobState.SUCCEEDED, "The network's weights are at hand")
    (stored,) = (tmp_path / "weights").glob("*.pth")
    assert stored.read_bytes() == published
    assert Backbone.objects.get(name=NAME).is_available


@pytest.mark.django_db(transaction=True)
def test_progress_of_a_download_is_in_bytes(published: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    project = create_project(user=make_user(), name="Gulls", backbone=NAME)
    seen: list[tuple[str, int, int]] = []

    load_project_backbone(project, on_progress=lambda p: seen.append((p.stage, p.done, p.total)))

    assert seen[-1] == ("download", len(published), len(published))
    assert {stage for stage, _, _ in seen} == {"download"}
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)

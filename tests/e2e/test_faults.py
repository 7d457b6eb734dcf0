"""Real processes killed in the middle of their work: nothing is lost, nothing hangs, and people can go on.

The faults that need no process (an unreadable image, a full disk, a locked database, two trainings at once) are tested
in `tests/worker/tasks`.
"""

import io
import os
import signal
import subprocess
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.lib.embedded_redis import find_redis_server
from tests.e2e.product import Client, Product, free_port, running_product, wait_for
from worker.ml.synthetic import write_dataset

pytestmark = pytest.mark.e2e

NUM_IMAGES = 120
LABELS_PER_CLASS = 30


def test_each_worker_may_be_killed_in_each_stage_and_all_is_there_in_the_end(tmp_path: Path) -> None:
    with running_product(tmp_path / "data", JOB_HEARTBEAT_TIMEOUT_S="10") as product:
        admin = product.client()
        project_id = _make_project(admin)
        _start_import(admin, project_id, tmp_path)
        _kill_in(product, admin, project_id, kind="import", queue="cpu")
        _kill_in(product, admin, project_id, kind="features", queue="gpu")
        _wait_until_laid_out(admin, project_id)
        truth = _truth(admin, project_id)
        _label(admin, project_id, truth)
        labels = _labels(admin, project_id)
        _kill_in(product, admin, project_id, kind="training", queue="gpu")
        model = wait_for(lambda: _model(admin, project_id), 300)
        assert (model["number"], model["num_images"]) == (1, NUM_IMAGES), product.logs()
        assert (_labels(admin, project_id) == labels).all()
        assert len(truth) == NUM_IMAGES  # each picture once, though its import was cut off
        assert _states(admin, project_id) <= {"succeeded"}, product.logs()


@pytest.mark.parametrize("where", ["embedded", "external"])
def test_redis_may_be_killed_in_the_middle_of_a_training(where: str, tmp_path: Path) -> None:
    port = free_port()
    environment = {"JOB_HEARTBEAT_TIMEOUT_S": "10"}
    if where == "external":
        environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    with (
        _external_redis(tmp_path, port) as redis,
        running_product(tmp_path / "data", **environment) as product,
    ):
        admin = product.client()
        project_id = _make_project(admin)
        _start_import(admin, project_id, tmp_path)
        _wait_until_laid_out(admin, project_id)
        _label(admin, project_id, _truth(admin, project_id))
        wait_for(lambda: _running(admin, project_id, "training"), 120, every_s=0.02)

        if where == "external":
            redis.kill_and_restart()
        else:
            os.kill(_pid_of_embedded_redis(product), signal.SIGKILL)

        labels = _label_one_more(admin, project_id)  # people go on labelling while it is away
        model = wait_for(lambda: _model(admin, project_id), 300)
        assert model["num_images"] == NUM_IMAGES, product.logs()
        assert (_labels(admin, project_id) == labels).all()
        job = admin.post(f"/projects/{project_id}/training")  # and what is asked for afterwards is done
        assert wait_for(lambda: _ended(admin, project_id, job["id"]), 300)["state"] == "succeeded", (
            product.logs()
        )


def _kill_in(product: Product, admin: Client, project_id: int, *, kind: str, queue: str) -> None:
    """Kill every process of a queue's worker as soon as a job of this kind runs there; wait until it is back."""
    wait_for(
        lambda: _running(admin, project_id, kind) or _has_ended(admin, project_id, kind), 180, every_s=0.01
    )
    for pid in _worker_pids(product, queue):
        _kill(pid)
    wait_for(lambda: _worker_pids(product, queue), 60)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _worker_pids(product: Product, queue: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"DATA_DIR={product.data_dir}".encode() in environment and f"{queue}@%h".encode() in command:
            found.append(int(folder.name))
    return found


def _pid_of_embedded_redis(product: Product) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = (folder / "cwd").readlink().is_relative_to(product.data_dir)
            if is_ours and b"redis-server" in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    raise AssertionError("no embedded Redis runs")


class _Redis:
    """A Redis server of the test's own, on a port."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = [str(find_redis_server()), "--port", str(port), "--save", "", "--dir", str(folder)]
        self.process = self._start()

    def kill_and_restart(self) -> None:
        self.process.kill()
        self.process.wait()
        time.sleep(3)  # long enough that everybody meets the refused connection
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def _external_redis(folder: Path, port: int) -> Iterator[_Redis]:
    redis = _Redis(folder, port)
    try:
        yield redis
    finally:
        redis.process.kill()
        redis.process.wait()


def _make_project(admin: Client) -> int:
    wait_for(lambda: any(row["name"] == "bundled" for row in admin.get("/backbones")), 120)
    body = {"name": "Shapes", "backbone": "bundled", "labels_per_class_to_train": LABELS_PER_CLASS}
    body["provisional_labels_per_class"] = None
    return int(admin.post("/projects", body)["id"])


def _start_import(admin: Client, project_id: int, folder: Path) -> None:
    write_dataset(folder / "set", num_images=NUM_IMAGES, num_classes=2, seed=3)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted((folder / "set" / "images").rglob("*.jpg")):
            archive.write(path, path.relative_to(folder / "set").as_posix())
    source = admin.post(f"/projects/{project_id}/imports", {"name": "set.zip"})
    base = f"/projects/{project_id}/imports/{source['id']}"
    admin.post(f"{base}/files", files={"files": ("set.zip", stream.getvalue())})
    admin.post(f"{base}/start")


def _wait_until_laid_out(admin: Client, project_id: int) -> None:
    def is_laid_out() -> bool:
        whole = admin.get(f"/projects/{project_id}/map")["projections"]["whole"]
        return whole is not None and whole["num_images"] == NUM_IMAGES

    wait_for(is_laid_out, 300)


def _truth(admin: Client, project_id: int) -> dict[int, str]:
    page = admin.get(f"/projects/{project_id}/images", limit=1000)
    return {image["index"]: image["path"].split("/")[-2] for image in page["items"]}


def _label(admin: Client, project_id: int, truth: dict[int, str]) -> None:
    names = sorted(set(truth.values()))
    class_ids = [admin.post(f"/projects/{project_id}/classes", {"name": name})["id"] for name in names]
    for name, class_id in zip(names, class_ids, strict=True):
        indexes = [index for index, of in truth.items() if of == name]
        _assign(admin, project_id, class_id, indexes[:LABELS_PER_CLASS])


def _label_one_more(admin: Client, project_id: int) -> "np.ndarray[Any, Any]":
    before = _labels(admin, project_id)
    class_id = admin.get(f"/projects/{project_id}/classes")[0]["id"]
    _assign(admin, project_id, class_id, [int(np.flatnonzero(before == 0)[0])])
    after = _labels(admin, project_id)
    assert (after > 0).sum() == (before > 0).sum() + 1
    return after


def _assign(admin: Client, project_id: int, class_id: int, indexes: list[int]) -> None:
    body = {"client_action_id": str(uuid.uuid4()), "class_id": class_id, "image_indexes": indexes}
    admin.post(f"/projects/{project_id}/label-actions", body)


def _labels(admin: Client, project_id: int) -> "np.ndarray[Any, Any]":
    answer = admin.http.get(f"/projects/{project_id}/labels").raise_for_status()
    return np.frombuffer(answer.content, dtype="<i4")


def _jobs(admin: Client, project_id: int, kind: str) -> list[dict[str, Any]]:
    return [job for job in admin.get(f"/projects/{project_id}/jobs") if job["kind"] == kind]


def _running(admin: Client, project_id: int, kind: str) -> bool:
    return any(job["state"] == "running" for job in _jobs(admin, project_id, kind))


def _has_ended(admin: Client, project_id: int, kind: str) -> bool:
    return any(job["state"] == "succeeded" for job in _jobs(admin, project_id, kind))


def _ended(admin: Client, project_id: int, job_id: int) -> dict[str, Any] | None:
    job: dict[str, Any] = next(
        row for row in admin.get(f"/projects/{project_id}/jobs") if row["id"] == job_id
    )
    return job if job["state"] in {"succeeded", "failed", "cancelled"} else None


def _states(admin: Client, project_id: int) -> set[str]:
    """How the jobs ended that people ask for; those that a newer one of the same work replaced do not count."""
    kinds = ("import", "training")
    return {job["state"] for kind in kinds for job in _jobs(admin, project_id, kind) if job["finished_at"]}


def _model(admin: Client, project_id: int) -> dict[str, Any] | None:
    models: list[dict[str, Any]] = admin.get(f"/projects/{project_id}/models")
    return models[-1] if models else None

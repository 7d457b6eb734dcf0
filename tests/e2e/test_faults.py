"""Real processes killed in the middle of their work: nothing is lost, nothing hangs, and people can go on.

Faults of data and storage are in `test_faults_of_data`; those that need no process in `tests/worker/tasks`.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labeler.lib.embedded_redis import find_redis_server
from tests.e2e.product import Client, Product, free_port, running_product, wait_for
from tests.e2e.shapes_project import (
    NUM_IMAGES,
    find_ended,
    get_labels,
    has_succeeded,
    is_running,
    label_each_class,
    label_one_more,
    latest_model,
    list_jobs,
    make_project,
    start_import,
    true_classes,
    wait_until_laid_out,
)

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]


def test_each_worker_may_be_killed_in_each_stage_and_all_is_there_in_the_end(tmp_path: Path) -> None:
    with running_product(tmp_path / "data", JOB_HEARTBEAT_TIMEOUT_S="10") as product:
        admin = product.client()
        project_id = make_project(admin)
        start_import(admin, project_id, tmp_path)
        _kill_in(product, admin, project_id, kind="import", queue="cpu")
        _kill_in(product, admin, project_id, kind="features", queue="gpu")
        wait_until_laid_out(admin, project_id)
        truth = true_classes(admin, project_id)
        label_each_class(admin, project_id, truth)
        labels = get_labels(admin, project_id)
        _kill_in(product, admin, project_id, kind="training", queue="gpu")
        model = wait_for(lambda: latest_model(admin, project_id), 300)
        assert (model["number"], model["num_images"]) == (1, NUM_IMAGES), product.logs()
        assert (get_labels(admin, project_id) == labels).all()
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
        project_id = make_project(admin)
        start_import(admin, project_id, tmp_path)
        wait_until_laid_out(admin, project_id)
        label_each_class(admin, project_id, true_classes(admin, project_id))
        wait_for(lambda: is_running(admin, project_id, "training"), 120, every_s=0.02)

        if where == "external":
            redis.kill_and_restart()
        else:
            os.kill(_pid_of_embedded_redis(product), signal.SIGKILL)

        labels = label_one_more(admin, project_id)  # people go on labelling while it is away
        model = wait_for(lambda: latest_model(admin, project_id), 300)
        assert model["num_images"] == NUM_IMAGES, product.logs()
        assert (get_labels(admin, project_id) == labels).all()
        job = admin.post(f"/projects/{project_id}/training")  # and what is asked for afterwards is done
        assert wait_for(lambda: find_ended(admin, project_id, job["id"]), 300)["state"] == "succeeded", (
            product.logs()
        )


def _kill_in(product: Product, admin: Client, project_id: int, *, kind: str, queue: str) -> None:
    """Kill every process of a queue's worker as soon as a job of this kind runs there; wait until it is back."""
    wait_for(
        lambda: is_running(admin, project_id, kind) or has_succeeded(admin, project_id, kind),
        180,
        every_s=0.01,
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


def _states(admin: Client, project_id: int) -> set[str]:
    """How the jobs ended that people ask for; those that a newer one of the same work replaced do not count."""
    kinds = ("import", "training")
    return {
        job["state"] for kind in kinds for job in list_jobs(admin, project_id, kind) if job["finished_at"]
    }

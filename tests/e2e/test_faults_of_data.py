"""A disk that fills up under a running product: the job says so, nothing is lost, and all works with room again."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import Client, running_product, wait_for
from tests.e2e.shapes_project import (
    NUM_IMAGES,
    WAIT_S,
    find_ended,
    get_labels,
    label_each_class,
    latest_model,
    list_jobs,
    make_project,
    start_import,
    true_classes,
    wait_until_laid_out,
)

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

DISK_MB = 160


def test_a_training_on_a_full_disk_says_so_and_works_when_there_is_room_again(tmp_path: Path) -> None:
    media = tmp_path / "data" / "media"
    with _small_disk(media), running_product(tmp_path / "data") as product:
        admin = product.client()
        project_id = make_project(admin)
        start_import(admin, project_id, tmp_path)
        wait_until_laid_out(admin, project_id)
        filler = media / "filler"
        _fill(filler)
        label_each_class(admin, project_id, true_classes(admin, project_id))
        labels = get_labels(admin, project_id)
        failed = _end_of_training(admin, project_id, list_jobs(admin, project_id, "training")[0]["id"])
        assert (failed["state"], failed["error_code"]) == ("failed", "disk_full"), product.logs()
        assert failed["error_message"] == (
            "The disk that holds DATA_DIR is full. What was done is kept; make room and start it again."
        )
        assert latest_model(admin, project_id) is None

        filler.unlink()
        job = admin.post(f"/projects/{project_id}/training")
        assert _end_of_training(admin, project_id, job["id"])["state"] == "succeeded", product.logs()
        model = latest_model(admin, project_id)
        assert model is not None
        assert (model["number"], model["num_images"]) == (1, NUM_IMAGES)
        assert (get_labels(admin, project_id) == labels).all()


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(path: Path) -> None:
    """Take all room there is."""
    room = os.statvfs(path.parent)
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize)


def _end_of_training(admin: Client, project_id: int, job_id: int) -> dict[str, Any]:
    return wait_for(lambda: find_ended(admin, project_id, job_id), WAIT_S)

"""Kill the worker in the middle of a training, with real processes: the job goes on, and no label is lost."""

import io
import os
import signal
import uuid
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.product import Client, Product, running_product, wait_for
from worker.ml.synthetic import write_dataset

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

NUM_IMAGES = 96
NUM_CLASSES = 2
LABELS_PER_CLASS = 40


@pytest.mark.parametrize("victim", ["pool child", "whole worker"])
def test_a_training_whose_worker_is_killed_goes_on_with_all_labels(victim: str, tmp_path: Path) -> None:
    with running_product(tmp_path / "data", JOB_HEARTBEAT_TIMEOUT_S="15") as product:
        admin = product.client()
        project_id = _make_project(admin)
        truth = _import(admin, project_id, tmp_path)
        _label(admin, project_id, truth)
        labels = _labels(admin, project_id)
        assert (labels > 0).sum() == NUM_CLASSES * LABELS_PER_CLASS
        training_id = wait_for(lambda: _training_in_its_middle(admin, project_id), 120, every_s=0.02)
        assert training_id is not None

        os.kill(_find_worker(product, child=victim == "pool child"), signal.SIGKILL)

        assert not admin.list(f"/projects/{project_id}/models")
        _label_one_more(admin, project_id)  # people go on while the worker is away
        after = _labels(admin, project_id)
        ended = wait_for(lambda: _ended(admin, project_id, training_id), 240)
        assert ended is not None
        assert ended["state"] == "succeeded", product.logs()
        (model,) = admin.list(f"/projects/{project_id}/models")
        assert (model["number"], model["num_images"]) == (1, NUM_IMAGES)
        assert (_labels(admin, project_id) == after).all()
        assert (after[labels > 0] == labels[labels > 0]).all()
        assert (after > 0).sum() == NUM_CLASSES * LABELS_PER_CLASS + 1
        assert "lost its worker" in _worker_logs(product)


def _make_project(admin: Client) -> int:
    wait_for(lambda: any(row["name"] == "bundled" for row in admin.get("/backbones")), 60)
    body = {"name": "Shapes", "backbone": "bundled", "labels_per_class_to_train": LABELS_PER_CLASS}
    return int(admin.post("/projects", body)["id"])


def _import(admin: Client, project_id: int, folder: Path) -> dict[int, str]:
    """Import generated pictures and wait until they have features; return the class of each index."""
    write_dataset(folder / "set", num_images=NUM_IMAGES, num_classes=NUM_CLASSES, seed=3)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted((folder / "set" / "images").rglob("*.jpg")):
            archive.write(path, path.relative_to(folder / "set").as_posix())
    source = admin.post(f"/projects/{project_id}/imports", {"name": "set.zip"})
    base = f"/projects/{project_id}/imports/{source['id']}"
    admin.post(f"{base}/files", files={"files": ("set.zip", stream.getvalue())})
    admin.post(f"{base}/start")
    wait_for(lambda: _num_laid_out(admin, project_id) == NUM_IMAGES, 180)
    page = admin.get(f"/projects/{project_id}/images", limit=1000)
    return {image["index"]: image["path"].split("/")[-2] for image in page["items"]}


def _num_laid_out(admin: Client, project_id: int) -> int:
    whole = admin.get(f"/projects/{project_id}/map")["projections"]["whole"]
    return 0 if whole is None else int(whole["num_images"])


def _label(admin: Client, project_id: int, truth: dict[int, str]) -> None:
    """Make the classes first, then label: one training becomes due with the last label, not one on the way."""
    names = sorted(set(truth.values()))
    class_ids = [admin.post(f"/projects/{project_id}/classes", {"name": name})["id"] for name in names]
    for name, class_id in zip(names, class_ids, strict=True):
        indexes = [index for index, of in truth.items() if of == name]
        _assign(admin, project_id, class_id, indexes[:LABELS_PER_CLASS])


def _assign(admin: Client, project_id: int, class_id: int, indexes: list[int]) -> None:
    body = {"client_action_id": str(uuid.uuid4()), "class_id": class_id, "image_indexes": indexes}
    admin.post(f"/projects/{project_id}/label-actions", body)


def _label_one_more(admin: Client, project_id: int) -> None:
    labels = _labels(admin, project_id)
    class_id = admin.get(f"/projects/{project_id}/classes")[0]["id"]
    _assign(admin, project_id, class_id, [int(np.flatnonzero(labels == 0)[0])])


def _labels(admin: Client, project_id: int) -> "np.ndarray[Any, np.dtype[np.int32]]":
    answer = admin.http.get(f"/projects/{project_id}/labels").raise_for_status()
    return np.frombuffer(answer.content, dtype="<i4")


def _training_in_its_middle(admin: Client, project_id: int) -> int | None:
    """Id of the training, once it embeds crops: head and saliency are done, nothing is published."""
    jobs = [job for job in admin.list(f"/projects/{project_id}/jobs") if job["kind"] == "training"]
    assert all(job["state"] in {"queued", "running"} for job in jobs), jobs
    found = [job for job in jobs if job["stage"] == "crops" and 0 < job["done"] < job["total"]]
    return int(found[0]["id"]) if found else None


def _ended(admin: Client, project_id: int, job_id: int) -> dict[str, Any] | None:
    job: dict[str, Any] = next(
        row for row in admin.list(f"/projects/{project_id}/jobs") if row["id"] == job_id
    )
    return job if job["state"] in {"succeeded", "failed", "cancelled"} else None


def _find_worker(product: Product, *, child: bool) -> int:
    """Process id of the worker of queue `gpu`, or of its one pool child."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            environment = (folder / "environ").read_bytes()
            status = (folder / "status").read_text()
        except OSError:
            continue
        is_ours = f"DATA_DIR={product.data_dir}".encode() in environment.split(b"\0")
        if is_ours and b"gpu@%h" in command:
            parents[int(folder.name)] = int(status.split("PPid:")[1].split()[0])
    main = next(pid for pid, parent in parents.items() if parent not in parents)
    return next(pid for pid, parent in parents.items() if parent == main) if child else main


def _worker_logs(product: Product) -> str:
    return "".join(path.read_text() for path in (product.data_dir / "logs").glob("*.log"))

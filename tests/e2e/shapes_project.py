"""A project of generated shapes in a running product, driven over HTTP: what the tests of faults have in common."""

import io
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.e2e.product import Client, wait_for
from worker.ml.synthetic import write_dataset

NUM_IMAGES = 120
LABELS_PER_CLASS = 30
WAIT_S = 600.0  # only bounds a hang


def make_project(admin: Client) -> int:
    wait_for(lambda: any(row["name"] == "bundled" for row in admin.get("/backbones")), WAIT_S)
    body = {"name": "Shapes", "backbone": "bundled", "labels_per_class_to_train": LABELS_PER_CLASS}
    body["provisional_labels_per_class"] = None
    return int(admin.post("/projects", body)["id"])


def start_import(
    admin: Client,
    project_id: int,
    folder: Path,
    *,
    num_classes: int = 2,
    more: Mapping[str, bytes] | None = None,
) -> None:
    """Upload generated pictures, and `more` files by their names, as one zip."""
    write_dataset(folder / "set", num_images=NUM_IMAGES, num_classes=num_classes, seed=3)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted((folder / "set" / "images").rglob("*.jpg")):
            archive.write(path, path.relative_to(folder / "set").as_posix())
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    source = admin.post(f"/projects/{project_id}/imports", {"name": "set.zip"})
    base = f"/projects/{project_id}/imports/{source['id']}"
    admin.post(f"{base}/files", files={"files": ("set.zip", stream.getvalue())})
    admin.post(f"{base}/start")


def wait_until_laid_out(admin: Client, project_id: int) -> None:
    def is_laid_out() -> bool:
        whole = admin.get(f"/projects/{project_id}/map")["projections"]["whole"]
        return whole is not None and whole["num_images"] == NUM_IMAGES

    wait_for(is_laid_out, WAIT_S)


def true_classes(admin: Client, project_id: int) -> dict[int, str]:
    page = admin.get(f"/projects/{project_id}/images", limit=1000)
    return {image["index"]: image["path"].split("/")[-2] for image in page["items"]}


def label_each_class(admin: Client, project_id: int, truth: dict[int, str]) -> None:
    names = sorted(set(truth.values()))
    class_ids = [admin.post(f"/projects/{project_id}/classes", {"name": name})["id"] for name in names]
    for name, class_id in zip(names, class_ids, strict=True):
        indexes = [index for index, of in truth.items() if of == name]
        assign(admin, project_id, class_id, indexes[:LABELS_PER_CLASS])


def label_one_more(admin: Client, project_id: int) -> "np.ndarray[Any, Any]":
    before = get_labels(admin, project_id)
    class_id = admin.get(f"/projects/{project_id}/classes")[0]["id"]
    assign(admin, project_id, class_id, [int(np.flatnonzero(before == 0)[0])])
    after = get_labels(admin, project_id)
    assert (after > 0).sum() == (before > 0).sum() + 1
    return after


def assign(admin: Client, project_id: int, class_id: int, indexes: list[int]) -> None:
    body = {"client_action_id": str(uuid.uuid4()), "class_id": class_id, "image_indexes": indexes}
    admin.post(f"/projects/{project_id}/label-actions", body)


def get_labels(admin: Client, project_id: int) -> "np.ndarray[Any, Any]":
    answer = admin.http.get(f"/projects/{project_id}/labels").raise_for_status()
    return np.frombuffer(answer.content, dtype="<i4")


def list_jobs(admin: Client, project_id: int, kind: str) -> list[dict[str, Any]]:
    return [job for job in admin.list(f"/projects/{project_id}/jobs") if job["kind"] == kind]


def is_running(admin: Client, project_id: int, kind: str) -> bool:
    return any(job["state"] == "running" for job in list_jobs(admin, project_id, kind))


def has_succeeded(admin: Client, project_id: int, kind: str) -> bool:
    return any(job["state"] == "succeeded" for job in list_jobs(admin, project_id, kind))


def find_ended(admin: Client, project_id: int, job_id: int) -> dict[str, Any] | None:
    job: dict[str, Any] = next(
        row for row in admin.list(f"/projects/{project_id}/jobs") if row["id"] == job_id
    )
    return job if job["state"] in {"succeeded", "failed", "cancelled"} else None


def latest_model(admin: Client, project_id: int) -> dict[str, Any] | None:
    models: list[dict[str, Any]] = admin.list(f"/projects/{project_id}/models")
    return models[-1] if models else None

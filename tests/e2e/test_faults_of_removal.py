"""Images are removed, and brought back, while real workers train: nothing is lost, and each has a place again."""

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.product import Client, Product, wait_for
from tests.e2e.shapes_project import (
    NUM_IMAGES,
    find_ended,
    get_labels,
    is_running,
    label_each_class,
    list_jobs,
    make_project,
    start_import,
    true_classes,
    wait_until_laid_out,
)

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

WAIT_S = 300.0
AFTER_READING = ("training", "scoring", "saliency", "crops", "projection")


def test_images_removed_and_restored_while_models_are_made(product: Product, tmp_path: Path) -> None:
    admin = product.client()
    project_id = make_project(admin)
    start_import(admin, project_id, tmp_path)
    wait_until_laid_out(admin, project_id)
    label_each_class(admin, project_id, true_classes(admin, project_id))
    labels = get_labels(admin, project_id)
    chosen = [int(index) for index in [*np.flatnonzero(labels)[:6], *np.flatnonzero(labels == 0)[:6]]]

    wait_for(lambda: has_read_its_labels(admin, project_id), WAIT_S, every_s=0.02)
    remove(admin, project_id, chosen)
    assert training_end(admin, project_id) == "succeeded", product.logs()
    wait_until_idle(admin, project_id)
    (model,) = admin.list(f"/projects/{project_id}/models")
    assert (model["num_images"], model["num_labels"]) == (NUM_IMAGES, int((labels > 0).sum()))
    without = labels.copy()
    without[chosen] = 0
    assert (get_labels(admin, project_id) == without).all()
    exported = admin.http.get(f"/projects/{project_id}/export?format=jsonl").raise_for_status().text
    assert len(exported.splitlines()) == NUM_IMAGES - len(chosen)

    job = admin.post(f"/projects/{project_id}/training")
    wait_for(lambda: is_running(admin, project_id, "training"), WAIT_S, every_s=0.02)
    admin.post(f"/projects/{project_id}/restore-images", {"all": True})
    ended = wait_for(lambda: find_ended(admin, project_id, job["id"]), WAIT_S)
    assert ended["state"] == "succeeded", product.logs()
    wait_until_idle(admin, project_id)
    assert (get_labels(admin, project_id) == labels).all()
    assert [images_without_place(admin, project_id, view) for view in ("whole", "crop")] == [[], []]
    shown = admin.get(f"/projects/{project_id}")
    assert (shown["num_removed"], shown["num_labelled"]) == (0, int((labels > 0).sum()))
    assert {job["state"] for job in admin.list(f"/projects/{project_id}/jobs")} == {"succeeded"}


def remove(admin: Client, project_id: int, indexes: list[int]) -> None:
    body = {"client_action_id": str(uuid.uuid4()), "image_indexes": indexes}
    assert admin.post(f"/projects/{project_id}/removals", body)["image_indexes"] == sorted(indexes)


def has_read_its_labels(admin: Client, project_id: int) -> bool:
    """True once the training trains, scores or does what follows."""
    return any(job["stage"] in AFTER_READING for job in list_jobs(admin, project_id, "training"))


def training_end(admin: Client, project_id: int) -> str:
    (job,) = list_jobs(admin, project_id, "training")
    ended: dict[str, Any] = wait_for(lambda: find_ended(admin, project_id, job["id"]), WAIT_S)
    return str(ended["state"])


def wait_until_idle(admin: Client, project_id: int) -> None:
    wait_for(lambda: not admin.list(f"/projects/{project_id}/jobs", active=True), WAIT_S, every_s=0.5)


def images_without_place(admin: Client, project_id: int, view: str) -> list[int]:
    array = admin.get(f"/projects/{project_id}/map")["projections"][view]["array"]
    answer = admin.http.get(array["url"].removeprefix("/api/v1")).raise_for_status()
    places = np.frombuffer(answer.content, dtype="<f4").reshape(array["shape"])
    holes: list[int] = np.flatnonzero(np.isnan(places).any(axis=1)).tolist()
    return holes

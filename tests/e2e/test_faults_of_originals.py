"""Originals that go missing under a running product: the images that have them go on, through real workers."""

from pathlib import Path

import pytest

from tests.e2e.product import Client, Product, wait_for
from tests.e2e.shapes_project import (
    NUM_IMAGES,
    find_ended,
    label_each_class,
    latest_model,
    list_jobs,
    make_project,
    start_import,
    true_classes,
    wait_until_laid_out,
)
from tests.e2e.test_faults_of_removal import images_without_place, remove, wait_until_idle

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

WAIT_S = 300.0
MISSING, REMOVED = 7, 8


def test_missing_originals_cost_themselves_alone_and_are_read_when_they_are_back(
    product: Product, tmp_path: Path
) -> None:
    admin = product.client()
    project_id = make_project(admin)
    start_import(admin, project_id, tmp_path)
    wait_until_laid_out(admin, project_id)
    wait_until_idle(admin, project_id)
    remove(admin, project_id, [REMOVED])
    (original,) = originals(product, admin, project_id, MISSING)
    original.rename(original.with_suffix(".away"))

    admin.http.patch(f"/projects/{project_id}", json={"input_size_px": 96}).raise_for_status()
    wait_until_idle(admin, project_id)

    job = list_jobs(admin, project_id, "features")[0]
    assert (job["state"], job["error_message"]) == ("succeeded", ""), product.logs()
    assert job["summary"].startswith(
        f"Features of {NUM_IMAGES - 2} images, {NUM_IMAGES - 2} of them new; 1 image"
    )
    (told,) = admin.list(f"/projects/{project_id}/unreadable-images")
    assert (told["index"], told["reason"]) == (MISSING, "its file is missing from storage")
    assert images_without_place(admin, project_id, "whole") == [MISSING, REMOVED]

    label_each_class(admin, project_id, true_classes(admin, project_id))
    model = wait_for(lambda: latest_model(admin, project_id), WAIT_S)
    assert model["num_images"] == NUM_IMAGES, product.logs()
    wait_until_idle(admin, project_id)
    assert admin.http.get(f"/projects/{project_id}/images/{MISSING}/prediction").status_code == 409

    original.with_suffix(".away").rename(original)
    again = admin.post(f"/projects/{project_id}/features")
    admin.post(f"/projects/{project_id}/restore-images", {"all": True})
    ended = wait_for(lambda: find_ended(admin, project_id, again["id"]), WAIT_S)
    assert ended["state"] == "succeeded", product.logs()
    wait_until_idle(admin, project_id)
    assert admin.list(f"/projects/{project_id}/unreadable-images") == []
    assert [images_without_place(admin, project_id, view) for view in ("whole", "crop")] == [[], []]
    assert admin.get(f"/projects/{project_id}/images/{MISSING}/prediction")["class_id"] > 0


def originals(product: Product, admin: Client, project_id: int, index: int) -> list[Path]:
    """The stored file of an image."""
    sent = admin.http.get(f"/projects/{project_id}/images/{index}/original").raise_for_status().content
    folder = product.data_dir / "media" / "projects" / str(project_id) / "originals"
    return [path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == sent]

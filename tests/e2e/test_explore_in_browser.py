"""Groups as ready lassoes, what changed between two models, and how good the maps are, in a real Chromium."""

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.product import PASSWORD, Client, Product, wait_for
from worker.ml.synthetic import write_dataset

pytestmark = pytest.mark.e2e

NUM_IMAGES = 72
TIMEOUT_S = 300.0


def test_groups_and_changes_lie_over_the_map(browser: Browser, product: Product, tmp_path: Path) -> None:
    write_dataset(tmp_path / "set", num_images=NUM_IMAGES, num_classes=3, seed=11)
    client = product.client()
    project_id = _imported_with_labels(client, sorted((tmp_path / "set" / "images").rglob("*.jpg")))
    _train(client, project_id)
    _label_some_otherwise(client, project_id)
    _train(client, project_id)
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{product.address}/projects/{project_id}")
    page.get_by_test_id("sign-in-name").fill("admin")
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()
    _check_groups(page, client, project_id)
    _check_changes(page, client, project_id)
    _check_options(page, client, project_id, product.address)
    _check_quality(page, project_id, product.address)
    assert errors == []
    page.close()


def _imported_with_labels(client: Client, files: list[Path]) -> int:
    """A project with all files; the folder of each is its label."""
    made = client.post(
        "/projects", {"name": "Groups", "backbone": "bundled", "labels_per_class_to_train": 10_000}
    )
    base = f"/projects/{made['id']}"
    source = client.post(f"{base}/imports", {"name": "Pictures", "classes_from_folders": True})
    for first in range(0, len(files), 36):
        part = files[first : first + 40]
        sent = [("files", (file.name, file.read_bytes(), "image/jpeg")) for file in part]
        paths = [f"{file.parent.name}/{file.name}" for file in part]
        client.post(f"{base}/imports/{source['id']}/files", files=sent, data={"paths": paths})
    client.post(f"{base}/imports/{source['id']}/start")
    wait_for(lambda: _num_laid_out(client, base) == len(files), TIMEOUT_S)
    return int(made["id"])


def _num_laid_out(client: Client, base: str) -> int:
    whole = client.get(f"{base}/map")["projections"]["whole"]
    finished = client.list(f"{base}/projections")
    return int(finished[0]["num_images"]) if whole and finished else 0


def _train(client: Client, project_id: int) -> None:
    """Train on the labels of this moment, and let all that follows from it end."""
    number = len(client.list(f"/projects/{project_id}/models"))
    client.post(f"/projects/{project_id}/training")
    wait_for(lambda: len(client.list(f"/projects/{project_id}/models")) > number, TIMEOUT_S)
    wait_for(lambda: not client.list(f"/projects/{project_id}/jobs", active=True), TIMEOUT_S)


def _label_some_otherwise(client: Client, project_id: int) -> None:
    """Give thirty images another class, so that the next model differs."""
    first = client.get(f"/projects/{project_id}/classes")[0]["id"]
    action = {
        "kind": "assign",
        "class_id": first,
        "image_indexes": list(range(30)),
        "client_action_id": str(uuid.uuid4()),
        "provenance": {"gesture": "lasso"},
    }
    client.post(f"/projects/{project_id}/label-actions", action)


def _check_groups(page: Page, client: Client, project_id: int) -> None:
    page.get_by_test_id("explore-clusters").click()
    served = client.get(f"/projects/{project_id}/clusters", view="whole")["clusters"]
    assert len(served) >= 2
    outlines = page.locator("[data-testid=explore-overlay-main] polygon")
    expect(outlines).to_have_count(len(served))
    row = page.get_by_test_id("cluster-0")
    row.hover()
    expect(outlines.first).to_have_attribute("data-marked", "true")
    _check_names(page, client, project_id, served)
    _picture(page, "groups")
    before = outlines.first.bounding_box()
    row.click()
    count = page.get_by_test_id("selection-panel")
    expect(count).to_have_attribute("data-count", str(served[0]["num_images"]))
    page.keyboard.press("f")
    page.mouse.move(640, 300)
    page.mouse.wheel(0, -400)  # the outlines follow the camera
    page.wait_for_timeout(600)
    assert outlines.first.bounding_box() != before
    page.get_by_test_id("explore-close").click()
    expect(outlines).to_have_count(0)


def _check_names(page: Page, client: Client, project_id: int, served: list[dict[str, Any]]) -> None:
    """Each group says what it is, no name lies over another, and the list stands in the column of the classes."""
    named = {entry["id"]: entry["name"] for entry in client.get(f"/projects/{project_id}/classes")}
    names = page.locator("[data-testid=cluster-names-main] > span")
    expect(names).to_have_text(
        [
            f"{named[group['class_id']]} {group['num_images']}"
            if group["class_id"]
            else f"{group['num_images']} images"
            for group in served
        ]
    )
    expect(names.first).to_be_visible()  # the group that the pointer is on in the list
    shown = [name.bounding_box() for name in names.all() if name.is_visible()]
    boxes = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in shown if box]
    assert boxes
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            apart_x = one[2] <= other[0] or other[2] <= one[0]
            assert apart_x or one[3] <= other[1] or other[3] <= one[1]
    column = page.get_by_test_id("class-panel").bounding_box()
    listed = page.get_by_test_id("clusters-list").bounding_box()
    assert column
    assert listed
    assert (listed["x"], listed["width"]) == (column["x"], column["width"])
    assert listed["y"] >= column["y"] + column["height"]


def _check_changes(page: Page, client: Client, project_id: int) -> None:
    page.keyboard.press("v")
    page.get_by_test_id("explore-changes").click()
    served = client.get(f"/projects/{project_id}/changes", view="crop", limit=60)
    assert served["to_version"] == served["from_version"] + 1
    assert served["items"]
    trails = page.locator("[data-testid=explore-overlay-main] g g")
    expect(trails).to_have_count(len(served["items"]))
    most = page.get_by_test_id(f"change-{served['items'][0]['index']}")
    most.hover()
    _picture(page, "changes")
    most.click()
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", "1")
    page.get_by_test_id("changes-by").get_by_text("Class").click()
    expect(page.get_by_test_id("changes-list").locator("li").first).to_be_visible()
    page.keyboard.press("Escape")


def _check_options(page: Page, client: Client, project_id: int, address: str) -> None:
    page.goto(f"{address}/projects/{project_id}/settings/general")
    page.get_by_role("switch", name="Labels shape the map").check(force=True)
    page.get_by_test_id("settings-embedding").click()
    page.get_by_role("option", name="How they look, and what the model sees in them").click()
    _picture(page, "options")
    before = _finished(client, project_id)
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_text("The map is being laid out anew")).to_be_visible()
    wait_for(lambda: all(_is_shaped(layout) for layout in _finished(client, project_id).values()), TIMEOUT_S)
    for view, layout in _finished(client, project_id).items():
        assert layout["id"] > before[view]["id"]
        assert layout["model_version"] == before[view]["model_version"]
        assert layout["parameters"]["num_started"] == NUM_IMAGES  # from the places that people know


def _finished(client: Client, project_id: int) -> dict[str, dict[str, Any]]:
    """The newest finished layout of each view."""
    listed = client.list(f"/projects/{project_id}/projections")
    return {view: next(made for made in listed if made["view"] == view) for view in ("whole", "crop")}


def _is_shaped(layout: dict[str, Any]) -> bool:
    source = layout["parameters"]["input"]
    return bool(source["embedding"] == "classes" and source["uses_labels"])


def _check_quality(page: Page, project_id: int, address: str) -> None:
    page.goto(f"{address}/projects/{project_id}/models")
    table = page.get_by_test_id("layout-quality")
    table.scroll_into_view_if_needed()
    for view in ("whole", "crop"):
        row = table.get_by_test_id(f"layout-{view}")
        expect(row).to_contain_text("by looks and predictions, with labels")
        expect(row).to_contain_text("%")
    _picture(page, "quality")


def _picture(page: Page, name: str) -> None:
    """Keep a screenshot where somebody asked for them."""
    if folder := os.environ.get("LABELER_TEST_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))

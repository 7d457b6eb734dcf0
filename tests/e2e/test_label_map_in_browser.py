"""The map of a real project in a browser: it follows an import, and every gesture takes what it goes around."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import label_map
from tests.e2e.map_page import inside
from tests.e2e.product import Client, Product

pytestmark = pytest.mark.e2e

NUM_IMAGES = 36


@pytest.fixture(scope="module")
def client(product: Product) -> Client:
    return product.client()


@pytest.fixture(scope="module")
def page(
    browser: Browser, product: Product, client: Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The Label screen of a project whose images came in while it was open."""
    project_id = label_map.create_project(client, labels_per_class=4)
    opened = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    label_map.open_project(opened, product, project_id)
    label_map.start_import(client, project_id, tmp_path_factory.mktemp("set"), num_images=NUM_IMAGES)
    label_map.wait_until_laid_out(client, project_id, num_images=NUM_IMAGES)
    expect(opened.get_by_test_id("placing-hint")).to_have_count(0, timeout=60_000)
    label_map.wait_until_drawn(opened, NUM_IMAGES)
    yield opened
    opened.close()


@pytest.mark.parametrize(("width", "height"), [(1600, 1000), (1280, 800)])
def test_a_map_that_nobody_touched_shows_the_whole_import_between_the_panels(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)
    label_map.wait_until_drawn(page, NUM_IMAGES)
    boxes = label_map.rectangles(page, NUM_IMAGES)
    left = page.evaluate("document.querySelector('[data-testid=class-panel]').getBoundingClientRect().right")
    right = page.evaluate(
        "document.querySelector('[data-testid=selection-hint]').getBoundingClientRect().left"
    )
    assert min(box[0] for box in boxes) > left + 6
    assert max(box[2] for box in boxes) < right - 6
    across = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    down = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    assert across > 0.6 * (right - left) or down > 0.6 * (height - 164)  # less the panels above and below


@pytest.mark.parametrize("button", [None, "zoom-out"])
def test_shift_lassos_around_each_picture_select_them_all(page: Page, button: str | None) -> None:
    if button:
        page.get_by_test_id(button).click()
        page.wait_for_timeout(500)
        label_map.wait_until_drawn(page, NUM_IMAGES)
    page.keyboard.press("Escape")
    boxes = label_map.rectangles(page, NUM_IMAGES)
    points = [((x1 + x2) / 2, (y1 + y2) / 2) for x1, y1, x2, y2 in boxes]
    chosen: set[int] = set()
    for box in boxes:
        lasso = label_map.around(box)
        chosen |= set(inside(lasso, points))
        label_map.drag(page, lasso, key="Shift")
        expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(len(chosen)))
    assert len(chosen) == NUM_IMAGES


def test_a_selection_grows_to_its_neighbours_and_back(page: Page) -> None:
    page.keyboard.press("Escape")
    box = label_map.rectangles(page, NUM_IMAGES)[3]
    page.mouse.click((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    counts = [label_map.num_selected(page)]
    for key in ("Control+g", "Control+g", "Control+Shift+g", "Control+Shift+g"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        counts.append(label_map.num_selected(page))
    assert counts[0] == 1
    assert counts[1] > 1
    assert counts == [counts[0], counts[1], counts[2], counts[1], counts[0]]
    assert counts[2] >= counts[1]  # a group of its own has no further neighbours


def test_a_named_selection_comes_back_after_a_reload(page: Page) -> None:
    page.get_by_test_id("select-menu").click()
    page.get_by_test_id("menu-select.all").click()
    page.get_by_test_id("selection-name").fill("everything")
    page.get_by_test_id("selection-save").click()
    expect(page.get_by_test_id("selection-everything")).to_be_visible()
    page.reload()
    label_map.wait_until_drawn(page, NUM_IMAGES)
    assert label_map.num_selected(page) == 0
    page.get_by_test_id("select-menu").click()
    page.get_by_test_id("selection-everything").click()
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(NUM_IMAGES))
    page.keyboard.press("Escape")


def test_the_arrow_keys_reach_every_picture_and_say_which(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_test_id("map").locator("canvas").focus()
    said = set()
    for key in ["ArrowRight"] * 4 + ["ArrowDown"] * 4 + ["ArrowLeft"] * 4:
        page.keyboard.press(key)
        said.add(page.get_by_test_id("map-announcer").inner_text())
    assert len(said) >= 4
    assert all(text.startswith("Image ") and "no label" in text for text in said)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", "1")
    assert page.get_by_test_id("map-announcer").inner_text().endswith("selected")


def test_both_maps_share_one_selection_one_hover_and_linked_cameras(page: Page, client: Client) -> None:
    _label_some(client)
    page.keyboard.press("Escape")
    page.get_by_test_id("fit").click()
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=layout-switch] input[value=both]').disabled",
        timeout=240_000,
    )
    label_map.wait_until_drawn(page, NUM_IMAGES)
    page.get_by_test_id("layout-switch").get_by_text("Both").click()
    for test_id in ("map", "map-crop"):
        label_map.wait_until_drawn(page, NUM_IMAGES, test_id=test_id)
    page.get_by_test_id("fit").click()
    page.wait_for_timeout(500)
    label_map.wait_until_drawn(page, NUM_IMAGES)

    whole = label_map.rectangles(page, NUM_IMAGES)
    crops = label_map.rectangles(page, NUM_IMAGES, test_id="map-crop")
    divide = page.get_by_test_id("map-crop").bounding_box()
    assert divide is not None
    assert max(box[2] for box in whole) < divide["x"] < min(box[0] for box in crops)

    crop_points = [((x1 + x2) / 2, (y1 + y2) / 2) for x1, y1, x2, y2 in crops]
    lasso = label_map.around(crops[5], by_px=20)
    label_map.drag(page, lasso)
    expected = inside(lasso, crop_points)
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(len(expected)))
    assert page.get_by_test_id("caption-crop").get_attribute("data-in-hand") == "true"
    for test_id in ("map", "map-crop"):
        assert label_map.selected(page, test_id=test_id) == expected

    page.mouse.move(*crop_points[7])
    page.wait_for_timeout(300)
    assert label_map.hovered(page, test_id="map") == label_map.hovered(page, test_id="map-crop")
    assert label_map.hovered(page, test_id="map") is not None

    page.mouse.wheel(0, -120)
    label_map.wait_until_drawn(page, NUM_IMAGES)
    cameras = [label_map.camera(page, test_id=test_id) for test_id in ("map", "map-crop")]
    assert cameras[0]["zoom"] == pytest.approx(cameras[1]["zoom"])
    page.get_by_test_id("link-cameras").click()
    page.mouse.move(*crop_points[7])
    page.mouse.wheel(0, -120)
    label_map.wait_until_drawn(page, NUM_IMAGES, test_id="map-crop")
    assert label_map.camera(page, test_id="map") == cameras[0]
    assert label_map.camera(page, test_id="map-crop")["zoom"] > 1.2 * cameras[1]["zoom"]

    page.get_by_test_id("link-cameras").click()
    page.get_by_test_id("layout-switch").get_by_text("Crops").click()
    expect(page.get_by_test_id("map-crop")).to_have_count(0)
    label_map.wait_until_drawn(page, NUM_IMAGES)


def test_a_line_of_the_colour_key_selects_its_images(page: Page, client: Client) -> None:
    """After the test above: twelve labelled images and a model."""
    page.mouse.move(640, 650)  # off the switch, whose tooltip would take the key
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-panel")).to_have_count(0)
    page.get_by_test_id("colour-by").click()
    page.get_by_role("option", name="Label and model").click()
    project_id = client.list("/projects")[0]["id"]
    lines = page.get_by_test_id("map-key").get_by_role("button")
    expect(lines.first).to_be_visible()
    total = 0
    for line in lines.all():
        line.click(modifiers=["Shift"])
        total += int(line.inner_text().split()[-1])
        expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(total))
    assert total == 12  # labelled ones only: the others are neither right nor wrong
    page.get_by_test_id("colour-by").click()
    page.get_by_role("option", name="Age of the label").click()
    page.wait_for_timeout(1000)
    colours = page.evaluate(
        "new Set(document.querySelector('[data-testid=map]').scatterMap.debugMarks().colours).size"
    )
    assert colours >= 2
    assert client.get(f"/projects/{project_id}")["model"]["num_labels"] == 12


def _label_some(client: Client) -> None:
    """Four labels in each of three classes, by the folders the pictures came from: the first model follows."""
    project_id = client.list("/projects")[0]["id"]
    images = client.get(f"/projects/{project_id}/images", limit=100)["items"]
    names = {image["index"]: Path(image["path"]).parent.name for image in images}
    for name in sorted(set(names.values())):
        entry = client.post(f"/projects/{project_id}/classes", {"name": name})
        body = {
            "client_action_id": str(uuid.uuid4()),
            "class_id": entry["id"],
            "image_indexes": [index for index, other in sorted(names.items()) if other == name][:4],
        }
        client.post(f"/projects/{project_id}/label-actions", body)

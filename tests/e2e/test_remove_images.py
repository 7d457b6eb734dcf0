"""An admin takes images out of a project in a browser: they go from every open map, and an undo brings them back."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.labelled_project import (
    LabelledProject,
    add_annotator,
    make_project,
    open_context,
    open_project,
)
from tests.e2e.product import Product, wait_for

pytestmark = pytest.mark.e2e

NUM_IMAGES = 24
PANEL_PX = 320
SMALLER = 12
IS_STILL = """() => {
    const map = document.querySelector('[data-testid=map]').scatterMap;
    const places = JSON.stringify([map.getCamera(), map.counters.isBusy, map.debugRectangles([0, 1, 2])]);
    const isSame = places === window.placesBefore && !map.counters.isBusy;
    window.placesBefore = places;
    return isSame;
}"""
KINDS = """indexes => document.querySelector('[data-testid=map]').scatterMap
    .debugRectangles(indexes).map(({kind}) => kind)"""
CENTRES = """indexes => document.querySelector('[data-testid=map]').scatterMap
    .debugRectangles(indexes).map(({rectangle: [x1, y1, x2, y2]}) => [(x1 + x2) / 2, (y1 + y2) / 2].map(Math.round))"""


@pytest.fixture(scope="module")
def project(product: Product, tmp_path_factory: pytest.TempPathFactory) -> LabelledProject:
    """24 generated images of two classes, at rest on the map; nothing is labelled."""
    folder: Path = tmp_path_factory.mktemp("removals")
    made = make_project(product, folder, name="Removals", num_images=NUM_IMAGES, num_classes=2, threshold=100)
    path = f"/projects/{made.project_id}/jobs"
    wait_for(lambda: not made.admin.list(path, active=True), 300)
    return made


@pytest.fixture
def onlooker(browser: Browser, product: Product, project: LabelledProject) -> Iterator[Page]:
    """The map of an annotator who has it open all the time."""
    add_annotator(project, "olga")
    context = open_context(browser, product, username="olga")
    yield open_project(context, project)
    context.close()


def thumbnails(page: Page) -> list[int]:
    """Images that a click in their middle hits: thumbnails do not lie over each other, and these not where the panel of
    the selection will be.
    """
    for _ in range(SMALLER):  # so that few hide behind others
        page.keyboard.press(",")
    page.wait_for_function(IS_STILL, timeout=60_000, polling=300)
    size = page.viewport_size
    assert size is not None
    everything = list(range(NUM_IMAGES))
    found = zip(everything, page.evaluate(KINDS, everything), page.evaluate(CENTRES, everything), strict=True)
    return [index for index, kind, (x, _) in found if kind == "thumbnail" and x < size["width"] - PANEL_PX]


def select(page: Page, indexes: list[int]) -> None:
    """Click on thumbnails of the map, Shift from the second on."""
    frame = page.get_by_test_id("map").bounding_box()
    assert frame is not None
    for number, (x, y) in enumerate(page.evaluate(CENTRES, indexes)):
        if number:
            page.keyboard.down("Shift")
        page.mouse.click(frame["x"] + x, frame["y"] + y)
        page.keyboard.up("Shift")


def expect_drawn(page: Page, indexes: list[int], *, is_there: bool) -> None:
    """Until the images are on the map, or are not."""
    page.get_by_test_id("map").wait_for()
    test = f"indexes => ({KINDS})(indexes).every(kind => (kind !== 'hidden') === {str(is_there).lower()})"
    page.wait_for_function(test, arg=indexes, timeout=30_000)


def test_two_images_go_from_every_open_map_and_come_back_by_an_undo(
    context: BrowserContext, project: LabelledProject, onlooker: Page
) -> None:
    page = open_project(context, project)
    errors: list[str] = []
    for opened in (page, onlooker):
        opened.on("pageerror", lambda error: errors.append(str(error)))
    name = sorted(project.class_ids)[0]
    chosen = thumbnails(page)[:2]
    others = [index for index in range(NUM_IMAGES) if index not in chosen]
    project.label(project.admin, name, [chosen[0], *others[:2]])
    before = page.evaluate(CENTRES, others)
    select(page, chosen)
    expect(page.get_by_test_id("selection-count")).to_have_text("2 images selected")

    page.get_by_test_id("remove-images").click()
    expect(page.get_by_test_id("remove-what")).to_contain_text("1 of them has a label.")
    page.get_by_test_id("remove-confirm").click()

    for opened in (page, onlooker):
        expect_drawn(opened, chosen, is_there=False)
        expect(opened.get_by_test_id(f"class-count-{name}")).to_have_text("2")
    assert page.evaluate(CENTRES, others) == before  # holes, not jumps
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-count")).to_have_text("22 images selected")
    shown = project.admin.get(f"/projects/{project.project_id}")
    assert (shown["num_removed"], shown["num_labelled"]) == (2, 2)

    page.get_by_test_id("remove-undo").click()
    for opened in (page, onlooker):
        expect_drawn(opened, chosen, is_there=True)
        expect(opened.get_by_test_id(f"class-count-{name}")).to_have_text("3")
    assert onlooker.get_by_test_id("remove-images").count() == 0  # an annotator may not
    page.reload()
    page.get_by_test_id("label-screen").wait_for()
    expect(page.get_by_test_id(f"class-count-{name}")).to_have_text("3")
    expect_drawn(page, chosen, is_there=True)
    assert errors == []


def test_removed_images_stay_out_after_a_reload_and_come_back_from_the_settings(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    chosen = sorted(thumbnails(page)[:3])
    name = sorted(project.class_ids)[0]
    project.label(project.admin, name, chosen[:1])
    select(page, chosen)
    expect(page.get_by_test_id("selection-count")).to_have_text("3 images selected")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("What to do").fill("remove 3 images")
    page.keyboard.press("Enter")
    page.get_by_test_id("remove-confirm").click()
    expect_drawn(page, chosen, is_there=False)
    page.reload()
    page.get_by_test_id("label-screen").wait_for()
    page.wait_for_function("() => document.querySelector('[data-testid=map]')?.dataset.projection")
    expect_drawn(page, chosen, is_there=False)

    page.goto(f"{project.address}/settings/removed-images")
    card = page.get_by_test_id("removal")
    expect(card).to_have_attribute("data-count", "3")
    expect(card).to_contain_text("by admin")
    picture = card.locator("img").first
    picture.wait_for()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    page.get_by_test_id(f"restore-{chosen[1]}").click()
    expect(card).to_have_attribute("data-count", "2")
    page.get_by_test_id("restore-all").click()
    expect(page.get_by_test_id("none-removed")).to_be_visible()
    assert project.labels()[chosen[0]] == project.class_ids[name]


def test_a_map_whose_images_are_all_removed_says_so_and_where_they_are(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    body = {"client_action_id": str(uuid.uuid4()), "image_indexes": list(range(NUM_IMAGES))}
    project.admin.post(f"/projects/{project.project_id}/removals", body)
    page.get_by_test_id("all-removed").click()
    expect(page.get_by_test_id("removal")).to_have_attribute("data-count", str(NUM_IMAGES))
    page.get_by_test_id("restore-removal").click()
    expect(page.get_by_test_id("none-removed")).to_be_visible()
    page = open_project(context, project)
    expect_drawn(page, list(range(NUM_IMAGES)), is_there=True)
    expect(page.get_by_test_id("all-removed")).to_have_count(0)

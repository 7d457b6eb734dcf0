"""An admin takes images out of a project in a browser: they go from every open map, and an undo brings them back."""

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
KINDS = """indexes => document.querySelector('[data-testid=map]').scatterMap
    .debugRectangles(indexes).map(({kind}) => kind)"""
PLACES = """indexes => document.querySelector('[data-testid=map]').scatterMap
    .debugRectangles(indexes).map(({rectangle}) => rectangle.map(Math.round))"""


@pytest.fixture(scope="module")
def project(product: Product, tmp_path_factory: pytest.TempPathFactory) -> LabelledProject:
    """24 generated images of two classes, at rest on the map; 0, 1 and 2 are labelled."""
    folder: Path = tmp_path_factory.mktemp("removals")
    made = make_project(product, folder, name="Removals", num_images=NUM_IMAGES, num_classes=2, threshold=100)
    made.label(made.admin, sorted(made.class_ids)[0], [0, 1, 2])
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


def select(page: Page, indexes: list[int]) -> None:
    """Click on pictures of the map, Shift from the second on."""
    frame = page.get_by_test_id("map").bounding_box()
    assert frame is not None
    for number, (x1, y1, x2, y2) in enumerate(page.evaluate(PLACES, indexes)):
        if number:
            page.keyboard.down("Shift")
        page.mouse.click(frame["x"] + (x1 + x2) / 2, frame["y"] + (y1 + y2) / 2)
        page.keyboard.up("Shift")


def expect_drawn(page: Page, indexes: list[int], *, is_there: bool) -> None:
    """Until the images are on the map, or are not."""
    test = f"indexes => ({KINDS})(indexes).every(kind => (kind !== 'hidden') === {str(is_there).lower()})"
    page.wait_for_function(test, arg=indexes, timeout=30_000)


def test_two_images_go_from_every_open_map_and_come_back_by_an_undo(
    context: BrowserContext, project: LabelledProject, onlooker: Page
) -> None:
    page = open_project(context, project)
    errors: list[str] = []
    for opened in (page, onlooker):
        opened.on("pageerror", lambda error: errors.append(str(error)))
    others = [index for index in range(NUM_IMAGES) if index not in {1, 9}]
    before = page.evaluate(PLACES, others)
    select(page, [1, 9])
    expect(page.get_by_test_id("selection-count")).to_have_text("2 images selected")

    page.get_by_test_id("remove-images").click()
    expect(page.get_by_test_id("remove-what")).to_contain_text("1 of them has a label.")
    page.get_by_test_id("remove-confirm").click()

    for opened in (page, onlooker):
        expect_drawn(opened, [1, 9], is_there=False)
        expect(opened.get_by_test_id("labelled-count")).to_have_text("2")
    assert page.evaluate(PLACES, others) == before  # holes, not jumps
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-count")).to_have_text("22 images selected")
    shown = project.admin.get(f"/projects/{project.project_id}")
    assert (shown["num_removed"], shown["num_labelled"]) == (2, 2)

    page.get_by_test_id("remove-undo").click()
    for opened in (page, onlooker):
        expect_drawn(opened, [1, 9], is_there=True)
        expect(opened.get_by_test_id("labelled-count")).to_have_text("3")
    assert onlooker.get_by_test_id("remove-images").count() == 0  # an annotator may not
    page.reload()
    page.get_by_test_id("label-screen").wait_for()
    expect(page.get_by_test_id("labelled-count")).to_have_text("3")
    expect_drawn(page, [1, 9], is_there=True)
    assert errors == []


def test_removed_images_stay_out_after_a_reload_and_come_back_from_the_settings(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    page.keyboard.press("Control+a")
    for index in range(3, NUM_IMAGES):
        page.locator(f"[data-testid=selection-tile][data-index='{index}']").click() if index < 3 else None
    page.keyboard.press("Escape")
    select(page, [0, 4, 5])
    page.keyboard.press("Control+k")
    page.get_by_placeholder("What to do").fill("remove 3 images")
    page.keyboard.press("Enter")
    page.get_by_test_id("remove-confirm").click()
    expect_drawn(page, [0, 4, 5], is_there=False)
    page.reload()
    page.get_by_test_id("label-screen").wait_for()
    page.wait_for_function("() => document.querySelector('[data-testid=map]')?.dataset.projection")
    expect_drawn(page, [0, 4, 5], is_there=False)

    page.goto(f"{project.address}/settings/removed-images")
    card = page.get_by_test_id("removal")
    expect(card).to_have_attribute("data-count", "3")
    expect(card).to_contain_text("by admin")
    picture = card.locator("img").first
    picture.wait_for()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    page.get_by_test_id("restore-4").click()
    expect(card).to_have_attribute("data-count", "2")
    page.get_by_test_id("restore-all").click()
    expect(page.get_by_test_id("none-removed")).to_be_visible()
    assert project.labels()[0] == project.class_ids[sorted(project.class_ids)[0]]

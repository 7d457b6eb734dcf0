"""The map of the Label screen after trouble: empty ground, a reload, another machine, a lost WebGL context, touch."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import NUM_SHAPES
from tests.e2e.label_map import MAP, camera, rectangles, wait_until_drawn
from tests.e2e.labelled_project import (
    ALL_THERE,
    LabelledProject,
    open_context,
    open_project,
)
from tests.e2e.map_page import Pixels

pytestmark = pytest.mark.e2e

NUM_IMAGES = NUM_SHAPES
MAPS = ("map", "map-crop")
LOSE_AND_RESTORE = """async (testIds) => {
  await Promise.all(testIds.map((testId) => new Promise((done) => {
    const canvas = document.querySelector(`[data-testid=${testId}] canvas`);
    const lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    canvas.addEventListener('webglcontextrestored', () => done(), { once: true });
    lose.loseContext();
    setTimeout(() => lose.restoreContext(), 100);
  })));
}"""


@pytest.fixture
def project(shapes: LabelledProject) -> LabelledProject:
    return shapes


def pixels_of(page: Page) -> Pixels:
    with Image.open(BytesIO(page.screenshot())) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def settled(page: Page) -> None:
    """Every map on the page holds all images, has its larger cells, and is at rest."""
    for test_id in MAPS:
        if page.get_by_test_id(test_id).count():
            wait_until_drawn(page, NUM_IMAGES, test_id=test_id)


def middle_of_free_ground(page: Page) -> tuple[float, float]:
    """World point halfway between the panels: 272 px at the left, 312 at the right, 64 above, 100 below."""
    seen = camera(page)
    return seen["x"] - 20 / seen["zoom"], seen["y"] + 18 / seen["zoom"]


def test_both_maps_come_back_with_the_same_picture_after_a_lost_context(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project, "?map=both")
    page.get_by_test_id("map-crop").wait_for()
    page.keyboard.press("Control+u")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+b")
    expect(page.get_by_test_id("selection-grid")).to_have_attribute("aria-busy", "false")
    settled(page)
    places = [rectangles(page, NUM_IMAGES, test_id=test_id) for test_id in MAPS]
    page.mouse.move(640, 30)
    page.wait_for_timeout(1000)  # tiles of the panel
    before = pixels_of(page)
    page.evaluate(LOSE_AND_RESTORE, list(MAPS))
    for test_id in MAPS:
        page.wait_for_function(f"() => {MAP.format(test_id=test_id)}.counters.cells64Resident > 0")
    settled(page)
    page.wait_for_timeout(300)
    assert [rectangles(page, NUM_IMAGES, test_id=test_id) for test_id in MAPS] == places
    # The cells may lie in other slots now, which rounds texture coordinates otherwise.
    assert np.abs(pixels_of(page) - before)[60:700, 270:970].max() <= 3


def test_empty_ground_offers_the_way_back(context: BrowserContext, project: LabelledProject) -> None:
    page = open_project(context, project)
    settled(page)
    lost = page.get_by_test_id("no-image-in-view")
    fitted = camera(page)
    page.evaluate(f"{MAP.format(test_id='map')}.setCamera({{ x: 1e4, y: 1e4, zoom: {fitted['zoom']} }})")
    expect(lost).to_be_visible()
    lost.get_by_role("button", name="Back to the images").click()
    expect(lost).to_have_count(0)
    settled(page)
    assert camera(page) == pytest.approx(fitted)


def test_a_reload_and_a_link_on_a_larger_screen_look_at_the_same_place(
    browser: Browser, context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    settled(page)
    page.mouse.move(500, 300)
    page.mouse.wheel(0, -480)
    page.wait_for_url("**at=*")
    before = camera(page)
    page.reload()
    page.wait_for_function(ALL_THERE, arg=NUM_IMAGES)
    assert camera(page) == pytest.approx(before, rel=1e-3, abs=1e-3)

    large = open_context(browser, project.product, viewport={"width": 1920, "height": 1080})
    other = open_project(large, project, "?" + page.url.split("?")[1])
    settled(other)
    # The panels take 164 px of the height, and each picture half its side: that leaves 1.5 times the ground.
    assert camera(other)["zoom"] == pytest.approx(1.5 * before["zoom"], rel=0.05)
    assert middle_of_free_ground(other) == pytest.approx(middle_of_free_ground(page), rel=1e-3, abs=1e-3)
    large.close()


def test_a_saved_view_is_there_on_another_machine(
    browser: Browser, context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project, "?colour=prediction")
    page.keyboard.press("Control+f")
    page.get_by_test_id("view-name").fill("by the model")
    page.get_by_test_id("view-save").click()
    page.get_by_test_id("view-by the model").wait_for()

    machine = open_context(browser, project.product)
    other = open_project(machine, project)
    other.keyboard.press("Control+f")
    other.get_by_test_id("view-by the model").click()
    other.wait_for_url("**colour=prediction*")
    other.get_by_role("button", name="Forget by the model").click()
    expect(other.get_by_test_id("view-by the model")).to_have_count(0)
    machine.close()


def test_one_finger_selects_and_two_pan_and_pinch(browser: Browser, project: LabelledProject) -> None:
    context = open_context(browser, project.product, has_touch=True)
    page = open_project(context, project)
    settled(page)
    before = camera(page)
    touch = context.new_cdp_session(page)

    def put(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    put("touchStart", (500, 400))
    put("touchStart", (500, 400), (700, 400))
    for step in range(1, 11):
        put("touchMove", (500 - 10 * step, 400 + 4 * step), (700 + 10 * step, 400 + 4 * step))
    put("touchEnd")
    settled(page)
    after = camera(page)
    assert after["zoom"] == pytest.approx(2 * before["zoom"], rel=0.02)
    # The world point between the fingers went 40 px down with them: (600, 400) shows now at (600, 440).
    assert after["x"] + (600 - 640) / after["zoom"] == pytest.approx(
        before["x"] + (600 - 640) / before["zoom"], abs=0.02
    )
    assert after["y"] - (440 - 400) / after["zoom"] == pytest.approx(before["y"], abs=0.02)
    context.close()

"""What the map renderer draws in a real Chromium with software rendering: rectangles, pixels, bytes sent.

What was drawn is compared with the renderer's own account (`debugRectangles`), whose boxes the unit tests hold against
the server's table.
"""

import math

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser

from tests.e2e.map_page import (
    BACKGROUND,
    Open,
    Pixels,
    centres,
    is_drawn,
    pixels_of,
    rectangles,
    settle,
)

pytestmark = pytest.mark.e2e


STRIPES = """([codes, height, width, axis]) => {
  // One picture of 16 px: red, green and blue stripes with edges at 1/4 and 3/4, along x (0) or y.
  const block = (colour) => [colour & 255, colour >> 8, 0, 0, 0, 0, 0, 0];
  const stripes = [0xf800, 0x07e0, 0x07e0, 0x001f];
  const at = (row, column) => stripes[axis === 0 ? column : row];
  const cells16 = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].flatMap((column) => block(at(row, column))));
  const { map } = mapPage;
  map.setData({ numItems: 1, positionsA: new Float32Array([5, -3]), cells16: new Uint8Array(cells16) });
  map.setProfiles(new Uint8Array(codes), height, width);
  map.setSize(256);
  map.setCamera({ x: 5, y: -3, zoom: 10000 });
}"""
BORDER_PX = 12  # border and rounded corners of a picture of 256 px


def edge_at(values: npt.NDArray[np.float64]) -> float:
    """Place where a falling profile of values crosses the middle between its ends, in pixel edges."""
    middle = (values.max() + values.min()) / 2
    last = int(np.nonzero(values > middle)[0][-1])
    return last + 0.5 + float((values[last] - middle) / (values[last] - values[last + 1]))


def seen_edges(pixels: Pixels, rectangle: list[float], axis: int) -> tuple[float, float]:
    """Edges of the drawn part of the striped picture along one axis (0 = x), read off its two colour changes."""
    x1, y1, x2, y2 = rectangle
    line = pixels[int((y1 + y2) / 2)] if axis == 0 else pixels[:, int((x1 + x2) / 2)]
    start, length = rectangle[axis], rectangle[axis + 2] - rectangle[axis]
    first = int(start) + BORDER_PX
    strip = line[first : int(start + length) - BORDER_PX].astype(np.float64)
    red_end = (first + edge_at(strip[:, 0]) - start) / length
    blue_start = (first + len(strip) - edge_at(strip[::-1, 2]) - start) / length
    side = 0.5 / (blue_start - red_end)
    low = 0.25 - red_end * side
    return low, low + side


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    "marginal", [[255, 0, 0, 0, 0, 0, 255], [90, 255, 40, 10, 60, 200, 130], [255, 255, 0, 0, 250]]
)
def test_the_drawn_crop_is_the_exact_box(open_map: Open, marginal: list[int], axis: int) -> None:
    page = open_map("n=1&cells=none")
    other = [255, 255, 255]
    codes = marginal + other if axis == 0 else other + marginal
    shape = [3, len(marginal)] if axis == 0 else [len(marginal), 3]
    page.evaluate(STRIPES, [codes, *shape, axis])
    for retention in (0.5, 0.6, 0.8, 0.9, 0.95, 0.99):
        page.evaluate("(r) => mapPage.map.setRetention(r)", retention)
        settle(page)
        drawn = page.evaluate("mapPage.map.debugRectangles([0])[0]")
        assert (drawn["kind"], drawn["cellPx"]) == ("thumbnail", 16)
        seen = seen_edges(pixels_of(page), drawn["rectangle"], axis)
        assert np.abs(np.subtract(seen, drawn["cropBox"][axis::2])).max() < 0.01


def test_pictures_fill_their_rectangles_and_nothing_else(open_map: Open) -> None:
    page = open_map("n=60")
    drawn = is_drawn(pixels_of(page))
    expected = np.zeros_like(drawn)
    kinds = [each["kind"] for each in rectangles(page)]
    assert kinds.count("thumbnail") > 15
    assert kinds.count("dot") > 5
    for each in rectangles(page):
        x1, y1, x2, y2 = each["rectangle"]
        expected[math.floor(y1) - 2 : math.ceil(y2) + 2, math.floor(x1) - 2 : math.ceil(x2) + 2] = True
        if each["kind"] == "thumbnail":
            inner = drawn[math.ceil(y1) + 3 : math.floor(y2) - 3, math.ceil(x1) + 3 : math.floor(x2) - 3]
            assert inner.mean() > 0.97
    assert not (drawn & ~expected).any()


def test_a_dot_covers_the_area_of_its_circle(open_map: Open) -> None:
    page = open_map("n=60")
    page.evaluate("mapPage.map.setThumbnailMode('dots')")
    page.evaluate("mapPage.map.fit({ animate: false, indexes: [0, 1] })")
    settle(page)
    x, y = centres(page)[0]
    pixels = pixels_of(page)[round(y) - 9 : round(y) + 9, round(x) - 9 : round(x) + 9]
    colour = pixels[9, 9]
    near = np.abs(pixels - BACKGROUND).sum(axis=2) / np.abs(colour - BACKGROUND).sum()
    assert abs(near.sum() - math.pi * 4**2) < 6


def test_the_slider_changes_the_rectangles_and_sends_no_byte(open_map: Open) -> None:
    page = open_map("n=400")
    before = rectangles(page)
    sent = page.evaluate("mapPage.map.counters.bytesUploaded")
    draws = page.evaluate("mapPage.map.counters.draws")
    for retention in (0.9, 0.7, 0.5):
        page.evaluate("(r) => mapPage.map.setRetention(r)", retention)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    settle(page)
    after = rectangles(page)
    assert page.evaluate("mapPage.map.counters.bytesUploaded") == sent
    assert page.evaluate("mapPage.map.counters.draws") >= draws + 2
    for old, new in zip(before, after, strict=True):
        old_box, new_box = old["salientBox"], new["salientBox"]
        assert new_box[0] > old_box[0]
        assert new_box[3] < old_box[3]

    page.evaluate("mapPage.map.setWholeMode(true)")
    settle(page)
    assert all(each["cropBox"] == [0, 0, 1, 1] for each in rectangles(page))
    assert page.evaluate("mapPage.map.counters.bytesUploaded") == sent


def test_it_draws_only_when_something_changed(open_map: Open) -> None:
    page = open_map("n=60")
    draws = page.evaluate("mapPage.map.counters.draws")
    page.wait_for_timeout(300)
    assert page.evaluate("mapPage.map.counters.draws") == draws
    page.evaluate("mapPage.map.setSize(60)")
    settle(page)
    assert page.evaluate("mapPage.map.counters.draws") > draws


def test_items_glide_to_the_other_layout_and_to_a_new_one(open_map: Open) -> None:
    page = open_map("n=60")
    before = centres(page)
    page.evaluate("mapPage.map.setLayoutMix(1)")
    page.evaluate("() => new Promise((done) => setTimeout(done, 250))")
    on_the_way = centres(page)
    settle(page)
    there = centres(page)
    assert np.abs(there - before).max() > 20
    assert 0 < np.abs(on_the_way - before).max() < np.abs(there - before).max()
    zoom = page.evaluate("mapPage.map.getCamera().zoom")
    layout_b = np.array(page.evaluate("[...mapPage.data.positionsB]")).reshape(-1, 2)
    step = (layout_b[1] - layout_b[0]) * zoom * [1, -1]
    np.testing.assert_allclose(there[1] - there[0], step, atol=0.01)

    page.evaluate("mapPage.map.setPositions(mapPage.data.positionsA.map((v) => v / 2), null)")
    settle(page)
    layout_a = np.array(page.evaluate("[...mapPage.data.positionsA]")).reshape(-1, 2)
    step = (layout_a[1] - layout_a[0]) / 2 * zoom * [1, -1]
    np.testing.assert_allclose(centres(page)[1] - centres(page)[0], step, atol=0.01)


def test_appended_items_appear_and_the_camera_stays(open_map: Open) -> None:
    page = open_map("n=60")
    camera = page.evaluate("mapPage.map.getCamera()")
    before = centres(page)
    page.evaluate(
        """() => mapPage.map.appendItems({ numItems: 2, positionsA: new Float32Array([9, 5, -9, -5]),
             cells16: mapPage.data.cells16.slice(0, 256) })"""
    )
    settle(page)
    assert page.evaluate("mapPage.map.getCamera()") == camera
    np.testing.assert_allclose(centres(page), before, atol=1e-9)
    new = page.evaluate("mapPage.map.debugRectangles([60, 61])")
    assert [each["kind"] for each in new] == ["thumbnail", "thumbnail"]
    drawn = is_drawn(pixels_of(page))
    for each in new:
        x1, y1, x2, y2 = (round(edge) for edge in each["rectangle"])
        assert drawn[max(0, y1 + 4) : y2 - 4, max(0, x1 + 4) : x2 - 4].mean() > 0.95


def test_the_fallback_decoder_draws_the_same_picture(open_map: Open) -> None:
    compressed = pixels_of(open_map("n=120"))
    decoded = pixels_of(open_map("n=120&rgba=1&cache=4194304"))
    assert is_drawn(compressed).sum() > 20_000
    assert np.abs(compressed - decoded).max() <= 12
    assert np.abs(compressed - decoded).mean() < 0.2


def test_a_lost_context_comes_back_with_the_same_picture(open_map: Open) -> None:
    page = open_map("n=120")
    before = pixels_of(page)
    page.evaluate(
        """() => new Promise((done) => {
             const canvas = document.querySelector('canvas');
             const lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
             canvas.addEventListener('webglcontextrestored', () => done(), { once: true });
             lose.loseContext();
             setTimeout(() => lose.restoreContext(), 100);
           })"""
    )
    settle(page)
    page.wait_for_function("mapPage.map.counters.cells64Resident > 0")
    settle(page)
    # The cells may lie in other slots now, which rounds texture coordinates otherwise.
    assert np.abs(pixels_of(page) - before).max() <= 2


def test_cells_are_asked_for_when_they_come_into_view(open_map: Open) -> None:
    page = open_map("n=3000")
    capacity = 262144 // 2048
    first = sum(page.evaluate("mapPage.requests"))
    assert 0 < first <= capacity
    shown = [each for each in rectangles(page) if each["kind"] == "thumbnail"]
    assert {each["cellPx"] for each in shown} <= {16, 64}
    page.evaluate("mapPage.map.fit({ indexes: [5, 6, 7], animate: false })")
    page.evaluate("mapPage.map.zoomBy(3, { animate: false })")
    settle(page)
    assert sum(page.evaluate("mapPage.requests")) > first
    assert page.evaluate("mapPage.map.counters.cells64Resident") <= capacity


def test_pictures_of_256_px_are_fetched_for_what_is_drawn_large(open_map: Open) -> None:
    page = open_map("n=300&pictures=1&cells=none")
    page.evaluate("mapPage.map.setWholeMode(true, { animate: false })")
    page.evaluate("mapPage.map.setSize(200)")
    page.evaluate("mapPage.map.fit({ animate: false, indexes: [5, 6] })")
    settle(page)
    resident = page.evaluate("mapPage.map.counters.pictures256Resident")
    assert 0 < resident <= 64
    large = [each for each in rectangles(page) if each["cellPx"] == 256]
    assert large
    pixels = pixels_of(page)
    for each in large:
        x1, y1, x2, y2 = each["rectangle"]
        if x1 < 8 or y1 < 8 or x2 > 890 or y2 > 490 or each["index"] % 8 > 4:
            continue
        # The generated picture is yellow below its last line.
        foot = pixels[round(y2 - 0.1 * (y2 - y1)), round((x1 + x2) / 2)]
        assert np.abs(foot - [255, 224, 0]).max() <= 3
    page.evaluate("mapPage.map.setSize(30)")
    settle(page)
    assert {each["cellPx"] for each in rectangles(page)} <= {0, 16}


def test_a_resize_keeps_the_camera_and_fills_the_canvas(open_map: Open) -> None:
    page = open_map("n=60")
    camera = page.evaluate("mapPage.map.getCamera()")
    page.set_viewport_size({"width": 640, "height": 700})
    settle(page)
    assert page.evaluate("mapPage.map.getCamera()") == camera
    assert page.evaluate(
        "[document.querySelector('canvas').width, document.querySelector('canvas').height]"
    ) == [
        640,
        700,
    ]
    x, y = centres(page)[0]
    assert is_drawn(pixels_of(page))[round(y), round(x)]


def test_without_webgl2_it_says_so(browser: Browser, map_address: str) -> None:
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    with page.expect_event("pageerror") as thrown:
        page.goto(f"{map_address}?n=5")
    assert thrown.value.name == "WebGlUnavailable"
    assert "The map needs WebGL2" in thrown.value.message
    page.close()

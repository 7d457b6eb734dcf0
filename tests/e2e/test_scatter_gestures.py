"""Gestures on the map renderer in a real Chromium: pointers, touch, wheel and keys, and what they select."""

import numpy as np
import pytest

from tests.e2e.map_page import (
    HEIGHT,
    LEFT,
    MIDDLE,
    WIDTH,
    Open,
    centres,
    drag,
    inside,
    is_drawn,
    pixels_of,
    rectangles,
    selected,
    settle,
)

pytestmark = pytest.mark.e2e


def test_lassos_combine_by_the_keys_held(open_map: Open) -> None:
    page = open_map("n=300")
    points = centres(page)
    left, middle = inside(LEFT, points), inside(MIDDLE, points)
    assert len(left) > 20
    assert len(set(left) & set(middle)) > 3

    drag(page, LEFT)
    assert selected(page) == left
    drag(page, MIDDLE, key="Shift")
    assert selected(page) == sorted({*left, *middle})
    drag(page, LEFT, key="Alt")
    assert selected(page) == sorted(set(middle) - set(left))
    drag(page, LEFT)
    drag(page, MIDDLE, key="Control")
    assert selected(page) == sorted(set(left) & set(middle))

    counts = [each["count"] for each in page.evaluate("mapPage.events") if each["type"] == "count"]
    assert len(left) in counts
    assert counts[-1] is None


def test_a_box_takes_what_is_inside_and_not_dimmed(open_map: Open) -> None:
    page = open_map("n=300")
    points = centres(page)
    page.evaluate("mapPage.map.setMode('box')")
    page.evaluate("mapPage.map.setDimmed(mapPage.data.clusters.map((c) => (c === 0 ? 1 : 0)))")
    clusters = page.evaluate("[...mapPage.data.clusters]")
    drag(page, [(700.5, 420.5), (300.5, 250.5), (250.5, 120.5)])
    box = [(250.5, 120.5), (700.5, 120.5), (700.5, 420.5), (250.5, 420.5)]
    within = inside(box, points)
    assert selected(page) == [k for k in within if clusters[k] != 0]
    assert len(selected(page)) < len(within)


def test_a_click_takes_one_a_click_on_empty_ground_none(open_map: Open) -> None:
    page = open_map("n=60")
    index = next(each["index"] for each in rectangles(page) if each["kind"] == "thumbnail")
    x, y = centres(page)[index]
    page.mouse.click(x, y)
    assert selected(page) == [index]
    settle(page)
    page.mouse.move(2, 2)
    settle(page)
    x1, _, _, y2 = rectangles(page)[index]["rectangle"]
    ring = pixels_of(page)[round(y2) + 1, round((x1 + x) / 2)]
    assert np.abs(ring - np.array([0x4D, 0xAB, 0xF7])).max() < 40
    page.mouse.dblclick(x, y)
    assert {"type": "doubleClick", "index": index} in page.evaluate("mapPage.events")
    page.mouse.click(3, 3)
    assert selected(page) == []


def test_hover_enlarges_the_picture(open_map: Open) -> None:
    page = open_map("n=60")
    x, y = 0.0, 0.0
    drawn = rectangles(page)
    thumbnails = [each["rectangle"] for each in drawn if each["kind"] == "thumbnail"]
    for each in drawn:  # a dot that no thumbnail covers
        x, y = centres(page)[each["index"]]
        if each["kind"] == "dot" and not any(
            x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in thumbnails
        ):
            break
    before = is_drawn(pixels_of(page)).sum()
    page.mouse.move(x, y)
    settle(page)
    hovers = [event for event in page.evaluate("mapPage.events") if event["type"] == "hover"]
    assert hovers[-1]["index"] == each["index"]
    assert is_drawn(pixels_of(page)).sum() > before + 1500


def test_the_keyboard_moves_a_focus_and_selects(open_map: Open) -> None:
    page = open_map("n=60")
    page.focus("canvas")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    settle(page)
    focused = [each["index"] for each in page.evaluate("mapPage.events") if each["type"] == "focus"]
    points = centres(page)
    assert len(focused) == 3
    assert points[focused[1]][0] > points[focused[0]][0]
    assert points[focused[2]][1] < points[focused[1]][1]
    page.keyboard.press("Enter")
    assert selected(page) == [focused[2]]
    zoom = page.evaluate("mapPage.map.getCamera().zoom")
    page.keyboard.press("+")
    settle(page)
    assert page.evaluate("mapPage.map.getCamera().zoom") == pytest.approx(1.4 * zoom)
    page.keyboard.press("0")
    settle(page)
    assert page.evaluate("mapPage.map.getCamera().zoom") == pytest.approx(zoom)


def test_the_wheel_zooms_about_the_cursor_and_the_right_button_pans(open_map: Open) -> None:
    page = open_map("n=60")
    before = centres(page)
    page.mouse.move(420, 130)
    page.mouse.wheel(0, -240)
    settle(page)
    after = centres(page)
    np.testing.assert_allclose(after, 2 * before - [420, 130], atol=0.01)
    page.mouse.move(300, 200)
    page.mouse.down(button="right")
    page.mouse.move(340, 190)
    page.mouse.move(360, 170)
    page.mouse.up(button="right")
    settle(page)
    np.testing.assert_allclose(centres(page), np.add(after, [60, -30]), atol=0.01)
    assert selected(page) == []


def test_a_lasso_within_one_frame_keeps_all_its_corners(open_map: Open) -> None:
    """A quick drag reaches the page as one joined move: press, one event that holds all corners, release."""
    page = open_map("n=300")
    expected = inside(LEFT, centres(page))
    page.evaluate(
        """(corners) => {
             const canvas = document.querySelector('canvas');
             canvas.setPointerCapture = () => {};
             const [first, ...rest] = corners;
             const event = (type, [clientX, clientY], more) => new PointerEvent(type, {
               clientX, clientY, pointerId: 1, pointerType: 'mouse', button: 0, bubbles: true, ...more });
             const joined = rest.map((corner) => event('pointermove', corner));
             canvas.dispatchEvent(event('pointerdown', first));
             canvas.dispatchEvent(event('pointermove', rest.at(-1), { coalescedEvents: joined }));
             canvas.dispatchEvent(event('pointerup', rest.at(-1)));
           }""",
        LEFT,
    )
    assert len(expected) > 20
    assert selected(page) == expected


@pytest.mark.parametrize("zoom", [0.5, 1, 3])
def test_shift_lassos_one_after_the_other_each_add_what_they_go_around(open_map: Open, zoom: float) -> None:
    page = open_map("n=36")
    page.evaluate("(factor) => mapPage.map.zoomBy(factor, { animate: false })", zoom)
    settle(page)
    points = centres(page)
    chosen: set[int] = set()
    for each in rectangles(page):
        x1, y1, x2, y2 = (edge + out for edge, out in zip(each["rectangle"], (-6, -6, 6, 6), strict=True))
        if x1 < 0 or x2 > WIDTH or y1 < 0 or y2 > HEIGHT:
            continue
        around = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
        chosen |= set(inside(around, points))
        drag(page, around, key="Shift")
        assert selected(page) == sorted(chosen)
    assert len(chosen) >= 3


def test_a_new_layout_waits_for_the_end_of_the_lasso(open_map: Open) -> None:
    page = open_map("n=300")
    before = centres(page)
    expected = inside(LEFT, before)
    page.mouse.move(*LEFT[0])
    page.mouse.down()
    page.mouse.move(*LEFT[1])
    page.evaluate("mapPage.map.setPositions(mapPage.data.positionsA.map((v) => -v), null)")
    page.wait_for_timeout(100)
    np.testing.assert_allclose(centres(page), before, atol=1e-9)
    for corner in LEFT[2:]:
        page.mouse.move(*corner)
    page.mouse.up()
    assert selected(page) == expected
    settle(page)
    assert np.abs(centres(page) - before).max() > 50


TWO_SHEETS = """() => {
  // 6 x 6 items around (0, 0) and 5 x 5 around (20, 0), one unit apart.
  const sheet = (side, x0) => [...Array(side * side).keys()].flatMap((k) =>
    [x0 + (k % side) - side / 2, Math.floor(k / side) - side / 2]);
  const places = new Float32Array([...sheet(6, 0), ...sheet(5, 20)]);
  mapPage.map.setData({ numItems: 61, positionsA: places });
  mapPage.map.setThumbnailMode('dots');
  mapPage.map.fit({ animate: false });
  mapPage.selection = new Uint8Array(61);
}"""


def test_a_double_click_takes_the_cloud_on_dots_and_with_keys_on_pictures(open_map: Open) -> None:
    page = open_map("n=61&cells=none")
    page.evaluate(TWO_SHEETS)
    settle(page)
    points = centres(page)
    page.mouse.dblclick(*points[14])
    assert selected(page) == list(range(36))
    page.keyboard.down("Shift")
    page.mouse.dblclick(*(points[36 + 12] + [4, 9]))  # beside a dot
    page.keyboard.up("Shift")
    assert selected(page) == list(range(61))
    page.evaluate("mapPage.map.setThumbnailMode('thumbnails')")
    settle(page)
    page.keyboard.down("Alt")
    page.mouse.dblclick(*points[20])
    page.keyboard.up("Alt")
    assert selected(page) == list(range(36, 61))
    assert [e for e in page.evaluate("mapPage.events") if e["type"] == "doubleClick"] == []


def test_two_fingers_pinch_about_their_middle_and_one_draws(open_map: Open) -> None:
    page = open_map("n=60", has_touch=True)
    before = centres(page)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", (400, 250))
    send("touchStart", (400, 250), (500, 250))
    send("touchMove", (350, 250), (550, 250))
    send("touchMove", (350, 280), (550, 280))
    send("touchEnd")
    settle(page)
    np.testing.assert_allclose(centres(page), 2 * (before - [450, 250]) + [450, 280], atol=0.01)
    assert selected(page) == []

    points = centres(page)
    send("touchStart", LEFT[0])
    for corner in LEFT[1:]:
        send("touchMove", corner)
    send("touchEnd")
    settle(page)
    assert selected(page) == inside(LEFT, points)

"""Ten thousand items on the map renderer: gestures, rectangles and pixels, and what fine screens and palettes get."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

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

NUM_ITEMS = 10_000


def test_lassos_and_boxes_take_exactly_what_they_go_around(open_map: Open) -> None:
    page = open_map(f"n={NUM_ITEMS}")
    points = centres(page)
    left, middle = inside(LEFT, points), inside(MIDDLE, points)
    assert len(left) > 1000
    drag(page, LEFT)
    assert selected(page) == left
    drag(page, MIDDLE, key="Shift")
    assert selected(page) == sorted({*left, *middle})
    drag(page, LEFT, key="Control")
    assert selected(page) == left
    page.evaluate("mapPage.map.setMode('box')")
    box = [(300.5, 120.5), (600.5, 120.5), (600.5, 380.5), (300.5, 380.5)]
    drag(page, [box[0], box[2]], key="Alt")
    assert selected(page) == sorted(set(left) - set(inside(box, points)))


def test_pictures_lie_where_they_say(open_map: Open) -> None:
    page = open_map(f"n={NUM_ITEMS}")
    drawn = [each for each in rectangles(page) if each["kind"] == "thumbnail"]
    assert len(drawn) > 25
    boxes = np.array([each["rectangle"] for each in drawn])
    seen = is_drawn(pixels_of(page))
    for x1, y1, x2, y2 in boxes[
        (boxes[:, :2].min(axis=1) > 0) & (boxes[:, 2] < WIDTH) & (boxes[:, 3] < HEIGHT)
    ]:
        assert seen[round(y1) + 4 : round(y2) - 4, round(x1) + 4 : round(x2) - 4].mean() > 0.97


def test_zooming_in_brings_pictures_out_and_a_click_takes_the_top_one(open_map: Open) -> None:
    page = open_map(f"n={NUM_ITEMS}")
    before = sum(each["kind"] == "thumbnail" for each in rectangles(page))
    page.mouse.move(450, 250)
    for _ in range(3):
        page.mouse.wheel(0, -240)
    settle(page)
    drawn = rectangles(page)
    assert sum(each["kind"] == "thumbnail" for each in drawn) > 2 * before
    inner = next(each for each in drawn if each["kind"] == "thumbnail" and _is_inner(each["rectangle"]))
    x1, y1, x2, y2 = inner["rectangle"]
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    assert selected(page) == [inner["index"]]


def test_dots_take_their_palette_colours(open_map: Open) -> None:
    page = open_map("n=60")
    page.evaluate(
        """() => {
             const palette = new Uint8Array(1024);
             palette.set([200, 40, 10, 255], 4 * 7);
             palette.set([10, 90, 220, 255], 4 * 255);
             mapPage.map.setPalette(palette);
             mapPage.map.setColours(new Uint8Array(60).map((_, item) => (item % 2 === 0 ? 7 : 255)));
             mapPage.map.setThumbnailMode('dots');
             mapPage.map.fit({ animate: false, indexes: [0, 1] });
           }"""
    )
    settle(page)
    points, pixels = centres(page), pixels_of(page)
    for item, colour in ((0, [200, 40, 10]), (1, [10, 90, 220])):
        x, y = points[item]
        assert np.abs(pixels[round(y), round(x)] - colour).max() <= 2


def test_a_very_fine_screen_gets_two_pixels_for_one_at_most(open_map: Open) -> None:
    page = open_map("n=60", device_scale_factor=3)
    assert _canvas_size(page) == [2 * WIDTH, 2 * HEIGHT]


def _is_inner(rectangle: list[float]) -> bool:
    x1, y1, x2, y2 = rectangle
    return x1 > 20 and y1 > 20 and x2 < WIDTH - 20 and y2 < HEIGHT - 20


def _canvas_size(page: Page) -> Any:
    return page.evaluate("(({ width, height }) => [width, height])(document.querySelector('canvas'))")

"""The page of `frontend/bench/map`: the map renderer alone, on generated items, in a real Chromium.

Start with `served_page` and `opened_maps`; then read what the renderer says it drew (`rectangles`, `selected`) and what
is on the screen (`pixels_of`).
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.local_server import serving_folder

FRONTEND = Path(__file__).parents[2] / "frontend"
WIDTH, HEIGHT = 900, 500
BACKGROUND = np.array([0x15, 0x17, 0x1B])
READY = "() => window.mapPage && !window.mapPage.map.counters.isBusy"

Pixels = npt.NDArray[np.int16]
Point = tuple[float, float]
Open = Callable[..., Page]


@contextmanager
def served_page(folder: Path) -> Iterator[str]:
    """Build the page into `folder` and serve it until the block ends; gives its address."""
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    command = [str(vite), "build", "--config", "bench/map/vite.config.ts", "--outDir", str(folder)]
    subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True)
    with serving_folder(folder) as address:
        yield f"{address}/index.html"


@contextmanager
def opened_maps(browser: Browser, address: str) -> Iterator[Open]:
    """A function that opens the page with a query; afterwards none of them may have reported an error."""
    pages: list[Page] = []

    def open_page(query: str, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, **options)
        pages.append(page)
        page.goto(f"{address}?{query}&layer=256&cache=262144")
        settle(page)
        return page

    yield open_page
    for page in pages:
        assert [e for e in page.evaluate("mapPage.events") if e["type"] == "error"] == []
        page.close()


def settle(page: Page) -> None:
    """Wait for a frame, then until nothing is under way."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(READY)


def pixels_of(page: Page) -> Pixels:
    """(HEIGHT, WIDTH, 3) of what the canvas shows."""
    page.evaluate("document.getElementById('status').textContent = ''")
    with Image.open(BytesIO(page.screenshot())) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def is_drawn(pixels: Pixels) -> npt.NDArray[np.bool_]:
    far: npt.NDArray[np.bool_] = np.abs(pixels - BACKGROUND).max(axis=2) > 6
    return far


def rectangles(page: Page) -> list[dict[str, Any]]:
    found = page.evaluate("mapPage.map.debugRectangles([...Array(mapPage.data.numItems).keys()])")
    assert isinstance(found, list)
    return found


def centres(page: Page) -> npt.NDArray[np.float64]:
    boxes = np.array([each["rectangle"] for each in rectangles(page)])
    return np.stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)], axis=1)


def selected(page: Page) -> list[int]:
    chosen = page.evaluate("[...mapPage.selection.keys()].filter((k) => mapPage.selection[k])")
    assert isinstance(chosen, list)
    return chosen


def drag(page: Page, points: list[Point], *, key: str | None = None) -> None:
    if key:
        page.keyboard.down(key)
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()
    if key:
        page.keyboard.up(key)
    settle(page)


def inside(polygon: list[Point], points: Iterable[Point] | npt.NDArray[np.float64]) -> list[int]:
    """Indexes of the points inside, by angles summed around each (the lasso itself counts crossings)."""
    corners = np.array([*polygon, polygon[0]])
    chosen = []
    for index, point in enumerate(points):
        angles = np.arctan2(*(corners - point).T[::-1])
        turns = (np.diff(angles) + np.pi) % (2 * np.pi) - np.pi
        if abs(turns.sum()) > np.pi:
            chosen.append(index)
    return chosen


LEFT = [(150.5, 60.5), (440.5, 40.5), (470.5, 300.5), (300.5, 220.5), (160.5, 430.5)]
MIDDLE = [(380.5, 30.5), (700.5, 90.5), (650.5, 460.5), (400.5, 430.5)]

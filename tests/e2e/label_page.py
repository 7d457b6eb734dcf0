"""The Label screen as a person uses it: sign in, import, lasso, press keys. Coordinates are CSS pixels of the page."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.e2e.label_map import wait_until_laid_out
from tests.e2e.product import PASSWORD, Client, Product

IMPORT_TIMEOUT_MS = 180_000
MODEL_TIMEOUT_MS = 300_000
LASSO_RADIUS_PX = 7.0

_RECTANGLES = """count => document.querySelector('[data-testid=map]').scatterMap
    .debugRectangles([...Array(count).keys()])
    .map(({rectangle, salientBox, cropBox, kind}) => ({rectangle, salientBox, cropBox, kind}))"""
_IS_STILL = """() => {
    const map = document.querySelector('[data-testid=map]').scatterMap;
    const places = JSON.stringify([map.getCamera(), map.counters.isBusy, map.debugRectangles([0, 1, 2])]);
    const isSame = places === window.placesBefore && !map.counters.isBusy;
    window.placesBefore = places;
    return isSame;
}"""


class LabelPage:
    """One project's Label screen in one browser page."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page = page
        self._product = product
        self.address = product.address
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))

    @property
    def project_id(self) -> int:
        return int(urlsplit(self.page.url).path.split("/")[2])

    def by(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def sign_in(self) -> None:
        self.page.goto(self._product.address)
        self.by("sign-in-name").fill("admin")
        self.by("sign-in-password").fill(PASSWORD)
        self.by("sign-in-submit").click()

    def create_project(self, name: str, *, threshold: int, backbone: str = "bundled") -> None:
        self.by("new-project").first.click()
        self.by("project-name").fill(name)
        self.by("project-threshold").fill(str(threshold))
        self.by(f"backbone-{backbone}").click()
        self.by("project-create").click()
        self.page.wait_for_url("**/projects/*")

    def import_zip(self, path: Path, *, num_images: int) -> None:
        """Import and wait until every image has its place on the map, and no other layout is to come."""
        self.by("import-button").first.click()
        self.by("import-files").set_input_files(str(path))
        self.by("import-start").click()
        result = self.by("import-result")
        expect(result).to_have_attribute("data-added", str(num_images), timeout=IMPORT_TIMEOUT_MS)
        expect(result).to_have_attribute("data-rejected", "0")
        self.page.keyboard.press("Escape")
        wait_until_laid_out(self._product.client(), self.project_id, num_images=num_images)
        self.wait_for_projection("whole")

    def wait_for_projection(self, view: str) -> None:
        """Wait until the page draws the newest layout that the server has of `view`, all of it, at rest."""
        newest = str(self._projection(self._product.client(), view)["id"])
        attribute = "data-projection" if view == "whole" else "data-crop-projection"
        expect(self.by("map")).to_have_attribute(attribute, newest, timeout=60_000)
        self.wait_until_still()

    def _projection(self, client: Client, view: str) -> dict[str, Any]:
        found = client.get(f"/projects/{self.project_id}/map")["projections"][view]
        return found or {"id": None, "num_images": 0}

    def wait_until_still(self) -> None:
        self.page.wait_for_function(_IS_STILL, timeout=60_000, polling=300)

    def rectangles(self, num_images: int) -> list[dict[str, Any]]:
        """What is drawn of each image: `rectangle` in page pixels, the unit boxes, and the kind."""
        self.wait_until_still()
        found: list[dict[str, Any]] = self.page.evaluate(_RECTANGLES, num_images)
        frame = self.by("map").bounding_box()
        assert frame is not None
        shift = (frame["x"], frame["y"], frame["x"], frame["y"])
        for one in found:
            one["rectangle"] = [edge + by for edge, by in zip(one["rectangle"], shift, strict=True)]
        return found

    def lasso(self, centre: tuple[float, float], *, radius_px: float = LASSO_RADIUS_PX) -> None:
        """Draw a diamond around a point."""
        x, y = centre
        corners = [(x, y - radius_px), (x + radius_px, y), (x, y + radius_px), (x - radius_px, y)]
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for corner in [*corners[1:], corners[0]]:
            self.page.mouse.move(*corner, steps=3)
        self.page.mouse.up()

    def selected_indexes(self) -> set[int]:
        """Images that a class key would label, read off the grid. It draws what is in view: for a few dozen at most."""
        panel = self.by("selection-panel")
        expect(panel).to_be_visible()
        expect(self.by("selection-tile")).to_have_count(int(panel.get_attribute("data-count") or 0))
        tiles = self.page.locator("[data-testid=selection-tile][data-out=false]").all()
        return {int(tile.get_attribute("data-index") or -1) for tile in tiles}

    def drop_from_selection(self, index: int) -> None:
        """Leave one image out of the selection by a click in the grid."""
        tile = self.page.locator(f"[data-testid=selection-tile][data-index='{index}']")
        tile.click()
        expect(tile).to_have_attribute("data-out", "true")

    def set_crop_margin(self, retention: float) -> None:
        """Move the slider by keys, as a person would: to its start, then a step for every 0.01 above 0.5."""
        thumb = self.by("crop-slider").get_by_role("slider")
        thumb.press("Home")
        for _ in range(round(100 * retention) - 50):
            thumb.press("ArrowRight")
        expect(self.by("crop-value")).to_have_text(f"{round(100 * retention)} %")

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)


def centre_of(drawn: dict[str, Any]) -> tuple[float, float]:
    """The middle of a drawn rectangle, in page pixels."""
    x1, y1, x2, y2 = drawn["rectangle"]
    return (x1 + x2) / 2, (y1 + y2) / 2

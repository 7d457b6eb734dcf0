"""The map of the Label screen in a browser: a project to look at, and what its map says it drew."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.map_page import Point
from tests.e2e.product import PASSWORD, Client, Product, wait_for
from worker.ml.synthetic import write_dataset

MAP = "document.querySelector('[data-testid={test_id}]').scatterMap"


def create_project(client: Client, *, labels_per_class: int) -> int:
    """A project on the bundled backbone; returns its id."""
    wait_for(lambda: any(row["name"] == "bundled" for row in client.get("/backbones")), 120)
    body = {"name": "Shapes", "backbone": "bundled", "labels_per_class_to_train": labels_per_class}
    return int(client.post("/projects", body)["id"])


def start_import(client: Client, project_id: int, folder: Path, *, num_images: int) -> None:
    """Send a zip of generated pictures of three classes; the import goes on by itself."""
    write_dataset(folder / "set", num_images=num_images, num_classes=3, seed=11)
    path = folder / "images.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for picture in sorted((folder / "set" / "images").rglob("*.jpg")):
            archive.write(picture, picture.relative_to(folder / "set").as_posix())
    source = client.post(f"/projects/{project_id}/imports", {"name": path.name})
    base = f"/projects/{project_id}/imports/{source['id']}"
    with path.open("rb") as file:
        client.post(f"{base}/files", files={"files": (path.name, file)})
    client.post(f"{base}/start")


def wait_until_laid_out(client: Client, project_id: int, *, num_images: int) -> None:
    """Until every image has a place and no job is under way."""

    def is_done() -> bool:
        whole = client.get(f"/projects/{project_id}/map")["projections"]["whole"]
        is_complete = whole is not None and whole["num_images"] == num_images
        return is_complete and not client.list(f"/projects/{project_id}/jobs", active=True)

    wait_for(is_done, 240, every_s=0.5)


def open_project(page: Page, product: Product, project_id: int) -> None:
    """Sign in and open a project's Label screen."""
    page.goto(product.address)
    page.get_by_test_id("sign-in-name").fill("admin")
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()
    page.get_by_test_id("new-project").first.wait_for()
    page.goto(f"{product.address}/projects/{project_id}")
    page.get_by_test_id("label-screen").wait_for()


def rectangles(page: Page, num_images: int, *, test_id: str = "map") -> list[list[float]]:
    """xyxy of every image in CSS pixels of the window."""
    script = f"""() => {{
      const bounds = document.querySelector('[data-testid={test_id}]').getBoundingClientRect();
      const drawn = {MAP.format(test_id=test_id)}.debugRectangles([...Array({num_images}).keys()]);
      return drawn.map(({{ rectangle: [x1, y1, x2, y2] }}) =>
        [x1 + bounds.left, y1 + bounds.top, x2 + bounds.left, y2 + bounds.top]);
    }}"""
    found: list[list[float]] = page.evaluate(script)
    return found


def wait_until_drawn(page: Page, num_images: int, *, test_id: str = "map") -> None:
    """Until the map holds all images and nothing moves."""
    script = f"""() => {{
      const map = document.querySelector('[data-testid={test_id}]')?.scatterMap;
      try {{ return map && map.debugRectangles([{num_images - 1}]) && !map.counters.isBusy; }}
      catch {{ return false; }}
    }}"""
    page.wait_for_function(script, timeout=120_000, polling=100)
    page.wait_for_timeout(50)
    page.wait_for_function(script, timeout=120_000, polling=100)


def num_selected(page: Page) -> int:
    """What the selection panel says."""
    panel = page.get_by_test_id("selection-panel")
    return int(panel.get_attribute("data-count") or 0) if panel.count() else 0


def counted(page: Page, wanted: int) -> None:
    """The panel says that so many images are selected; none: it is not there."""
    panel = page.get_by_test_id("selection-panel")
    if wanted == 0:
        expect(panel).to_have_count(0)
    else:
        expect(panel).to_have_attribute("data-count", str(wanted))


def drag(page: Page, points: list[Point], *, key: str | None = None) -> None:
    """Press at the first point, move through the others, release."""
    if key:
        page.keyboard.down(key)
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def around(rectangle: list[float], *, by_px: float = 6) -> list[Point]:
    """Corners of a lasso around a picture."""
    x1, y1, x2, y2 = rectangle
    low, high = (x1 - by_px, y1 - by_px), (x2 + by_px, y2 + by_px)
    return [low, (high[0], low[1]), high, (low[0], high[1])]


def selected(page: Page, *, test_id: str = "map") -> list[int]:
    """Images that the map draws as selected."""
    chosen: list[int] = page.evaluate(f"[...{MAP.format(test_id=test_id)}.debugMarks().selected]")
    return chosen


def hovered(page: Page, *, test_id: str = "map") -> int | None:
    """The image that the map draws large."""
    index: int | None = page.evaluate(f"{MAP.format(test_id=test_id)}.debugMarks().hovered")
    return index


def camera(page: Page, *, test_id: str = "map") -> dict[str, float]:
    """World point in the middle of a map's window, and CSS pixels for a world unit."""
    found: dict[str, float] = page.evaluate(f"{MAP.format(test_id=test_id)}.getCamera()")
    return found

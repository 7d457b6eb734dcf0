"""A new user's first minute in a real Chromium: sign in, create a project, import a zip, see every image on the map."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.browser import LAUNCH_ARGS, require_browser
from tests.e2e.product import PASSWORD, Product, running_product
from worker.ml.synthetic import write_dataset

pytestmark = pytest.mark.e2e

NUM_IMAGES = 36
ALL_PLACED = (
    "count => document.querySelector('[data-testid=map]')?.scatterMap?.debugRectangles([...Array(count).keys()])"
    ".filter(found => found && Number.isFinite(found.rectangle?.[0])).length === count"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(require_browser()), args=LAUNCH_ARGS)
        yield chromium
        chromium.close()


def test_a_zip_becomes_a_map(browser: Browser, tmp_path: Path) -> None:
    write_dataset(tmp_path / "set", num_images=NUM_IMAGES, num_classes=3, seed=11)
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        for path in sorted((tmp_path / "set" / "images").rglob("*.jpg")):
            archive.write(path, path.relative_to(tmp_path / "set").as_posix())
    with running_product(tmp_path / "data") as product:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        _sign_in_and_create(page, product)
        page.get_by_test_id("import-button").first.click()
        page.get_by_test_id("import-files").set_input_files(str(tmp_path / "pictures.zip"))
        page.get_by_test_id("import-start").click()
        result = page.get_by_test_id("import-result")
        expect(result).to_have_attribute("data-added", str(NUM_IMAGES), timeout=120_000)
        expect(result).to_have_attribute("data-rejected", "0")
        page.keyboard.press("Escape")
        page.wait_for_function(ALL_PLACED, arg=NUM_IMAGES, timeout=120_000, polling=500)
        page.close()


def _sign_in_and_create(page: Page, product: Product) -> None:
    page.goto(product.address)
    page.get_by_test_id("sign-in-name").fill("admin")
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()
    page.get_by_test_id("new-project").first.click()
    page.get_by_test_id("project-name").fill("Shapes")
    page.get_by_test_id("project-threshold").fill("4")
    page.get_by_test_id("backbone-bundled").click()
    page.get_by_test_id("project-create").click()
    page.wait_for_url("**/projects/*")

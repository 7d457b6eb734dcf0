"""What browser tests share: one Chromium a file, drawing on the CPU, and the page of the map renderer alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import LAUNCH_ARGS, require_browser
from tests.e2e.map_page import Open, opened_maps, served_page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of the file's own: Playwright's event loop ends with it, and the next file may use the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(require_browser()), args=LAUNCH_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def map_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page of the map renderer is served, built once."""
    with served_page(tmp_path_factory.mktemp("map")) as served:
        yield served


@pytest.fixture
def open_map(browser: Browser, map_address: str) -> Iterator[Open]:
    """A function that opens that page with a query; a test in which the renderer reported an error fails."""
    with opened_maps(browser, map_address) as open_page:
        yield open_page

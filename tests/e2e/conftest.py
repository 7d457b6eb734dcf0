"""What browser tests share: one running product, one Chromium a file, and the page of the map renderer alone.

Starting a product and its first training cost more than most tests, so files that only add to it (projects and people
of their own, by names that no other file uses) take `product`; `shapes` is a trained project that they leave as it was.
Tests that stop, break or configure a product start their own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.e2e.browser import LAUNCH_ARGS, require_browser
from tests.e2e.labelled_project import LabelledProject, make_project, open_context, train
from tests.e2e.map_page import Open, opened_maps, served_page
from tests.e2e.product import Product, running_product
from tests.worker.tasks.builders import write_squeezenet_weights

expect.set_options(timeout=30_000)  # only bounds a hang: a busy machine takes its time

NUM_SHAPES, NUM_SHAPE_CLASSES, LABELS_PER_SHAPE_CLASS = 120, 4, 8


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of the file's own: Playwright's event loop ends with it, and the next file may use the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(require_browser()), args=LAUNCH_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A running product with weights of SqueezeNet at hand; it may import from `import-root` beside its data, and from
    and to this machine."""
    folder = tmp_path_factory.mktemp("product").resolve()
    (folder / "import-root").mkdir()
    (folder / "data" / "weights").mkdir(parents=True)
    write_squeezenet_weights(folder / "data" / "weights", seed=3)
    with running_product(
        folder / "data",
        IMPORT_ROOTS=str(folder / "import-root"),
        IMPORT_PRIVATE_HOSTS="127.0.0.1",
        WEBHOOK_PRIVATE_HOSTS="127.0.0.1",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def shapes(product: Product, tmp_path_factory: pytest.TempPathFactory) -> LabelledProject:
    """120 generated images of 4 classes, 8 of each labelled by admin, and the model of those labels."""
    made = make_project(
        product,
        tmp_path_factory.mktemp("shapes"),
        name="Shapes",
        num_images=NUM_SHAPES,
        num_classes=NUM_SHAPE_CLASSES,
        threshold=LABELS_PER_SHAPE_CLASS,
    )
    train(made, labels_per_class=LABELS_PER_SHAPE_CLASS)
    return made


@pytest.fixture
def context(browser: Browser, product: Product) -> Iterator[BrowserContext]:
    """A browser in which the admin of `product` is signed in."""
    opened = open_context(browser, product)
    yield opened
    opened.close()


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

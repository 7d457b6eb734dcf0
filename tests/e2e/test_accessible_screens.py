"""axe finds no serious fault on any screen, in either theme."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.labelled_project import LabelledProject, make_project, open_context, train
from tests.e2e.product import Product
from tests.e2e.screens import SCREENS, prepare

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...options });
  return violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .map((found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}"""
COLOURS_ONLY = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AT_REST = "*, *::before, *::after { transition: none !important; animation: none !important; }"
SHOW_SCHEME = """(newValue) => {
  const key = 'mantine-color-scheme-value';
  localStorage.setItem(key, newValue);
  window.dispatchEvent(new StorageEvent('storage', { key, newValue, storageArea: localStorage }));
}"""
SHOWS_SCHEME = "scheme => document.documentElement.dataset.mantineColorScheme === scheme"
SETTLE_MS = 200


@pytest.fixture(scope="module")
def project(product: Product, tmp_path_factory: pytest.TempPathFactory) -> LabelledProject:
    folder = tmp_path_factory.mktemp("screens")
    made = make_project(product, folder, name="Screens", num_images=80, num_classes=4, threshold=8)
    train(made, labels_per_class=8)
    prepare(made)
    return made


@pytest.mark.parametrize("name", SCREENS)
def test_axe_finds_no_serious_fault(browser: Browser, project: LabelledProject, name: str) -> None:
    """Every rule in the dark theme; then what the light theme changes, the colours."""
    # Scripts of the page's own origin only are allowed; axe comes from the test.
    with open_context(browser, project.product, bypass_csp=True) as context:
        page = context.new_page()
        SCREENS[name](page, project)
        page.add_style_tag(content=AT_REST)
        page.wait_for_timeout(SETTLE_MS)
        page.evaluate(AXE.read_text())
        dark = page.evaluate(RUN_AXE, {})
        page.evaluate(SHOW_SCHEME, "light")
        page.wait_for_function(SHOWS_SCHEME, arg="light")
        page.wait_for_timeout(SETTLE_MS)
        light = page.evaluate(RUN_AXE, COLOURS_ONLY)
    assert {"dark": dark, "light": light} == {"dark": [], "light": []}

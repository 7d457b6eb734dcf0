"""axe finds no serious fault on any screen, in either theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.labelled_project import LabelledProject, make_project, open_context, train
from tests.e2e.product import running_product
from tests.e2e.screens import SCREENS, prepare

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .map((found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelledProject]:
    folder = tmp_path_factory.mktemp("screens")
    with running_product(folder / "data") as product:
        made = make_project(product, folder, num_images=80, num_classes=4, threshold=8)
        train(made, labels_per_class=8)
        prepare(made)
        yield made


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_no_serious_fault(browser: Browser, project: LabelledProject, scheme: str) -> None:
    # Scripts of the page's own origin only are allowed; axe comes from the test.
    context = open_context(browser, project.product, scheme=scheme, bypass_csp=True)
    faults = {}
    for name, go in SCREENS.items():
        page = context.new_page()
        go(page, project)
        page.wait_for_timeout(1200)  # colours are measured after transitions
        page.evaluate(AXE.read_text())
        found = page.evaluate(RUN_AXE)
        if found:
            faults[name] = found
        page.close()
    context.close()
    assert faults == {}

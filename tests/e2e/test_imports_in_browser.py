"""Imports as a person makes them in a real Chromium: an upload cut off twice, a list of addresses, a server folder."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.product import Client, Product, wait_for
from tests.local_server import serving_folder
from worker.ml.synthetic import write_dataset

pytestmark = pytest.mark.e2e

PIECE_BYTES = 8 * 2**20
IMPORT_TIMEOUT_MS = 600_000  # only bounds a hang


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twelve pictures in subfolders of their class."""
    folder = tmp_path_factory.mktemp("pictures")
    write_dataset(folder, num_images=12, num_classes=2, seed=3)
    return folder / "images"


@pytest.fixture(scope="module")
def host(pictures: Path) -> Iterator[str]:
    """A web server with those pictures."""
    with serving_folder(pictures) as address:
        yield address


@pytest.fixture
def root(product: Product) -> Path:
    """A folder of the server that may be imported."""
    return product.data_dir.parent / "import-root"


def make_project(product: Product, name: str) -> int:
    admin = product.client()
    wait_for(lambda: admin.get("/backbones"), 120)
    project_id: int = admin.post("/projects", {"name": name, "backbone": "bundled"})["id"]
    return project_id


def open_dialog(page: Page, address: str, source: str = "computer") -> None:
    page.goto(address)
    page.get_by_test_id("import-button").first.click()
    page.get_by_test_id(f"import-from-{source}").click()


def expect_result(page: Page, **counts: int) -> None:
    result = page.get_by_test_id("import-result")
    for name, count in counts.items():
        expect(result).to_have_attribute(f"data-{name}", str(count), timeout=IMPORT_TIMEOUT_MS)


class FlakyLine:
    """Lets a number of pieces through and cuts the line at the next; notes where those that passed started."""

    def __init__(self, page: Page) -> None:
        self.num_allowed = 0
        self.passed: list[int] = []
        page.route("**/chunks/**", self._handle)

    def _handle(self, route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif self.num_allowed == 0:
            route.abort("connectionreset")
        else:
            self.num_allowed -= 1
            self.passed.append(int(parse_qs(urlsplit(route.request.url).query)["offset"][0]))
            route.continue_()


def test_an_upload_goes_on_after_a_lost_line_and_after_a_reload(
    context: BrowserContext, product: Product, pictures: Path, tmp_path: Path
) -> None:
    project_id = make_project(product, "Interrupted")
    address = f"{product.address}/projects/{project_id}"
    small = sorted(pictures.rglob("*.jpg"))[:4]
    archive = tmp_path / "rest.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in sorted(pictures.rglob("*.jpg"))[4:]:
            out.write(path, path.name)
        out.writestr("notes.bin", np.random.default_rng(1).bytes(2 * PIECE_BYTES + 1000))
    page = context.new_page()
    line = FlakyLine(page)
    open_dialog(page, address)
    line.num_allowed = 1
    page.get_by_test_id("import-files").set_input_files([*small, archive])
    page.get_by_test_id("import-start").click()
    expect(page.get_by_test_id("upload-waiting")).to_contain_text("cannot be reached", timeout=60_000)
    line.num_allowed = 1  # the line is back, for one piece
    admin = product.client()
    wait_until(page, lambda: received(admin, project_id) == 2 * PIECE_BYTES)

    page.reload()
    page.get_by_test_id("import-button").first.click()
    expect(page.get_by_test_id("unfinished-uploads")).to_contain_text("4 files here")
    page.get_by_test_id("upload-go-on").click()
    line.num_allowed = 5
    page.get_by_test_id("import-files").set_input_files([*small, archive])
    page.get_by_test_id("import-start").click()
    expect_result(page, added=12, duplicate=0, rejected=1)
    assert line.passed == [0, PIECE_BYTES, 2 * PIECE_BYTES]
    (entry,) = admin.list(f"/projects/{project_id}/imports")
    assert (entry["num_files"], entry["state"]) == (13, "started")
    page.get_by_test_id("import-more").click()
    expect(page.get_by_test_id("import-files")).to_be_attached()
    expect(page.get_by_test_id("import-result")).to_have_count(0)


def received(admin: Client, project_id: int) -> int:
    """Bytes of the one file that comes in pieces."""
    (source,) = admin.list(f"/projects/{project_id}/imports")
    files = admin.list(f"/projects/{project_id}/imports/{source['id']}/files")
    return sum(file["received"] for file in files if file["upload_id"])


def wait_until(page: Page, look: Callable[[], bool]) -> None:
    """Poll while the page's routes are served: their handler runs only while the page is asked for something."""
    for _ in range(600):
        if look():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within a minute")


def test_a_list_of_addresses_is_fetched_with_its_labels(
    context: BrowserContext, product: Product, pictures: Path, host: str, tmp_path: Path
) -> None:
    project_id = make_project(product, "Addresses")
    chosen = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.jpg"))[:3]
    rows = [f"{host}/{path},round" for path in chosen] + ["https://elsewhere.example/x.jpg,round"]
    manifest = tmp_path / "list.csv"
    manifest.write_text("url,label\n" + "\n".join(rows) + "\n")
    page = context.new_page()
    open_dialog(page, f"{product.address}/projects/{project_id}", "addresses")
    expect(page.get_by_test_id("manifest-hosts")).to_have_text("127.0.0.1")
    page.get_by_test_id("import-dialog").locator("input[type=file]").set_input_files(manifest)
    page.get_by_test_id("manifest-import-start").click()
    expect_result(page, added=3, rejected=1)
    expect(page.get_by_test_id("import-result")).to_contain_text("'elsewhere.example' is not among")
    admin = product.client()
    assert [row["name"] for row in admin.get(f"/projects/{project_id}/classes")] == ["round"]
    assert admin.get(f"/projects/{project_id}")["num_labelled"] == 3


def test_a_server_folder_is_chosen_in_the_browser_and_synced(
    context: BrowserContext, product: Product, pictures: Path, root: Path
) -> None:
    folder = root / "walk" / "beach"
    folder.mkdir(parents=True)
    first, second, third = sorted(pictures.rglob("*.jpg"))[:3]
    for path in (first, second):
        (folder / path.name).write_bytes(path.read_bytes())
    project_id = make_project(product, "Folder")
    address = f"{product.address}/projects/{project_id}"
    page = context.new_page()
    open_dialog(page, address, "folder")
    for name in (str(root), "walk", "beach"):
        page.get_by_test_id("folder-list").get_by_text(name, exact=True).click()
    expect(page.get_by_test_id("folder-path")).to_have_value(str(folder))
    page.get_by_test_id("folder-import-start").click()
    expect_result(page, added=2, rejected=0)

    (folder / third.name).write_bytes(third.read_bytes())
    (folder / first.name).unlink()
    page.goto(f"{address}/settings/imports")
    page.get_by_test_id("imports").get_by_role("button").first.click()
    page.get_by_test_id("import-sync").click()
    rows = page.get_by_test_id("imports").locator("button[aria-expanded]")
    expect(rows).to_have_count(2, timeout=IMPORT_TIMEOUT_MS)
    wait_for(
        lambda: product.client().list(f"/projects/{project_id}/imports")[0]["job_state"] == "succeeded", 600
    )
    page.reload()
    rows.first.click()
    expect_result(page, added=1, gone=1)
    expect(page.get_by_test_id("sync-statement")).to_contain_text("1 new, 1 unchanged, 1 gone")
    assert product.client().get(f"/projects/{project_id}")["num_images"] == 3

"""Choosing a network without weights, in a real Chromium: the download is seen, breaks off, goes on, and is told apart
when it is wrong; a file that is brought by hand ends it."""

import re
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.product import PASSWORD, Product, running_product
from tests.weights_server import reply, server
from tests.worker.tasks.builders import write_squeezenet_weights

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

NUM_BYTES, PART_BYTES = 3_000_000, 1_000_000
# Reports are throttled: the last bytes before a pause may be missing.
PROGRESS = re.compile(r"[12]\.\d\sMB / 3\.0\sMB")


def test_a_download_is_seen_goes_on_after_a_break_and_a_wrong_file_is_told(
    browser: Browser, tmp_path: Path
) -> None:
    may_end = threading.Event()

    def answer(handler: BaseHTTPRequestHandler, start: int) -> None:
        """A part an answer; before the last part, wait until the test has looked."""
        if start == 2 * PART_BYTES:
            may_end.wait(timeout=120)
        part = bytes(min(PART_BYTES, NUM_BYTES - start))
        reply(handler, part, start=start, total=NUM_BYTES, ranged=start > 0)

    data_dir = tmp_path / "data"
    with (
        server(answer) as (address, starts),
        running_product(data_dir, LABELER_WEIGHTS_DOWNLOAD="1", LABELER_WEIGHTS_URL=address) as product,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        try:
            _choose_squeezenet(page, product)
            download = page.get_by_test_id("weights-download")
            expect(download).to_contain_text(PROGRESS, timeout=60_000)
            expect(page.get_by_test_id("job-features")).to_contain_text(PROGRESS)
            may_end.set()

            message = page.get_by_test_id("weights-message")
            expect(message).to_contain_text("3000000 bytes with sha256", timeout=60_000)
            expect(message).to_contain_text("they were discarded")
            expect(message).to_contain_text(f"into {data_dir / 'weights'}")
            assert starts == [0, PART_BYTES, 2 * PART_BYTES]
            assert not list((data_dir / "weights").glob("*.pth"))

            write_squeezenet_weights(data_dir / "weights", seed=3)
            page.get_by_test_id("weights-retry").click()
            expect(message).to_be_hidden(timeout=60_000)
            expect(page.get_by_test_id("job-features").last).to_contain_text("weights are at hand")
        finally:
            may_end.set()
            page.close()


def _choose_squeezenet(page: Page, product: Product) -> None:
    page.goto(product.address)
    page.get_by_test_id("sign-in-name").fill("admin")
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()
    page.get_by_test_id("new-project").first.click()
    page.get_by_test_id("project-name").fill("Shapes")
    row = page.get_by_test_id("backbone-squeezenet1_0")
    expect(row).to_contain_text("fast · 4.8 MB", timeout=60_000)
    expect(row).to_contain_text("download")
    expect(row).to_contain_text("BSD-3-Clause")
    expect(page.get_by_test_id("backbone-bundled")).to_have_attribute("data-checked", "true")
    row.click()
    page.get_by_test_id("project-create").click()
    page.wait_for_url("**/projects/*")

"""The first steps in a new project in a real Chromium: images, classes, the first label; or none of it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import label_map
from tests.e2e.labelled_project import open_context
from tests.e2e.product import Product

pytestmark = pytest.mark.e2e

NUM_IMAGES = 24
IMPORTED_MS = 180_000  # the worker may be busy with another project


def test_three_steps_lead_to_the_first_label_unless_they_are_skipped(
    browser: Browser, product: Product, tmp_path: Path
) -> None:
    client = product.client()
    project_id = label_map.create_project(client, labels_per_class=4)
    context = open_context(browser, product)
    page = context.new_page()
    page.goto(f"{product.address}/projects/{project_id}")
    expect(page.get_by_test_id("first-steps")).to_contain_text("An empty map")
    label_map.start_import(client, project_id, tmp_path, num_images=NUM_IMAGES)
    coach = page.get_by_test_id("coach")
    expect(coach).to_have_attribute("data-step", "classes", timeout=IMPORTED_MS)
    expect(page.get_by_test_id("first-steps")).to_have_count(0)
    label_map.wait_until_laid_out(client, project_id, num_images=NUM_IMAGES)

    other = open_context(browser, product)
    skipping = other.new_page()
    skipping.goto(page.url)
    skipping.get_by_test_id("coach-skip").click()
    expect(skipping.get_by_test_id("coach")).to_have_count(0)
    skipping.reload()
    label_map.wait_until_drawn(skipping, NUM_IMAGES)
    expect(skipping.get_by_test_id("coach")).to_have_count(0)
    other.close()

    label_map.wait_until_drawn(page, NUM_IMAGES)
    page.get_by_test_id("coach-add-class").click()
    page.keyboard.type("ring")
    page.keyboard.press("Enter")
    expect(coach).to_contain_text("ring is the first")
    page.keyboard.type("star")
    page.keyboard.press("Enter")
    expect(coach).to_have_attribute("data-step", "label")
    expect(coach).to_contain_text("At 4 labels in every class")
    page.get_by_role("application").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(coach).to_have_count(0)
    context.close()

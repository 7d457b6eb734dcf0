"""The screens of the loop in a real Chromium: Confirm, Review, and the editor of the crop rates."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.labelled_project import (
    WAIT_S,
    LabelledProject,
    add_annotator,
    make_project,
    train,
)
from tests.e2e.product import Product, wait_for

pytestmark = pytest.mark.e2e

NUM_IMAGES = 60
LABELS_PER_CLASS = 12
# The theme's script in a new page that has no address yet.
BLANK_PAGE = "Failed to read the 'localStorage' property"


def test_confirm_review_and_crop_rates_by_hand(
    context: BrowserContext, product: Product, tmp_path: Path
) -> None:
    project = make_project(
        product, tmp_path, name="Loop", num_images=NUM_IMAGES, num_classes=2, threshold=LABELS_PER_CLASS
    )
    train(project, labels_per_class=LABELS_PER_CLASS)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    _edit_crop_rates(context, project)
    _confirm_a_page(context, project)
    _review_disagreements(context, project)
    assert [error for error in errors if BLANK_PAGE not in error] == []


def _edit_crop_rates(context: BrowserContext, project: LabelledProject) -> None:
    """Shares that do not add up cannot be saved; those that do become version 1."""
    page = context.new_page()
    page.goto(f"{project.address}/settings/crop-rates")
    page.get_by_test_id("crop-rate-add").click()
    rows = page.get_by_test_id("crop-rate")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_test_id("crop-rate-share").fill("60")
    rows.nth(1).get_by_test_id("crop-rate-share").fill("30")
    expect(page.get_by_test_id("crop-rate-sum")).to_have_text("Sum 90 %")
    expect(page.get_by_test_id("crop-rate-fault")).to_contain_text("90")
    expect(page.get_by_test_id("crop-rates-save")).to_be_disabled()
    rows.nth(1).get_by_test_id("crop-rate-share").fill("40")
    rows.nth(1).get_by_text("Whole", exact=True).click()
    rows.nth(0).get_by_text("Crop", exact=True).click()
    rows.nth(0).get_by_test_id("crop-rate-keep").fill("80")
    page.get_by_test_id("crop-rates-save").click()
    page.get_by_text("Crop rates saved as version 1.").wait_for()
    saved = project.admin.get(f"/projects/{project.project_id}/crop-rates")
    rates = {rate["retention"]: rate["share"] for rate in saved["rates"]}
    assert (saved["version"], saved["kind"], rates) == (1, "random", {0.8: 0.6, None: 0.4})
    page.close()


def _confirm_a_page(context: BrowserContext, project: LabelledProject) -> None:
    """All tiles of a page but the one that was clicked get the class, as one action."""
    before = project.labels()
    page = context.new_page()
    page.goto(f"{project.address}/confirm")
    page.get_by_test_id("pick-tile").first.wait_for()
    tiles = page.get_by_test_id("pick-tile")
    indexes = [int(tile.get_attribute("data-index") or -1) for tile in tiles.all()]
    assert len(indexes) > 1
    assert all(before[index] == 0 for index in indexes)
    tiles.nth(1).click()
    expect(tiles.nth(1)).to_have_attribute("data-picked", "true")
    accept = page.get_by_test_id("confirm-accept")
    expect(accept).to_contain_text(f"Take {len(indexes) - 1}")
    chosen = page.locator('[data-testid^="confirm-class-"][aria-current="page"]').get_attribute("data-testid")
    class_id = project.class_ids[(chosen or "").removeprefix("confirm-class-")]
    accept.click()
    taken = [index for place, index in enumerate(indexes) if place != 1]
    wait_for(lambda: all(project.labels()[index] == class_id for index in taken), WAIT_S)
    after = project.labels()
    changed = [index for index in range(NUM_IMAGES) if after[index] != before[index]]
    assert changed == sorted(taken)
    (action,) = project.admin.list(f"/projects/{project.project_id}/label-actions")[-1:]
    assert (action["kind"], action["class_id"]) == ("accept", class_id)
    page.close()


def _review_disagreements(context: BrowserContext, project: LabelledProject) -> None:
    """Two images that two people see differently: one is kept as it counts, the other gets another class."""
    bea = add_annotator(project, "bea")
    first, second = list(project.class_ids)
    shared = project.indexes_of(first)[:2]
    project.label(bea, second, shared)
    assert [project.labels()[index] for index in shared] == [
        project.class_ids[second]
    ] * 2  # the latest counts
    page = context.new_page()
    page.goto(f"{project.address}/review/disagreements")
    cases = page.get_by_test_id("review-case")
    expect(cases).to_have_count(2)
    page.get_by_role("button", name=f"Keep {second}").click()
    page.get_by_text("Another class").click()
    page.get_by_test_id("review").get_by_role("button", name=first).last.click()
    page.get_by_text("All looked at").wait_for()
    wanted = sorted([project.class_ids[first], project.class_ids[second]])
    wait_for(lambda: sorted(project.labels()[index] for index in shared) == wanted, WAIT_S)
    page.close()

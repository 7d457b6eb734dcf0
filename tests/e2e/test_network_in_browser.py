"""Changing a project's network on its settings page, in a real Chromium: what follows is told, and follows."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.labelled_project import make_project
from tests.e2e.product import Product, wait_for

pytestmark = pytest.mark.e2e

WAIT_S = 300


def test_another_network_reads_the_images_again_and_trains_a_model_on_the_same_labels(
    context: BrowserContext, product: Product, tmp_path: Path
) -> None:
    project = make_project(product, tmp_path, name="Network", num_images=24, num_classes=2, threshold=4)
    path = f"/projects/{project.project_id}"
    for class_name in project.class_ids:
        project.label(project.admin, class_name, project.indexes_of(class_name)[:4])
    wait_for(lambda: project.admin.get(path)["model"], WAIT_S, every_s=1.0)
    before = project.admin.get(path)
    page = context.new_page()
    page.goto(f"{project.address}/settings")

    page.get_by_test_id("network-change").click()
    expect(page.get_by_test_id("backbone-bundled")).to_have_attribute("data-checked", "true")
    expect(page.get_by_test_id("network-save")).to_be_disabled()
    page.get_by_test_id("backbone-squeezenet1_0").click()
    expect(page.get_by_test_id("network-effects")).to_contain_text("It reads all 24 images again.")
    page.get_by_test_id("network-save").click()

    chosen = page.get_by_test_id("settings-network")
    expect(chosen).to_have_text("SqueezeNet 1.0, fast · 4.8 MB, at 224 px")
    wait_for(lambda: project.admin.get(path)["model"]["number"] == 2, WAIT_S, every_s=1.0)
    models = project.admin.list(f"{path}/models")
    after = project.admin.get(path)
    assert [(model["number"], model["backbone"]) for model in models] == [
        (2, "squeezenet1_0"),
        (1, "bundled"),
    ]
    assert before["backbone"] == "bundled"
    assert after["num_labelled"] == before["num_labelled"] == 8

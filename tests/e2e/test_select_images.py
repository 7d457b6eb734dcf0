"""Images that come into the selection by what the model says of them: the unsure ones, and those that look alike."""

import re

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import NUM_SHAPES
from tests.e2e.label_map import counted, hovered, rectangles, selected, wait_until_drawn
from tests.e2e.labelled_project import LabelledProject, open_project

pytestmark = pytest.mark.e2e


@pytest.fixture
def project(shapes: LabelledProject) -> LabelledProject:
    return shapes


def address_of(project: LabelledProject, name: str) -> str:
    """Where an array of the map is."""
    arrays = project.admin.get(f"/projects/{project.project_id}/map")["arrays"]
    (address,) = (array["url"] for array in arrays if array["name"] == name)
    return str(address)


def make_unsure(context: BrowserContext, project: LabelledProject, *, num: int) -> list[int]:
    """Tell this browser that the model is 60 % sure of the first `num` images without a label; it is sure of all."""
    unsure = [index for index, label in enumerate(project.labels()) if label == 0][:num]

    def with_doubt(route: Route) -> None:
        answer = route.fetch()
        codes = np.frombuffer(answer.body(), dtype=np.uint8).copy()
        codes[unsure] = round(0.6 * 255)
        route.fulfill(response=answer, body=codes.tobytes())

    context.route(f"**{address_of(project, 'confidence')}", with_doubt)
    return unsure


def width(page: Page, images: set[int]) -> float:
    """Of the larger side of what images cover on the map, in CSS pixels from middle to middle."""
    x1, y1, x2, y2 = np.array(rectangles(page, NUM_SHAPES))[sorted(images)].T
    return float(max(np.ptp(x1 + x2), np.ptp(y1 + y2)) / 2)


def test_unsure_predictions_are_counted_and_shown_alone_by_a_click_or_a_key(
    context: BrowserContext, project: LabelledProject
) -> None:
    unsure = make_unsure(context, project, num=12)
    page = open_project(context, project)
    chip, bar = page.get_by_test_id("doubt-90"), page.get_by_test_id("filter-bar")
    count = int(chip.locator("b").inner_text())
    assert len(unsure) <= count <= project.labels().count(0)

    chip.click()
    expect(bar).to_have_attribute("data-passing", str(count))
    expect(page.get_by_test_id("filter-hide")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+a")
    counted(page, count)
    shown = page.get_by_test_id("selection-tile").evaluate_all(
        "tiles => tiles.map(t => [+t.dataset.index, t.ariaLabel])"
    )
    assert {index for index, _ in shown} <= {at for at, label in enumerate(project.labels()) if label == 0}
    assert all(int(re.findall(r"(\d+) %", label)[0]) <= 90 for _, label in shown)

    chip.click()
    expect(bar).to_have_count(0)
    page.keyboard.press("Shift+U")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(bar).to_have_attribute("data-passing", str(count))


def test_what_the_model_takes_for_a_class_is_counted_and_shown_alone_by_a_click(
    context: BrowserContext, project: LabelledProject
) -> None:
    unsure = make_unsure(context, project, num=12)
    page = open_project(context, project)
    address = f"{project.product.address}{address_of(project, 'predicted_class')}"
    predicted = np.frombuffer(page.request.get(address).body(), dtype="<i4")
    is_disc = predicted == project.class_ids["disc"]
    of_disc = set(np.flatnonzero(is_disc & (np.array(project.labels()) == 0)).tolist())
    assert 0 < len(of_disc) < is_disc.sum()
    count, bar = page.get_by_test_id("class-taken-disc"), page.get_by_test_id("filter-bar")
    expect(count).to_have_text(f"+{len(of_disc)}")

    count.click()
    expect(bar).to_have_attribute("data-passing", str(len(of_disc)))
    expect(page.get_by_test_id("filter-hide")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+a")
    counted(page, len(of_disc))
    assert set(selected(page)) == of_disc

    before = width(page, of_disc)
    page.keyboard.press("f")
    wait_until_drawn(page, NUM_SHAPES)
    assert width(page, of_disc) > 1.5 * before

    page.get_by_test_id("doubt-90").click()
    expect(bar).to_have_attribute("data-passing", str(len(of_disc & set(unsure))))
    page.get_by_test_id("doubt-90").click()
    expect(bar).to_have_attribute("data-passing", str(len(of_disc)))
    count.click()
    expect(bar).to_have_count(0)


def test_more_like_an_image_come_into_the_selection_and_leave_it_again(
    context: BrowserContext, project: LabelledProject
) -> None:
    make_unsure(context, project, num=5)
    page = open_project(context, project)
    wait_until_drawn(page, NUM_SHAPES)

    def most_alike(examples: list[int], num: int) -> list[int]:
        body = {"image_indexes": examples, "num": num, "view": "whole"}
        path = f"/projects/{project.project_id}/neighbours"
        found: list[int] = project.admin.post(path, body)["image_indexes"]
        return sorted([*examples, *found])

    left, top, right, bottom = rectangles(page, NUM_SHAPES)[7]
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    under_pointer = hovered(page)
    assert under_pointer is not None
    page.keyboard.press("Shift+M")
    counted(page, 9)
    nine = most_alike([under_pointer], 8)
    assert selected(page) == nine
    page.keyboard.press("Shift+M")
    counted(page, 18)
    assert selected(page) == most_alike(nine, 9)
    page.keyboard.press("Control+Shift+G")
    counted(page, 9)
    assert selected(page) == nine

    page.get_by_test_id("doubt-90").click()
    expect(page.get_by_test_id("filter-bar")).to_be_visible()
    page.keyboard.press("Control+a")
    unsure = selected(page)
    page.get_by_test_id("select-menu").click()
    page.get_by_test_id("menu-select.alike").click()
    expect(page.get_by_text("None of the images most alike passes the filter")).to_be_visible()
    assert selected(page) == unsure

"""Labels are never lost, in a real Chromium: no network, a closed tab, two tabs, an ended session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.labelled_project import LabelledProject, make_project, open_context, open_project
from tests.e2e.product import Product, wait_for

pytestmark = pytest.mark.e2e

NUM_IMAGES = 24


@pytest.fixture(scope="module")
def project(product: Product, tmp_path_factory: pytest.TempPathFactory) -> LabelledProject:
    folder = tmp_path_factory.mktemp("outbox")
    return make_project(product, folder, name="Outbox", num_images=NUM_IMAGES, num_classes=2, threshold=1000)


@pytest.fixture
def context(browser: Browser, project: LabelledProject) -> Iterator[BrowserContext]:
    opened = open_context(browser, project.product)
    project.label(project.admin, None, sorted(project.truth))
    yield opened
    opened.close()


def select_one(page: Page, *, steps: int = 1) -> None:
    """Walk over the map by keys and select the image there."""
    page.get_by_role("application").first.focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", "1")


def label_one(page: Page, key: str, *, steps: int = 1) -> None:
    """Select an image by keys and press a class key."""
    select_one(page, steps=steps)
    page.keyboard.press(key)
    expect(page.get_by_test_id("selection-panel")).to_have_count(0)


def waiting(page: Page, status: str, count: int) -> None:
    badge = page.get_by_test_id("outbox")
    expect(badge).to_have_attribute("data-status", status, timeout=30_000)
    expect(badge).to_have_attribute("data-waiting", str(count))


def num_labelled(project: LabelledProject) -> int:
    return sum(label != 0 for label in project.labels())


def test_labels_given_without_a_network_are_shown_kept_and_sent(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    context.set_offline(True)
    label_one(page, "1")
    label_one(page, "2", steps=2)
    waiting(page, "offline", 2)
    page.keyboard.press("Control+z")  # undone before it ever left
    waiting(page, "offline", 3)
    names = sorted(project.class_ids)
    expect(page.get_by_test_id(f"class-count-{names[0]}")).to_have_text("1")
    expect(page.get_by_test_id(f"class-count-{names[1]}")).to_have_text("0")
    assert num_labelled(project) == 0
    context.set_offline(False)
    page.get_by_test_id("outbox").click()
    waiting(page, "saved", 0)
    assert [label for label in project.labels() if label] == [project.class_ids[names[0]]]


def test_a_tab_closed_right_after_a_gesture_loses_nothing(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    context.set_offline(True)
    label_one(page, "1")
    page.close()
    context.set_offline(False)
    assert num_labelled(project) == 0
    again = open_project(context, project)
    waiting(again, "saved", 0)
    wait_for(lambda: num_labelled(project) == 1, 30)


def test_two_tabs_show_each_others_labels_and_send_each_gesture_once(
    context: BrowserContext, project: LabelledProject
) -> None:
    first, second = open_project(context, project), open_project(context, project)
    name = sorted(project.class_ids)[0]
    label_one(first, "1")
    expect(second.get_by_test_id(f"class-count-{name}")).to_have_text("1", timeout=30_000)
    before = project.admin.get(f"/projects/{project.project_id}")["label_sequence"]
    context.set_offline(True)
    label_one(first, "1", steps=2)
    label_one(second, "1", steps=3)
    context.set_offline(False)
    for page in (first, second):
        page.get_by_test_id("outbox").click()
        waiting(page, "saved", 0)
    for page in (first, second):
        expect(page.get_by_test_id(f"class-count-{name}")).to_have_text(
            str(num_labelled(project)), timeout=30_000
        )
    assert project.admin.get(f"/projects/{project.project_id}")["label_sequence"] == before + 2


def test_after_an_ended_session_signing_in_again_sends_what_waits(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    select_one(page)
    context.clear_cookies()  # only now: any request tells the page, and its dialog then takes the keys
    page.keyboard.press("1")
    expect(page.get_by_text("Your session has ended")).to_be_visible(timeout=30_000)
    waiting(page, "signed-out", 1)
    assert num_labelled(project) == 0
    page.get_by_test_id("sign-in-password").fill("correct-horse-battery")
    page.get_by_test_id("sign-in-submit").click()
    waiting(page, "saved", 0)
    assert num_labelled(project) == 1


def test_a_viewer_is_told_that_the_project_is_read_only(
    browser: Browser, context: BrowserContext, project: LabelledProject
) -> None:
    project.admin.http.post("/users", json={"username": "vera", "password": "correct-horse-battery"})
    members = f"/projects/{project.project_id}/members/vera"
    project.admin.http.put(members, json={"role": "viewer"}).raise_for_status()
    viewing = open_context(browser, project.product, username="vera")
    page = open_project(viewing, project)
    expect(page.get_by_test_id("read-only")).to_be_visible()
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(NUM_IMAGES))
    page.keyboard.press("1")
    expect(page.get_by_test_id("pending-guard")).to_have_count(0)
    expect(page.get_by_test_id("outbox")).to_have_attribute("data-waiting", "0")
    assert num_labelled(project) == 0
    viewing.close()

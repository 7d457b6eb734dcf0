"""Classes and commands of the Label screen in a real Chromium: archive and restore, keys, the palette, undo."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.labelled_project import LabelledProject, open_project
from tests.e2e.product import wait_for

pytestmark = pytest.mark.e2e


@pytest.fixture
def project(shapes: LabelledProject) -> LabelledProject:
    return shapes


def listed(project: LabelledProject, name: str) -> dict[str, object]:
    """The class as the server has it."""
    classes = project.admin.get(f"/projects/{project.project_id}/classes", archived=True)
    found: dict[str, object] = next(entry for entry in classes if entry["name"] == name)
    return found


def archive(page: Page, name: str) -> None:
    page.get_by_test_id(f"class-row-{name}").hover()
    page.get_by_test_id(f"class-menu-{name}").click()
    page.get_by_test_id("class-archive").click()


def select_one_image(page: Page) -> None:
    page.get_by_role("application").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", "1")


def test_an_archived_class_comes_back_by_undo_and_from_the_list(
    context: BrowserContext, project: LabelledProject
) -> None:
    name = sorted(project.class_ids)[1]
    before = project.labels()
    hotkey = listed(project, name)["hotkey"]
    page = open_project(context, project)
    row = page.get_by_test_id(f"class-row-{name}")
    count = page.get_by_test_id(f"class-count-{name}").inner_text()
    archive(page, name)
    expect(row).to_have_count(0)
    notice = f"{name} is archived. Its {count} labels are kept and exported, but not trained on."
    expect(page.get_by_text(notice)).to_be_visible()
    assert listed(project, name)["is_archived"] is True
    page.get_by_test_id("archive-undo").click()
    expect(row).to_be_visible()
    wait_for(lambda: listed(project, name)["is_archived"] is False, 30)

    archive(page, name)
    expect(row).to_have_count(0)
    page.reload()
    expect(row).to_have_count(0)
    page.get_by_test_id("archived-toggle").click()
    archived = page.get_by_test_id(f"archived-{name}")
    expect(archived).to_contain_text(f"{count} labels")
    page.get_by_test_id(f"restore-{name}").click()
    expect(row).to_be_visible()
    expect(archived).to_have_count(0)
    wait_for(lambda: listed(project, name)["is_archived"] is False, 30)
    assert listed(project, name)["hotkey"] == hotkey
    assert project.labels() == before


def test_a_class_key_is_pressed_anew_and_one_that_is_taken_is_refused(
    context: BrowserContext, project: LabelledProject
) -> None:
    first, second = sorted(project.class_ids)[:2]
    own, taken = listed(project, first)["hotkey"], listed(project, second)["hotkey"]
    page = open_project(context, project)
    key = page.get_by_test_id(f"class-key-{first}")
    key.click()
    hint = page.get_by_role("status").filter(has_text="Backspace: no key")
    expect(hint).to_contain_text(f"Press the new key of {first}")
    page.keyboard.press(str(taken))
    expect(hint).to_contain_text(f"{taken} is the key of {second}")
    page.keyboard.press("v")
    expect(hint).to_contain_text("V is a key of this screen")
    assert listed(project, first)["hotkey"] == own
    page.keyboard.press("g")
    expect(hint).to_have_count(0)
    expect(key).to_have_text("G")
    wait_for(lambda: listed(project, first)["hotkey"] == "g", 30)
    key.click()
    page.keyboard.press(str(own))
    wait_for(lambda: listed(project, first)["hotkey"] == own, 30)


def test_the_palette_finds_a_command_and_runs_it(context: BrowserContext, project: LabelledProject) -> None:
    page = open_project(context, project)
    page.keyboard.press("Control+k")
    page.get_by_placeholder("What to do").fill("select images without")
    page.keyboard.press("Enter")
    expect(page.get_by_placeholder("What to do")).to_have_count(0)
    unlabelled = project.labels().count(0)
    expect(page.get_by_test_id("selection-panel")).to_have_attribute("data-count", str(unlabelled))


def test_a_label_is_taken_back_by_the_button_beside_it(
    context: BrowserContext, project: LabelledProject
) -> None:
    before = project.labels()
    page = open_project(context, project)
    select_one_image(page)
    # The key of a class that the image does not have.
    index = int(page.get_by_test_id("selection-tile").first.get_attribute("data-index") or -1)
    name = next(name for name, class_id in project.class_ids.items() if class_id != before[index])
    page.keyboard.press(str(listed(project, name)["hotkey"]))
    expect(page.get_by_test_id("last-label")).to_contain_text(f"1 image labelled {name}")
    wait_for(lambda: project.labels()[index] == project.class_ids[name], 30)
    page.get_by_test_id("undo-label").click()
    expect(page.get_by_test_id("last-label")).to_have_count(0)
    wait_for(lambda: project.labels() == before, 30)

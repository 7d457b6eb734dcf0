"""The Label screen in a real Chromium: the selection's grid, the guard, classes, the filter and links, activity."""

import itertools
import re
import uuid

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import NUM_SHAPE_CLASSES, NUM_SHAPES
from tests.e2e.label_map import counted
from tests.e2e.labelled_project import LabelledProject, add_annotator, open_project
from tests.e2e.product import wait_for

pytestmark = pytest.mark.e2e

NUM_IMAGES, NUM_CLASSES = NUM_SHAPES, NUM_SHAPE_CLASSES


@pytest.fixture
def project(shapes: LabelledProject) -> LabelledProject:
    return shapes


def tiles(page: Page, *, is_busy: bool = False) -> list[int]:
    """Indexes of the tiles in view, in the grid's order, once that is final or, `is_busy`, before it is."""
    expect(page.get_by_test_id("selection-grid")).to_have_attribute("aria-busy", str(is_busy).lower())
    found = page.get_by_test_id("selection-tile").evaluate_all(
        "tiles => tiles.sort((a, b) => a.dataset.position - b.dataset.position).map(t => +t.dataset.index)"
    )
    assert isinstance(found, list)
    return found


def saved(page: Page) -> None:
    expect(page.get_by_test_id("outbox")).to_have_attribute("data-status", "saved")


def test_the_grid_leaves_images_out_by_click_shift_drag_and_keys(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-count")).to_contain_text("120 images")
    tiles(page)  # their order is final: a tile that moves before the click is clicked where it has gone
    tile = page.get_by_test_id("selection-tile")
    tile.nth(0).click()
    counted(page, NUM_IMAGES - 1)
    expect(tile.nth(0)).to_have_attribute("aria-selected", "false")
    tile.nth(4).click(modifiers=["Shift"])  # 0 to 4 are out
    counted(page, NUM_IMAGES - 5)
    tile.nth(2).click()
    counted(page, NUM_IMAGES - 4)
    first, third = (tile.nth(at).bounding_box() for at in (6, 8))
    assert first
    assert third
    page.mouse.move(first["x"] + 20, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(third["x"] + 20, third["y"] + 20, steps=8)
    page.mouse.up()
    counted(page, NUM_IMAGES - 7)
    page.get_by_test_id("put-back").click()
    counted(page, NUM_IMAGES)

    page.get_by_test_id("selection-grid").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    counted(page, NUM_IMAGES - 4)  # positions 1 to 4 in rows of three
    page.keyboard.press("Escape")
    counted(page, 0)


def test_the_order_does_not_change_under_the_hand_of_who_leaves_images_out(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    held: list[Route] = []
    page.route("**/oddness", lambda route: held.append(route))  # noqa: PLW0108  # a bound method cannot be marked
    page.keyboard.press("Control+a")
    before = tiles(page, is_busy=True)[:6]
    page.get_by_test_id("selection-tile").nth(0).click()
    counted(page, NUM_IMAGES - 1)
    held[0].continue_()
    assert tiles(page)[:6] == before
    page.get_by_test_id("put-back").click()  # then nobody is at it
    counted(page, NUM_IMAGES)
    assert tiles(page)[:6] != before


def test_the_large_image_goes_on_in_the_order_of_the_grid(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    page.keyboard.press("Control+a")
    order = tiles(page)
    assert order != sorted(order)
    page.get_by_test_id("selection-tile").and_(page.locator(f'[data-index="{order[1]}"]')).click(
        button="right"
    )
    dialog = page.get_by_test_id("image-dialog")
    for position, key in ((1, "ArrowRight"), (2, "ArrowRight"), (3, "ArrowLeft"), (2, "ArrowLeft")):
        expect(page.get_by_label(f"Image {order[position]}", exact=True)).to_be_visible()
        expect(dialog).to_contain_text(f"{position + 1} of {NUM_IMAGES}")
        page.keyboard.press(key)
    expect(dialog).to_contain_text(f"2 of {NUM_IMAGES}")
    page.keyboard.press("Escape")
    counted(page, NUM_IMAGES)  # a look takes nothing out


def test_the_grid_puts_the_least_certain_first_and_draws_only_what_is_in_view(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    page.keyboard.press("Control+a")
    page.get_by_test_id("grid-sort").click()
    page.get_by_role("option", name="Doubtful first").click()
    page.wait_for_timeout(300)
    said = [
        int(re.findall(r"(\d+) %", label)[0])
        for label in page.get_by_test_id("selection-tile").evaluate_all(
            "tiles => tiles.sort((a, b) => a.dataset.position - b.dataset.position).map(t => t.ariaLabel)"
        )
    ]
    assert said == sorted(said)
    assert len(said) < NUM_IMAGES
    page.get_by_test_id("grid-tiles").click()
    page.get_by_test_id("tile-huge").click()
    page.get_by_test_id("tile-show-both").click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-tile").first.locator("img")).to_have_count(2)


def test_a_large_label_waits_at_the_guard_and_the_server_gets_what_was_left(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    name = sorted(project.class_ids)[0]
    before = project.labels()
    page.keyboard.press("Control+a")
    page.keyboard.press("1")
    guard = page.get_by_test_id("pending-guard")
    others = sum(label not in {0, project.class_ids[name]} for label in before)
    expect(guard).to_have_attribute("data-overwritten", str(others))
    expect(page.get_by_test_id("guard-annotators")).to_contain_text("admin")
    expect(guard).to_contain_text("come first below")
    page.wait_for_timeout(1000)  # the probabilities of the class come in
    num_doubtful = int(guard.get_attribute("data-doubtful") or 0)
    assert num_doubtful > NUM_IMAGES / 4
    assert project.labels() == before
    page.keyboard.press("Backspace")
    expect(page.get_by_test_id("selection-count")).to_contain_text(f"{NUM_IMAGES - num_doubtful} images")
    page.keyboard.press("Enter")
    expect(guard).to_have_count(0)
    saved(page)
    after = project.labels()
    assert sum(label == project.class_ids[name] for label in after) >= NUM_IMAGES - num_doubtful
    changed = [index for index, label in enumerate(after) if label != before[index]]
    right = [project.truth[index] == name for index in changed]
    assert sum(right) >= 0.8 * len(right)  # the model's doubt kept the wrong ones away

    page.keyboard.press("Control+z")
    wait_for(lambda: project.labels() == before, 60)


def test_escape_at_the_guard_gives_no_label_and_keeps_the_selection(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    before = project.labels()
    page.keyboard.press("Control+a")
    page.keyboard.press("2")
    expect(page.get_by_test_id("pending-guard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("pending-guard")).to_have_count(0)
    counted(page, NUM_IMAGES)
    assert project.labels() == before


def test_a_class_is_found_by_typing_and_labels_the_selection(
    context: BrowserContext, project: LabelledProject
) -> None:
    prefix = uuid.uuid4().hex[:6]
    for number in range(200):
        body = {"name": f"{prefix} {number:03}", "hotkey": ""}
        project.admin.post(f"/projects/{project.project_id}/classes", body)
    page = open_project(context, project)
    expect(page.locator("[data-testid^='class-row-']").first).to_be_visible()
    assert page.locator("[data-testid^='class-row-']").count() < 60
    page.get_by_role("application").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    counted(page, 1)
    page.keyboard.press("/")
    page.keyboard.type(f"{prefix} 137")
    page.keyboard.press("Enter")
    saved(page)
    classes = project.admin.get(f"/projects/{project.project_id}/classes")
    wanted = next(entry for entry in classes if entry["name"] == f"{prefix} 137")
    wait_for(lambda: wanted["id"] in project.labels(), 30)
    page.keyboard.press("Control+z")
    wait_for(lambda: wanted["id"] not in project.labels(), 30)
    for entry in classes:
        if entry["name"].startswith(prefix):
            path = f"/projects/{project.project_id}/classes/{entry['id']}"
            project.admin.http.patch(path, json={"is_archived": True}).raise_for_status()


def test_classes_merge_with_a_way_back(context: BrowserContext, project: LabelledProject) -> None:
    source, target = sorted(project.class_ids)[:2]
    before = project.labels()
    page = open_project(context, project)
    page.get_by_test_id(f"class-row-{source}").hover()
    page.get_by_test_id(f"class-menu-{source}").click()
    page.get_by_test_id("class-merge").click()
    page.get_by_test_id("merge-target").click()
    page.get_by_role("option", name=target).click()
    page.get_by_test_id("merge-confirm").click()
    expect(page.get_by_test_id(f"class-row-{source}")).to_have_count(0)
    merged = {project.class_ids[source]: project.class_ids[target]}
    assert project.labels() == [merged.get(label, label) for label in before]
    page.get_by_test_id("merge-undo").click()
    expect(page.get_by_test_id(f"class-row-{source}")).to_be_visible()
    wait_for(lambda: project.labels() == before, 30)


def test_classes_are_put_in_order_by_keys(context: BrowserContext, project: LabelledProject) -> None:
    page = open_project(context, project)
    names = sorted(project.class_ids)
    row = page.get_by_test_id(f"class-row-{names[2]}")
    row.get_by_role("button", name=names[2], exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    wanted = [names[0], names[2], names[1], *names[3:]]

    def order() -> list[str]:
        listed = project.admin.get(f"/projects/{project.project_id}/classes")
        return [entry["name"] for entry in listed if entry["name"] in names]

    wait_for(lambda: order() == wanted, 30)
    ids = [project.class_ids[name] for name in names]
    path = f"/projects/{project.project_id}/class-order"
    project.admin.http.put(path, json={"class_ids": ids}).raise_for_status()


def test_a_filter_dims_the_rest_and_its_address_opens_the_same_view(
    context: BrowserContext, project: LabelledProject
) -> None:
    name = sorted(project.class_ids)[1]
    page = open_project(context, project)
    page.keyboard.press("Control+f")
    page.get_by_test_id("filter-text").fill(f"{name}/")
    bar = page.get_by_test_id("filter-bar")
    expect(bar).to_have_attribute("data-passing", str(len(project.indexes_of(name))))
    page.get_by_test_id("filter-labels").click()
    page.get_by_role("option", name="No label").click()
    wanted = [index for index in project.indexes_of(name) if project.labels()[index] == 0]
    expect(bar).to_have_attribute("data-passing", str(len(wanted)))
    page.get_by_test_id("filter-done").click()
    page.wait_for_url("**label=0**")

    linked = open_project(context, project, "?" + page.url.split("?")[1])
    expect(linked.get_by_test_id("filter-bar")).to_have_attribute("data-passing", str(len(wanted)))
    linked.keyboard.press("Control+a")
    counted(linked, len(wanted))  # only what passes is selected
    assert set(tiles(linked)) <= set(wanted)


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_jobs_under_way_keep_to_their_room_beside_the_model(
    width: int, context: BrowserContext, project: LabelledProject
) -> None:
    """Two jobs with stage, numbers and time left, and one that waits: nothing covers anything else."""

    def with_jobs(route: Route) -> None:
        answer = route.fetch()
        page = answer.json()
        common = {"project_id": project.project_id, "error_code": "", "error_message": "", "summary": ""}
        now = "2026-01-01T00:00:00Z"
        times = {"created_at": now, "started_at": now, "cancel_requested_at": None, "finished_at": None}
        page["items"] = [
            {
                "id": 10**6 + number,
                "kind": kind,
                "state": state,
                "stage": "projection",
                "done": 1_234,
                "total": 10_000,
                "rate_per_s": 31.2,
                "seconds_left": 281.0,
                **common,
                **times,
            }
            for number, (kind, state) in enumerate(
                [("training", "running"), ("suggestions", "running"), ("features", "queued")]
            )
        ]
        route.fulfill(response=answer, json=page)

    context.route("**/jobs?*active=true*", with_jobs)
    page = open_project(context, project)
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.get_by_test_id("job-training")).to_be_visible()
    if width >= 1280:
        expect(page.get_by_text("1 waiting")).to_be_visible()
    parts = "b, button, [class*=text], [class*=track], [class*=numbers], [class*=more]"
    boxes = page.locator(
        f"[data-testid=model-banner], [data-testid^=doubt-], [data-testid=job-strip] :is({parts}), [data-testid=outbox]"
    ).evaluate_all(
        """found => found.map(one => one.getBoundingClientRect()).filter(box => box.width > 0)
          .map(box => [box.left, box.right])"""
    )
    assert len(boxes) >= 9  # the model, three steps of doubt, two jobs with their crosses, all saved
    assert all(right <= left + 0.5 for (_, right), (left, _) in itertools.pairwise(sorted(boxes))), boxes
    page.get_by_test_id("job-training").locator("b").hover()
    expect(page.get_by_role("tooltip")).to_contain_text(
        re.compile(r"Projection · 1.234 / 10.000 · 12.% · 31.a.second")
    )


def test_people_and_agreement_filter_images(context: BrowserContext, project: LabelledProject) -> None:
    username = f"milo-{uuid.uuid4().hex[:6]}"
    milo = add_annotator(project, username)
    names = sorted(project.class_ids)
    agreed, disputed = project.indexes_of(names[0])[:2], project.indexes_of(names[1])[:3]
    project.label(milo, names[0], agreed)
    project.label(milo, names[2], disputed)
    page = open_project(context, project, "?agreement=disagree")
    expect(page.get_by_test_id("filter-bar")).to_have_attribute("data-passing", "3")
    page = open_project(context, project, "?agreement=agree")
    expect(page.get_by_test_id("filter-bar")).to_have_attribute("data-passing", "2")

    page.goto(f"{project.address}/activity")
    expect(page.get_by_test_id("agreement")).to_contain_text("2 of 5 images")
    expect(page.get_by_test_id(f"speed-{username}")).to_contain_text("5")
    newest = page.get_by_test_id("action-log").locator("li").first
    expect(newest).to_contain_text(username)
    newest.get_by_role("button").click()
    ids = project.class_ids
    wait_for(lambda: all(project.labels()[index] == ids[names[1]] for index in disputed), 30)
    expect(page.get_by_test_id("agreement")).to_contain_text("2 of 2 images")


def test_the_image_page_shows_saliency_boxes_probabilities_and_undoes(
    context: BrowserContext, project: LabelledProject
) -> None:
    page = open_project(context, project)
    name = sorted(project.class_ids)[0]
    page.get_by_role("application").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("o")
    expect(page.get_by_test_id("image-dialog").get_by_test_id("saliency")).to_be_visible()
    expect(page.get_by_test_id("crop-box")).to_have_count(1)
    page.get_by_test_id("boxes-switch").click(force=True)
    expect(page.get_by_test_id("crop-box")).to_have_count(5)
    expect(page.get_by_test_id("image-prediction").locator("li")).to_have_count(NUM_CLASSES)
    expect(page.get_by_test_id("neighbours").locator("img")).to_have_count(8)
    before = project.labels()
    page.keyboard.press("1")
    expect(page.get_by_test_id("image-label")).to_contain_text(name)
    history = page.get_by_test_id("image-history")
    expect(history.locator("li").first).to_contain_text(f"Labelled {name}")
    history.locator("li").first.get_by_role("button").click()
    wait_for(lambda: project.labels() == before, 30)

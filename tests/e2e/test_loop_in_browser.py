"""The whole loop as a person works, in a real Chromium: zip, map, lasso, labels, model, crops, undo, token, export."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from labeler.lib.boxes import boxes_from_profiles
from tests.e2e.label_page import MODEL_TIMEOUT_MS, LabelPage, centre_of
from tests.e2e.product import Client, Product
from tests.real_images import list_real_images
from worker.ml.synthetic import write_dataset

pytestmark = pytest.mark.e2e

NUM_GENERATED = 36
NUM_REAL = 64
LABELS_PER_CLASS = 4
TIGHT_RETENTION = 0.7


def test_a_person_labels_generated_pictures(browser: Browser, product: Product, tmp_path: Path) -> None:
    write_dataset(tmp_path / "set", num_images=NUM_GENERATED, num_classes=3, seed=11)
    _work_through(browser, product, tmp_path, sorted((tmp_path / "set" / "images").rglob("*.jpg")))


def test_a_person_labels_photographs(browser: Browser, product: Product, tmp_path: Path) -> None:
    """64 photographs of 4 classes, where the folder of real images is at hand."""
    files = list_real_images("voc8", num_classes=4, num_images=NUM_REAL)
    if not files:
        pytest.skip("no folder of real images; set LABELER_REAL_IMAGES to one")
    _work_through(browser, product, tmp_path, files)


def _work_through(browser: Browser, product: Product, tmp_path: Path, files: list[Path]) -> None:
    """Sign in to export; `files` lie in folders named after their class."""
    _write_zip(tmp_path / "pictures.zip", files)
    screen = LabelPage(browser.new_page(viewport={"width": 1280, "height": 800}), product)
    screen.sign_in()
    screen.create_project("Pictures", threshold=LABELS_PER_CLASS)
    screen.import_zip(tmp_path / "pictures.zip", num_images=len(files))
    client = product.client()
    class_of = _classes_by_index(client, screen.project_id)
    names = sorted(set(class_of.values()))
    _add_classes(screen, names)

    labelled = {
        name: _lasso_and_label(screen, name, class_of, key=str(names.index(name) + 1)) for name in names
    }
    _wait_for_model(screen, len(names) * LABELS_PER_CLASS)
    _check_slider(screen, client, len(files))
    _check_layouts(screen, len(files))
    _check_undo(screen, names, last=names[-1])
    project_id = screen.project_id
    secret = _make_token(screen)  # on another page
    _check_export(product.address, project_id, secret, labelled, class_of)
    assert screen.errors == []
    screen.page.close()


def _write_zip(path: Path, files: list[Path]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.write(file, f"{file.parent.name}/{file.name}")


def _classes_by_index(client: Client, project_id: int) -> dict[int, str]:
    items = client.get(f"/projects/{project_id}/images", limit=1000)["items"]
    return {item["index"]: item["path"].split("/")[-2] for item in items}


def _add_classes(screen: LabelPage, names: list[str]) -> None:
    for name in names:  # faster than the server answers
        screen.by("add-class").fill(name)
        screen.page.keyboard.press("Enter")
    for name in names:
        expect(screen.by(f"class-row-{name}")).to_be_visible()
    screen.by("add-class").press("Escape")


def _lasso_and_label(screen: LabelPage, name: str, class_of: dict[int, str], *, key: str) -> set[int]:
    """Lasso the first images of a class, one outline each with Shift, drop what else was caught, press the key."""
    wanted = [index for index in sorted(class_of) if class_of[index] == name][:LABELS_PER_CLASS]
    drawn = screen.rectangles(len(class_of))
    for position, index in enumerate(wanted):
        if position == 0:
            screen.lasso(centre_of(drawn[index]))
            continue
        screen.page.keyboard.down("Shift")
        screen.lasso(centre_of(drawn[index]))
        screen.page.keyboard.up("Shift")
    for index in screen.selected_indexes() - set(wanted):
        screen.drop_from_selection(index)
    assert screen.selected_indexes() == set(wanted)
    expect(screen.by("selection-count")).to_have_text(f"{LABELS_PER_CLASS} images selected")

    screen.page.keyboard.press(key)
    expect(screen.by(f"class-count-{name}")).to_have_text(str(LABELS_PER_CLASS))
    expect(screen.by("last-label")).to_contain_text(f"{LABELS_PER_CLASS} images labelled {name}")
    return set(wanted)


def _wait_for_model(screen: LabelPage, num_labels: int) -> None:
    """The new version arrives in the open page, without a reload."""
    banner = screen.by("model-banner")
    expect(banner).to_have_attribute("data-model", "1", timeout=MODEL_TIMEOUT_MS)
    expect(banner).to_contain_text(f"{num_labels} labels")
    screen.wait_for_projection("whole")
    screen.wait_for_projection("crop")


def _check_slider(screen: LabelPage, client: Client, num_images: int) -> None:
    """The drawn crops follow the profiles at the slider's retention."""
    screen.by("display-thumbnails").click()
    before = screen.rectangles(num_images)
    assert all(drawn["cropBox"] == [0, 0, 1, 1] for drawn in before)  # the whole map starts with whole images
    screen.set_crop_margin(TIGHT_RETENTION)
    after = screen.rectangles(num_images)
    expected = _unit_boxes(client, screen.project_id, TIGHT_RETENTION)
    found = np.array([drawn["salientBox"] for drawn in after])
    np.testing.assert_allclose(found, expected, atol=0.01)
    areas = (found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1])
    assert np.median(areas) < 0.8
    shapes = [_shape(drawn) for drawn in before], [_shape(drawn) for drawn in after]
    changed = np.abs(np.array(shapes[0]) - np.array(shapes[1])).max(axis=1) > 1
    assert changed.mean() > 0.5  # the thumbnails themselves have another form now


def _unit_boxes(client: Client, project_id: int, retention: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(N, 4) boxes of all images at `retention` as shares of their sides, from the arrays that the server sends."""
    manifest = client.get(f"/projects/{project_id}/map")
    reference = next(array for array in manifest["arrays"] if array["name"] == "profiles")
    raw = client.http.get(reference["url"].removeprefix("/api/v1")).raise_for_status().content
    codes = np.frombuffer(raw, dtype=reference["dtype"]).reshape(reference["shape"])
    shape = manifest["profile_shape"]
    return boxes_from_profiles(codes, height=shape["height"], width=shape["width"], retention=retention)


def _shape(drawn: dict[str, Any]) -> tuple[float, float]:
    x1, y1, x2, y2 = drawn["rectangle"]
    return x2 - x1, y2 - y1


def _check_layouts(screen: LabelPage, num_images: int) -> None:
    """The switch takes every point from the whole map to the crop map and back."""
    screen.by("display-auto").click()
    whole = np.array([centre_of(drawn) for drawn in screen.rectangles(num_images)])
    screen.by("layout-switch").get_by_text("Crops").click()
    crops = np.array([centre_of(drawn) for drawn in screen.rectangles(num_images)])
    assert np.abs(crops - whole).max() > 2
    screen.by("layout-switch").get_by_text("Whole").click()
    back = np.array([centre_of(drawn) for drawn in screen.rectangles(num_images)])
    np.testing.assert_allclose(back, whole, atol=0.5)


def _check_undo(screen: LabelPage, names: list[str], *, last: str) -> None:
    """Undo and redo, each also after a reload."""
    screen.page.keyboard.press("Control+z")
    expect(screen.by(f"class-count-{last}")).to_have_text("0")
    expect(screen.by("outbox")).to_contain_text("All saved")
    screen.page.reload()
    expect(screen.by(f"class-count-{last}")).to_have_text("0")
    for name in names[:-1]:
        expect(screen.by(f"class-count-{name}")).to_have_text(str(LABELS_PER_CLASS))
    screen.page.keyboard.press("Control+Shift+z")
    expect(screen.by(f"class-count-{last}")).to_have_text(str(LABELS_PER_CLASS))
    expect(screen.by("outbox")).to_contain_text("All saved")
    screen.page.reload()
    expect(screen.by(f"class-count-{last}")).to_have_text(str(LABELS_PER_CLASS))


def _make_token(screen: LabelPage) -> str:
    screen.page.goto(f"{screen.address}/account/tokens")
    screen.by("token-name").fill("export")
    screen.by("token-create").click()
    return screen.by("token-secret").inner_text().strip()


def _check_export(
    address: str, project_id: int, secret: str, labelled: dict[str, set[int]], class_of: dict[int, str]
) -> None:
    """The CSV has every image, and exactly the labels that were given."""
    url = f"{address}/api/v1/projects/{project_id}/export?format=csv&retention={TIGHT_RETENTION}"
    assert httpx.get(url).status_code == 401
    answer = httpx.get(url, headers={"Authorization": f"Bearer {secret}"}, timeout=60).raise_for_status()
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    given = {index: name for name, indexes in labelled.items() for index in indexes}
    assert {int(row["index"]): row["label"] for row in rows} == {
        index: given.get(index, "") for index in class_of
    }
    assert {row["annotator"] for row in rows if row["label"]} == {"admin"}
    assert all(row["labelled_at"] for row in rows if row["label"])
    assert all(row["predicted_label"] in labelled for row in rows)
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)
    assert all(0 <= int(row["box_x1"]) < int(row["box_x2"]) <= int(row["width"]) for row in rows)
    assert all(0 <= int(row["box_y1"]) < int(row["box_y2"]) <= int(row["height"]) for row in rows)

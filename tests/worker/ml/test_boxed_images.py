"""Reading boxed images: the same picture and boxes in three formats, splits, and what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from worker.ml.boxed_images import pick_per_class, read_boxed_images
from worker.ml.errors import UnreadableAnnotations

HEADER = "file,label,width,height,xmin,ymin,xmax,ymax,split,source\n"
# In an image of 40 x 20 px: columns 4..19 and rows 5..14, and a second box.
UNIT_BOXES = [[0.1, 0.25, 0.5, 0.75], [0.75, 0.0, 1.0, 1.0]]


def _image(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 20)).save(path)


def _csv(root: Path, rows: str, *, files: tuple[str, ...] = ("images/cat/a.png",)) -> Path:
    for file in files:
        _image(root / file)
    (root / "index.csv").write_text(HEADER + rows)
    return root


def _voc(root: Path, *, size: str = "<width>40</width><height>20</height>") -> Path:
    _image(root / "JPEGImages/a.png")
    boxes = "".join(
        f"<object><name>cat</name><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin>"
        f"<xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>"
        for x1, y1, x2, y2 in [(5, 6, 20, 15), (31, 1, 40, 20)]
    )
    path = root / "Annotations/a.xml"
    path.parent.mkdir(parents=True)
    path.write_text(f"<annotation><filename>a.png</filename><size>{size}</size>{boxes}</annotation>")
    return root


def _coco(root: Path, *, name: str = "instances_val.json", **changes: Any) -> Path:
    _image(root / "val/a.png")
    document = {
        "images": [{"id": 7, "file_name": "a.png", "width": 40, "height": 20}],
        "categories": [{"id": 3, "name": "cat"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [4, 5, 16, 10]},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [30, 0, 10, 20]},
        ],
        **changes,
    }
    (root / "annotations").mkdir()
    (root / "annotations" / name).write_text(json.dumps(document))
    return root


def test_an_index_gives_unit_boxes_on_a_non_square_image(tmp_path: Path) -> None:
    rows = "images/cat/a.png,cat,40,20,4,5,20,15,test,here\nimages/cat/a.png,cat,40,20,30,0,40,20,test,here\n"
    (image,) = read_boxed_images(_csv(tmp_path, rows))
    assert (image.path, image.class_name, image.split) == (tmp_path / "images/cat/a.png", "cat", "test")
    np.testing.assert_allclose(image.boxes, UNIT_BOXES)


@pytest.mark.parametrize("size", ["<width>40</width><height>20</height>", "<width>0</width>", ""])
def test_voc_pixels_count_from_one_and_the_size_may_be_missing(tmp_path: Path, size: str) -> None:
    (image,) = read_boxed_images(_voc(tmp_path, size=size))
    assert (image.path.name, image.class_name) == ("a.png", "cat")
    np.testing.assert_allclose(image.boxes, UNIT_BOXES)


def test_voc_lists_make_the_split(tmp_path: Path) -> None:
    lists = _voc(tmp_path) / "ImageSets/Main"
    lists.mkdir(parents=True)
    (lists / "val.txt").write_text("b\na\n")
    assert read_boxed_images(tmp_path)[0].split == "test"
    (lists / "test.txt").write_text("b\n")
    assert read_boxed_images(tmp_path)[0].split == "train"


def test_coco_boxes_are_corner_and_size(tmp_path: Path) -> None:
    (image,) = read_boxed_images(_coco(tmp_path))
    assert (image.path, image.class_name, image.split) == (tmp_path / "val/a.png", "cat", "test")
    np.testing.assert_allclose(image.boxes, UNIT_BOXES)


def test_coco_training_files_are_training_images(tmp_path: Path) -> None:
    assert read_boxed_images(_coco(tmp_path, name="instances_train.json"))[0].split == "train"


def test_without_a_split_about_a_quarter_are_test_images_always_the_same(tmp_path: Path) -> None:
    files = tuple(f"images/cat/{i}.png" for i in range(80))
    rows = "".join(f"{file},cat,40,20,4,5,20,15,,\n" for file in files)
    splits = [image.split for image in read_boxed_images(_csv(tmp_path, rows, files=files))]
    assert 10 <= splits.count("test") <= 30
    assert splits == [image.split for image in read_boxed_images(tmp_path)]


def test_an_image_with_boxes_of_two_classes_is_left_out(tmp_path: Path) -> None:
    rows = "a.png,cat,40,20,4,5,20,15,test,\na.png,dog,40,20,0,0,9,9,test,\nb.png,cat,40,20,4,5,20,15,test,\n"
    images = read_boxed_images(_csv(tmp_path, rows, files=("a.png", "b.png")))
    assert [image.path.name for image in images] == ["b.png"]


def test_a_few_of_each_class_are_the_same_few_whatever_else_is_there(tmp_path: Path) -> None:
    files = tuple(f"{name}/{name}{i}.png" for name in ("cat", "dog") for i in range(6))
    rows = "".join(f"{file},{file[:3]},40,20,4,5,20,15,train,\n" for file in files)
    images = read_boxed_images(_csv(tmp_path, rows, files=files))
    few = pick_per_class(images, num_per_class=2)
    assert sorted(image.class_name for image in few) == ["cat", "cat", "dog", "dog"]
    cats = [image for image in images if image.class_name == "cat"]
    assert [i.path for i in pick_per_class(cats, num_per_class=2)] == [
        i.path for i in few if i.class_name == "cat"
    ]
    assert pick_per_class(images, num_per_class=None) == images


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a.png,cat,40,20,4,5,41,15,test,\n", "outside the image of 40 x 20"),
        ("a.png,cat,40,20,4,5,4,15,test,\n", "empty"),
        ("a.png,cat,40,20,4,five,20,15,test,\n", "'five' is not a number"),
        ("a.png,cat,40,20,nan,5,20,15,test,\n", "empty or outside"),
        ("a.png,cat,40,20,4,5,20,15,dev,\n", "split is train or test, got 'dev'"),
        ("gone.png,cat,40,20,4,5,20,15,test,\n", "gone.png does not exist"),
        ("a.png,cat,40,20,4,5,20,15,test,\na.png,dog,40,20,4,5,20,15,test,\n", "several classes"),
    ],
)
def test_a_malformed_index_is_refused_with_its_reason(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(UnreadableAnnotations, match=message):
        read_boxed_images(_csv(tmp_path, rows, files=("a.png",)))


def test_other_malformed_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAnnotations, match=r"no index\.csv"):
        read_boxed_images(tmp_path)
    with pytest.raises(UnreadableAnnotations, match="is not a folder"):
        read_boxed_images(tmp_path / "nowhere")
    (tmp_path / "index.csv").write_text("file,label\n")
    with pytest.raises(UnreadableAnnotations, match="lacks the columns width, height"):
        read_boxed_images(tmp_path)


def test_a_broken_xml_and_a_broken_json_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(UnreadableAnnotations, match="not JSON"):
        read_boxed_images(tmp_path)
    (tmp_path / "a.xml").write_text("<annotation>")
    with pytest.raises(UnreadableAnnotations, match="not XML"):
        read_boxed_images(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": []}, "names an image or a category"),
        ({"categories": []}, "names an image or a category"),
        (
            {"annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2]}]},
            r"bbox is \[x, y, width, height\]",
        ),
    ],
)
def test_a_malformed_coco_file_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UnreadableAnnotations, match=message):
        read_boxed_images(_coco(tmp_path, **changes))


def test_a_voc_file_without_its_image_is_refused(tmp_path: Path) -> None:
    (_voc(tmp_path) / "JPEGImages/a.png").unlink()
    with pytest.raises(UnreadableAnnotations, match="no image file named a"):
        read_boxed_images(tmp_path)

"""Every format is read back with its ecosystem's own library, and says what the project says."""

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from PIL import ImageOps
from pycocotools.coco import COCO
from torchvision.datasets import ImageFolder, VOCDetection

from labeler.datasets.models import Image
from labeler.exports.about import FILE_NAME
from labeler.exports.formats import FORMATS
from labeler.exports.schemas import ExportFormat
from labeler.lib.files import original_path
from tests.factories import assign, make_class
from tests.labeler.exports.pictures import (
    BOX,
    HEIGHT,
    WIDTH,
    PictureProject,
    about,
    add_unseen_picture,
    index_of,
    unpack,
)

pytestmark = pytest.mark.django_db
TERN = "a/tern: x"
LABELS = {0: "gull", 1: TERN, 2: "gull", 3: TERN}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_same_pins_give_the_same_bytes_after_the_project_went_on(
    given: PictureProject, format: ExportFormat
) -> None:
    pins: dict[str, Any] = {"sequence": 3, "num_images": 6, "model_version": 1}
    before = given.export(format)
    auk = make_class(given.project, "zz auk")
    auk.archived_at = auk.created_at
    auk.save()
    assign(given.project, given.ann, given.tern, [0, 1, 4])
    add_unseen_picture(given)
    assert given.export(format, **pins) == before
    assert format == ExportFormat.LABEL_STUDIO_CONFIG or given.export(format) != before


def test_parquet_has_typed_columns(given: PictureProject) -> None:
    table = pq.read_table(io.BytesIO(given.export("parquet")))
    rows = table.to_pylist()
    assert [row["label"] for row in rows] == ["gull", TERN, "gull", TERN, None, None]
    assert [rows[3][f"box_{edge}"] for edge in ("x1", "y1", "x2", "y2")] == list(BOX)
    assert rows[5]["box_x1"] is None
    assert [item["annotator"] for item in rows[3]["annotations"]] == ["bob", "ann"]
    assert rows[3]["labelled_at"] == rows[3]["annotations"][1]["labelled_at"]
    assert rows[3]["labelled_at"].tzinfo is not None
    assert (rows[3]["agreement"], rows[3]["confidence"]) == (0.5, 0.8)
    assert json.loads(rows[0]["provenance"]) == {"gesture": "lasso"}


def test_parquet_without_images_is_a_table_without_rows(given: PictureProject) -> None:
    table = pq.read_table(io.BytesIO(given.export("parquet", path_prefix="nowhere", columns=["label"])))
    assert (table.num_rows, table.column_names) == (0, ["label"])


@pytest.mark.parametrize("format", ["imagefolder", "yolo_classify"])
def test_torchvision_reads_the_image_folder(given: PictureProject, tmp_path: Path, format: str) -> None:
    folder = unpack(given.export(format, validation_share=0), tmp_path)
    dataset = ImageFolder(str(folder / "train"))
    assert dataset.classes == ["a_tern_ x", "gull"]
    found = {index_of(path): dataset.classes[label] for path, label in dataset.samples}
    assert found == {index: label.replace("/", "_").replace(":", "_") for index, label in LABELS.items()}
    for position, (path, _) in enumerate(dataset.samples):
        image = Image.objects.get(project=given.project, index=index_of(path))
        assert Path(path).read_bytes() == original_path(given.project.id, image.storage_key).read_bytes()
        assert dataset[position][0].mode == "RGB"
    assert about(folder)["num_images_left_out"] == {"without a class": 2}


def test_both_splits_together_hold_every_picture_once(given: PictureProject, tmp_path: Path) -> None:
    folder = unpack(given.export("imagefolder", validation_share=0.5), tmp_path)
    found = {split: {index_of(path) for path in (folder / split).rglob("*.*")} for split in ("train", "val")}
    assert found["train"] | found["val"] == set(LABELS)
    assert not found["train"] & found["val"]
    more = unpack(given.export("imagefolder", validation_share=0.9), tmp_path / "more")
    assert found["val"] <= {index_of(path) for path in (more / "val").rglob("*.*")}


def test_predictions_stand_in_for_labels_when_asked(given: PictureProject, tmp_path: Path) -> None:
    folder = unpack(given.export("imagefolder", validation_share=0, fill_with_predictions=True), tmp_path)
    assert {index_of(path): path.parent.name for path in (folder / "train").rglob("*.*")}[4] == "gull"
    assert about(folder)["num_images_left_out"] == {"without a class": 1}


def test_hugging_face_reads_pictures_labels_and_boxes(given: PictureProject, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    folder = unpack(given.export("huggingface", validation_share=0.5), tmp_path / "export")
    (folder / FILE_NAME).unlink()
    loaded = datasets.load_dataset("imagefolder", data_dir=str(folder), cache_dir=str(tmp_path / "cache"))
    rows = [row for split in ("train", "validation") if split in loaded for row in loaded[split]]
    by_path = {row["path"]: row for row in rows}
    images = {image.index: image.path for image in Image.objects.filter(project=given.project)}
    assert {index: by_path[path]["label"] for index, path in images.items()} == {**LABELS, 4: None, 5: None}
    x1, y1, x2, y2 = BOX
    assert by_path[images[1]]["weak_objects"] == {"bbox": [[x1, y1, x2 - x1, y2 - y1]], "category": [TERN]}
    assert by_path[images[5]]["weak_objects"] == {"bbox": [], "category": []}
    upright = ImageOps.exif_transpose(by_path[images[2]]["image"])
    assert upright.size == (WIDTH, HEIGHT)


def test_pycocotools_reads_classes_and_weak_boxes(given: PictureProject, tmp_path: Path) -> None:
    add_unseen_picture(given)
    path = tmp_path / "coco.json"
    path.write_bytes(given.export("coco"))
    coco = COCO(str(path))
    names = {category["id"]: category["name"] for category in coco.loadCats(coco.getCatIds())}
    assert names == {1: "gull", 2: TERN}
    found = {image_id - 1: coco.loadAnns(coco.getAnnIds(imgIds=[image_id])) for image_id in coco.getImgIds()}
    assert {index: [names[a["category_id"]] for a in items] for index, items in found.items()} == {
        **{index: [label] for index, label in LABELS.items()},
        4: [],
        5: [],
        6: [],
    }
    x1, y1, x2, y2 = BOX
    assert found[0][0]["bbox"] == [x1, y1, x2 - x1, y2 - y1]
    assert (found[0][0]["weak"], found[0][0]["retention"], found[0][0]["area"]) == (True, 1.0, 225)
    assert coco.annToMask({**found[0][0], "segmentation": [[0, 5, 15, 5, 15, 20, 0, 20]]}).shape == (
        HEIGHT,
        WIDTH,
    )
    labels = {image["id"] - 1: image["label"] for image in coco.loadImgs(coco.getImgIds())}
    assert labels == {**LABELS, 4: None, 5: None, 6: "gull"}


def test_torchvision_reads_the_voc_folder(given: PictureProject, tmp_path: Path) -> None:
    add_unseen_picture(given)
    root = tmp_path / "VOCdevkit" / "VOC2012"
    unpack(given.export("voc", validation_share=0.5), root)
    dataset = VOCDetection(str(tmp_path), year="2012", image_set="trainval", download=False)
    found = {}
    for picture, target in dataset:
        annotation = target["annotation"]
        assert ImageOps.exif_transpose(picture).size == (WIDTH, HEIGHT)
        assert annotation["size"] == {"width": "30", "height": "20", "depth": "3"}
        found[index_of(annotation["filename"])] = annotation
    assert set(found) == {0, 1, 2, 3, 6}
    (weak,) = found[1]["object"]
    assert (weak["name"], weak["weak"], weak["retention"]) == (TERN, "1", "1.0")
    # pixel edges (0, 5, 15, 20), counted from 1 with both ends inside
    assert weak["bndbox"] == {"xmin": "1", "ymin": "6", "xmax": "15", "ymax": "20"}
    assert (found[6]["label"], found[6].get("object", [])) == ("gull", [])
    sets = {name: (root / "ImageSets/Main" / f"{name}.txt").read_text().split() for name in ("train", "val")}
    assert sorted(index_of(stem) for stems in sets.values() for stem in stems) == [0, 1, 2, 3, 6]


def test_voc_files_are_readable_where_a_name_holds_markup(given: PictureProject, tmp_path: Path) -> None:
    Image.objects.filter(project=given.project, index=0).update(path="<a> &\u202ejpg.exe.jpg")
    root = unpack(given.export("voc", validation_share=0), tmp_path)
    (path,) = (root / "Annotations").glob("000000-*.xml")
    assert ET.parse(path).findtext("path") == "<a> &jpg.exe.jpg"


def test_yolo_lines_are_shares_of_the_picture(given: PictureProject, tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    add_unseen_picture(given)
    folder = unpack(given.export("yolo_detect", validation_share=0.5), tmp_path)
    data = yaml.safe_load((folder / "data.yaml").read_text())
    assert (data["nc"], data["names"]) == (2, {0: "gull", 1: TERN})
    found = {}
    for split in (data["train"], data["val"]):
        for path in (folder / split).glob("*"):
            label = folder / "labels" / Path(split).name / f"{path.stem}.txt"
            number, *box = label.read_text().split()
            found[index_of(path)] = (data["names"][int(number)], [float(value) for value in box])
    # pixel edges (0, 5, 15, 20) of 30 x 20
    assert found == {index: (label, [0.25, 0.625, 0.5, 0.75]) for index, label in LABELS.items()}
    assert about(folder)["num_images_left_out"] == {
        "without a class": 2,
        "without a weak box: no model has seen them": 1,
    }


def test_label_studio_tasks_hold_a_label_of_each_person(given: PictureProject) -> None:
    tasks = json.loads(given.export("label_studio"))
    assert [len(task["annotations"]) for task in tasks] == [1, 1, 1, 2, 0, 0]
    said = [
        (item["result"][0]["meta"]["annotator"], item["result"][0]["value"]["choices"])
        for item in tasks[3]["annotations"]
    ]
    assert said == [("bob", ["gull"]), ("ann", [TERN])]
    (prediction,) = tasks[0]["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("labeler-1", 0.8)
    assert prediction["result"][1]["value"] == {
        "x": 0.0,
        "y": 25.0,
        "width": 50.0,
        "height": 75.0,
        "rotation": 0,
        "rectanglelabels": [TERN],
    }
    assert tasks[5]["predictions"] == []


def test_label_studios_own_library_accepts_tasks_annotations_and_predictions(given: PictureProject) -> None:
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    config = given.export("label_studio_config").decode()
    parsed = interface.LabelInterface(config)
    parsed.validate()
    assert set(parsed.get_control("class").labels) == {"gull", TERN}
    for task in json.loads(given.export("label_studio")):
        assert parsed.validate_task({"data": task["data"]})
        for annotation in task["annotations"]:
            assert parsed.validate_annotation(annotation)
        for prediction in task["predictions"]:
            assert parsed.validate_prediction(prediction)


def test_the_fiftyone_file_holds_labels_of_everybody_and_weak_boxes(given: PictureProject) -> None:
    data = json.loads(given.export("fiftyone"))
    samples = data["samples"]
    assert [sample["ground_truth"] and sample["ground_truth"]["label"] for sample in samples] == [
        *LABELS.values(),
        None,
        None,
    ]
    everybody = samples[3]["annotations"]["classifications"]
    assert [(item["annotator"], item["label"]) for item in everybody] == [("bob", "gull"), ("ann", TERN)]
    assert samples[0]["weak_box"]["detections"][0]["bounding_box"] == [0.0, 0.25, 0.5, 0.75]
    assert (samples[5]["prediction"], samples[5]["weak_box"]) == (None, None)


def test_fiftyones_own_library_reads_the_samples(given: PictureProject) -> None:
    fiftyone = pytest.importorskip("fiftyone")
    data = json.loads(given.export("fiftyone"))
    fields = fiftyone.core.fields
    for sample_data in data["samples"]:
        sample = fiftyone.Sample.from_dict(sample_data)
        for name, described in data["sample_fields"].items():
            value = sample[name] if name != "id" else None
            if value is None or not described.startswith(f"{fields.__name__}.EmbeddedDocumentField"):
                continue
            assert f"{type(value).__module__}.{type(value).__name__}" == described.split("(")[1][:-1]
        if sample.weak_box is not None:
            (detection,) = sample.weak_box.detections
            assert detection.bounding_box == [0.0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("options", "indexes"),
    [
        ({"labelled": "labelled"}, [0, 1, 2, 3]),
        ({"labelled": "unlabelled"}, [4, 5]),
        ({"labelled": "disagrees"}, [0, 1]),
        ({"annotator": ["bob"]}, []),
        ({"annotator": ["ann"], "path_prefix": "birds/bird"}, [0, 1, 2]),
    ],
)
def test_filters_choose_the_images(
    given: PictureProject, options: dict[str, Any], indexes: list[int]
) -> None:
    lines = given.export("jsonl", columns=["index"], **options).splitlines()
    assert [json.loads(line)["index"] for line in lines] == indexes


def test_a_filter_by_class_takes_its_label(given: PictureProject) -> None:
    lines = given.export("jsonl", columns=["index"], class_id=[given.tern.id]).splitlines()
    assert [json.loads(line)["index"] for line in lines] == [1, 3]

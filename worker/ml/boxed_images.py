"""Read folders of images with one class and true boxes: `index.csv`, Pascal VOC XML, COCO JSON.

The three formats end in the same list. Weakly supervised localization needs one class an image, so an image
whose boxes are of several classes is left out, and counted. Where a format carries no split, a stable hash
of the file's name makes one image in four a test image.
"""

import csv
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import numpy as np

from worker.ml.errors import UnreadableAnnotations, UnreadableImage
from worker.ml.images import read_info
from worker.ml.types import DoubleArray

logger = logging.getLogger(__name__)

Split = Literal["train", "test"]
TEST_SHARE = 0.25
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
_COLUMNS = ("file", "label", "width", "height", "xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True)
class BoxedImage:
    """An image file, its class, and its true boxes (m, 4) as unit xyxy edges, m >= 1."""

    path: Path
    class_name: str
    boxes: DoubleArray
    split: Split


@dataclass(frozen=True)
class _Row:
    """One box as a format states it; edges in pixels."""

    path: Path
    class_name: str
    edges: tuple[float, float, float, float]
    width: int
    height: int
    split: Split | None
    where: str


def read_boxed_images(root: Path) -> list[BoxedImage]:
    """Read a folder in whichever of the three formats it holds.

    - `index.csv` (file,label,width,height,xmin,ymin,xmax,ymax[,split]): pixel edges, one row a box.
    - Pascal VOC: any `*.xml` with <object> entries below the folder; pixels are counted from 1 and both
    ends belong
      to the box. A list `ImageSets/Main/test.txt` or `val.txt` names the test images.
    - COCO: any `*.json` with `images`, `annotations` and `categories`; boxes are x, y, width, height. A
    file with
      `test` or `val` in its name holds test images.

    Args:
        root: the folder.

    Returns:
        Images in the order of their paths, each with one class.

    Raises:
        UnreadableAnnotations: if nothing is found, a file is malformed, a box is empty or outside its
            image, or an
            image file is missing.
    """
    rows = list(_read_rows(root))
    if not rows:
        raise UnreadableAnnotations(f"{root} holds no index.csv, Pascal VOC XML or COCO JSON with boxes")
    grouped: dict[Path, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.path].append(row)
    single = {
        path: of_image for path, of_image in grouped.items() if len({r.class_name for r in of_image}) == 1
    }
    if len(single) < len(grouped):
        logger.info("left out %s images with boxes of several classes", len(grouped) - len(single))
    if not single:
        raise UnreadableAnnotations(f"every image of {root} has boxes of several classes")
    missing = next((path for path in sorted(single) if not path.is_file()), None)
    if missing is not None:
        raise UnreadableAnnotations(f"{single[missing][0].where}: image {missing} does not exist")
    return [_boxed_image(path, single[path], root=root) for path in sorted(single)]


def pick_per_class(images: Sequence[BoxedImage], *, num_per_class: int | None) -> list[BoxedImage]:
    """Take at most `num_per_class` images of each class (None.

    All), chosen by a stable hash of the file's name.
    """
    if num_per_class is None:
        return list(images)
    by_class: dict[str, list[BoxedImage]] = defaultdict(list)
    for image in images:
        by_class[image.class_name].append(image)
    chosen = {
        image.path
        for of_class in by_class.values()
        for image in sorted(of_class, key=lambda item: _hash_share(item.path.name))[:num_per_class]
    }
    return [image for image in images if image.path in chosen]


def _boxed_image(path: Path, rows: list[_Row], *, root: Path) -> BoxedImage:
    split = rows[0].split
    if split is None:
        split = "test" if _hash_share(path.relative_to(root).as_posix()) < TEST_SHARE else "train"
    boxes = np.stack([_unit_box(row) for row in rows])
    return BoxedImage(path=path, class_name=rows[0].class_name, boxes=boxes, split=split)


def _unit_box(row: _Row) -> DoubleArray:
    x1, y1, x2, y2 = row.edges
    if not (0 <= x1 < x2 <= row.width and 0 <= y1 < y2 <= row.height):
        raise UnreadableAnnotations(
            f"{row.where}: box {row.edges} is empty or outside the image of {row.width} x {row.height} px"
        )
    return np.array([x1 / row.width, y1 / row.height, x2 / row.width, y2 / row.height])


def _hash_share(name: str) -> float:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64


def _read_rows(root: Path) -> Iterator[_Row]:
    if not root.is_dir():
        raise UnreadableAnnotations(f"{root} is not a folder")
    index = root / "index.csv"
    if index.is_file():
        yield from _rows_of_csv(index)
        return
    annotations = sorted(root.rglob("*.xml"))
    if annotations:
        yield from _rows_of_voc(root, annotations)
        return
    for path in sorted(root.rglob("*.json")):
        yield from _rows_of_coco(root, path)


def _rows_of_csv(index: Path) -> Iterator[_Row]:
    with index.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        lacking = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if lacking:
            raise UnreadableAnnotations(f"{index} lacks the columns {', '.join(lacking)}")
        for number, record in enumerate(reader, start=2):
            where = f"{index}:{number}"
            numbers = [_number(record[column], where=where) for column in _COLUMNS[2:]]
            yield _Row(
                path=index.parent / record["file"],
                class_name=record["label"],
                edges=(numbers[2], numbers[3], numbers[4], numbers[5]),
                width=int(numbers[0]),
                height=int(numbers[1]),
                split=_csv_split(record.get("split"), where=where),
                where=where,
            )


def _csv_split(text: str | None, *, where: str) -> Split | None:
    if not text:
        return None
    if text == "train":
        return "train"
    if text == "test":
        return "test"
    raise UnreadableAnnotations(f"{where}: split is train or test, got {text!r}")


def _number(text: object, *, where: str) -> float:
    try:
        return float(str(text))
    except ValueError as error:
        raise UnreadableAnnotations(f"{where}: {text!r} is not a number") from error


def _rows_of_voc(root: Path, annotations: Iterable[Path]) -> Iterator[_Row]:
    images = {path.stem: path for path in root.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES}
    test_names = _voc_test_names(root)
    for path in annotations:
        try:
            # The folder is the operator's own; expat itself limits entity expansion.
            tree = ElementTree.parse(path).getroot()  # noqa: S314
        except ElementTree.ParseError as error:
            raise UnreadableAnnotations(f"{path} is not XML: {error}") from error
        objects = tree.findall("object")
        if not objects:
            continue
        stem = Path(tree.findtext("filename") or path.name).stem
        if stem not in images:
            raise UnreadableAnnotations(f"{path}: no image file named {stem} lies in {root}")
        width, height = _voc_size(tree, images[stem])
        split: Split | None = None if test_names is None else "test" if stem in test_names else "train"
        for entry in objects:
            corners = [
                _number(entry.findtext(f"bndbox/{name}"), where=str(path))
                for name in ("xmin", "ymin", "xmax", "ymax")
            ]
            yield _Row(
                path=images[stem],
                class_name=entry.findtext("name") or "",
                edges=(corners[0] - 1, corners[1] - 1, corners[2], corners[3]),
                width=width,
                height=height,
                split=split,
                where=str(path),
            )


def _voc_size(tree: ElementTree.Element, image: Path) -> tuple[int, int]:
    """Width and height as stated, or of the file where the annotation leaves them out or says 0."""
    width, height = tree.findtext("size/width"), tree.findtext("size/height")
    if width and height and int(width) > 0 and int(height) > 0:
        return int(width), int(height)
    return _size_of_file(image)


def _voc_test_names(root: Path) -> set[str] | None:
    """Names in the test list, else in the validation list; None where the folder has neither."""
    for name in ("test.txt", "val.txt"):
        for path in sorted(root.rglob(f"ImageSets/Main/{name}")):
            return {line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    return None


def _rows_of_coco(root: Path, path: Path) -> Iterator[_Row]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UnreadableAnnotations(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict) or not {"images", "annotations", "categories"} <= document.keys():
        return
    by_name = {found.name: found for found in root.rglob("*") if found.suffix.lower() in IMAGE_SUFFIXES}
    images = {image["id"]: image for image in document["images"]}
    names = {category["id"]: str(category["name"]) for category in document["categories"]}
    split = _coco_split(path)
    for annotation in document["annotations"]:
        where = f"{path}: annotation {annotation.get('id')}"
        image = images.get(annotation.get("image_id"))
        if image is None or annotation.get("category_id") not in names:
            raise UnreadableAnnotations(f"{where} names an image or a category that is not in the file")
        file = root / image["file_name"]
        yield _Row(
            path=file if file.is_file() else by_name.get(Path(image["file_name"]).name, file),
            class_name=names[annotation["category_id"]],
            edges=_coco_edges(annotation.get("bbox"), where=where),
            width=int(image["width"]),
            height=int(image["height"]),
            split=split,
            where=where,
        )


def _coco_edges(box: Any, *, where: str) -> tuple[float, float, float, float]:
    if not isinstance(box, list) or len(box) != 4:
        raise UnreadableAnnotations(f"{where}: bbox is [x, y, width, height], got {box!r}")
    x, y, width, height = (_number(value, where=where) for value in box)
    return x, y, x + width, y + height


def _coco_split(path: Path) -> Split | None:
    stem = path.stem.lower()
    if "test" in stem or "val" in stem:
        return "test"
    return "train" if "train" in stem else None


def _size_of_file(path: Path) -> tuple[int, int]:
    try:
        info = read_info(path)
    except UnreadableImage as error:
        raise UnreadableAnnotations(f"{path}: {error.message}") from error
    return info.width, info.height

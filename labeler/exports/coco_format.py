"""COCO JSON: classes as categories, weak boxes as annotations marked `weak`, image-level labels on the images.

The document is written as a stream: the rows are read twice, once for `images` and once for `annotations`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.exports.rows import ExportSource

PIECE_ITEMS = 500


def write(source: ExportSource) -> Iterator[bytes]:
    """One image each; one weak box for each image with a class that a model has seen. Ids start at 1."""
    head = {
        "info": {
            "description": f"{source.project.name}, labels after action {source.options.sequence}",
            "version": "1.0",
            "contributor": "Labeler",
            "weak_boxes": "from class labels and saliency, not drawn by people",
            "retention": source.retention,
            "model_version": source.options.model_version,
        },
        "licenses": [],
        "categories": [
            {"id": number, "name": name, "supercategory": ""}
            for number, name in enumerate(source.classes.values(), start=1)
        ],
    }
    yield json.dumps(head, ensure_ascii=False)[:-1].encode()
    yield b', "images": ['
    yield from join_items(_images(source))
    yield b'], "annotations": ['
    yield from join_items(_annotations(source))
    yield b"]}\n"


def join_items(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """JSON objects with commas between them, many a piece."""
    piece: list[str] = []
    is_first = True
    for item in items:
        piece.append(("" if is_first else ",\n") + json.dumps(item, ensure_ascii=False))
        is_first = False
        if len(piece) == PIECE_ITEMS:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def _category_ids(source: ExportSource) -> dict[int, int]:
    return {class_id: number for number, class_id in enumerate(source.classes, start=1)}


def _images(source: ExportSource) -> Iterator[dict[str, Any]]:
    category_ids = _category_ids(source)
    for row in source.rows():
        found = source.class_of(row)
        yield {
            "id": row.image.index + 1,
            "file_name": row.image.path,
            "width": row.image.width,
            "height": row.image.height,
            "sha256": row.image.sha256,
            "category_id": None if found is None else category_ids[found[0]],
            "label": None if found is None else found[1],
            "annotator": row.annotator,
            "labelled_at": None if row.labelled_at is None else row.labelled_at.isoformat(),
        }


def _annotations(source: ExportSource) -> Iterator[dict[str, Any]]:
    category_ids = _category_ids(source)
    number = 0
    for row in source.rows():
        found = source.class_of(row)
        if found is None or row.box is None:
            continue
        number += 1
        x1, y1, x2, y2 = row.box
        yield {
            "id": number,
            "image_id": row.image.index + 1,
            "category_id": category_ids[found[0]],
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": (x2 - x1) * (y2 - y1),
            "iscrowd": 0,
            "segmentation": [],
            "weak": True,
            "retention": row.retention,
            "model_version": row.model_version,
            "score": row.confidence,
        }

"""FiftyOne's dataset JSON, for `fiftyone.Dataset.from_json`: labels, everybody's labels, predictions, weak boxes.

Boxes are (x, y, width, height) in shares of the picture. File paths are those of the import, below `rel_dir`.
"""

import json
from collections.abc import Iterator
from typing import Any

from labeler.exports.coco_format import join_items
from labeler.exports.rows import ExportRow, ExportSource

_FIELDS = "fiftyone.core.fields"
_LABELS = "fiftyone.core.labels"
SAMPLE_FIELDS = {
    "id": f"{_FIELDS}.ObjectIdField",
    "filepath": f"{_FIELDS}.StringField",
    "tags": f"{_FIELDS}.ListField({_FIELDS}.StringField)",
    "metadata": f"{_FIELDS}.EmbeddedDocumentField(fiftyone.core.metadata.ImageMetadata)",
    "image_index": f"{_FIELDS}.IntField",
    "sha256": f"{_FIELDS}.StringField",
    "ground_truth": f"{_FIELDS}.EmbeddedDocumentField({_LABELS}.Classification)",
    "annotations": f"{_FIELDS}.EmbeddedDocumentField({_LABELS}.Classifications)",
    "prediction": f"{_FIELDS}.EmbeddedDocumentField({_LABELS}.Classification)",
    "weak_box": f"{_FIELDS}.EmbeddedDocumentField({_LABELS}.Detections)",
}
"""Field types by name, as FiftyOne writes them."""


def write(source: ExportSource) -> Iterator[bytes]:
    """All samples; fields without a value are null."""
    head = {
        "name": f"{source.project.name}-{source.options.sequence}",
        "media_type": "image",
        "sample_fields": SAMPLE_FIELDS,
        "info": {
            "labeler": source.options.dict(),
            "weak_box": "from class labels and saliency, not drawn by people",
        },
        "classes": {"ground_truth": list(source.classes.values())},
        "default_classes": list(source.classes.values()),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1].encode()
    yield b', "samples": ['
    yield from join_items(_sample(source, row) for row in source.rows())
    yield b"]}\n"


def _sample(source: ExportSource, row: ExportRow) -> dict[str, Any]:
    has_prediction = row.predicted_label is not None
    return {
        "filepath": row.image.path,
        "tags": [source.split_of(row)],
        "metadata": {
            "_cls": "ImageMetadata",
            "size_bytes": row.image.num_bytes,
            "mime_type": f"image/{row.image.file_format.lower()}",
            "width": row.image.width,
            "height": row.image.height,
        },
        "image_index": row.image.index,
        "sha256": row.image.sha256,
        "ground_truth": None
        if row.label is None
        else _classification(row.label, annotator=row.annotator, agreement=row.agreement),
        "annotations": None
        if not row.annotations
        else {
            "_cls": "Classifications",
            "classifications": [
                _classification(
                    annotation.label,
                    annotator=annotation.annotator,
                    labelled_at=annotation.labelled_at.isoformat(),
                )
                for annotation in row.annotations
            ],
        },
        "prediction": _classification(
            row.predicted_label, confidence=row.confidence, model_version=row.model_version
        )
        if has_prediction
        else None,
        "weak_box": _weak_box(row) if has_prediction and row.box is not None else None,
    }


def _classification(label: str | None, **attributes: Any) -> dict[str, Any]:
    return {"_cls": "Classification", "tags": [], "label": label, **attributes}


def _weak_box(row: ExportRow) -> dict[str, Any]:
    x1, y1, x2, y2 = row.box or (0, 0, 0, 0)
    width, height = row.image.width, row.image.height
    detection: dict[str, Any] = {
        "_cls": "Detection",
        "tags": ["weak"],
        "attributes": {},
        "label": row.label or row.predicted_label,
        "bounding_box": [x1 / width, y1 / height, (x2 - x1) / width, (y2 - y1) / height],
        "confidence": row.confidence,
        "retention": row.retention,
    }
    return {"_cls": "Detections", "detections": [detection]}

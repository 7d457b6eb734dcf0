"""Label Studio JSON: a task an image, an annotation each person, a prediction with a weak box; and the config they fit.

Label Studio refuses annotations of people that it does not know, so the annotator's name is in the result's `meta`.
"""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from labeler.exports.coco_format import join_items
from labeler.exports.rows import ExportRow, ExportSource

CLASS_TAG, BOX_TAG, IMAGE_TAG = "class", "weak_box", "image"


def write(source: ExportSource) -> Iterator[bytes]:
    """All tasks as one JSON array."""
    yield b"["
    yield from join_items(_task(source, row) for row in source.rows())
    yield b"]\n"


def write_config(source: ExportSource) -> Iterator[bytes]:
    """The labeling interface that the tasks fit, for the project's settings in Label Studio."""
    names = list(source.classes.values())
    choices = "".join(f"    <Choice value={quoteattr(name)}/>\n" for name in names)
    labels = "".join(f"    <Label value={quoteattr(name)}/>\n" for name in names)
    yield (
        "<View>\n"
        f'  <Image name="{IMAGE_TAG}" value="$image"/>\n'
        f'  <Choices name="{CLASS_TAG}" toName="{IMAGE_TAG}" choice="single">\n{choices}  </Choices>\n'
        f'  <RectangleLabels name="{BOX_TAG}" toName="{IMAGE_TAG}">\n{labels}  </RectangleLabels>\n'
        "</View>\n"
    ).encode()


def _task(source: ExportSource, row: ExportRow) -> dict[str, Any]:
    return {
        "id": row.image.index + 1,
        "data": {
            "image": f"/api/v1/projects/{source.project.id}/images/{row.image.index}/original",
            "path": row.image.path,
            "sha256": row.image.sha256,
        },
        "annotations": [
            {
                "id": annotation.sequence,
                "created_at": annotation.labelled_at.isoformat(),
                "was_cancelled": False,
                "result": [
                    {
                        **_choice(f"{annotation.sequence}-{row.image.index}", annotation.label),
                        "meta": {"annotator": annotation.annotator},
                    }
                ],
            }
            for annotation in row.annotations
        ],
        "predictions": [] if row.predicted_label is None else [_prediction(row, row.predicted_label)],
    }


def _prediction(row: ExportRow, label: str) -> dict[str, Any]:
    name = f"model-{row.model_version}-{row.image.index}"
    result = [_choice(name, label)]
    if row.box is not None:
        x1, y1, x2, y2 = row.box
        width, height = row.image.width, row.image.height
        result.append(
            {
                "id": f"{name}-box",
                "from_name": BOX_TAG,
                "to_name": IMAGE_TAG,
                "type": "rectanglelabels",
                "original_width": width,
                "original_height": height,
                "image_rotation": 0,
                "value": {
                    "x": 100 * x1 / width,
                    "y": 100 * y1 / height,
                    "width": 100 * (x2 - x1) / width,
                    "height": 100 * (y2 - y1) / height,
                    "rotation": 0,
                    "rectanglelabels": [label],
                },
            }
        )
    return {"model_version": f"labeler-{row.model_version}", "score": row.confidence, "result": result}


def _choice(name: str, label: str) -> dict[str, Any]:
    return {
        "id": name,
        "from_name": CLASS_TAG,
        "to_name": IMAGE_TAG,
        "type": "choices",
        "value": {"choices": [label]},
    }

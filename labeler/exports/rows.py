"""Export rows: every image of a project with its label, prediction and weak box, read in chunks of constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.annotations.models import Label, LabelAction, LabelClass
from labeler.datasets.models import Image
from labeler.lib.boxes import boxes_from_profiles, pixel_boxes
from labeler.results.models import ModelVersion
from labeler.results.selectors import get_latest_model, get_model_array, read_array

CHUNK = 2_000


@dataclass(frozen=True)
class ModelColumns:
    """Arrays of the latest model, memory-mapped."""

    model: ModelVersion
    predicted_class: npt.NDArray[Any]
    confidence: npt.NDArray[Any]
    profiles: npt.NDArray[Any]


def iter_rows(*, project_id: int, retention: float) -> Iterator[dict[str, Any]]:
    """Yield one row an image in order of index, with the columns of `schemas.COLUMNS`.

    The label is the resolved class; annotator and time are of the label that decided it. A box is in pixels of
    the original, xyxy edges. Missing values are None.
    """
    names = dict(LabelClass.objects.filter(project_id=project_id).values_list("id", "name"))
    columns = _load_columns(project_id)
    after = -1
    while images := list(
        Image.objects.filter(project_id=project_id, index__gt=after, removed_at__isnull=True).order_by(
            "index"
        )[:CHUNK]
    ):
        after = images[-1].index
        labels = _deciding_labels(project_id, images)
        boxes = _boxes(images, columns, retention=retention)
        for image in images:
            label = labels.get(image.id)
            yield {
                "index": image.index,
                "path": image.path,
                "width": image.width,
                "height": image.height,
                "sha256": image.sha256,
                "label": names.get(image.resolved_class_id) if image.resolved_class_id else None,
                "annotator": None if label is None else label[0],
                "labelled_at": None if label is None else label[1].isoformat(),
                **_prediction(image, columns, names, boxes, retention=retention),
            }


def _deciding_labels(project_id: int, images: list[Image]) -> dict[int, tuple[str, datetime]]:
    """Annotator and time of the latest label of each image; the time of its action, which an undo brings back."""
    rows = list(
        Label.objects.filter(image_id__in=[image.id for image in images], label_class__isnull=False)
        .order_by("sequence")
        .values_list("image_id", "annotator__username", "sequence", "label_class_id")
    )
    actions = LabelAction.objects.filter(project_id=project_id, sequence__in={row[2] for row in rows})
    created_at = dict(actions.values_list("sequence", "created_at"))
    resolved = {image.id: image.resolved_class_id for image in images}
    return {
        image_id: (username, created_at[sequence])
        for image_id, username, sequence, class_id in rows
        if resolved[image_id] == class_id
    }


def _load_columns(project_id: int) -> ModelColumns | None:
    model = get_latest_model(project_id=project_id)
    if model is None:
        return None
    return ModelColumns(
        model=model,
        predicted_class=read_array(get_model_array(model=model, name="predicted_class")),
        confidence=read_array(get_model_array(model=model, name="confidence")),
        profiles=read_array(get_model_array(model=model, name="profiles")),
    )


def _boxes(
    images: list[Image], columns: ModelColumns | None, *, retention: float
) -> dict[int, npt.NDArray[np.int64]]:
    if columns is None:
        return {}
    seen = [image for image in images if image.index < columns.model.num_images]
    if not seen:
        return {}
    unit = boxes_from_profiles(
        np.array(columns.profiles[[image.index for image in seen]]),
        height=columns.model.map_height,
        width=columns.model.map_width,
        retention=retention,
    )
    boxes = pixel_boxes(
        unit,
        height_px=np.array([image.height for image in seen]),
        width_px=np.array([image.width for image in seen]),
    )
    return {image.index: box for image, box in zip(seen, boxes, strict=True)}


def _prediction(
    image: Image,
    columns: ModelColumns | None,
    names: dict[int, str],
    boxes: dict[int, npt.NDArray[np.int64]],
    *,
    retention: float,
) -> dict[str, Any]:
    edges = ("box_x1", "box_y1", "box_x2", "box_y2")
    if columns is None or image.index not in boxes:
        empty = dict.fromkeys(("predicted_label", "confidence", "model_version", "retention", *edges))
        return dict(empty)
    return {
        "predicted_label": names.get(int(columns.predicted_class[image.index])),
        "confidence": round(int(columns.confidence[image.index]) / 255, 4),
        "model_version": columns.model.number,
        "retention": retention,
        **dict(zip(edges, boxes[image.index].tolist(), strict=True)),
    }

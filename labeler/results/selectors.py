"""Reads of model versions, arrays and projections."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.datasets.crop_rates import get_rates
from labeler.datasets.models import Project
from labeler.datasets.selectors import get_image
from labeler.errors import NotFound, NotReady
from labeler.lib.boxes import boxes_from_profiles
from labeler.lib.files import CELL_SIZES_PX, arrays_dir, bytes_per_cell
from labeler.results.models import ModelVersion, Projection, StoredArray, View

API = "/api/v1"
UNIT_ARRAYS = ("unit_channel", "unit_weight", "unit_image", "unit_activation")
NOT_DRAWN = (  # arrays of a model that browsers read an image or a class at a time, or not at all
    "saliency",
    "saliency_class",
    "probabilities",
    "heldout_images",
    "measured_class",
    "measured_confidence",
    *UNIT_ARRAYS,
)
NO_PREDICTION = 0  # in the place of a class id, for images without features
NUM_LIKELIEST = 8  # classes of which an image's prediction tells the probability


@dataclass(frozen=True)
class SaliencyMap:
    """Saliency of one image: `codes` (h, w) uint8, 255 = the strongest place; `class_ids` says which maps there are."""

    model_version: int
    class_id: int
    class_ids: list[int]
    codes: npt.NDArray[np.uint8]


def get_latest_model(*, project_id: int) -> ModelVersion | None:
    """The newest model version, if there is one."""
    return ModelVersion.objects.filter(project_id=project_id).order_by("-number").first()


def is_of_present_network(model: ModelVersion, project: Project) -> bool:
    """True when a model was trained on features of the project's present backbone at its present input size."""
    return (model.backbone, model.input_size_px) == (project.backbone, project.input_size_px)


def list_models(*, project_id: int, after: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Model versions with a number below `after`, newest first; one more than `limit` tells of a next page."""
    models = ModelVersion.objects.filter(project_id=project_id)
    if after is not None:
        models = models.filter(number__lt=after)
    return [_model_out(model) for model in models.order_by("-number")[: limit + 1]]


def get_latest_projection(*, project_id: int, view: View) -> Projection | None:
    """The newest layout of a view."""
    projections = Projection.objects.filter(project_id=project_id, view=view)
    return projections.select_related("array", "model_version").order_by("-id").first()


def get_finished_projection(*, project_id: int, view: View) -> Projection | None:
    """The newest layout of a view that is no early one: what the next layout starts from."""
    projections = Projection.objects.filter(project_id=project_id, view=view, is_early=False)
    return projections.select_related("array", "model_version").order_by("-id").first()


def get_array(*, project_id: int, array_id: int) -> StoredArray:
    """One stored array of a project."""
    array = StoredArray.objects.filter(project_id=project_id, id=array_id).first()
    if array is None:
        raise NotFound(f"Project {project_id} has no array {array_id}")
    return array


def array_path(array: StoredArray) -> Path:
    """Where an array's bytes lie.

    Raises:
        NotFound: the file is gone from storage.
    """
    path = arrays_dir(array.project_id) / array.path
    if not path.exists():
        raise NotFound(f"The file of array {array.id} is missing from storage", code="file_missing")
    return path


def read_array(array: StoredArray) -> npt.NDArray[Any]:
    """A read-only memory map of a stored array."""
    shape = tuple(array.shape)
    if 0 in shape:
        return np.zeros(shape, dtype=array.dtype)
    return np.memmap(array_path(array), dtype=array.dtype, mode="r", shape=shape)


def get_model_array(*, model: ModelVersion, name: str) -> StoredArray:
    """One array of a model version by name."""
    found = model.arrays.filter(name=name).first()
    if found is None:
        raise NotFound(f"Model {model.number} has no array {name!r}")
    return found


def get_map(*, project_id: int) -> dict[str, Any]:
    """The manifest of everything that a browser draws."""
    project = Project.objects.get(id=project_id)
    model = get_latest_model(project_id=project_id)
    arrays = [_aspect_ref(project)]
    if project.num_removed:
        arrays.append(_removed_ref(project))
    if model is not None:
        arrays.append(_rates_ref(project, model))
        shown = model.arrays.exclude(name__in=NOT_DRAWN).order_by("id")
        arrays += [array_ref(array) for array in shown]
    return {
        "num_images": project.num_images,
        "label_sequence": project.label_sequence,
        "model_version": None if model is None else model.number,
        "retention": project.retention,
        "class_ids": [] if model is None else model.class_ids,
        "arrays": arrays,
        "cells": [_cells_ref(project.id, cell_px) for cell_px in CELL_SIZES_PX],
        "projections": {
            view.value: _projection_ref(get_latest_projection(project_id=project_id, view=view))
            for view in View
        },
        "profile_shape": None if model is None else {"height": model.map_height, "width": model.map_width},
    }


def get_prediction(*, project_id: int, index: int, retention: float) -> dict[str, Any]:
    """What the latest model says of one image, with its crop box at a retention.

    Raises:
        NotFound: no such image.
        NotReady: there is no model, or the image came after it.
    """
    model = _model_that_saw(project_id=project_id, index=index)
    codes = np.array(read_array(get_model_array(model=model, name="profiles"))[index])
    box = boxes_from_profiles(
        codes[None], height=model.map_height, width=model.map_width, retention=retention
    )[0]
    return {
        "model_version": model.number,
        "class_id": int(read_array(get_model_array(model=model, name="predicted_class"))[index]),
        "confidence": float(read_array(get_model_array(model=model, name="confidence"))[index]) / 255,
        "retention": retention,
        "box": tuple(float(edge) for edge in box),
        "profile_x": codes[: model.map_width].tolist(),
        "profile_y": codes[model.map_width :].tolist(),
        "saliency_class_ids": _saliency_class_ids(model, index=index),
        "probabilities": _likeliest(model, index=index),
    }


def get_class_probabilities(*, project_id: int, model_version: int, class_id: int) -> npt.NDArray[np.uint8]:
    """Probability of one class for every image that a model scored, times 255.

    Raises:
        NotFound: no such model, or it does not know the class.
    """
    model = ModelVersion.objects.filter(project_id=project_id, number=model_version).first()
    if model is None:
        raise NotFound(f"Project {project_id} has no model {model_version}", code="no_such_model")
    if class_id not in model.class_ids:
        raise NotFound(f"Model {model_version} does not know class {class_id}", code="class_not_in_model")
    probabilities = read_array(get_model_array(model=model, name="probabilities"))
    column = np.array(probabilities[:, model.class_ids.index(class_id)], dtype=np.float32)
    return np.rint(255 * column).astype(np.uint8)


def get_saliency(*, project_id: int, index: int, class_id: int | None) -> SaliencyMap:
    """The latest model's saliency map of one image and class; of the class of its crop without `class_id`.

    Raises:
        NotFound: no such image, or no map of that class is kept: only those of the likeliest classes are.
        NotReady: there is no model, the image came after it, or the model is older than these maps.
    """
    model = _model_that_saw(project_id=project_id, index=index)
    class_ids = _saliency_class_ids(model, index=index)
    if not class_ids:
        raise NotReady(
            f"Model {model.number} was made before saliency maps were kept; the next training brings them",
            code="no_saliency",
        )
    wanted = class_ids[0] if class_id is None else class_id
    if wanted not in class_ids:
        kept = ", ".join(map(str, class_ids))
        raise NotFound(
            f"Image {index} has no saliency map of class {wanted}; there are maps of classes {kept}",
            code="no_saliency_of_class",
        )
    codes = read_array(get_model_array(model=model, name="saliency"))[index, class_ids.index(wanted)]
    return SaliencyMap(model.number, wanted, class_ids, np.array(codes))


def _likeliest(model: ModelVersion, *, index: int) -> list[dict[str, Any]]:
    """The likeliest classes of one image, the largest probability first."""
    row = np.array(read_array(get_model_array(model=model, name="probabilities"))[index], dtype=np.float32)
    order = np.argsort(-row, kind="stable")[:NUM_LIKELIEST]
    return [{"class_id": model.class_ids[at], "probability": float(row[at])} for at in order]


def _model_that_saw(*, project_id: int, index: int) -> ModelVersion:
    get_image(project_id=project_id, index=index)
    model = get_latest_model(project_id=project_id)
    if model is None or index >= model.num_images:
        raise NotReady(f"No model has seen image {index} yet", code="no_prediction")
    if read_array(get_model_array(model=model, name="predicted_class"))[index] == NO_PREDICTION:
        raise NotReady(
            f"Image {index} could not be read when model {model.number} was made", code="no_prediction"
        )
    return model


def _saliency_class_ids(model: ModelVersion, *, index: int) -> list[int]:
    """Classes of an image that have a map, that of its crop first; none for a model older than these maps."""
    array = model.arrays.filter(name="saliency_class").first()
    return [] if array is None else [int(class_id) for class_id in read_array(array)[index]]


def views_of(model: ModelVersion) -> list[str]:
    """What a model predicts from: whole images, and their crops if it has a head on them."""
    views: list[str] = model.metrics.get("views", [View.WHOLE.value])
    return views


def _model_out(model: ModelVersion) -> dict[str, Any]:
    metrics = model.metrics
    fields = [
        "number",
        "created_at",
        "label_sequence",
        "num_labels",
        "num_images",
        "backbone",
        "input_size_px",
        "saliency_method",
        "retention",
        "class_ids",
    ]
    return {
        **{field: getattr(model, field) for field in fields},
        **{name: metrics[name] for name in ("num_heldout", "accuracy", "accuracy_low", "accuracy_high")},
        "is_provisional": metrics.get("is_provisional", False),
        "views": views_of(model),
        "sees_neighbours": metrics.get("sees_neighbours", False),
        "expected_calibration_error": metrics["ece"],
        "per_class": [
            {"class_id": class_id, **row}
            for class_id, row in zip(model.class_ids, metrics["per_class"], strict=True)
        ],
        "confusion": metrics["confusion"],
        "seconds": metrics["seconds"],
    }


def array_ref(array: StoredArray) -> dict[str, Any]:
    url = f"{API}/projects/{array.project_id}/arrays/{array.id}"
    return {"name": array.name, "url": url, "dtype": array.dtype, "shape": array.shape}


def _aspect_ref(project: Project) -> dict[str, Any]:
    url = f"{API}/projects/{project.id}/aspects?count={project.num_images}"
    return {"name": "aspect", "url": url, "dtype": "uint8", "shape": [project.num_images]}


def _removed_ref(project: Project) -> dict[str, Any]:
    """1 where an image was removed; the address changes with every removal and restoring."""
    url = f"{API}/projects/{project.id}/removed?count={project.num_images}"
    return {
        "name": "removed",
        "url": f"{url}&sequence={project.removal_sequence}",
        "dtype": "uint8",
        "shape": [project.num_images],
    }


def _rates_ref(project: Project, model: ModelVersion) -> dict[str, Any]:
    """Crop rates by image; the address changes with all that they depend on."""
    rates = get_rates(project_id=project.id)
    url = f"{API}/projects/{project.id}/crop-rates/by-image?count={project.num_images}"
    labels = project.label_sequence if rates.overrides else 0
    return {
        "name": "crop_rates",
        "url": f"{url}&model={model.number}&version={rates.version}&labels={labels}",
        "dtype": "uint8",
        "shape": [project.num_images],
    }


def _cells_ref(project_id: int, cell_px: int) -> dict[str, Any]:
    return {
        "cell_px": cell_px,
        "format": "bc1",
        "bytes_per_cell": bytes_per_cell(cell_px),
        "url": f"{API}/projects/{project_id}/cells/{cell_px}",
    }


def _projection_ref(projection: Projection | None) -> dict[str, Any] | None:
    if projection is None:
        return None
    return {
        "id": projection.id,
        "num_images": projection.num_images,
        "model_version": None if projection.model_version is None else projection.model_version.number,
        "array": array_ref(projection.array),
        "quality": projection.quality,
    }

"""Reads of layouts: quality of all that were finished, and clusters with the class that they suggest."""

from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from labeler.annotations.selectors import get_labels
from labeler.datasets.selectors import list_removed_indexes
from labeler.results.models import ModelVersion, Projection, View
from labeler.results.selectors import (
    array_ref,
    get_finished_projection,
    get_latest_model,
    get_model_array,
    read_array,
)

MIN_CLASS_SHARE = 0.5  # of a cluster's images, for its class to be suggested


def list_projections(*, project_id: int) -> QuerySet[Projection]:
    """Finished layouts of a project."""
    return Projection.objects.filter(project_id=project_id, is_early=False).select_related("model_version")


def describe_projection(made: Projection) -> dict[str, Any]:
    """A layout on the wire."""
    return {
        "id": made.id,
        "view": made.view,
        "model_version": None if made.model_version is None else made.model_version.number,
        "num_images": made.num_images,
        "created_at": made.created_at,
        "quality": made.quality,
        "parameters": made.parameters,
    }


def get_clusters(*, project_id: int, view: View) -> dict[str, Any]:
    """Clusters of the latest finished layout, with what most of their images are labelled or predicted."""
    made = get_finished_projection(project_id=project_id, view=view)
    if made is None or made.cluster_array is None:
        return {
            "projection": None if made is None else made.id,
            "cluster_of_image": None,
            "clusters": [],
        }
    cluster_of_image = np.array(read_array(made.cluster_array))
    cluster_of_image[list_removed_indexes(project_id=project_id, num_images=len(cluster_of_image))] = -1
    labels = _labels(project_id, len(cluster_of_image))
    seen = np.where(labels > 0, labels, _predictions(project_id, len(cluster_of_image)))
    clusters = []
    for number, stored in enumerate(made.clusters):
        members = np.flatnonzero(cluster_of_image == number)
        if len(members) == 0:
            continue  # all of them were removed
        class_id, share = _suggestion(seen[members])
        clusters.append(
            {
                "cluster": number,
                "num_images": len(members),
                "num_unlabelled": int((labels[members] == 0).sum()),
                "class_id": class_id,
                "class_share": share,
                "outline": stored["outline"],
            }
        )
    return {"projection": made.id, "cluster_of_image": array_ref(made.cluster_array), "clusters": clusters}


def _suggestion(class_ids: "npt.NDArray[np.int32]") -> tuple[int | None, float | None]:
    """The commonest class (0 = none) and its share, if that is enough."""
    known, counts = np.unique(class_ids[class_ids > 0], return_counts=True)
    if len(known) == 0:
        return None, None
    best = int(counts.argmax())
    share = float(counts[best]) / len(class_ids)
    return (int(known[best]), share) if share >= MIN_CLASS_SHARE else (None, None)


def _labels(project_id: int, num_images: int) -> "npt.NDArray[np.int32]":
    """Class ids (N,), 0 where there is no label."""
    _, data = get_labels(project_id=project_id)
    return _padded(np.frombuffer(data, dtype="<i4"), num_images)


def _predictions(project_id: int, num_images: int) -> "npt.NDArray[np.int32]":
    model: ModelVersion | None = get_latest_model(project_id=project_id)
    if model is None:
        return np.zeros(num_images, dtype=np.int32)
    return _padded(read_array(get_model_array(model=model, name="predicted_class")), num_images)


def _padded(values: "npt.NDArray[Any]", num: int) -> "npt.NDArray[np.int32]":
    result = np.zeros(num, dtype=np.int32)
    result[: len(values)] = np.maximum(values[:num], 0)
    return result

"""What the latest model and people's labels say of each image, where a project's options let that shape the map."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.annotations.selectors import list_classes, list_unseen_images
from labeler.datasets.models import Image, Project, ProjectionEmbedding
from labeler.lib.files import project_dir
from labeler.results.models import ModelVersion
from labeler.results.selectors import (
    get_latest_model,
    get_model_array,
    is_of_present_network,
    read_array,
)
from worker.ml.checkpoints import StoredHead, load_head
from worker.ml.feature_shards import iter_maps, iter_pooled, list_holes
from worker.ml.features import EncodedMaps, decode_maps
from worker.ml.head import predict_proba
from worker.ml.types import BoolArray, FloatArray, IntArray
from worker.tasks.stored_features import features_root

_CHUNK_IMAGES = 128


@dataclass(frozen=True)
class Seen:
    """Of N images: probabilities (N, K) of the latest model, where the project asks for them and there is one; class
    of the label (N,), -1 without one. Removed images and labels that nobody looked at count as without label.
    """

    model: ModelVersion | None
    proba: FloatArray | None
    class_index: IntArray


def latest_seen(project: Project, *, num_images: int) -> Seen:
    """What is known now of the first images, which have features.

    Raises:
        CheckpointIncompatible: images came after the model, and its head cannot be read to score them.
    """
    model = usable_model(project, num_images=num_images)
    proba = None
    if model is not None and project.projection_embedding == ProjectionEmbedding.CLASSES:
        proba = _probabilities(project, model, num_images=num_images)
    return Seen(model, proba, class_index_of_labels(project, num_images=num_images))


def usable_model(project: Project, *, num_images: int) -> ModelVersion | None:
    """The latest model, if it was made from the present features of at most so many images."""
    model = get_latest_model(project_id=project.id)
    if model is None or model.num_images > num_images:
        return None
    return model if is_of_present_network(model, project) else None


def class_index_of_labels(project: Project, *, num_images: int) -> IntArray:
    """Class (N,) of each image's label, -1 without one: places among the active classes that have labels, in their
    order, as a training numbers them.
    """
    position = {found.id: number for number, found in enumerate(list_classes(project_id=project.id))}
    rows = Image.objects.filter(
        project=project, index__lt=num_images, resolved_class__in=list(position), removed_at__isnull=True
    )
    unseen = list_unseen_images(project_id=project.id)
    result = np.full(num_images, -1, dtype=np.int64)
    for index, class_id in rows.values_list("index", "resolved_class_id"):
        if index not in unseen:
            result[index] = position[class_id]
    is_labelled = result >= 0
    result[is_labelled] = np.unique(result[is_labelled], return_inverse=True)[1]
    return result


def _probabilities(project: Project, model: ModelVersion, *, num_images: int) -> FloatArray:
    """As the model kept them, half precision; images that came after it, or were without features when it was made, are
    scored by its head. Zeros for those that have none now.
    """
    stored: FloatArray = read_array(get_model_array(model=model, name="probabilities"))[:num_images]
    root = features_root(project)
    proba = np.zeros((num_images, stored.shape[1]), dtype=stored.dtype)
    proba[: len(stored)] = stored
    is_waiting: BoolArray = np.asarray(~(proba > 0).any(axis=1), dtype=np.bool_)
    holes = list_holes(root)
    is_waiting[holes[holes < num_images]] = False
    if is_waiting.any():
        head = load_head(project_dir(project.id) / "heads" / str(model.job_id))
        start = int(is_waiting.argmax())
        fresh = predict_proba(head.head, _pooled_for(head, root, start=start, stop=num_images))
        proba[is_waiting] = fresh[is_waiting[start:]].astype(stored.dtype)
    return proba


def _pooled_for(stored: StoredHead, root: Path, *, start: int, stop: int) -> FloatArray:
    """What a head takes of images start .. stop - 1; of holes it means nothing."""
    parts, first = [], 0
    if stored.metadata.get("pooling", "mean") == "mean":
        for block in iter_pooled(root):
            parts.append(block[max(start - first, 0) : max(stop - first, 0)])
            first += len(block)
        return np.concatenate(parts)
    from worker.ml.saliency import wgap  # noqa: PLC0415 - loads torch, which few layouts need

    for first, maps in iter_maps(root):
        for low in range(max(start - first, 0), min(stop - first, len(maps)), _CHUNK_IMAGES):
            rows = slice(low, min(low + _CHUNK_IMAGES, stop - first))
            part = EncodedMaps(maps.codes[rows], maps.scale[rows], maps.height, maps.width)
            parts.append(wgap.pool(decode_maps(part)))
    return np.concatenate(parts)

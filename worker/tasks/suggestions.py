"""What helps people choose images: an index of neighbours, the order to label in, labels that are doubted.

Made after a layout or a model, from cached features alone; published as one immutable set. Doing it twice is harmless.
"""

import logging
from dataclasses import dataclass

import numpy as np

from labeler.annotations.models import LabelClass
from labeler.datasets.models import Image, Project
from labeler.lib.files import project_dir
from labeler.results.models import ModelVersion, SuggestionSet, View
from labeler.results.selectors import get_model_array, read_array, views_of
from labeler.results.services import publish_suggestions, store_array
from worker.ml.checkpoints import bundle_exists, load_head
from worker.ml.errors import CheckpointIncompatible, NotEnoughLabels
from worker.ml.feature_shards import read_pooled
from worker.ml.features import has_features, without_holes
from worker.ml.head import predict_proba
from worker.ml.label_errors import STAGE as LABEL_ERRORS
from worker.ml.label_errors import find_label_errors
from worker.ml.neighbours import build_neighbour_index, shorten
from worker.ml.sampling import active_order, k_centre_order, total_variation
from worker.ml.types import AnyArray, BoolArray, FloatArray, IntArray, Progress
from worker.ml.view_fusion import concatenate_views, predict_crop_log_proba
from worker.tasks.crops import read_crop_features
from worker.tasks.predictions import CROP_HEAD
from worker.tasks.running import JobRun
from worker.tasks.seen_by_model import usable_model
from worker.tasks.stored_features import features_root

logger = logging.getLogger(__name__)

NEIGHBOURS, ORDER = "neighbours", "order"
MAX_ORDERED = 1_000
DIVERSE, UNCERTAIN = "diverse", "uncertain"


@dataclass(frozen=True)
class _Labels:
    """Labels of n images at `sequence`: `image_index` (n,) and `class_ids` (n,); `left_out` (r,) indexes of images that
    were removed or have no features.
    """

    sequence: int
    image_index: IntArray
    class_ids: IntArray
    left_out: IntArray


def prepare_suggestions(run: JobRun) -> str:
    """Make and publish the next set for the images that have features."""
    done = SuggestionSet.objects.filter(job=run.job).first()
    if done is not None:  # the last attempt was cut off between publishing and ending
        return _summary(done, {})
    project = Project.objects.get(id=run.job.project_id)
    pooled = read_pooled(features_root(project))
    if len(pooled) == 0:
        return "No image has features yet"
    model = usable_model(project, num_images=len(pooled))
    crops = None if model is None else read_crop_features(project, num_images=model.num_images)
    labels = _read_labels(project, has_features(pooled))
    if not has_features(pooled).any():
        return "No image has features yet"
    arrays = _neighbour_arrays(run, pooled, crops)
    order_kind, arrays["label_order"] = _label_order(run, project, pooled, crops, model, labels)
    arrays |= _suspect_arrays(run, _seen_features(pooled, crops, model), labels)
    run.check()
    published = publish_suggestions(
        job=run.job,
        fields={
            "model_version": model,
            "label_sequence": labels.sequence,
            "num_images": len(pooled),
            "order_kind": order_kind,
        },
        arrays=[store_array(project_id=project.id, name=name, array=array) for name, array in arrays.items()],
    )
    return _summary(published, arrays)


def _read_labels(project: Project, is_known: BoolArray) -> _Labels:
    """Labels of those of the first images (N,) that have features."""
    num_images = len(is_known)
    sequence = int(Project.objects.values_list("label_sequence", flat=True).get(id=project.id))
    images = Image.objects.filter(project=project, index__lt=num_images).order_by("index")
    active = LabelClass.objects.filter(project=project, archived_at__isnull=True)
    rows = list(
        images.filter(resolved_class__in=active, removed_at__isnull=True).values_list(
            "index", "resolved_class_id"
        )
    )
    rows = [row for row in rows if is_known[row[0]]]
    removed = np.array(
        images.filter(removed_at__isnull=False).values_list("index", flat=True), dtype=np.int64
    )
    return _Labels(
        sequence=sequence,
        image_index=np.array([index for index, _ in rows], dtype=np.int64),
        class_ids=np.array([class_id for _, class_id in rows], dtype=np.int64),
        left_out=np.union1d(removed, np.flatnonzero(~is_known)),
    )


def _neighbour_arrays(run: JobRun, pooled: FloatArray, crops: FloatArray | None) -> dict[str, AnyArray]:
    arrays: dict[str, AnyArray] = {}
    for name, features in (("neighbours_whole", pooled), ("neighbours_crop", crops)):
        if features is not None:
            index = build_neighbour_index(features, on_progress=run.stage(NEIGHBOURS))
            arrays[name] = np.frombuffer(index, dtype=np.uint8)
    return arrays


def _label_order(
    run: JobRun,
    project: Project,
    pooled: FloatArray,
    crops: FloatArray | None,
    model: ModelVersion | None,
    labels: _Labels,
) -> tuple[str, AnyArray]:
    """How the order was made, and image indexes, the best to label first."""
    run.report(Progress(ORDER, 0, 1))
    is_known = has_features(pooled)
    short = shorten(pooled[is_known])
    taken = np.union1d(labels.image_index, labels.left_out)
    if model is None:
        rows = np.flatnonzero(is_known)
        chosen = np.flatnonzero(np.isin(rows, taken))
        num = min(MAX_ORDERED, len(rows) - len(chosen))
        order = k_centre_order(short, num=num, chosen=chosen)
        return DIVERSE, rows[order].astype(np.int32)
    proba = np.array(read_array(get_model_array(model=model, name="probabilities")), dtype=np.float32)
    is_scored = is_known[: len(proba)] & proba.any(axis=1)  # not: those that had no features then
    rows = np.flatnonzero(is_scored)
    proba = proba[rows] / proba[rows].sum(axis=1, keepdims=True)  # they were stored as float16
    disagreement = _disagreement(project, pooled, crops, model)
    order = active_order(
        proba,
        short[np.searchsorted(np.flatnonzero(is_known), rows)],
        num=MAX_ORDERED,
        labelled=np.flatnonzero(np.isin(rows, taken)),
        disagreement=None if disagreement is None else disagreement[rows],
    )
    return UNCERTAIN, rows[order].astype(np.int32)


def _disagreement(
    project: Project, pooled: FloatArray, crops: FloatArray | None, model: ModelVersion
) -> FloatArray | None:
    """How far (N,) apart lies what the model says of whole images and of crops; 0 for an image without a crop.

    None where the model's head is trained on another pooling than the mean. A model without a head of crops judges
    them by its head on whole images.
    """
    if crops is None:
        return None
    folder = project_dir(project.id) / "heads" / str(model.job_id)
    try:
        whole = load_head(folder)
        crop = load_head(folder / CROP_HEAD) if bundle_exists(folder / CROP_HEAD) else None
    except (CheckpointIncompatible, FileNotFoundError) as error:
        logger.warning("the order goes without crops: %s", error)
        return None
    is_of_crops = whole.head.weight.shape[1] == crops.shape[1]  # a tuned network has features of its own
    if whole.metadata.get("pooling") != "mean" or list(whole.class_ids) != model.class_ids or not is_of_crops:
        return None
    says = predict_proba(whole.head, without_holes(pooled[: len(crops)]))
    if crop is None:
        says_of_crops = predict_proba(whole.head, without_holes(crops))
    else:
        says_of_crops = np.exp(predict_crop_log_proba(crop.head, crops)).astype(np.float32)
    distance = total_variation(says, says_of_crops)
    distance[~has_features(crops)] = 0
    return distance


def _seen_features(pooled: FloatArray, crops: FloatArray | None, model: ModelVersion | None) -> FloatArray:
    """What labels are judged by: (N, 2 C) both views where the model predicts from both, else (N, C) whole images."""
    if crops is None or model is None or View.CROP not in views_of(model):
        return pooled
    of_all = np.full_like(pooled, np.nan)
    of_all[: len(crops)] = crops
    return concatenate_views(without_holes(pooled), of_all)


def _suspect_arrays(run: JobRun, features: FloatArray, labels: _Labels) -> dict[str, AnyArray]:
    class_ids, class_index = np.unique(labels.class_ids, return_inverse=True)
    try:
        errors = find_label_errors(
            features[labels.image_index],
            class_index.astype(np.int64),
            num_classes=len(class_ids),
            on_progress=run.stage(LABEL_ERRORS),
        )
    except NotEnoughLabels as error:
        logger.info("labels are not doubted: %s", error.message)
        return {}
    return {
        "suspect_image": labels.image_index[errors.rows].astype(np.int32),
        "suspect_label": labels.class_ids[errors.rows].astype(np.int32),
        "suspect_class": class_ids[errors.suggested].astype(np.int32),
        "suspect_quality": errors.quality[errors.rows].astype(np.float32),
    }


def _summary(published: SuggestionSet, arrays: dict[str, AnyArray]) -> str:
    num_suspects = len(arrays.get("suspect_image", ()))
    doubted = f", {num_suspects} labels to look at again" if num_suspects else ""
    return f"Suggestions for {published.num_images} images{doubted}"

"""Box rules that need more than one map or give more than one box: the k likeliest classes, tight and loose."""

from typing import Literal, get_args

import numpy as np

from worker.evaluate_crops.maps import BoxRule, MethodMaps, scores_of
from worker.evaluate_crops.prepare import Prepared
from worker.ml.boxes import TIGHT_RETENTION, tight_and_loose_boxes
from worker.ml.errors import UnknownMethod
from worker.ml.localization import CropQuality, crop_quality
from worker.ml.map_groups import GroupedMaps
from worker.ml.saliency import AnyMethod, ContrastMethod, NetworkMethod
from worker.ml.saliency.registry import ComputeFn
from worker.ml.saliency.top_k import top_k_boxes
from worker.ml.types import FloatArray, IntArray

BoxChoice = BoxRule | Literal["paper", "tight_and_loose", "top_k"]
"""What `evaluate_method` boxes with: `BoxRule` of one map, the rule of the method's paper, a rule of this module."""
BOX_CHOICES: tuple[str, ...] = (*get_args(BoxRule), "paper", "tight_and_loose", "top_k")
DEFAULT_TOP_K = 3


def top_k_hulls(prepared: Prepared, method: AnyMethod, *, k: int, retention: float) -> FloatArray:
    """Box what the k likeliest classes of each test image hold together.

    Args:
        prepared: from `prepare`.
        method: a closed-form one.
        k: how many classes, in [1, number of classes].
        retention: of each class's quantile box, in (0, 1].

    Returns:
        (N, 4) unit xyxy: the hull of the k boxes. Nothing is known of the true class, and nothing depends on it.

    Raises:
        InvalidArray: if k or the retention is out of range.
        UnknownMethod: for a method that differentiates, whose map costs a pass a class.
    """
    if isinstance(method, NetworkMethod):
        raise UnknownMethod(
            f"boxes of the k likeliest classes need a closed-form method; got {method.name!r}"
        )
    scores = scores_of(prepared, method)
    hulls = np.zeros((len(prepared.test), 4), np.float32)
    for group in prepared.test_maps.groups:
        for index, maps in group.chunks():
            boxes, _ = top_k_boxes(
                _compute_of(method, prepared.test_maps, index),
                maps,
                scores.head.weight,
                scores=scores.logits[index],
                k=k,
                retention=retention,
            )
            hulls[index, :2] = boxes[:, :, :2].min(axis=1)
            hulls[index, 2:] = boxes[:, :, 2:].max(axis=1)
    return hulls


def tight_quality(
    maps: MethodMaps, prepared: Prepared, *, loose_retention: float, tight_retention: float = TIGHT_RETENTION
) -> CropQuality:
    """Measure the tight boxes of the predicted class that lie in the loose ones.

    Raises:
        InvalidArray: if a retention leaves (0, 1] or the tight one is the larger.
    """
    boxes = np.zeros((len(prepared.test), 4), np.float32)
    for index, cams in zip(maps.image_index, maps.predicted, strict=True):
        pair = tight_and_loose_boxes(cams, tight_retention=tight_retention, loose_retention=loose_retention)
        boxes[index] = pair[:, 0]
    return crop_quality(boxes, prepared.objects)


def _compute_of(method: AnyMethod, grouped: GroupedMaps, index: IntArray) -> ComputeFn:
    """The method as a function of maps, head and classes, for the images `index` of `grouped`."""
    if not isinstance(method, ContrastMethod):
        assert not isinstance(method, NetworkMethod)
        return method.compute
    if grouped.contrast is None:
        raise UnknownMethod(f"{method.name} needs the border contrast: prepare with contrast")
    compute, contrast = method.compute, grouped.contrast[index]
    return lambda maps, weight, classes: compute(maps, weight, classes, contrast=contrast)

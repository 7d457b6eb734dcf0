"""Maps and boxes of an image's k best classes, by any closed-form method."""

import numpy as np

from worker.ml.boxes import boxes_from_maps
from worker.ml.errors import InvalidArray
from worker.ml.saliency.registry import ComputeFn
from worker.ml.types import FloatArray, IntArray


def top_k_cams(
    compute: ComputeFn, maps: FloatArray, weight: FloatArray, *, scores: FloatArray, k: int
) -> tuple[FloatArray, IntArray]:
    """Compute the map of each of the k best classes. N images, K classes.

    Args:
        compute: a closed-form method.
        maps: (N, h, w, C) feature maps.
        weight: (K, C) head.
        scores: (N, K) class scores; of equal ones the lower class index is the better.
        k: how many classes, in [1, K].

    Returns:
        Maps (N, k, h, w) and classes (N, k), the best first.

    Raises:
        InvalidArray: if k leaves [1, K] or shapes do not fit.
    """
    if scores.shape != (len(maps), len(weight)) or not 1 <= k <= len(weight):
        raise InvalidArray(
            f"need scores ({len(maps)}, {len(weight)}) and k in [1, {len(weight)}]; got {scores.shape}, {k}"
        )
    classes = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    cams = [compute(maps, weight, classes[:, rank]) for rank in range(k)]
    return np.stack(cams, axis=1), classes


def top_k_boxes(
    compute: ComputeFn, maps: FloatArray, weight: FloatArray, *, scores: FloatArray, k: int, retention: float
) -> tuple[FloatArray, IntArray]:
    """Box each of the k best classes: unit boxes (N, k, 4) and classes (N, k); errors as `top_k_cams`."""
    cams, classes = top_k_cams(compute, maps, weight, scores=scores, k=k)
    boxes = boxes_from_maps(cams.reshape(-1, *cams.shape[2:]), retention=retention)
    return boxes.reshape(len(maps), k, 4), classes

"""Weighted global average pooling (WGAP): each channel is pooled with a spatial softmax of itself.

The head of these maps is trained on `pool` in place of the plain mean. The denominator is a sum of
exponentials, as the paper's text says (its printed formula lacks the exponential).

Source: Zhang, Chang and Bui, Improving Class Activation Map for Weakly Supervised Object Localization.
"""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.saliency.inputs import class_weights
from worker.ml.types import FloatArray, IntArray


def pool(maps: FloatArray) -> FloatArray:
    """Pool G_k = (1/n) sum_ij s_kij A_kij with s the softmax of A_k over its n cells.

    Args:
        maps: (N, h, w, C) feature maps.

    Returns:
        (N, C); a constant channel a gives a / n.

    Raises:
        InvalidArray: if `maps` is not 4-D or has no cells.
    """
    pooled: FloatArray = weighted_maps(maps).mean(axis=(1, 2))
    return pooled


def weighted_maps(maps: FloatArray) -> FloatArray:
    """Weigh every channel by its own spatial softmax: s_k * A_k, (N, h, w, C); errors as `pool`."""
    if maps.ndim != 4 or 0 in maps.shape[1:]:
        raise InvalidArray(f"maps must be (N, h, w, C) with h, w, C >= 1; got shape {maps.shape}")
    shifted = np.exp(maps - maps.max(axis=(1, 2), keepdims=True))
    weighted: FloatArray = maps * (shifted / shifted.sum(axis=(1, 2), keepdims=True))
    return weighted


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map sum_k V_ck (s_k * A_k), signed, with V the head trained on `pool`; arguments and errors as
    `cam.compute`.

    Returns:
        (N, h, w) raw map.
    """
    return _weighted_cams(maps, class_weights(maps, weight, class_index))


def compute_recombined(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map sum_k |V_ck| (s_k * A_k) >= 0, the paper's full method; arguments and errors as `cam.compute`.

    Returns:
        (N, h, w) raw map.
    """
    return _weighted_cams(maps, np.abs(class_weights(maps, weight, class_index)))


def _weighted_cams(maps: FloatArray, chosen: FloatArray) -> FloatArray:
    """Sum s_k * A_k with `chosen` (N, C), one image at a time so that no second copy of all maps is held."""
    cams = np.zeros(maps.shape[:3], np.float32)
    for i in range(len(maps)):
        cams[i] = weighted_maps(maps[i : i + 1])[0] @ chosen[i]
    return cams

"""Grad-CAM++ in closed form.

With Y = exp(S_c) and one gradient W_ck / n at all cells, alpha_k = 1 / (2 + W_ck F_k), F_k the mean of map k.

Source: Chattopadhyay et al. 2018, arXiv:1710.11063.
"""

import numpy as np

from worker.ml.saliency.inputs import class_weights, weighted_sum
from worker.ml.types import FloatArray, IntArray


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map sum_k u_k A_k >= 0 with u_k = max(W_ck, 0) / (2 + W_ck F_k); arguments and errors as `cam.compute`.

    Args:
        maps: (N, h, w, C), all >= 0, so the denominator of a positive weight is at least 2.
        weight: (K, C) head weights W.
        class_index: (N,) the class c of each image's map.

    Returns:
        (N, h, w) raw map.
    """
    chosen = class_weights(maps, weight, class_index)
    return weighted_sum(maps, channel_weights(chosen, maps.mean(axis=(1, 2))))


def channel_weights(chosen: FloatArray, pooled: FloatArray) -> FloatArray:
    """Weight u of each channel from the class's head row `chosen` and the pooled maps F; all (N, C)."""
    positive = np.maximum(chosen, np.float32(0))
    # Where a weight is not positive the denominator is 2 and the quotient 0, whatever the pooled value.
    weights: FloatArray = positive / (np.float32(2) + positive * pooled)
    return weights

"""Grad-CAM in closed form.

For maps -> mean -> linear the mean gradient of channel k is W_ck / n, so the map is ReLU(CAM).

Source: Selvaraju et al. 2017, arXiv:1610.02391.
"""

import numpy as np

from worker.ml.saliency import cam
from worker.ml.types import FloatArray, IntArray


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map ReLU(sum_k W_ck A_k) >= 0, the constant factor 1 / (h w) dropped; arguments and errors as
    `cam.compute`.

    Returns:
        (N, h, w) raw map.
    """
    return np.maximum(cam.compute(maps, weight, class_index), 0.0)

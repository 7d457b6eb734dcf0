"""CAM with the negative weights recombined: both parts count by their size, M_p + |M_n| = sum_k |W_ck| A_k.

The classifier itself is untouched. Because signs are dropped, the head must be gauge-fixed.

Source: Zhang, Chang and Bui, Improving Class Activation Map for Weakly Supervised Object Localization.
"""

import numpy as np

from worker.ml.saliency.inputs import class_weights, weighted_sum
from worker.ml.types import FloatArray, IntArray


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map sum_k |W_ck| A_k >= 0; arguments and errors as `cam.compute`.

    Returns:
        (N, h, w) raw map.
    """
    return weighted_sum(maps, np.abs(class_weights(maps, weight, class_index)))

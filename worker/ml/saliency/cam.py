"""Class activation maps (CAM): the head's weights applied at every cell.

Source: Zhou et al. 2016, arXiv:1512.04150.
"""

from worker.ml.saliency.inputs import class_weights, weighted_sum
from worker.ml.types import FloatArray, IntArray


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map M = sum_k W_ck A_k, signed. N images, h x w cells, C channels, K classes.

    Args:
        maps: (N, h, w, C) feature maps A.
        weight: (K, C) head weights W, gauge-fixed (their mean over classes subtracted).
        class_index: (N,) the class c of each image's map.

    Returns:
        (N, h, w) raw map. A feature map that is not finite makes its own image's map not finite and no
        other's.

    Raises:
        InvalidArray: if shapes do not fit or a class index is out of range.
    """
    return weighted_sum(maps, class_weights(maps, weight, class_index))

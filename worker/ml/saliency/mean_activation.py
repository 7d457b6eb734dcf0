"""Mean activation: the class-free baseline, and the attention that the dropout layer of `worker.ml.adl` uses.

Source: Choe and Shim 2019, arXiv:1908.10028.
"""

from worker.ml.saliency.inputs import class_weights
from worker.ml.types import FloatArray, IntArray


def compute(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Map (1/C) sum_k A_k >= 0; `weight` and `class_index` are checked as in `cam.compute`, then not used.

    Returns:
        (N, h, w) raw map.
    """
    class_weights(maps, weight, class_index)
    mean: FloatArray = maps.mean(axis=3)
    return mean

"""Backprop saliency refined to a segment by a graph cut: about seven forward passes an image, so on demand
only.

Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034, section 3.2.
"""

import numpy as np

from worker.ml.graphcut import segment
from worker.ml.saliency import backprop
from worker.ml.saliency.network import ScoringNetwork
from worker.ml.types import FloatArray, IntArray, UInt8Array


def compute(
    network: ScoringNetwork,
    images: UInt8Array,
    class_index: IntArray,
    *,
    ten_views: bool = False,
    batch_size: int = 16,
) -> FloatArray:
    """Map the segment, 1 inside and 0 outside; all 0 where there is none. Arguments as `backprop.compute`.

    Returns:
        (N, H, W) of 0 and 1.

    Raises:
        InvalidArray: if the images or classes do not fit the network.
    """
    saliency = backprop.compute(network, images, class_index, ten_views=ten_views, batch_size=batch_size)
    masks = np.zeros(saliency.shape, np.float32)
    for i, image in enumerate(images):
        masks[i] = segment(image, saliency[i])
    return masks

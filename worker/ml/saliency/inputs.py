"""Checks and shapes shared by the closed-form saliency methods."""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, FloatArray, IntArray


def class_weights(maps: FloatArray, weight: FloatArray, class_index: IntArray) -> FloatArray:
    """Pick each image's row of the head after checking that the three arrays fit. N images, K classes, C
    channels.

    Args:
        maps: (N, h, w, C) feature maps with h, w >= 1.
        weight: (K, C) finite rows of the linear head.
        class_index: (N,) integers in [0, K).

    Returns:
        (N, C) rows of `weight`.

    Raises:
        InvalidArray: if a shape does not fit, a class index is out of range, or a weight is not finite.
    """
    if maps.ndim != 4 or 0 in maps.shape[1:]:
        raise InvalidArray(f"maps must be (N, h, w, C) with h, w, C >= 1; got shape {maps.shape}")
    if weight.ndim != 2 or weight.shape[1] != maps.shape[3]:
        raise InvalidArray(f"weight must be (K, {maps.shape[3]}); got shape {weight.shape}")
    if not np.isfinite(weight).all():
        raise InvalidArray("weight holds a value that is not finite")
    if class_index.shape != (len(maps),):
        raise InvalidArray(f"class_index must be ({len(maps)},); got shape {class_index.shape}")
    if not np.issubdtype(class_index.dtype, np.integer):
        raise InvalidArray(f"class_index must hold integers; got {class_index.dtype}")
    if len(class_index) and not (class_index.min() >= 0 and class_index.max() < len(weight)):
        low, high = class_index.min(), class_index.max()
        raise InvalidArray(f"class_index must be in [0, {len(weight)}); got [{low}, {high}]")
    chosen: FloatArray = weight[class_index]
    return chosen


def weighted_sum(maps: AnyArray, channel_weights: AnyArray) -> FloatArray:
    """Sum the channels of `maps` (N, h, w, C) with `channel_weights` (N, C); returns (N, h, w) float32."""
    num_images, height, width, channels = maps.shape
    flat = maps.reshape(num_images, height * width, channels)
    total = np.matmul(flat, channel_weights[:, :, None].astype(maps.dtype, copy=False))
    cams: FloatArray = total.reshape(num_images, height, width).astype(np.float32, copy=False)
    return cams

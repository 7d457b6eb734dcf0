"""Grad-CAM and Grad-CAM++ straight from cached feature maps, without unpacking them.

Cached maps are square-root 8-bit codes with one scale an image: A = (code * scale)^2. One pass over the codes
gives both maps; a box needs them only up to a factor.
"""

from typing import Any, cast

import numba
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.saliency import gradcampp
from worker.ml.types import FloatArray, IntArray, UInt8Array


def gradcams_from_codes(
    codes: UInt8Array,
    scale: FloatArray,
    *,
    pooled: FloatArray,
    weight: FloatArray,
    class_index: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Compute both maps of cached images. N images of n cells, C channels, K classes.

    Args:
        codes: (N, n, C) uint8 codes.
        scale: (N,) scales.
        pooled: (N, C) mean-pooled maps, stored apart.
        weight: (K, C) gauge-fixed head weights.
        class_index: (N,) the class of each image's map.

    Returns:
        Raw Grad-CAM and Grad-CAM++ maps, each (N, n) in the order of the cells.

    Raises:
        InvalidArray: if shapes or dtypes do not fit, a class is out of range or a weight not finite.
    """
    _check(codes, scale, pooled=pooled, weight=weight, class_index=class_index)
    chosen = weight.astype(np.float32)[class_index]
    smooth = gradcampp.channel_weights(chosen, pooled.astype(np.float32))
    plain_maps = np.empty(codes.shape[:2], np.float32)
    smooth_maps = np.empty(codes.shape[:2], np.float32)
    _both(codes, chosen, smooth, plain_maps, smooth_maps)
    area = (scale.astype(np.float32) ** 2)[:, None]
    return np.maximum(plain_maps * area, 0), smooth_maps * area


def _check(
    codes: UInt8Array, scale: FloatArray, *, pooled: FloatArray, weight: FloatArray, class_index: IntArray
) -> None:
    if codes.ndim != 3 or codes.dtype != np.uint8:
        raise InvalidArray(f"codes must be (N, n, C) uint8; got {codes.shape} {codes.dtype}")
    num_images, _, channels = codes.shape
    if scale.shape != (num_images,) or pooled.shape != (num_images, channels):
        raise InvalidArray(f"scale and pooled must fit {codes.shape}; got {scale.shape}, {pooled.shape}")
    if weight.ndim != 2 or weight.shape[1] != channels or not np.isfinite(weight).all():
        raise InvalidArray(f"weight must be finite (K, {channels}); got shape {weight.shape}")
    if class_index.shape != (num_images,):
        raise InvalidArray(f"class_index must be ({num_images},); got shape {class_index.shape}")
    if num_images and not (class_index.min() >= 0 and class_index.max() < len(weight)):
        raise InvalidArray(f"class_index must be in [0, {len(weight)})")


def _both_loop(codes: Any, first: Any, second: Any, first_maps: Any, second_maps: Any) -> None:
    for i in range(codes.shape[0]):
        for cell in range(codes.shape[1]):
            total_first = np.float32(0)
            total_second = np.float32(0)
            for k in range(codes.shape[2]):
                code = np.float32(codes[i, cell, k])
                value = code * code
                total_first += value * first[i, k]
                total_second += value * second[i, k]
            first_maps[i, cell] = total_first
            second_maps[i, cell] = total_second


# Free order of summation lets the loop use vector registers; it is fixed at compile time, so results repeat.
_both = cast(Any, numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})(_both_loop))

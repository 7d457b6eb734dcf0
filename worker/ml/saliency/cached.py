"""Class activation maps straight from cached feature maps, without unpacking them.

Cached maps are square-root 8-bit codes with one scale an image: A = (code * scale)^2. One pass over the codes
gives all maps of an image.
"""

from typing import Any, cast

import numba
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.saliency import gradcampp
from worker.ml.types import FloatArray, IntArray, UInt8Array

_MAPS_A_PASS = 4  # maps for which a code is unpacked once; the loop below spells them out


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
    both = cams_from_codes(codes, scale, np.stack([chosen, smooth], axis=1))
    return np.maximum(both[:, 0], 0), both[:, 1]


def cams_from_codes(codes: UInt8Array, scale: FloatArray, channel_weights: FloatArray) -> FloatArray:
    """Weigh the channels of cached images, several ways at once. N images of n cells, C channels, T maps of each.

    Args:
        codes: (N, n, C) uint8 codes.
        scale: (N,) scales.
        channel_weights: (N, T, C) finite weights of each image's maps.

    Returns:
        Raw signed maps (N, T, n) in the order of the cells.

    Raises:
        InvalidArray: if shapes or dtypes do not fit, or a weight is not finite.
    """
    _check_codes(codes, scale)
    num_images, _, channels = codes.shape
    fits = channel_weights.ndim == 3 and channel_weights.shape[::2] == (num_images, channels)
    if not fits or not np.isfinite(channel_weights).all():
        raise InvalidArray(
            f"channel_weights must be finite ({num_images}, T, {channels}); got shape {channel_weights.shape}"
        )
    num_maps = channel_weights.shape[1]
    padded = np.zeros((num_images, -(-num_maps // _MAPS_A_PASS) * _MAPS_A_PASS, channels), np.float32)
    padded[:, :num_maps] = channel_weights
    cams = np.empty((num_images, padded.shape[1], codes.shape[1]), np.float32)
    _weigh_channels(codes, padded, cams)
    return cams[:, :num_maps] * np.square(scale.astype(np.float32))[:, None, None]


def _check(
    codes: UInt8Array, scale: FloatArray, *, pooled: FloatArray, weight: FloatArray, class_index: IntArray
) -> None:
    _check_codes(codes, scale)
    num_images, _, channels = codes.shape
    if pooled.shape != (num_images, channels):
        raise InvalidArray(f"pooled must fit {codes.shape}; got {pooled.shape}")
    if weight.ndim != 2 or weight.shape[1] != channels or not np.isfinite(weight).all():
        raise InvalidArray(f"weight must be finite (K, {channels}); got shape {weight.shape}")
    if class_index.shape != (num_images,):
        raise InvalidArray(f"class_index must be ({num_images},); got shape {class_index.shape}")
    if num_images and not (class_index.min() >= 0 and class_index.max() < len(weight)):
        raise InvalidArray(f"class_index must be in [0, {len(weight)})")


def _check_codes(codes: UInt8Array, scale: FloatArray) -> None:
    if codes.ndim != 3 or codes.dtype != np.uint8:
        raise InvalidArray(f"codes must be (N, n, C) uint8; got {codes.shape} {codes.dtype}")
    if scale.shape != codes.shape[:1]:
        raise InvalidArray(f"scale must fit {codes.shape}; got {scale.shape}")


def _weigh_channels_loop(codes: Any, weights: Any, cams: Any) -> None:
    for i in range(codes.shape[0]):
        for first in range(0, weights.shape[1], _MAPS_A_PASS):
            w0, w1, w2, w3 = (
                weights[i, first],
                weights[i, first + 1],
                weights[i, first + 2],
                weights[i, first + 3],
            )
            for cell in range(codes.shape[1]):
                row = codes[i, cell]
                sum0 = sum1 = sum2 = sum3 = np.float32(0)
                for k in range(len(row)):
                    code = np.float32(row[k])
                    value = code * code
                    sum0 += value * w0[k]
                    sum1 += value * w1[k]
                    sum2 += value * w2[k]
                    sum3 += value * w3[k]
                cams[i, first, cell], cams[i, first + 1, cell] = sum0, sum1
                cams[i, first + 2, cell], cams[i, first + 3, cell] = sum2, sum3


# Free order of summation lets the loop use vector registers; it is fixed at compile time, so results repeat.
_weigh_channels = cast(
    Any, numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})(_weigh_channels_loop)
)

"""Small maps for people to look at: which classes, and how they are kept."""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, FloatArray, IntArray, UInt8Array


def top_classes(scores: FloatArray, *, k: int) -> IntArray:
    """The k best classes (N, k) of scores (N, K), the best first; of equal ones the lower index.

    Raises:
        InvalidArray: if `scores` is not (N, K), or k leaves [1, K].
    """
    if scores.ndim != 2 or not 1 <= k <= scores.shape[1]:
        raise InvalidArray(f"need scores (N, K) and k in [1, K]; got {scores.shape}, {k}")
    best: IntArray = np.ascontiguousarray(np.argsort(-scores, axis=1, kind="stable")[:, :k])
    return best


def encode_shown(cams: FloatArray) -> UInt8Array:
    """Codes round(255 c / max c) of the positive part of maps (..., h, w), each with its own maximum.

    A map without a positive value, or with one that is not finite, is all zero.
    """
    finite = np.isfinite(cams).all(axis=(-2, -1), keepdims=True)
    positive = np.where(finite, cams, 0.0).clip(min=0.0)
    peak = positive.max(axis=(-2, -1), keepdims=True)
    return np.rint(255 * (positive / np.where(peak > 0, peak, 1.0))).astype(np.uint8)


def mean_over_blocks(cams: AnyArray, *, side: int) -> FloatArray:
    """Mean of maps (N, H, W) over equal blocks: (N, side, side).

    Raises:
        InvalidArray: if `side` does not divide H and W.
    """
    num_images, height, width = cams.shape
    if side < 1 or height % side or width % side or not (height and width):
        raise InvalidArray(f"maps of {height} x {width} do not divide into {side} x {side} blocks")
    blocks = cams.reshape(num_images, side, height // side, side, width // side)
    return np.asarray(blocks.mean(axis=(2, 4), dtype=np.float32))

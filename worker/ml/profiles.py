"""Profiles: the two marginals of a saliency map as square-root 8-bit codes, w + h bytes an image.

Bilinear upsampling is separable, so the marginals of the small map give the exact crop box at every retention
(`worker.ml.boxes`). A map without positive mass, or with a value that is not finite, has the all-zero
profile: `is_degenerate` tells it, and its box is the whole image.
"""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, BoolArray, DoubleArray, UInt8Array

MAX_CODE = 255


def profiles_from_maps(cams: AnyArray) -> UInt8Array:
    """Encode the marginals of the positive part of each map. N: images; h, w: map size.

    code = round(255 sqrt(p / max p)), each marginal with its own maximum, so that small tails keep their
    precision.

    Args:
        cams: (N, h, w) raw class activation maps of any scale, signed or not.

    Returns:
        (N, w + h): first the w codes of the x marginal (sums over rows), then the h codes of the y marginal.
        All zero where the map is degenerate.

    Raises:
        InvalidArray: if `cams` is not 3-D or h or w is 0.
    """
    return profiles_from_marginals(*marginals_from_maps(cams))


def profiles_from_marginals(x_mass: DoubleArray, y_mass: DoubleArray) -> UInt8Array:
    """Encode marginals x (N, w) and y (N, h), finite and >= 0, of any scale: (N, w + h), as `profiles_from_maps`."""
    return np.concatenate([_encode(x_mass), _encode(y_mass)], axis=1)


def marginals_from_maps(cams: AnyArray) -> tuple[DoubleArray, DoubleArray]:
    """Sum the positive part of each map over rows and over columns, scaled to a largest map value of 1.

    Args:
        cams: (N, h, w) raw maps.

    Returns:
        x marginals (N, w) and y marginals (N, h), both zero for a degenerate map.

    Raises:
        InvalidArray: if `cams` is not 3-D or h or w is 0.
    """
    if cams.ndim != 3 or cams.shape[1] == 0 or cams.shape[2] == 0:
        raise InvalidArray(f"maps must be (N, h, w) with h, w >= 1; got shape {cams.shape}")
    finite = np.isfinite(cams).all(axis=(1, 2), keepdims=True)
    positive = np.where(finite, cams, 0.0).astype(np.float64).clip(min=0.0)
    peak = positive.max(axis=(1, 2), initial=0.0, keepdims=True)
    positive /= np.where(peak > 0, peak, 1.0)
    return positive.sum(axis=1), positive.sum(axis=2)


def marginals_from_profiles(codes: UInt8Array, *, height: int, width: int) -> tuple[DoubleArray, DoubleArray]:
    """Decode profiles: p = code^2, up to one factor a marginal, which no box depends on.

    Args:
        codes: (N, width + height) uint8.
        height: h, rows of the map that was encoded.
        width: w, its columns.

    Returns:
        x marginals (N, w) and y marginals (N, h).

    Raises:
        InvalidArray: if `codes` is not uint8 of that shape.
    """
    if height < 1 or width < 1 or codes.ndim != 2 or codes.shape[1] != width + height:
        raise InvalidArray(
            f"profiles of {height} x {width} maps must be (N, {width + height}); got shape {codes.shape}"
        )
    if codes.dtype != np.uint8:
        raise InvalidArray(f"profiles must be uint8; got {codes.dtype}")
    mass = codes.astype(np.float64) ** 2
    return mass[:, :width], mass[:, width:]


def is_degenerate(codes: UInt8Array) -> BoolArray:
    """Say for each profile (N, w + h) whether it carries no mass, so that its box is the whole image."""
    empty: BoolArray = codes.max(axis=1, initial=0) == 0
    return empty


def _encode(mass: DoubleArray) -> UInt8Array:
    peak = mass.max(axis=1, keepdims=True)
    share = mass / np.where(peak > 0, peak, 1.0)
    codes: UInt8Array = np.rint(MAX_CODE * np.sqrt(share)).astype(np.uint8)
    return codes

"""Crop boxes from saliency: the quantile range of the marginals, in closed form, and box geometry.

Boxes are float32 xyxy edges in unit coordinates of the whole image (images are squashed to the network's
square, so unit coordinates carry over); `pixel_boxes` is the one place where they become pixels. Boxes that
need a raster (thresholds, connected components) are in `worker.ml.threshold_boxes`.
"""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.profiles import marginals_from_maps, marginals_from_profiles
from worker.ml.types import AnyArray, DoubleArray, FloatArray, IntArray, UInt8Array

RASTER_PX = 224
"""Side of the raster that one-pixel rules refer to."""
MASS_TOLERANCE = 1e-9
"""Share of the total mass within which a cumulative sum counts as having reached its target."""
TIGHT_RETENTION = 0.8
"""Share of the mass in the tight box of a tight and loose pair."""
MIN_CROP_SIDE_FRAC = 0.1
"""Smallest side of a crop that the product shows or embeds."""


def boxes_from_profiles(
    codes: UInt8Array, *, height: int, width: int, retention: float | DoubleArray
) -> FloatArray:
    """Box the quantile range of each profile. N: images; h, w: map size.

    The density along an axis is linear between cell centres and constant outside the first and last centre;
    the box is [sup{x: F(x) <= (1-r)/2}, inf{x: F(x) >= (1+r)/2}] of its cumulative F, on each axis alone.

    Args:
        codes: (N, width + height) uint8 from `profiles_from_maps`.
        height: h, rows of the map.
        width: w, columns of the map.
        retention: share of the mass kept along each axis, in (0, 1]; one number or (N,).

    Returns:
        (N, 4) unit xyxy; (0, 0, 1, 1) for a degenerate profile.

    Raises:
        InvalidArray: for codes of another shape or dtype, or a retention outside (0, 1].

    Source: "middle 95 % of the activations along both x and y" of the attention-cropping article, read as
        quantiles of the mass-weighted marginals.
    """
    x_mass, y_mass = marginals_from_profiles(codes, height=height, width=width)
    return boxes_from_marginals(x_mass, y_mass, retention=retention)


def boxes_from_maps(cams: AnyArray, *, retention: float | DoubleArray) -> FloatArray:
    """Box the quantile range of raw maps (N, h, w) without a profile's rounding; as `boxes_from_profiles`."""
    x_mass, y_mass = marginals_from_maps(cams)
    return boxes_from_marginals(x_mass, y_mass, retention=retention)


def boxes_from_marginals(
    x_mass: DoubleArray, y_mass: DoubleArray, *, retention: float | DoubleArray
) -> FloatArray:
    """Box the quantile range of marginals x (N, w) and y (N, h), all >= 0; see `boxes_from_profiles`."""
    num_images = x_mass.shape[0]
    share = np.broadcast_to(np.asarray(retention, dtype=np.float64), (num_images,))
    if not ((share > 0) & (share <= 1)).all():
        raise InvalidArray(f"retention must be in (0, 1]; got {retention}")
    tail = (1.0 - share) / 2.0
    x0, x1 = _quantile_range(x_mass, tail)
    y0, y1 = _quantile_range(y_mass, tail)
    whole = (x_mass.sum(axis=1) <= 0) | (y_mass.sum(axis=1) <= 0)
    edges = np.stack([x0, y0, x1, y1], axis=1)
    return np.where(whole[:, None], np.array([0.0, 0.0, 1.0, 1.0]), edges).astype(np.float32)


def tight_and_loose_boxes(
    cams: AnyArray, *, tight_retention: float = TIGHT_RETENTION, loose_retention: float = 0.95
) -> FloatArray:
    """Box each raw map (N, h, w) twice: (N, 2, 4), the tight box first; the loose one contains it.

    Raises:
        InvalidArray: if a retention leaves (0, 1] or the tight one is the larger.
    """
    if tight_retention > loose_retention:
        raise InvalidArray(
            f"tight retention {tight_retention} must not exceed loose retention {loose_retention}"
        )
    x_mass, y_mass = marginals_from_maps(cams)
    pair = [boxes_from_marginals(x_mass, y_mass, retention=r) for r in (tight_retention, loose_retention)]
    return np.stack(pair, axis=1)


def with_minimum_side(boxes: FloatArray, *, min_side_frac: float = MIN_CROP_SIDE_FRAC) -> FloatArray:
    """Widen boxes (N, 4) about their centre to at least `min_side_frac` each way, shifted inside."""
    if not 0 < min_side_frac <= 1:
        raise InvalidArray(f"min_side_frac must be in (0, 1]; got {min_side_frac}")
    low, high = _widen(
        boxes[:, :2].astype(np.float64), boxes[:, 2:].astype(np.float64), min_side=min_side_frac
    )
    return np.concatenate([low, high], axis=1).astype(np.float32)


def pixel_boxes(boxes: AnyArray, *, height_px: AnyArray | int, width_px: AnyArray | int) -> IntArray:
    """Turn unit boxes into whole pixels of the original: floor, ceil, clamped, at least one pixel each way.

    Products within 1e-6 px of a whole number (or within float32 rounding of it, on large images) count as
    that number first, so that a box whose edge lies on a pixel edge does not gain a pixel.

    Args:
        boxes: (N, 4) unit xyxy.
        height_px: image height, one number or (N,).
        width_px: image width, one number or (N,).

    Returns:
        (N, 4) int64 xyxy edges with 0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height.

    Raises:
        InvalidArray: for a box that is not finite or an image of no pixels.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4 or not np.isfinite(boxes).all():
        raise InvalidArray(f"boxes must be finite (N, 4); got shape {boxes.shape}")
    sides = np.stack(
        np.broadcast_arrays(np.asarray(width_px), np.asarray(height_px), np.zeros(len(boxes)))[:2], axis=1
    )
    if (sides < 1).any():
        raise InvalidArray(f"images must be at least 1 x 1 px; got height {height_px}, width {width_px}")
    scale = np.concatenate([sides, sides], axis=1)
    edges = boxes.astype(np.float64) * scale
    nearest = np.rint(edges)
    tolerance = np.maximum(1e-6, np.finfo(np.float32).eps * scale)
    edges = np.where(np.abs(edges - nearest) <= tolerance, nearest, edges)
    low = np.clip(np.floor(edges[:, :2]), 0, sides - 1)
    high = np.clip(np.ceil(edges[:, 2:]), low + 1, sides)
    return np.concatenate([low, high], axis=1).astype(np.int64)


def _quantile_range(mass: DoubleArray, tail: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Return the two edges (N,) that leave the share `tail` of `mass` (N, L) outside on either side."""
    low = _lower_edge(mass, tail)
    # The upper edge is the lower edge of the mirrored marginal: mirror symmetry is exact.
    high = 1.0 - _lower_edge(mass[:, ::-1], tail)
    return _widen_empty(low, high)


def _lower_edge(mass: DoubleArray, tail: DoubleArray) -> DoubleArray:
    """Return sup{x: F(x) <= tail} of the density through `mass` (N, L) at the cell centres."""
    num_images, length = mass.shape
    knots = np.concatenate([[0.0], (np.arange(length) + 0.5) / length, [1.0]])
    total = mass.sum(axis=1, keepdims=True) / length
    density = np.pad(mass, ((0, 0), (1, 1)), mode="edge") / np.where(total > 0, total, 1.0)
    lengths = np.diff(knots)
    cumulative = np.zeros((num_images, length + 2))
    np.cumsum((density[:, :-1] + density[:, 1:]) / 2 * lengths, axis=1, out=cumulative[:, 1:])
    reached = cumulative <= tail[:, None] + MASS_TOLERANCE
    segment = np.minimum(reached.sum(axis=1) - 1, length)
    rows = np.arange(num_images)
    rest = np.maximum(tail - cumulative[rows, segment], 0.0)
    start = density[rows, segment]
    slope = (density[rows, segment + 1] - start) / lengths[segment]
    root = np.sqrt(np.maximum(start**2 + 2 * slope * rest, 0.0))
    denominator = start + root
    step = np.where(denominator > 0, 2 * rest / np.where(denominator > 0, denominator, 1.0), 0.0)
    edge: DoubleArray = np.minimum(knots[segment] + step, knots[segment + 1])
    return edge


def _widen_empty(low: DoubleArray, high: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Replace an empty range by its midpoint plus and minus one pixel of the raster."""
    is_empty = high - low < 1e-6
    wide_low, wide_high = _widen(low, high, min_side=2 / RASTER_PX)
    return np.where(is_empty, wide_low, low), np.where(is_empty, wide_high, high)


def _widen(low: DoubleArray, high: DoubleArray, *, min_side: float) -> tuple[DoubleArray, DoubleArray]:
    """Widen [low, high] about its centre to at least `min_side` and shift it inside [0, 1]."""
    side = np.maximum(high - low, min_side)
    new_low = np.clip((low + high - side) / 2, 0.0, 1.0 - side)
    is_wide = high - low >= min_side
    return np.where(is_wide, low, new_low), np.where(is_wide, high, new_low + side)

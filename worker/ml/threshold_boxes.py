"""Boxes that need a raster: threshold and largest component, automatic threshold, extent of what is positive.

All work on the map upsampled to 224 x 224 px, bilinear with half-pixel centres and edge clamp: on a coarser
raster components merge differently. Boxes are float32 unit xyxy; a map without a positive value, or not
finite, has the whole image.
"""

from collections.abc import Callable

import cv2
import numpy as np

from worker.ml.boxes import RASTER_PX
from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, BoolArray, DoubleArray, FloatArray, UInt8Array

CAM_THRESHOLD_FRAC = 0.2
"""Share of the maximum of Zhou et al. 2016."""
NUM_LEVELS = 20
WHOLE_IMAGE = np.array([0.0, 0.0, 1.0, 1.0], np.float32)
_SQUARE = np.ones((3, 3), np.uint8)

ThresholdFn = Callable[[DoubleArray], float]


def upsample(cams: AnyArray, *, side_px: int = RASTER_PX) -> DoubleArray:
    """Upsample maps (N, h, w) to (N, side_px, side_px) float64, bilinear, half-pixel centres, edge clamp.

    Raises:
        InvalidArray: if `cams` is not 3-D or h or w is 0.
    """
    if cams.ndim != 3 or 0 in cams.shape[1:]:
        raise InvalidArray(f"maps must be (N, h, w) with h, w >= 1; got shape {cams.shape}")
    rows = _interpolation(cams.shape[1], side_px)
    columns = _interpolation(cams.shape[2], side_px)
    raster: DoubleArray = rows @ cams.astype(np.float64) @ columns.T
    return raster


def threshold_boxes(cams: AnyArray, *, threshold_frac: float = CAM_THRESHOLD_FRAC) -> FloatArray:
    """Box the largest 8-connected region over a share of the maximum. N: images; h, w: map size.

    Args:
        cams: (N, h, w) raw maps, signed; no minimum is subtracted.
        threshold_frac: keep pixels > this share of the maximum, in [0, 1); larger gives smaller boxes.

    Returns:
        (N, 4) unit xyxy. Of regions of equal size the first in reading order is taken.

    Raises:
        InvalidArray: if `cams` is not 3-D or `threshold_frac` leaves [0, 1).

    Source: Zhou et al. 2016, arXiv:1512.04150.
    """
    if not 0 <= threshold_frac < 1:
        raise InvalidArray(f"threshold_frac must be in [0, 1); got {threshold_frac}")
    return _boxes(cams, lambda raster: threshold_frac)


def adaptive_boxes(cams: AnyArray) -> FloatArray:
    """Box the largest region over each map's own `adaptive_threshold`; arguments and errors as
    `threshold_boxes`.

    Source: Zhang, Chang and Bui, Improving Class Activation Map for Weakly Supervised Object Localization.
    """
    return _boxes(cams, adaptive_threshold)


def adaptive_threshold(raster: DoubleArray) -> float:
    """Choose a threshold by the step of the mean value along the inner boundary of {U > l/20 max U}.

    Candidates are the levels whose boundary mean differs from that of the level before by more than the mean
    difference; the smallest one is taken, which is one reading of a rule that the paper does not spell out.

    Args:
        raster: (S, S) upsampled map U with a positive maximum.

    Returns:
        The share of the maximum, a multiple of 0.05; 0.2 where no level is a candidate.
    """
    peak = raster.max()
    means = [_boundary_mean(raster, level / NUM_LEVELS * peak) for level in range(NUM_LEVELS + 1)]
    steps = np.abs(np.diff(np.array(means)))
    defined = ~np.isnan(steps)
    if not defined.any():
        return CAM_THRESHOLD_FRAC
    # Rounding in the sums must not make a step that equals the mean look larger than it.
    candidates = np.flatnonzero(defined & (steps > steps[defined].mean() + 1e-9 * peak))
    return (int(candidates[0]) + 1) / NUM_LEVELS if len(candidates) else CAM_THRESHOLD_FRAC


def extent_boxes(cams: AnyArray) -> FloatArray:
    """Box everything positive after upsampling ReLU(map): the attention-cropping article's loosest option."""
    rasters = _finite_rasters(np.maximum(cams, 0))
    return np.stack([_mask_box(raster > 0) for raster in rasters]) if len(rasters) else _no_boxes()


def largest_component_box(mask: BoolArray) -> FloatArray:
    """Box the largest 8-connected region of a mask (H, W).

    Unit xyxy (4,), the whole image for an empty mask.
    """
    if not mask.any():
        return WHOLE_IMAGE.copy()
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    largest = np.flatnonzero(areas == areas.max()) + 1
    first = largest[0] if len(largest) == 1 else labels.ravel()[np.isin(labels, largest).ravel().argmax()]
    return _mask_box(labels == first)


def _boxes(cams: AnyArray, choose_threshold: ThresholdFn) -> FloatArray:
    boxes = [_component_box(raster, choose_threshold) for raster in _finite_rasters(cams)]
    return np.stack(boxes) if boxes else _no_boxes()


def _finite_rasters(cams: AnyArray) -> DoubleArray:
    """Upsample; a map that is not finite becomes zero everywhere, which has no box but the whole image."""
    if cams.ndim != 3:
        raise InvalidArray(f"maps must be (N, h, w) with h, w >= 1; got shape {cams.shape}")
    return upsample(np.where(np.isfinite(cams).all(axis=(1, 2), keepdims=True), cams, 0))


def _component_box(raster: DoubleArray, choose_threshold: ThresholdFn) -> FloatArray:
    peak = raster.max()
    if peak <= 0:
        return WHOLE_IMAGE.copy()
    return largest_component_box(raster > choose_threshold(raster) * peak)


def _boundary_mean(raster: DoubleArray, threshold: float) -> float:
    """Mean of the raster over the mask's pixels that touch its outside; NaN for an empty mask."""
    mask: UInt8Array = (raster > threshold).astype(np.uint8)
    inside = cv2.erode(mask, _SQUARE, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    boundary = mask > inside
    return float(raster[boundary].mean()) if boundary.any() else float("nan")


def _mask_box(mask: BoolArray) -> FloatArray:
    if not mask.any():
        return WHOLE_IMAGE.copy()
    height, width = mask.shape
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    edges = [columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height]
    return np.array(edges, np.float32)


def _interpolation(length: int, side_px: int) -> DoubleArray:
    """Matrix (side_px, length) of linear interpolation between cell centres, constant beyond them."""
    position = np.clip((np.arange(side_px) + 0.5) / side_px * length - 0.5, 0, length - 1)
    low = np.minimum(position.astype(np.int64), max(length - 2, 0))
    share = position - low
    matrix = np.zeros((side_px, length))
    rows = np.arange(side_px)
    matrix[rows, low] = 1 - share
    matrix[rows, np.minimum(low + 1, length - 1)] += share
    return matrix


def _no_boxes() -> FloatArray:
    return np.zeros((0, 4), np.float32)

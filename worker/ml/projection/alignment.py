"""Bring one layout onto another of the same points, and say how far its points moved.

A warm layout keeps its frame by itself. One that lost it (another program, another start) is turned back; since a map
has no right or wrong side, it may then be mirrored as well, which spares people a map that suddenly reads backwards.
"""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import DoubleArray, FloatArray


def align_to(
    layout: FloatArray, reference: FloatArray, *, keep_scale: bool = False, may_mirror: bool = False
) -> FloatArray:
    """Move a layout onto a reference of the same points: rotation, shift and (unless kept) scale.

    Args:
        layout: (N, 2).
        reference: (M, 2) with M <= N: where the first M points should lie, as nearly as possible.
        keep_scale: rotate and shift only.
        may_mirror: also mirror, where that brings the points nearer. Otherwise never mirrored.

    Raises:
        InvalidArray: if shapes do not agree or values are not finite.

    Source: orthogonal Procrustes problem, Schönemann 1966, with the determinant fixed to 1 (Kabsch 1976).
    """
    if layout.ndim != 2 or layout.shape[1] != 2 or reference.ndim != 2 or reference.shape[1] != 2:
        raise InvalidArray(f"layouts are (N, 2), got {layout.shape} and {reference.shape}")
    if len(reference) > len(layout) or not (np.isfinite(layout).all() and np.isfinite(reference).all()):
        raise InvalidArray(
            f"a finite reference of at most {len(layout)} rows is needed, got {reference.shape}"
        )
    if len(reference) == 0:
        return layout.copy()
    moved, fixed = layout[: len(reference)].astype(np.float64), reference.astype(np.float64)
    moved_centre, fixed_centre = moved.mean(axis=0), fixed.mean(axis=0)
    rotation, stretch = _rotation(moved - moved_centre, fixed - fixed_centre, may_mirror=may_mirror)
    scale = 1.0 if keep_scale else stretch
    return np.asarray(((layout - moved_centre) @ rotation * scale + fixed_centre).astype(np.float32))


def displacement(layout: FloatArray, reference: FloatArray) -> tuple[float | None, float | None]:
    """Median and 90th percentile of how far points lie from their reference, in its root-mean-square radii.

    Args:
        layout: (N, 2).
        reference: (N, 2); both without NaN.

    Returns:
        (None, None) without points, or when the reference is a single place.
    """
    radius = radius_of(reference)
    if radius == 0:
        return None, None
    moved = np.linalg.norm(layout - reference, axis=1) / radius
    return float(np.median(moved)), float(np.quantile(moved, 0.9))


def radius_of(layout: FloatArray) -> float:
    """Root-mean-square distance of the points (N, 2) from their centre; 0 without points."""
    if len(layout) == 0:
        return 0.0
    centred = layout.astype(np.float64) - layout.mean(axis=0, dtype=np.float64)
    return float(np.sqrt((centred**2).sum(axis=1).mean()))


def _rotation(moved: DoubleArray, fixed: DoubleArray, *, may_mirror: bool) -> tuple[DoubleArray, float]:
    """Rotation (2, 2) and scale that bring centred points nearest to their places."""
    u, s, vt = np.linalg.svd(moved.T @ fixed)
    sign = np.sign(np.linalg.det(u @ vt)) or 1.0
    flip = np.array([1.0, 1.0 if may_mirror else sign])
    spread = float((moved**2).sum())
    return (u * flip) @ vt, float((s * flip).sum()) / spread if spread > 0 else 1.0

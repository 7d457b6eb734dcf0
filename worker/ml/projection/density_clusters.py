"""Groups that a layout shows: dense places, each with an outline, to be offered as ready lassoes."""

import cv2
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.projection.placing import has_place
from worker.ml.projection.umap_graph import nearest_neighbours
from worker.ml.threads import one_thread
from worker.ml.types import FloatArray, IntArray

MAX_CLUSTERED_ROWS = 20_000
SMALLEST_CLUSTER = 8
_CLUSTER_SHARE = 0.005
_LARGEST_MINIMUM = 200
_MIN_SAMPLES = 8
_RASTER_PX = 128
_MARGIN_PX = 24
_MAX_CLOSINGS = 5
_SMALLEST_EXTENT = 0.02  # in layout units: one point gets an outline as wide as the gap to a neighbour


def density_clusters(layout: FloatArray, *, min_size: int | None = None) -> IntArray:
    """The cluster (N,) of each place, 0 for the largest cluster and so on, -1 between clusters or without a place.

    Of more than 20,000 places, some evenly through the set are clustered, and the others join the nearest of those.

    Args:
        layout: (N, 2), NaN where a row has no place.
        min_size: fewest places of a cluster; by default 0.5 % of them, from 8 to 200.

    Raises:
        InvalidArray: not (N, 2), infinite places, or `min_size` below 2.

    Source: HDBSCAN, Campello, Moulavi, Sander 2013, leaves of the condensed tree.
    """
    if layout.ndim != 2 or layout.shape[1] != 2 or np.isinf(layout).any():
        raise InvalidArray(f"a layout is (N, 2), finite or NaN, got {layout.shape}")
    if min_size is not None and min_size < 2:
        raise InvalidArray(f"min_size is at least 2, got {min_size}")
    result = np.full(len(layout), -1, dtype=np.int64)
    placed = np.flatnonzero(has_place(layout))
    smallest = min_size or max(SMALLEST_CLUSTER, min(_LARGEST_MINIMUM, int(_CLUSTER_SHARE * len(placed))))
    if len(placed) < 2 * smallest:
        return result
    every = -(-len(placed) // MAX_CLUSTERED_ROWS)
    with one_thread():
        found = _hdbscan(layout[placed[::every]], min_size=max(2, smallest // every))
        if every > 1:
            nearest, _ = nearest_neighbours(layout[placed], layout[placed[::every]], num_neighbors=1)
            found = found[nearest[:, 0]]
    result[placed] = _by_size(found)
    return result


def outline(points: FloatArray) -> FloatArray:
    """One closed polygon (P, 2) around points (n, 2), n >= 1, following their shape; the last corner joins the first.

    Points are drawn on a small raster and closed with growing strokes until they hang together; if they never do, it is
    their convex hull.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _RASTER_PX / max(float((high - low).max()), _SMALLEST_EXTENT)
    pixels = ((points - low) * scale + _MARGIN_PX).round().astype(np.int32)
    width, height = pixels.max(axis=0) + _MARGIN_PX + 1
    canvas = np.zeros((int(height), int(width)), dtype=np.uint8)
    canvas[pixels[:, 1], pixels[:, 0]] = 1
    for step in range(1, _MAX_CLOSINGS + 1):
        stroke = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (4 * step + 3, 4 * step + 3))
        grown = cv2.dilate(canvas, stroke)
        contours, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        if len(contours) == 1:
            break
    else:
        contours = (cv2.convexHull(np.argwhere(grown)[:, ::-1].astype(np.int32)),)
    corners = cv2.approxPolyDP(contours[0], 1.2, True)[:, 0, :].astype(np.float64)
    return np.asarray(((corners - _MARGIN_PX) / scale + low).astype(np.float32))


def _hdbscan(points: FloatArray, *, min_size: int) -> IntArray:
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - a second to import

    found = HDBSCAN(
        min_cluster_size=min_size,
        min_samples=min(_MIN_SAMPLES, len(points) - 1),
        cluster_selection_method="leaf",
        copy=True,
    ).fit(points.astype(np.float64))
    return np.asarray(found.labels_, dtype=np.int64)


def _by_size(found: IntArray) -> IntArray:
    """Numbered by falling size."""
    sizes = np.bincount(found[found >= 0]) if (found >= 0).any() else np.zeros(0, dtype=np.int64)
    rank = np.empty(len(sizes) + 1, dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    rank[-1] = -1
    return rank[found]

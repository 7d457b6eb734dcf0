"""Places for points before and without a descent: where a layout starts, and where new images go meanwhile."""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.projection.umap_graph import nearest_neighbours
from worker.ml.threads import one_thread
from worker.ml.types import BoolArray, FloatArray, IntArray
from worker.ml.vectors import unit_rows

START_REACH = 1.0
"""Largest coordinate of a cold start."""
MAX_LANDMARKS = 20_000
_JITTER = 1e-4
_DISC_SPACING = 0.03


def place_new(
    features: FloatArray, known_features: FloatArray, layout: FloatArray, *, num_neighbors: int = 15
) -> FloatArray:
    """Place rows (n, D) among known ones (N, D) with their layout (N, 2): mean of neighbours by inverse distance.

    Neighbours are sought among the known rows that have a place, at most 20,000 of them evenly through the set, so that
    a thousand images are placed within a second whatever N is.

    Args:
        features: (n, D), finite.
        known_features: (N, D), finite.
        layout: (N, 2), NaN where a known row has no place.
        num_neighbors: how many share in a place.

    Raises:
        InvalidArray: shapes that do not agree, values that are not finite, or no known row with a place.
    """
    if layout.shape != (len(known_features), 2) or not has_place(layout).any():
        raise InvalidArray(
            f"need known rows and as many places, got {known_features.shape} and {layout.shape}"
        )
    if features.ndim != 2 or features.shape[1:] != known_features.shape[1:]:
        raise InvalidArray(f"features are (n, {known_features.shape[1]}), got {features.shape}")
    if len(features) == 0:
        return np.zeros((0, 2), dtype=np.float32)
    landmarks = np.flatnonzero(has_place(layout))
    landmarks = landmarks[:: -(-len(landmarks) // MAX_LANDMARKS)]
    known = known_features[landmarks]
    for name, values in (("features", features), ("known features", known)):
        if not np.isfinite(values).all():
            raise InvalidArray(f"{name} are finite")
    with one_thread():
        return placed_among(
            unit_rows(features), unit_rows(known), layout[landmarks], num_neighbors=num_neighbors
        )


def has_place(layout: FloatArray) -> BoolArray:
    """Which rows (N,) of a layout are not NaN."""
    return np.asarray(~np.isnan(layout).any(axis=1), dtype=np.bool_)


def placed_among(
    features: FloatArray, known: FloatArray, layout: FloatArray, *, num_neighbors: int
) -> FloatArray:
    """Places (n, 2) of rows by those of their neighbours among `known`, the nearest weighing most."""
    indexes, distances = nearest_neighbours(features, known, num_neighbors=min(num_neighbors, len(known)))
    return mean_place(layout, indexes=indexes, distances=distances)


def mean_place(layout: FloatArray, *, indexes: IntArray, distances: FloatArray) -> FloatArray:
    """Mean (n, 2) of the places of neighbours (n, k), weighted by inverse distance."""
    weights = 1.0 / np.maximum(distances, 1e-6)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray((layout[indexes] * weights[:, :, None]).sum(axis=1), dtype=np.float32)


def plane_of(reduced: FloatArray) -> FloatArray:
    """The first two principal components (N, 2), scaled to reach 1: a picture to begin with, there at once."""
    plane = np.zeros((len(reduced), 2), dtype=np.float32)
    plane[:, : min(2, reduced.shape[1])] = reduced[:, :2]
    largest = float(np.abs(plane).max(initial=0))
    return plane * np.float32(START_REACH / largest) if largest > 0 else plane


def start_of(reduced: FloatArray, known: FloatArray, *, num_neighbors: int, seed: int) -> FloatArray:
    """Where the descent starts (N, 2): known places, the others among their neighbours, or the plane if none is known.

    Places that are not known are jittered a little, so that equal rows can part.

    Args:
        reduced: (N, d) principal components.
        known: (N, 2), NaN where there is no place yet.
        num_neighbors: how many share in a new place.
        seed: of the jitter.
    """
    random = np.random.default_rng(seed)
    is_known = has_place(known)
    if not is_known.any():
        jitter = random.normal(scale=_JITTER, size=(len(reduced), 2))
        return np.asarray(plane_of(reduced) + jitter, dtype=np.float32)
    start = known.astype(np.float32).copy()
    if not is_known.all():
        fresh = placed_among(
            reduced[~is_known], reduced[is_known], known[is_known], num_neighbors=num_neighbors
        )
        jitter = random.normal(scale=_JITTER, size=fresh.shape)
        start[~is_known] = fresh + jitter
    return start


def on_a_disc(known: FloatArray) -> FloatArray:
    """Known places (N, 2) stay; rows of NaN spiral outwards from the known ones' centre, at equal density."""
    turn = np.pi * (3 - 5**0.5)
    order = np.arange(len(known))
    radius = _DISC_SPACING * np.sqrt(order)
    layout = np.stack([radius * np.cos(order * turn), radius * np.sin(order * turn)], axis=1)
    is_known = has_place(known)
    if is_known.any():
        layout += known[is_known].mean(axis=0)
        layout[is_known] = known[is_known]
    return np.asarray(layout.astype(np.float32))

"""How good a layout is: do neighbours in the plane belong together, are neighbours in the features kept together?"""

from dataclasses import asdict, dataclass

import numpy as np

from worker.ml.compiled import compiled
from worker.ml.errors import InvalidArray
from worker.ml.projection.umap_graph import own_neighbours
from worker.ml.types import DoubleArray, FloatArray, IntArray
from worker.ml.vectors import unit_rows


@dataclass(frozen=True)
class ProjectionQuality:
    """None where there are too few points. Displacements are of the rows that had a place before, against it, in
    root-mean-square radii of the old layout; `trustworthiness` and `continuity` are in [0, 1].
    """

    trustworthiness: float | None
    continuity: float | None
    median_displacement: float | None
    p90_displacement: float | None

    def to_json(self) -> dict[str, float | None]:
        """Keys as the fields."""
        return asdict(self)


def trustworthiness(
    features: FloatArray, layout: FloatArray, *, num_neighbors: int = 15, sample: int = 1000, seed: int = 0
) -> float | None:
    """Whether neighbours in the layout are neighbours in the features; see `trustworthiness_and_continuity`."""
    return trustworthiness_and_continuity(
        features, layout, num_neighbors=num_neighbors, sample=sample, seed=seed
    )[0]


def trustworthiness_and_continuity(
    features: FloatArray, layout: FloatArray, *, num_neighbors: int = 15, sample: int = 1000, seed: int = 0
) -> tuple[float | None, float | None]:
    """Whether neighbours in the layout are neighbours in the features (rows of length 1), and the reverse.

    Both are measured among a random sample of the rows, the same rows for the same N and seed.

    Args:
        features: (N, D).
        layout: (N, 2).
        num_neighbors: how many nearest count.
        sample: at most this many rows.
        seed: of the sample.

    Returns:
        Each in [0, 1], 1 is best; None when the sample is not larger than twice `num_neighbors`.

    Raises:
        InvalidArray: not as many places as rows.

    Source: Venna and Kaski 2001, as in Maaten 2009.
    """
    if layout.shape != (len(features), 2):
        raise InvalidArray(f"need one place for each of {len(features)} rows, got {layout.shape}")
    rows = np.arange(len(features))
    if len(rows) > sample:
        rows = np.sort(np.random.default_rng(seed).permutation(rows)[:sample])
    if len(rows) <= 2 * num_neighbors:
        return None, None
    in_features, in_layout = _distances(unit_rows(features[rows])), _distances(layout[rows])
    return _kept(in_features, in_layout, num_neighbors), _kept(in_layout, in_features, num_neighbors)


def neighbour_purity(layout: FloatArray, class_index: IntArray, *, num_neighbors: int = 10) -> float | None:
    """Mean share of a point's nearest neighbours that have its class; None with too few points."""
    if len(layout) <= num_neighbors:
        return None
    indexes, _ = own_neighbours(layout, num_neighbors=num_neighbors + 1)
    return float((class_index[indexes[:, 1:]] == class_index[:, None]).mean())


def _kept(far: DoubleArray, near: DoubleArray, k: int) -> float:
    """1 minus the normalised excess of rank by `far` (n, n) among those that are the k nearest by `near` (n, n)."""
    n = len(far)
    return 1.0 - _excess_of_rank(far, near, k) * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0))


@compiled
def _excess_of_rank(far: DoubleArray, near: DoubleArray, k: int) -> int:
    """Sum over rows of how far each of the k nearest by `near` ranks behind the k nearest by `far`; ties by index."""
    total = 0
    nearest = np.empty(k, dtype=np.int64)
    for i in range(near.shape[0]):
        found = 0
        for j in range(near.shape[1]):
            place = found
            while place > 0 and near[i, j] < near[i, nearest[place - 1]]:
                place -= 1
            if place == k:
                continue
            found = min(found + 1, k)
            for later in range(found - 1, place, -1):
                nearest[later] = nearest[later - 1]
            nearest[place] = j
        for place in range(k):
            j = nearest[place]
            rank = 0
            for other in range(far.shape[1]):
                if far[i, other] < far[i, j] or (far[i, other] == far[i, j] and other < j):
                    rank += 1
            total += max(0, rank + 1 - k)
    return total


def _distances(points: FloatArray) -> DoubleArray:
    """Squared distances (n, n), infinite to itself."""
    centred = (points - points.mean(axis=0)).astype(np.float64)
    squares = (centred**2).sum(axis=1)
    result: DoubleArray = squares[:, None] + squares[None, :] - 2 * centred @ centred.T
    np.fill_diagonal(result, np.inf)
    return result

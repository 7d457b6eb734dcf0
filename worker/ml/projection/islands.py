"""Islands of a layout, moved together: empty ground between groups says nothing, and takes the room of the pictures.

A descent drives groups that have little in common apart for as long as it runs. On a screen that makes every group a
small heap. Here islands move as they are, each towards the others, until little ground is left between them; so what
lies near what inside of them stays, and largely which of them are neighbours.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from worker.ml.projection.placing import has_place
from worker.ml.types import DoubleArray, FloatArray, IntArray

STRAIT = 0.1
"""Least ground between two islands, one UMAP unit; more where images lie less close."""
_SPACINGS = 3.0  # of that, in the distances that most images have to their nearest
_SPACING_QUANTILE = 0.9
_MAX_ISLANDS = 32
_FEW_ROWS = 2_000
_CELLS_PER_STRAIT = 8  # with more rows one of each cell stands for all in it
_MAX_ROUNDS = 8
_SETTLED = 0.05  # in straits: a round that moves no island further is the last
_TURNS_DEGREES = (0, -30, 30, -60, 60)  # an island that is in another's way slides along it
_BISECTIONS = 10
_TOLERANCE = 1e-9


def strait_of(layout: FloatArray) -> float:
    """The ground between two islands of a layout (N, 2), N >= 2: three times the distance to the nearest image that
    nine in ten do not exceed, and `STRAIT` at least.
    """
    nearest = cKDTree(layout).query(layout, k=2)[0][:, 1]
    return max(STRAIT, _SPACINGS * float(np.quantile(nearest, _SPACING_QUANTILE)))


def bring_together(layout: FloatArray) -> FloatArray:
    """Move the islands of a layout towards each other until a strait lies between those that are nearest.

    An island is what steps no longer than a strait connect; more than 32 of them are joined by a wider one. The largest
    stays. The others go to it and to those that have arrived, the nearest first; then each goes on towards the rest and
    slides along what lies in its way, in rounds until none gets further.

    Args:
        layout: (N, 2), finite.

    Returns:
        (N, 2) float32; what lay within a strait lies as it did.
    """
    if len(layout) < 2:
        return layout
    found = _find_islands(layout)
    count = int(found.island.max()) + 1
    if count == 1:
        return layout
    on_shore = found.island[found.shore]
    shifts = _gathered(
        [layout[found.shore[on_shore == number]].astype(np.float64) for number in range(count)],
        np.bincount(found.island),
        strait=found.strait,
    )
    return np.asarray(layout + shifts[found.island], dtype=np.float32)


def without_drift(layout: FloatArray, hold: FloatArray) -> FloatArray:
    """A layout (N, 2) with each island of `hold` (N, 2) back at its mean place.

    A descent that starts from islands near each other drives them apart; what it moves inside of them is kept. Rows
    that are held nowhere, NaN in `hold`, go with the nearest that is.
    """
    is_held = has_place(hold)
    if is_held.sum() < 2:
        return layout
    island = _find_islands(hold[is_held]).island
    sizes = np.bincount(island)
    moves = layout[is_held].astype(np.float64) - hold[is_held]
    drift = (
        np.stack([np.bincount(island, weights=moves[:, axis]) for axis in (0, 1)], axis=1) / sizes[:, None]
    )
    of_all = island[cKDTree(layout[is_held]).query(layout)[1]]
    of_all[is_held] = island
    return np.asarray(layout - drift[of_all], dtype=np.float32)


@dataclass(frozen=True)
class _Islands:
    """Of N places: which `island` (N,) each is on, rows on the `shore` (M,) that stand for all, and the `strait`."""

    island: IntArray
    shore: IntArray
    strait: float


def _find_islands(layout: FloatArray) -> _Islands:
    strait = strait_of(layout)
    places = layout.astype(np.float64)
    is_few = len(places) <= _FEW_ROWS
    shore = np.arange(len(places)) if is_few else _one_of_each_cell(places, side=strait / _CELLS_PER_STRAIT)
    of_shore = _connected(places[shore], within=strait)
    while int(of_shore.max()) >= _MAX_ISLANDS:
        strait *= 2
        of_shore = _connected(places[shore], within=strait)
    island = of_shore if is_few else of_shore[cKDTree(places[shore]).query(places)[1]]
    return _Islands(island, shore, strait)


def _gathered(islands: list[DoubleArray], sizes: IntArray, *, strait: float) -> DoubleArray:
    """How far (K, 2) each of K islands, given by places on it (M, 2) and how many images it has, is to be moved."""
    shifts = np.zeros((len(islands), 2))
    centres = np.stack([places.mean(axis=0) for places in islands])

    def move(number: int, others: list[int], *, turns: tuple[int, ...]) -> None:
        tree = cKDTree(np.concatenate([islands[other] + shifts[other] for other in others]))
        goal = np.average(centres[others] + shifts[others], axis=0, weights=sizes[others])
        for degrees in turns:
            way = _turned(goal - centres[number] - shifts[number], degrees)
            shifts[number] += way * _share(islands[number] + shifts[number], way, tree, strait=strait)

    middle = np.average(centres, axis=0, weights=sizes)
    arrived = [int(sizes.argmax())]
    for number in np.argsort(np.linalg.norm(centres - middle, axis=1), kind="stable").tolist():
        if number not in arrived:
            move(number, arrived, turns=(0,))
            arrived.append(number)
    for _ in range(_MAX_ROUNDS):
        before = shifts.copy()
        for number in arrived[1:]:
            move(number, [other for other in arrived if other != number], turns=_TURNS_DEGREES)
        if np.linalg.norm(shifts - before, axis=1).max() <= _SETTLED * strait:
            break
    return shifts


def _share(places: DoubleArray, way: DoubleArray, tree: cKDTree, *, strait: float) -> float:
    """How much of a way, in [0, 1], places (M, 2) can go and lie no nearer than a strait to those of a tree."""

    def is_free(share: float) -> bool:
        return bool(tree.query(places + share * way)[0].min() >= strait * (1 - _TOLERANCE))

    near, far = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (near + far) / 2
        near, far = (middle, far) if is_free(middle) else (near, middle)
    return near


def _turned(way: DoubleArray, degrees: float) -> DoubleArray:
    """The part of a way (2,) that leads in a direction turned by an angle."""
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.asarray(cosine * (np.array([[cosine, -sine], [sine, cosine]]) @ way))


def _one_of_each_cell(places: DoubleArray, *, side: float) -> IntArray:
    """Rows (M,), one of each cell of this side."""
    cells = np.floor((places - places.min(axis=0)) / side).astype(np.int64)
    return np.asarray(np.unique(cells, axis=0, return_index=True)[1], dtype=np.int64)


def _connected(places: DoubleArray, *, within: float) -> IntArray:
    pairs = cKDTree(places).query_pairs(within, output_type="ndarray")
    edges = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(places), len(places)))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)

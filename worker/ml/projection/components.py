"""Connected components of the neighbour graph, brought near each other.

Nothing in the graph holds them together, so a descent drives them apart for as long as it runs; how far says nothing.
On a screen the empty ground between them makes every component a small heap. Here components move as they are, so what
lies near what inside of them stays.
"""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from worker.ml.projection.umap_graph import Graph
from worker.ml.types import DoubleArray, FloatArray, IntArray

GAP = 0.5
"""Ground left between two components, in their mean radius."""
STRONG = 0.1
"""Membership strength of an edge that holds two images together; an image's nearest neighbour has 1."""
_TOUCHING = 1.05
_TINY = 1e-12


def components_of(graph: Graph, num_rows: int) -> IntArray:
    """Which component (N,) each row is in, from 0: rows connected by edges of at least `STRONG`.

    A small group has neighbours outside of it too, for want of others; those are weak and hold nothing.
    """
    strong = graph.strengths >= STRONG
    heads, tails = graph.heads[strong], graph.tails[strong]
    edges = coo_matrix((np.ones(len(heads)), (heads, tails)), shape=(num_rows, num_rows))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


def bring_together(layout: FloatArray, components: IntArray) -> FloatArray:
    """Move the components of a layout (N, 2) towards its centre until the nearest are `GAP` apart; then these as one,
    and so on until all are. Components that are nearer than that stay as far from each other as they are.

    Args:
        layout: (N, 2), finite.
        components: (N,) from 0.
    """
    places, groups = layout.astype(np.float64), components
    while (count := int(groups.max(initial=0)) + 1) > 1:
        centres, radii = _discs(places, groups, count)
        first, second = np.triu_indices(count, 1)
        apart = np.linalg.norm(centres[first] - centres[second], axis=1)
        wanted = (radii[first] + radii[second]) * (1 + GAP / 2)
        scale = min(1.0, float(np.max(wanted / np.maximum(apart, _TINY))))
        places += ((scale - 1) * (centres - places.mean(axis=0)))[groups]
        is_joined = apart * scale <= wanted * _TOUCHING
        joined = coo_matrix(
            (np.ones(int(is_joined.sum())), (first[is_joined], second[is_joined])), shape=(count, count)
        )
        groups = connected_components(joined, directed=False)[1][groups]
    return places.astype(np.float32)


def _discs(places: DoubleArray, groups: IntArray, count: int) -> tuple[DoubleArray, DoubleArray]:
    """Centre (K, 2) of each group, and the radius (K,) of the disc around it that holds the group.

    A group of one place is as large as the distance that neighbours usually have.
    """
    sizes = np.bincount(groups, minlength=count)
    sums = np.stack([np.bincount(groups, weights=places[:, k], minlength=count) for k in (0, 1)], axis=1)
    centres = sums / sizes[:, None]
    radii = np.zeros(count)
    np.maximum.at(radii, groups, np.linalg.norm(places - centres[groups], axis=1))
    spacing = float(np.median(cKDTree(places).query(places, k=2)[0][:, 1]))
    return centres, np.maximum(radii, spacing)

"""From features to the weighted neighbour graph that the layout draws: PCA, nearest neighbours, fuzzy union.

Source: McInnes, Healy, Melville 2018, arXiv:1802.03426, sections 3.1 and 4.1; equal to umap-learn's graph by test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from scipy.linalg import eigh
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import eigsh

from worker.ml.compiled import compiled
from worker.ml.types import DoubleArray, FloatArray, IntArray

NUM_COMPONENTS = 50
MAX_PCA_ROWS = 4000
# Above so many channels only the strongest axes are computed, in a third of the time.
_WIDE = 4 * NUM_COMPONENTS
_FLAT_LIMIT = 20_000  # above this many rows an inverted file replaces the exact search
_NUM_PROBES = 8
_SMALLEST_SCALE = 1e-3
_BISECTIONS = 64
_UNKNOWN_DISTANCE = 1.0  # between an image with a label and one without


@dataclass(frozen=True)
class Graph:
    """Edges `heads` -> `tails` (E,) int64, both directions, with membership strengths (E,) in (0, 1]."""

    heads: IntArray
    tails: IntArray
    strengths: FloatArray


def reduce_features(features: FloatArray) -> FloatArray:
    """Principal components (N, min(50, D)) of centred features, strongest first.

    The axes come from every n-th row when there are more than 4,000; each axis points so that its largest loading is
    positive, so that the same features always give the same picture.
    """
    mean, axes = principal_axes(features[:: -(-len(features) // MAX_PCA_ROWS)])
    return np.asarray(features @ axes - mean @ axes, dtype=np.float32)


def principal_axes(sample: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean (D,) and principal axes (D, min(50, D)) of some rows, strongest first, signs as in `reduce_features`."""
    num_components = min(NUM_COMPONENTS, sample.shape[1])
    mean = sample.mean(axis=0, dtype=np.float64)
    centred = sample - mean
    axes = _strongest_axes(centred.T @ centred, num_components)
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(num_components)])
    return mean.astype(np.float32), axes.astype(np.float32)


def nearest_neighbours(
    queries: FloatArray, known: FloatArray, *, num_neighbors: int
) -> tuple[IntArray, FloatArray]:
    """Rows of `known` nearest to each query, and Euclidean distances, both (n, k), nearest first."""
    return nearest_index(known)(queries, num_neighbors)


def nearest_index(known: FloatArray) -> Callable[[FloatArray, int], tuple[IntArray, FloatArray]]:
    """`nearest_neighbours` among the same rows for any number of queries."""
    index = _index_of(known)

    def search(queries: FloatArray, num_neighbors: int) -> tuple[IntArray, FloatArray]:
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        squares, indexes = index.search(rows, num_neighbors)
        short = np.flatnonzero((indexes < 0).any(axis=1))
        if len(short):  # an inverted file may hold too few rows in the cells that it looks at
            exact = faiss.IndexFlatL2(known.shape[1])
            exact.add(np.ascontiguousarray(known, dtype=np.float32))
            squares[short], indexes[short] = exact.search(rows[short], num_neighbors)
        return indexes.astype(np.int64), np.sqrt(np.maximum(squares, 0))

    return search


def own_neighbours(points: FloatArray, *, num_neighbors: int) -> tuple[IntArray, FloatArray]:
    """Nearest rows of each row among all, (N, k) both; the row itself comes first with distance 0."""
    indexes, distances = nearest_neighbours(points, points, num_neighbors=num_neighbors)
    _put_self_first(indexes, distances)
    return indexes, distances


def fuzzy_graph(indexes: IntArray, distances: FloatArray) -> Graph:
    """Fuzzy union of each row's neighbourhood: strength a + b - ab of the two directions.

    Args:
        indexes: (N, k) from `own_neighbours`.
        distances: (N, k).
    """
    num_rows, num_neighbors = indexes.shape
    values = np.zeros((num_rows, num_neighbors), dtype=np.float32)
    _memberships(indexes, distances, float(np.log2(num_neighbors)), float(distances.mean()), values)
    rows = np.repeat(np.arange(num_rows), num_neighbors)
    directed = coo_matrix((values.ravel(), (rows, indexes.ravel())), shape=(num_rows, num_rows)).tocsr()
    return _union(directed)


def with_labels(graph: Graph, class_index: IntArray, *, label_weight: float = 0.5) -> Graph:
    """Weaken edges between images of different classes, so that labels shape the layout too.

    Edges of an image without a label lose a little to those between labelled ones; then each image's strongest edge is
    brought back to 1, as where nothing was weakened.

    Args:
        graph: of N points.
        class_index: (N,), -1 where there is no label.
        label_weight: 0 leaves the graph as it is; towards 1 classes part more, in [0, 1).

    Source: umap-learn's intersection with a categorical target (McInnes, Healy, Melville 2018, section 6.3).
    """
    if label_weight == 0 or not (class_index >= 0).any():
        return graph
    num_rows = len(class_index)
    ours, theirs = class_index[graph.heads], class_index[graph.tails]
    is_unknown = (ours < 0) | (theirs < 0)
    far = 2.5 / (1.0 - label_weight)
    factor = np.where(is_unknown, np.exp(-_UNKNOWN_DISTANCE), np.where(ours != theirs, np.exp(-far), 1.0))
    strengths = (graph.strengths * factor).astype(np.float32)
    strongest = np.zeros(num_rows, dtype=np.float32)
    np.maximum.at(strongest, graph.heads, strengths)
    strengths /= strongest[graph.heads]
    return _union(coo_matrix((strengths, (graph.heads, graph.tails)), shape=(num_rows, num_rows)).tocsr())


def _strongest_axes(scatter: DoubleArray, num: int) -> DoubleArray:
    """Eigenvectors (D, num) of a symmetric matrix (D, D) with the largest eigenvalues, the largest first."""
    width = len(scatter)
    if width <= _WIDE or not scatter.any():
        values, axes = eigh(scatter, subset_by_index=(width - num, width - 1))
    else:
        random = np.random.default_rng(0)
        values, axes = eigsh(scatter, k=num, v0=random.normal(size=width), rng=random)
    return np.asarray(axes[:, np.argsort(-values, kind="stable")])


def _union(directed: Any) -> Graph:  # scipy has no usable types
    """a + b - ab of the two directions of each edge."""
    directed.eliminate_zeros()
    reverse = directed.T.tocsr()
    union = (directed + reverse - directed.multiply(reverse)).tocoo()
    union.eliminate_zeros()
    return Graph(union.row.astype(np.int64), union.col.astype(np.int64), union.data.astype(np.float32))


def _index_of(known: FloatArray) -> Any:  # faiss has no usable types
    rows, width = known.shape
    index: Any = faiss.IndexFlatL2(width)
    if rows > _FLAT_LIMIT:
        index = faiss.IndexIVFFlat(faiss.IndexFlatL2(width), width, int(1.5 * rows**0.5))
        index.train(np.ascontiguousarray(known, dtype=np.float32))
        index.nprobe = _NUM_PROBES
    index.add(np.ascontiguousarray(known, dtype=np.float32))
    return index


@compiled
def _put_self_first(indexes: IntArray, distances: FloatArray) -> None:
    """In place. Where copies of a row pushed it out of its own list, the last of them makes room."""
    for i in range(indexes.shape[0]):
        place = indexes.shape[1] - 1
        for j in range(indexes.shape[1]):
            if indexes[i, j] == i:
                place = j
                break
        for j in range(place, 0, -1):
            indexes[i, j] = indexes[i, j - 1]
            distances[i, j] = distances[i, j - 1]
        indexes[i, 0] = i
        distances[i, 0] = 0.0


@compiled
def _scale_of(distances: FloatArray, nearest: float, target: float) -> float:
    """Bisect sigma so that the neighbours' memberships sum to `target`."""
    low, middle, high = 0.0, 1.0, np.inf
    for _ in range(_BISECTIONS):
        total = 0.0
        for j in range(1, distances.shape[0]):
            beyond = distances[j] - nearest
            total += np.exp(-beyond / middle) if beyond > 0 else 1.0
        if abs(total - target) < 1e-5:
            break
        if total > target:
            high = middle
            middle = (low + high) / 2.0
        else:
            low = middle
            middle = middle * 2.0 if high == np.inf else (low + high) / 2.0
    return middle


@compiled
def _memberships(
    indexes: IntArray, distances: FloatArray, target: float, mean_distance: float, values: FloatArray
) -> None:
    """Directed strengths of each row's neighbours, into `values`."""
    for i in range(indexes.shape[0]):
        nearest, mean_own = 0.0, 0.0
        for j in range(indexes.shape[1]):
            mean_own += distances[i, j] / indexes.shape[1]
            if nearest == 0.0 and distances[i, j] > 0.0:
                nearest = distances[i, j]
        sigma = _scale_of(distances[i], nearest, target)
        sigma = max(sigma, _SMALLEST_SCALE * (mean_own if nearest > 0.0 else mean_distance))
        for j in range(indexes.shape[1]):
            beyond = distances[i, j] - nearest
            if indexes[i, j] == i:
                values[i, j] = 0.0
            elif beyond <= 0.0 or sigma == 0.0:
                values[i, j] = 1.0
            else:
                values[i, j] = np.exp(-beyond / sigma)

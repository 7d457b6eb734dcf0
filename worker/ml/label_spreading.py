"""What the labels of neighbouring images say: labels spread along the neighbour graph that the map is drawn from.

A lasso goes around what lies close together, so labels come from the middles of groups, and a linear head trained on
them knows little of what lies between. Labels that spread from image to image follow the groups instead. What that
gains on real photographs: docs/loop.md.

Source: Zhou, Bousquet, Lal, Weston, Schölkopf 2003, "Learning with Local and Global Consistency" (NIPS 16), with
classes of equal weight, on UMAP's fuzzy graph.
"""

import numpy as np
from scipy.sparse import coo_matrix

from worker.ml._head_fit import log_softmax
from worker.ml.errors import InvalidArray
from worker.ml.features import has_features
from worker.ml.projection.umap_graph import Graph, fuzzy_graph, own_neighbours, reduce_features
from worker.ml.types import DoubleArray, FloatArray, IntArray
from worker.ml.vectors import unit_rows

NUM_NEIGHBOURS = 15
SHARE_PASSED_ON = 0.9  # of what an image has at each step: alpha of Zhou et al.
NUM_STEPS = 20
HEADS_WEIGHT = 0.5  # of the heads' log-probabilities, beside 1 for the neighbours'
LEAST_SUPPORT = 1e-3  # of the mean support of an image and class; where it is less, nothing is known


def neighbour_graph(features: FloatArray) -> Graph | None:
    """UMAP's graph of the rows that have features; none where there are fewer than three of these.

    Args:
        features: (N, C), NaN for images without any; rows are scaled to length 1.

    Returns:
        Edges between rows of `features`.

    Raises:
        InvalidArray: another shape.
    """
    if features.ndim != 2:
        raise InvalidArray(f"features are (N, C), got {features.shape}")
    rows = np.flatnonzero(has_features(features))
    if len(rows) < 3:
        return None
    reduced = reduce_features(unit_rows(features[rows]))
    graph = fuzzy_graph(*own_neighbours(reduced, num_neighbors=min(NUM_NEIGHBOURS, len(rows))))
    return Graph(rows[graph.heads], rows[graph.tails], graph.strengths)


def spread_labels(graph: Graph, class_index: IntArray, *, num_classes: int) -> DoubleArray:
    """Log-probabilities (N, K) of classes by the labels that reach an image; NaN where hardly any does, and for images
    without an edge.

    Every class starts with the same mass, shared by its images. At each of `NUM_STEPS` an image takes from its
    neighbours, by the strength of the edges over the root of both degrees, `SHARE_PASSED_ON` of what they have, and
    adds its own label.

    Args:
        graph: of N images.
        class_index: (N,) in 0..K-1, -1 for images without a label.
        num_classes: K.

    Raises:
        InvalidArray: a class or an edge out of range.
    """
    num_images = len(class_index)
    _check(graph, class_index, num_classes=num_classes)
    labelled = np.flatnonzero(class_index >= 0)
    counts = np.bincount(class_index[labelled], minlength=num_classes)
    start = np.zeros((num_images, num_classes), dtype=np.float32)
    start[labelled, class_index[labelled]] = 1 / counts[class_index[labelled]]
    shape = (num_images, num_images)
    degree = np.bincount(graph.heads, weights=graph.strengths, minlength=num_images)
    strengths = graph.strengths / np.sqrt(degree[graph.heads] * degree[graph.tails])
    passed = coo_matrix(
        (SHARE_PASSED_ON * strengths.astype(np.float32), (graph.heads, graph.tails)), shape=shape
    )
    passed = passed.tocsr()
    support = start
    for _ in range(NUM_STEPS):
        support = passed @ support + start
    shares = _log_shares(support)
    shares[degree == 0] = np.nan
    return shares


def fuse_neighbours(log_proba: DoubleArray, spread: DoubleArray) -> DoubleArray:
    """Log-probabilities (N, K) of heads and neighbours together, normalised; the heads' alone where no label reaches.

    Args:
        log_proba: (N, K) calibrated, of heads.
        spread: (N, K) from `spread_labels`.

    Raises:
        InvalidArray: shapes differ.
    """
    if log_proba.shape != spread.shape:
        raise InvalidArray(f"heads and neighbours differ in shape: {log_proba.shape} and {spread.shape}")
    return np.where(np.isnan(spread), log_proba, log_softmax(HEADS_WEIGHT * log_proba + spread))


def _log_shares(support: FloatArray) -> DoubleArray:
    """Each class's share of the support (N, K) of an image, a little of every class granted."""
    least = LEAST_SUPPORT * float(support.mean(dtype=np.float64))
    total = support.sum(axis=1, keepdims=True, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.log((support + least) / (total + support.shape[1] * least))
    return np.where(total < least, np.nan, shares)


def _check(graph: Graph, class_index: IntArray, *, num_classes: int) -> None:
    if len(class_index) and not -1 <= class_index.min() <= class_index.max() < num_classes:
        raise InvalidArray(
            f"classes are -1 to {num_classes - 1}, got {class_index.min()} to {class_index.max()}"
        )
    ends = np.concatenate([graph.heads, graph.tails])
    if len(ends) and not 0 <= ends.min() <= ends.max() < len(class_index):
        raise InvalidArray(
            f"edges are between 0 and {len(class_index) - 1}, got {ends.min()} to {ends.max()}"
        )

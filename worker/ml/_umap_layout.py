"""The layout's stochastic gradient descent: attraction along edges, repulsion from random points, pull to an anchor.

Works in UMAP's own units, in which neighbours lie about `min_dist` to 1 apart. One thread and one generator, so the
same seed gives the same layout; compiled once and kept on disk, where umap-learn compiles in each process.
Source: McInnes, Healy, Melville 2018, arXiv:1802.03426, sections 3.2 and 4.2.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit

from worker.ml._umap_graph import Graph
from worker.ml.compiled import compiled
from worker.ml.types import AnyArray, DoubleArray, FloatArray, IntArray, Progress, ProgressFn

_NEGATIVES = 5
_LARGEST_STEP = 4.0
_REPORT_EVERY = 10


@dataclass(frozen=True)
class Descent:
    """How to descend: epochs, first learning rate (falls linearly to 0), distance of close neighbours, seed."""

    num_epochs: int
    learning_rate: float
    min_dist: float
    seed: int


def descend(
    graph: Graph,
    start: FloatArray,
    descent: Descent,
    *,
    anchor: FloatArray,
    pull: FloatArray,
    on_progress: ProgressFn,
) -> FloatArray:
    """Move points from `start` along the gradient.

    Args:
        graph: of N points.
        start: (N, 2) positions.
        descent: the schedule.
        anchor: (N, 2) positions that points are pulled to after each epoch, by `pull` x that epoch's learning rate.
        pull: (N,) in [0, 1]; 0 leaves a point free.
        on_progress: stage "projection", in epochs.
    """
    heads, tails, every = _schedule(graph, descent.num_epochs)
    a, b = curve_parameters(descent.min_dist)
    layout = start.astype(np.float32).copy()
    following, following_negative = every.copy(), every / _NEGATIVES
    state = np.array([np.random.default_rng(descent.seed).integers(1, 2**63)], dtype=np.uint64)
    on_progress(Progress("projection", 0, descent.num_epochs))
    for first in range(0, descent.num_epochs, _REPORT_EVERY):
        last = min(first + _REPORT_EVERY, descent.num_epochs)
        for epoch in range(first, last):
            alpha = descent.learning_rate * (1.0 - epoch / descent.num_epochs)
            _epoch(layout, heads, tails, every, following, following_negative, a, b, epoch, alpha, state)
            _pull(layout, anchor, pull, alpha)
        on_progress(Progress("projection", last, descent.num_epochs))
    return layout


def curve_parameters(min_dist: float, *, spread: float = 1.0) -> tuple[float, float]:
    """a and b of 1 / (1 + a d^2b), fitted to 1 up to `min_dist` and an exponential fall behind it."""
    distance = np.linspace(0, 3 * spread, 300)
    wanted = np.where(distance < min_dist, 1.0, np.exp(-(distance - min_dist) / spread))

    def curve(d: DoubleArray, a: float, b: float) -> DoubleArray:
        return np.asarray(1.0 / (1.0 + a * d ** (2 * b)))

    (a, b), _ = curve_fit(curve, distance, wanted)
    return float(a), float(b)


def _schedule(graph: Graph, num_epochs: int) -> tuple[IntArray, IntArray, DoubleArray]:
    """Edges that come up at least once, and the epochs between two uses of each."""
    strongest = float(graph.strengths.max())
    kept = graph.strengths >= strongest / max(num_epochs, 1)
    every = strongest / graph.strengths[kept].astype(np.float64)
    return graph.heads[kept], graph.tails[kept], every


@compiled
def _random(state: AnyArray) -> int:
    """Next 63-bit number of a xorshift generator, state (1,) uint64 changed in place (Vigna 2014, xorshift64*)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(1))  # type: ignore[return-value]


@compiled
def _clipped(step: float) -> float:
    return max(-_LARGEST_STEP, min(_LARGEST_STEP, step))


@compiled
def _attract(layout: FloatArray, i: int, j: int, a: float, b: float, alpha: float) -> None:
    dx, dy = layout[i, 0] - layout[j, 0], layout[i, 1] - layout[j, 1]
    square = dx * dx + dy * dy
    if square <= 0.0:
        return
    power = square**b
    strength = -2.0 * a * b * (power / square) / (a * power + 1.0)
    step_x, step_y = alpha * _clipped(strength * dx), alpha * _clipped(strength * dy)
    layout[i, 0] += step_x
    layout[i, 1] += step_y
    layout[j, 0] -= step_x
    layout[j, 1] -= step_y


@compiled
def _repel(layout: FloatArray, i: int, j: int, a: float, b: float, alpha: float) -> None:
    dx, dy = layout[i, 0] - layout[j, 0], layout[i, 1] - layout[j, 1]
    square = dx * dx + dy * dy
    if square <= 0.0:
        return
    strength = 2.0 * b / ((0.001 + square) * (a * square**b + 1.0))
    layout[i, 0] += alpha * _clipped(strength * dx)
    layout[i, 1] += alpha * _clipped(strength * dy)


@compiled
def _epoch(
    layout: FloatArray,
    heads: IntArray,
    tails: IntArray,
    every: DoubleArray,
    following: DoubleArray,
    following_negative: DoubleArray,
    a: float,
    b: float,
    epoch: int,
    alpha: float,
    state: AnyArray,
) -> None:
    """Use each edge that is due, and five random points against its head; layout and counters in place."""
    num_points = layout.shape[0]
    for e in range(heads.shape[0]):
        if following[e] > epoch:
            continue
        i = heads[e]
        _attract(layout, i, tails[e], a, b, alpha)
        following[e] += every[e]
        between = every[e] / _NEGATIVES
        num_due = int((epoch - following_negative[e]) / between)
        for _ in range(num_due):
            j = _random(state) % num_points
            if j != i:
                _repel(layout, i, j, a, b, alpha)
        following_negative[e] += num_due * between


@compiled
def _pull(layout: FloatArray, anchor: FloatArray, pull: FloatArray, alpha: float) -> None:
    for i in range(layout.shape[0]):
        if pull[i] > 0.0:
            layout[i, 0] += pull[i] * alpha * (anchor[i, 0] - layout[i, 0])
            layout[i, 1] += pull[i] * alpha * (anchor[i, 1] - layout[i, 1])

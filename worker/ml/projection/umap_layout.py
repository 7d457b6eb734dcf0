"""The layout's stochastic gradient descent: attraction along edges, repulsion from random points, pull to an anchor.

Works in UMAP's own units, in which neighbours lie about `min_dist` to 1 apart. One thread and one generator, so the
same seed gives the same layout; compiled once and kept on disk, where umap-learn compiles in each process. Powers and
divisions of the gradient come from a table over the squared distance, which makes an epoch three times as fast.
Source: McInnes, Healy, Melville 2018, arXiv:1802.03426, sections 3.2 and 4.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import curve_fit

from worker.ml.compiled import compiled
from worker.ml.projection.umap_graph import Graph
from worker.ml.types import AnyArray, DoubleArray, FloatArray, IntArray, Progress, ProgressFn

_NEGATIVES = 5
_LARGEST_STEP: Any = np.float32(4.0)
_REPORT_EVERY = 10

# The table has 128 steps for each doubling of the squared distance: a float32's exponent and first 7 bits of fraction.
_TABLE_SHIFT = 16
_SMALLEST_SQUARE, _LARGEST_SQUARE = 2.0**-24, 2.0**16
_FIRST_BITS = int(np.float32(_SMALLEST_SQUARE).view(np.int32)) >> _TABLE_SHIFT
_LAST_BITS = (int(np.float32(_LARGEST_SQUARE).view(np.int32)) >> _TABLE_SHIFT) - 1


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
    on_layout: Callable[[FloatArray], None] | None = None,
    on_progress: ProgressFn,
) -> FloatArray:
    """Move points from `start` along the gradient.

    Args:
        graph: of N points.
        start: (N, 2) positions.
        descent: the schedule.
        anchor: (N, 2) positions that points are pulled to after each epoch, by `pull` x that epoch's learning rate.
        pull: (N,) in [0, 1]; 0 leaves a point free.
        on_layout: gets a copy of the positions every ten epochs, but not at the end.
        on_progress: stage "projection", in epochs.
    """
    heads, tails, every = _schedule(graph, descent.num_epochs)
    attraction, repulsion = force_tables(*curve_parameters(descent.min_dist))
    layout = start.astype(np.float32).copy()
    following, following_negative = every.copy(), every / np.float32(_NEGATIVES)
    state = np.array([np.random.default_rng(descent.seed).integers(1, 2**63)], dtype=np.uint64)
    on_progress(Progress("projection", 0, descent.num_epochs))
    for first in range(0, descent.num_epochs, _REPORT_EVERY):
        last = min(first + _REPORT_EVERY, descent.num_epochs)
        for epoch in range(first, last):
            alpha: Any = np.float32(descent.learning_rate * (1.0 - epoch / descent.num_epochs))
            now: Any = np.float32(epoch)  # single precision, or the kernel would compute in double
            _epoch(
                layout, heads, tails, every, following, following_negative,
                attraction, repulsion, now, alpha, state,
            )  # fmt: skip
            _pull(layout, anchor, pull, alpha)
        on_progress(Progress("projection", last, descent.num_epochs))
        if on_layout is not None and last < descent.num_epochs:
            on_layout(layout.copy())
    return layout


def curve_parameters(min_dist: float, *, spread: float = 1.0) -> tuple[float, float]:
    """a and b of 1 / (1 + a d^2b), fitted to 1 up to `min_dist` and an exponential fall behind it."""
    distance = np.linspace(0, 3 * spread, 300)
    wanted = np.where(distance < min_dist, 1.0, np.exp(-(distance - min_dist) / spread))

    def curve(d: DoubleArray, a: float, b: float) -> DoubleArray:
        return np.asarray(1.0 / (1.0 + a * d ** (2 * b)))

    (a, b), _ = curve_fit(curve, distance, wanted)
    return float(a), float(b)


def force_tables(a: float, b: float) -> tuple[FloatArray, FloatArray]:
    """What the difference of two points is multiplied with, for each step of the squared distance.

    Args:
        a: of the curve 1 / (1 + a d^2b).
        b: of the curve.

    Returns:
        attraction (T,), negative, and repulsion (T,), positive; taken at the middle of each step, so within 1 % of the
        exact value.
    """
    edges = (np.arange(_FIRST_BITS, _LAST_BITS + 2, dtype=np.int32) << _TABLE_SHIFT).view(np.float32)
    square = (edges[:-1].astype(np.float64) + edges[1:]) / 2
    power = square**b
    attraction = -2.0 * a * b * (power / square) / (a * power + 1.0)
    repulsion = 2.0 * b / ((0.001 + square) * (a * power + 1.0))
    return attraction.astype(np.float32), repulsion.astype(np.float32)


def _schedule(graph: Graph, num_epochs: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Edges that come up at least once, and the epochs between two uses of each."""
    strongest = float(graph.strengths.max())
    kept = graph.strengths >= strongest / max(num_epochs, 1)
    every = (strongest / graph.strengths[kept].astype(np.float64)).astype(np.float32)
    return graph.heads[kept], graph.tails[kept], every


@compiled
def _random_row(state: AnyArray, num_rows: int) -> int:
    """A row in 0..num_rows-1 by a xorshift generator, state (1,) uint64 changed in place (Vigna 2014, xorshift64*)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    high = (x * np.uint64(2685821657736338717)) >> np.uint64(32)
    return np.int64((high * np.uint64(num_rows)) >> np.uint64(32))  # type: ignore[return-value]


@compiled
def _clipped(step: float) -> float:
    return max(-_LARGEST_STEP, min(_LARGEST_STEP, step))  # type: ignore[no-any-return]


@compiled
def _step_of(square: float) -> int:
    """Row of the force tables."""
    bits: Any = np.float32(square).view(np.int32) >> _TABLE_SHIFT
    return min(max(bits, _FIRST_BITS), _LAST_BITS) - _FIRST_BITS  # type: ignore[no-any-return]


@compiled
def _attract(layout: FloatArray, i: int, j: int, attraction: FloatArray, alpha: float) -> None:
    dx, dy = layout[i, 0] - layout[j, 0], layout[i, 1] - layout[j, 1]
    square = dx * dx + dy * dy
    if square <= np.float32(0.0):
        return
    strength = attraction[_step_of(square)]
    step_x, step_y = alpha * _clipped(strength * dx), alpha * _clipped(strength * dy)
    layout[i, 0] += step_x
    layout[i, 1] += step_y
    layout[j, 0] -= step_x
    layout[j, 1] -= step_y


@compiled
def _repel(layout: FloatArray, i: int, j: int, repulsion: FloatArray, alpha: float) -> None:
    dx, dy = layout[i, 0] - layout[j, 0], layout[i, 1] - layout[j, 1]
    square = dx * dx + dy * dy
    if square <= np.float32(0.0):
        return
    strength = repulsion[_step_of(square)]
    layout[i, 0] += alpha * _clipped(strength * dx)
    layout[i, 1] += alpha * _clipped(strength * dy)


@compiled
def _epoch(
    layout: FloatArray,
    heads: IntArray,
    tails: IntArray,
    every: FloatArray,
    following: FloatArray,
    following_negative: FloatArray,
    attraction: FloatArray,
    repulsion: FloatArray,
    epoch: float,
    alpha: float,
    state: AnyArray,
) -> None:
    """Use each edge that is due, and five random points against its head; layout and counters in place."""
    num_points = layout.shape[0]
    for e in range(heads.shape[0]):
        if following[e] > epoch:
            continue
        i = heads[e]
        _attract(layout, i, tails[e], attraction, alpha)
        following[e] += every[e]
        between = every[e] / np.float32(_NEGATIVES)
        num_due = int((epoch - following_negative[e]) / between)
        for _ in range(num_due):
            j = _random_row(state, num_points)
            if j != i:
                _repel(layout, i, j, repulsion, alpha)
        following_negative[e] += np.float32(num_due) * between


@compiled
def _pull(layout: FloatArray, anchor: FloatArray, pull: FloatArray, alpha: float) -> None:
    for i in range(layout.shape[0]):
        if pull[i] > 0.0:
            layout[i, 0] += pull[i] * alpha * (anchor[i, 0] - layout[i, 0])
            layout[i, 1] += pull[i] * alpha * (anchor[i, 1] - layout[i, 1])

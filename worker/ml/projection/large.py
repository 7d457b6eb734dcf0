"""Layouts of more images than one descent should take: fit a diverse sample, place the others among it, block by block.

Steps: principal axes from rows of every block, all rows reduced to 50 numbers (200 MB for a million), coarse cells by
k-means, a sample that takes more from large cells but most of small ones, its layout, and the rest by their neighbours
in the sample. Features are read twice, a block at a time, and never held together.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import faiss
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.projection.fit import (
    LayoutFn,
    Projection,
    ProjectionParameters,
    check_parameters,
    checked_labels,
    checked_places,
    chosen_parameters,
    lay_out,
    measured_quality,
    shortened,
)
from worker.ml.projection.placing import has_place, mean_place, plane_of
from worker.ml.projection.umap_graph import MAX_PCA_ROWS, nearest_index, principal_axes
from worker.ml.threads import one_thread
from worker.ml.types import BoolArray, FloatArray, IntArray, Progress, ProgressFn, ignore_progress
from worker.ml.vectors import unit_rows

Blocks = Callable[[], Iterable[FloatArray]]
"""Gives the features from the first row on, in blocks (n, D); called more than once."""

LARGE = 100_000
"""Up to this many rows `fit_projection` takes them all."""
NUM_FIT = 50_000
_NUM_CELLS = 1_000
_CELL_TRAINING_ROWS = 40_000
_BLOCK_ROWS = 65_536
_QUALITY_ROWS = 5_000


def fit_large_projection(  # noqa: PLR0913 - the choices of `fit_projection`
    blocks: Blocks,
    *,
    num_rows: int,
    init: FloatArray | None = None,
    anchor: float | None = None,
    anchor_to: FloatArray | None = None,
    limit: float | None = None,
    class_index: IntArray | None = None,
    label_weight: float = 0.5,
    num_epochs: int | None = None,
    learning_rate: float | None = None,
    num_fit: int = NUM_FIT,
    num_neighbors: int = 15,
    min_dist: float = 0.1,
    seed: int = 0,
    on_layout: LayoutFn | None = None,
    on_progress: ProgressFn = ignore_progress,
) -> Projection:
    """Lay out any number of rows in the memory of a few blocks and 60 numbers a row.

    Args:
        blocks: the features.
        num_rows: N, how many rows they have together.
        init: (M, 2) the last layout of the first M <= N rows, NaN where a row had no place; None: a cold start.
        anchor: as in `fit_projection`, and so are `anchor_to`, `limit`, `class_index`, `label_weight`, `num_epochs` and
            `learning_rate`.
        num_fit: rows that are laid out; the others are placed among them.
        num_neighbors: of the graph, itself included; also of a placed row.
        min_dist: how close neighbours may lie, in UMAP units.
        seed: of sample and descent.
        on_layout: gets a first layout of all rows before the descent, when there is no `init`.
        on_progress: stage "projection", in epochs; may raise `Cancelled`.

    Raises:
        InvalidArray: features not finite, another number of rows than said, or `init` of another shape.
    """
    check_parameters(anchor=anchor, num_neighbors=num_neighbors, min_dist=min_dist, label_weight=label_weight)
    known = checked_places(init, num_rows, name="init", may_be_shorter=True)
    hold = known if anchor_to is None else checked_places(anchor_to, num_rows, name="anchor_to")
    labels = checked_labels(class_index, num_rows)
    with one_thread():
        reduced, some_rows, some_features = _reduced(blocks, num_rows)
        if on_layout is not None and not has_place(known).any():
            on_layout(plane_of(reduced))
        sample = diverse_sample(reduced, num=min(num_fit, num_rows), seed=seed)
        parameters = chosen_parameters(
            num_rows=len(sample),
            num_started=int(has_place(known[sample]).sum()),
            num_held=int(has_place(hold[sample]).sum()),
            num_labels=int((labels[sample] >= 0).sum()),
            anchor=anchor,
            num_epochs=num_epochs,
            learning_rate=learning_rate,
            label_weight=label_weight,
            base=ProjectionParameters(
                "sgd", num_neighbors, min_dist, 0, 0.0, 0.0, seed, num_started=0, num_fitted=len(sample)
            ),
        )
        fitted = lay_out(
            reduced[sample],
            known[sample],
            parameters,
            hold=hold[sample],
            labels=labels[sample],
            on_layout=None,
            on_progress=on_progress,
        )
        layout = _all_placed(reduced, sample, fitted, num_neighbors=num_neighbors, on_progress=on_progress)
        layout = layout if limit is None else shortened(layout, hold, limit=limit)
        quality = measured_quality(some_features, layout[some_rows], known=known[some_rows], seed=seed)
    return Projection(layout, quality, replace(parameters, num_started=int(has_place(known).sum())))


def diverse_sample(points: FloatArray, *, num: int, seed: int = 0) -> IntArray:
    """Rows (num,), ascending, that show every part of the data: of each of 1,000 cells a share by its square root.

    The rows of a cell are taken in an order that depends on seed and row alone, so that a set that grows keeps most of
    its sample.

    Args:
        points: (N, d).
        num: at most N.
        seed: of the order.

    Raises:
        InvalidArray: `num` is larger than N.
    """
    if not 0 <= num <= len(points):
        raise InvalidArray(f"num is in 0..{len(points)}, got {num}")
    if num == len(points):
        return np.arange(num)
    cells = _cells(points)
    quota = quotas(np.bincount(cells), num)
    chance = np.random.default_rng(seed).random(len(points))
    order = np.lexsort((chance, cells))
    starts = np.concatenate([[0], np.cumsum(np.bincount(cells))])
    place_in_cell = np.arange(len(points)) - starts[cells[order]]
    return np.sort(order[place_in_cell < quota[cells[order]]])


def quotas(sizes: IntArray, num: int) -> IntArray:
    """How many rows of each cell (K,), together `num`: in proportion to the square root of its size, at most all of it.

    What rounding leaves goes to the cells that it cost most, the first ones where equal.
    """
    low, high = 0.0, float(num)
    for _ in range(60):
        middle = (low + high) / 2
        if np.minimum(sizes, middle * np.sqrt(sizes)).sum() < num:
            low = middle
        else:
            high = middle
    wanted = np.minimum(sizes, high * np.sqrt(sizes)) + 1e-9
    quota = np.minimum(wanted.astype(np.int64), sizes)
    short = np.argsort(quota - wanted, kind="stable")
    short = short[quota[short] < sizes[short]]
    quota[short[: num - int(quota.sum())]] += 1
    return quota


def _cells(points: FloatArray) -> IntArray:
    """Coarse cell (N,) of each row: k-means on a part of the rows."""
    num_cells = min(_NUM_CELLS, max(1, len(points) // 40))
    training = np.ascontiguousarray(points[:: -(-len(points) // _CELL_TRAINING_ROWS)])
    means = faiss.Kmeans(points.shape[1], num_cells, niter=8, seed=1, min_points_per_centroid=1)
    means.train(training)
    cells = np.empty(len(points), dtype=np.int64)
    for start in range(0, len(points), _BLOCK_ROWS):
        _, nearest = means.index.search(np.ascontiguousarray(points[start : start + _BLOCK_ROWS]), 1)
        cells[start : start + _BLOCK_ROWS] = nearest[:, 0]
    return cells


def _reduced(blocks: Blocks, num_rows: int) -> tuple[FloatArray, IntArray, FloatArray]:
    """Principal components (N, d) of all rows, and some rows with their features to measure quality on."""
    every = max(1, num_rows // max(MAX_PCA_ROWS, _QUALITY_ROWS))
    rows, features = _picked(blocks, every, num_rows)
    mean, axes = principal_axes(unit_rows(features)[:: -(-len(features) // MAX_PCA_ROWS)])
    reduced = np.empty((num_rows, axes.shape[1]), dtype=np.float32)
    start = 0
    for block in blocks():
        reduced[start : start + len(block)] = unit_rows(block) @ axes - mean @ axes
        start += len(block)
    if not np.isfinite(reduced).all():
        raise InvalidArray(f"features are finite, got NaN or infinity among {num_rows} rows")
    return reduced, rows, features


def _picked(blocks: Blocks, every: int, num_rows: int) -> tuple[IntArray, FloatArray]:
    """Every n-th row: its index and features."""
    indexes, parts, start = [], [], 0
    for block in blocks():
        chosen = np.arange(-start % every, len(block), every)
        indexes.append(chosen + start)
        parts.append(np.array(block[chosen], dtype=np.float32))
        start += len(block)
    if start != num_rows or start == 0:
        raise InvalidArray(f"need blocks of {num_rows} rows together, at least 1, got {start}")
    features = np.concatenate(parts)
    if not np.isfinite(features).all():
        raise InvalidArray(f"features are finite, got NaN or infinity among {num_rows} rows")
    return np.concatenate(indexes), features


def _all_placed(
    reduced: FloatArray,
    sample: IntArray,
    fitted: FloatArray,
    *,
    num_neighbors: int,
    on_progress: ProgressFn,
) -> FloatArray:
    """The sample where it was laid out, every other row among its neighbours there."""
    layout = np.empty((len(reduced), 2), dtype=np.float32)
    layout[sample] = fitted
    is_left: BoolArray = np.ones(len(reduced), dtype=np.bool_)
    is_left[sample] = False
    left = np.flatnonzero(is_left)
    index = nearest_index(reduced[sample])
    for start in range(0, len(left), _BLOCK_ROWS):
        rows = left[start : start + _BLOCK_ROWS]
        indexes, distances = index(reduced[rows], min(num_neighbors, len(sample)))
        layout[rows] = mean_place(fitted, indexes=indexes, distances=distances)
        on_progress(Progress("projection", start + len(rows), len(left)))
    return layout

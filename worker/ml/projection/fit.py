"""The map: features laid out in the plane so that near means alike, and steadily so from one model to the next.

Steps: rows scaled to length 1, principal components, nearest neighbours, fuzzy graph, descent. A first ("cold")
layout starts from two principal components and is centred on the origin; a later one ("warm") starts from the last
layout and stays in its frame. Coordinates are a tenth of UMAP's units at any N: near neighbours lie about 0.01 to 0.1
apart, and 10,000 images cover a disc of radius about 1. `method="umap"` runs umap-learn itself, for comparison.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Literal

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.projection.alignment import align_to, displacement
from worker.ml.projection.islands import bring_together, without_drift
from worker.ml.projection.placing import has_place, on_a_disc, start_of
from worker.ml.projection.quality import ProjectionQuality, trustworthiness_and_continuity
from worker.ml.projection.umap_graph import (
    fuzzy_graph,
    own_neighbours,
    reduce_features,
    with_labels,
)
from worker.ml.projection.umap_layout import Descent, descend
from worker.ml.threads import one_thread
from worker.ml.types import FloatArray, IntArray, ProgressFn, ignore_progress
from worker.ml.vectors import unit_rows

Method = Literal["sgd", "umap"]
LayoutFn = Callable[[FloatArray], None]
"""Called with the layout (N, 2) of the moment."""

WARM_EPOCHS, WARM_LEARNING_RATE = 30, 0.25
"""From the last layout to the next: points move about 0.015 of the radius, where a cold start moves them 0.96."""
CROP_EPOCHS, CROP_ANCHOR = 200, 0.3
"""From the layout of whole images to that of crops."""
WARM_LIMIT, CROP_LIMIT = 0.02, 0.04
"""Median moves, in radii, from one layout of the same images to the next, and from whole images to crops."""

UMAP_UNITS = 10.0
"""UMAP units in one unit of a layout."""
FEWEST_POINTS = 5
FEW_ROWS, MANY_ROWS = 300, 2_000
ROOMY_MIN_DIST, USUAL_MIN_DIST = 0.6, 0.1


@dataclass(frozen=True)
class ProjectionParameters:
    """How a layout was made; kept with it. `num_started` rows had a place before, `num_labels` had a label."""

    method: Method
    num_neighbors: int
    min_dist: float
    num_epochs: int
    learning_rate: float
    anchor: float
    seed: int
    num_started: int
    num_labels: int = 0
    label_weight: float = 0.0
    num_fitted: int | None = None

    def to_json(self) -> dict[str, object]:
        """Keys as the fields; `num_fitted` rows were laid out and the others placed among them, None: all."""
        return asdict(self)


@dataclass(frozen=True)
class Projection:
    """A layout (N, 2) with its quality and parameters."""

    layout: FloatArray
    quality: ProjectionQuality
    parameters: ProjectionParameters


def fit_projection(  # noqa: PLR0913 - each is one choice about a layout, named where it is called
    features: FloatArray,
    *,
    init: FloatArray | None = None,
    anchor: float | None = None,
    anchor_to: FloatArray | None = None,
    limit: float | None = None,
    class_index: IntArray | None = None,
    label_weight: float = 0.5,
    num_epochs: int | None = None,
    learning_rate: float | None = None,
    num_neighbors: int = 15,
    min_dist: float | None = None,
    seed: int = 0,
    method: Method = "sgd",
    on_layout: LayoutFn | None = None,
    on_progress: ProgressFn = ignore_progress,
) -> Projection:
    """Lay features out in the plane. N: images; D: channels.

    Up to four points, and rows that are all the same, come to lie on a small disc in their order.

    Args:
        features: (N, D), finite.
        init: (M, 2) the last layout of the first M <= N rows, NaN where a row had no place; rows without one are placed
            by their neighbours among the others. None, or no place at all: a cold start.
        anchor: how strongly rows are pulled to their place in `anchor_to`, in [0, 1]; by default `warm_anchor`, 0 when
            cold.
        anchor_to: (N, 2), NaN where a row is free; by default the places of `init`.
        limit: the median distance from `anchor_to`, in its root-mean-square radii, that moves are shortened to where
            they are longer; None: as far as they go.
        class_index: (N,) labels that are to shape the layout too, -1 where there is none.
        label_weight: how much they do, in [0, 1).
        num_epochs: by default 30 warm; 100 to 500 cold, fewer for more images.
        learning_rate: by default 0.25 warm, 1 cold.
        num_neighbors: of the graph, itself included.
        min_dist: how close neighbours may lie, in UMAP units; by default `roomy_min_dist`.
        seed: the same seed, features and parameters give the same layout.
        method: "umap" takes umap-learn's own descent (no anchor; aligned to `init` afterwards).
        on_layout: gets the start as soon as it is known, long before the end, and the layout every ten epochs.
        on_progress: stage "projection", in epochs; may raise `Cancelled`.

    Raises:
        InvalidArray: features or places not finite or of another shape, or a parameter out of its range.
    """
    min_dist = roomy_min_dist(len(features)) if min_dist is None else min_dist
    check_parameters(anchor=anchor, num_neighbors=num_neighbors, min_dist=min_dist, label_weight=label_weight)
    if limit is not None and not limit > 0:
        raise InvalidArray(f"limit is a share of the radius > 0, got {limit}")
    check_features(features)
    known = checked_places(init, len(features), name="init", may_be_shorter=True)
    hold = known if anchor_to is None else checked_places(anchor_to, len(features), name="anchor_to")
    labels = checked_labels(class_index, len(features))
    parameters = chosen_parameters(
        num_rows=len(features),
        num_started=int(has_place(known).sum()),
        num_held=int(has_place(hold).sum()),
        num_labels=int((labels >= 0).sum()),
        anchor=anchor,
        num_epochs=num_epochs,
        learning_rate=learning_rate,
        label_weight=label_weight,
        base=ProjectionParameters(
            method, num_neighbors, min_dist, num_epochs=0, learning_rate=0, anchor=0, seed=seed, num_started=0
        ),
    )
    with one_thread():
        if len(features) < FEWEST_POINTS or bool((features == features[0]).all()):
            layout = on_a_disc(known)
        else:
            reduced = reduce_features(unit_rows(features))
            layout = lay_out(
                reduced, known, parameters, hold=hold, labels=labels, on_layout=on_layout, on_progress=on_progress
            )  # fmt: skip
            layout = layout if limit is None else shortened(layout, hold, limit=limit)
        quality = measured_quality(features, layout, known=known, seed=seed)
    return Projection(layout, quality, parameters)


def cold_epochs(num_rows: int) -> int:
    """Epochs of a first layout: 500 up to 4,000 rows, 200 at 10,000, 100 from 20,000 on."""
    return max(100, min(500, 2_000_000 // max(num_rows, 1)))


def roomy_min_dist(num_rows: int) -> float:
    """0.6 up to 300 rows, 0.1 from 2,000 on, between them by the logarithm.

    Few images have room to be seen side by side: at UMAP's usual 0.1 they lie on heaps with empty ground between.
    """
    share = math.log(max(FEW_ROWS, min(MANY_ROWS, num_rows)) / FEW_ROWS) / math.log(MANY_ROWS / FEW_ROWS)
    return round(ROOMY_MIN_DIST + (USUAL_MIN_DIST - ROOMY_MIN_DIST) * share, 3)


def warm_anchor(num_rows: int) -> float:
    """How firmly a warm layout is held: 0.1 from 10,000 rows on, more for small maps, where the same step is a larger
    part of the radius.
    """
    return round(max(0.1, min(0.4, 10.0 / math.sqrt(max(num_rows, 1)))), 3)


def chosen_parameters(
    *,
    num_rows: int,
    num_started: int,
    num_held: int,
    num_labels: int,
    anchor: float | None,
    num_epochs: int | None,
    learning_rate: float | None,
    label_weight: float,
    base: ProjectionParameters,
) -> ProjectionParameters:
    """Defaults filled in, by whether the layout starts cold or warm."""
    warm = num_started > 0
    return replace(
        base,
        num_neighbors=min(base.num_neighbors, max(num_rows, 1)),
        num_epochs=num_epochs if num_epochs is not None else (WARM_EPOCHS if warm else cold_epochs(num_rows)),
        learning_rate=learning_rate if learning_rate is not None else (WARM_LEARNING_RATE if warm else 1.0),
        anchor=(warm_anchor(num_rows) if anchor is None else anchor)
        if num_held and base.method == "sgd"
        else 0.0,
        num_started=num_started,
        num_labels=num_labels,
        label_weight=label_weight if num_labels else 0.0,
    )


def lay_out(
    reduced: FloatArray,
    known: FloatArray,
    parameters: ProjectionParameters,
    *,
    hold: FloatArray,
    labels: IntArray,
    on_layout: LayoutFn | None,
    on_progress: ProgressFn,
) -> FloatArray:
    """The layout (N, 2) of principal components (N, d); `known` and `hold` (N, 2) have NaN where nothing is."""
    start = start_of(reduced, known, num_neighbors=parameters.num_neighbors, seed=parameters.seed)
    if on_layout is not None:
        on_layout(start)
    if parameters.method == "umap":
        return _umap_layout(reduced, start, known, parameters)
    graph = fuzzy_graph(*own_neighbours(reduced, num_neighbors=parameters.num_neighbors))
    if parameters.label_weight:
        graph = with_labels(graph, labels, label_weight=parameters.label_weight)
    is_held = has_place(hold)
    schedule = Descent(parameters.num_epochs, parameters.learning_rate, parameters.min_dist, parameters.seed)
    layout = descend(
        graph,
        start * np.float32(UMAP_UNITS),
        schedule,
        anchor=np.where(is_held[:, None], hold, 0).astype(np.float32) * np.float32(UMAP_UNITS),
        pull=np.where(is_held, parameters.anchor, 0).astype(np.float32),
        on_layout=None if on_layout is None else lambda moved: on_layout(moved / np.float32(UMAP_UNITS)),
        on_progress=on_progress,
    ) / np.float32(UMAP_UNITS)
    is_free = parameters.anchor == 0
    layout = bring_together(layout) if is_free else without_drift(layout, hold)
    return _in_frame(layout, known, is_free=is_free)


def measured_quality(
    features: FloatArray, layout: FloatArray, *, known: FloatArray, seed: int
) -> ProjectionQuality:
    """Quality of a layout (N, 2), with the displacement of the rows that had a place in `known` (N, 2)."""
    rows = np.flatnonzero(has_place(known))
    trust, continuity = trustworthiness_and_continuity(features, layout, seed=seed)
    return ProjectionQuality(trust, continuity, *displacement(layout[rows], known[rows]))


def shortened(layout: FloatArray, hold: FloatArray, *, limit: float) -> FloatArray:
    """The layout (N, 2) with moves from `hold` (N, 2) shortened alike until their median is `limit` radii."""
    is_held = has_place(hold) & has_place(layout)
    median, _ = displacement(layout[is_held], hold[is_held])
    if median is None or median <= limit:
        return layout
    result = layout.copy()
    result[is_held] = hold[is_held] + (layout[is_held] - hold[is_held]) * np.float32(limit / median)
    return result


def check_features(features: FloatArray) -> None:
    """Raise `InvalidArray` unless features are (N, D), D >= 1, and finite."""
    if features.ndim != 2 or features.shape[1] < 1 or not np.isfinite(features).all():
        raise InvalidArray(
            f"features are finite (N, D), got {features.shape} with NaN or infinity, or no channel"
        )


def check_parameters(
    *, anchor: float | None, num_neighbors: int, min_dist: float, label_weight: float
) -> None:
    """Raise `InvalidArray` for a parameter out of its range."""
    if anchor is not None and not 0 <= anchor <= 1:
        raise InvalidArray(f"anchor is in [0, 1], got {anchor}")
    if num_neighbors < 2 or not 0 <= min_dist <= 1:
        raise InvalidArray(
            f"need num_neighbors >= 2 and min_dist in [0, 1], got {num_neighbors} and {min_dist}"
        )
    if not 0 <= label_weight < 1:
        raise InvalidArray(f"label_weight is in [0, 1), got {label_weight}")


def checked_places(
    places: FloatArray | None, num: int, *, name: str, may_be_shorter: bool = False
) -> FloatArray:
    """Places (N, 2), NaN where there is none; raises `InvalidArray` for another shape or infinity."""
    result = np.full((num, 2), np.nan, dtype=np.float32)
    if places is None:
        return result
    is_long_enough = len(places) <= num if may_be_shorter else len(places) == num
    if places.ndim != 2 or places.shape[1] != 2 or not is_long_enough:
        limit = f"M <= {num}" if may_be_shorter else f"M = {num}"
        raise InvalidArray(f"{name} is (M, 2) with {limit}, got {places.shape}")
    if np.isinf(places).any():
        raise InvalidArray(f"{name} is finite, or NaN where there is no place")
    result[: len(places)] = places
    result[~has_place(result)] = np.nan
    return result


def checked_labels(class_index: IntArray | None, num: int) -> IntArray:
    """Labels (N,), -1 for all where none are given; raises `InvalidArray` for another shape."""
    if class_index is None:
        return np.full(num, -1, dtype=np.int64)
    if class_index.shape != (num,):
        raise InvalidArray(f"class_index is ({num},), got {class_index.shape}")
    return class_index.astype(np.int64)


def _in_frame(layout: FloatArray, known: FloatArray, *, is_free: bool) -> FloatArray:
    """Centred when nothing was known; turned back onto what was known when nothing held the layout."""
    is_known = has_place(known)
    if not is_known.any():
        return np.asarray(layout - layout.mean(axis=0), dtype=np.float32)
    if not is_free:
        return np.asarray(layout, dtype=np.float32)
    return _aligned(layout, known, keep_scale=True, may_mirror=False)


def _aligned(layout: FloatArray, known: FloatArray, *, keep_scale: bool, may_mirror: bool) -> FloatArray:
    """`align_to` for places of which some are NaN."""
    is_known = has_place(known)
    order = np.concatenate([np.flatnonzero(is_known), np.flatnonzero(~is_known)])
    result = np.empty_like(layout)
    result[order] = align_to(layout[order], known[is_known], keep_scale=keep_scale, may_mirror=may_mirror)
    return result


def _umap_layout(
    reduced: FloatArray, start: FloatArray, known: FloatArray, parameters: ProjectionParameters
) -> FloatArray:
    import umap  # noqa: PLC0415 - two seconds, and half a minute of compiling at first use

    reducer = umap.UMAP(
        n_neighbors=parameters.num_neighbors,
        min_dist=parameters.min_dist,
        n_epochs=parameters.num_epochs,
        learning_rate=parameters.learning_rate,
        init=start * np.float32(UMAP_UNITS),
        random_state=parameters.seed,
        n_jobs=1,
    )
    layout = np.asarray(reducer.fit_transform(reduced), dtype=np.float32) / np.float32(UMAP_UNITS)
    if not has_place(known).any():
        return np.asarray(layout - layout.mean(axis=0))
    # umap-learn stretches a given start to [0, 10] along each axis, so its frame is lost.
    return _aligned(layout, known, keep_scale=False, may_mirror=True)

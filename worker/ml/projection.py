"""The map: features laid out in the plane so that near means alike, and steadily so from one model to the next.

Steps: rows scaled to length 1, principal components, nearest neighbours, fuzzy graph, descent. A first ("cold")
layout starts from two principal components and is centred on the origin; a later one ("warm") starts from the last
layout and stays in its frame. Coordinates are a tenth of UMAP's units at any N: near neighbours lie about 0.01 to 0.1
apart, and 10,000 images cover a disc of radius about 1. `method="umap"` runs umap-learn itself, for comparison.
"""

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from worker.ml._umap_graph import fuzzy_graph, nearest_neighbours, own_neighbours, reduce_features
from worker.ml._umap_layout import Descent, descend
from worker.ml.errors import InvalidArray
from worker.ml.threads import one_thread
from worker.ml.types import FloatArray, IntArray, ProgressFn, ignore_progress

Method = Literal["sgd", "umap"]

WARM_EPOCHS, WARM_LEARNING_RATE, WARM_ANCHOR = 30, 0.25, 0.1
"""From the last layout to the next: points move 0.013 of the radius, where a cold start moves them 0.96."""
CROP_EPOCHS, CROP_LEARNING_RATE, CROP_ANCHOR = 200, 1.0, 0.3
"""From the layout of whole images to that of crops."""

UMAP_UNITS = 10.0
"""UMAP units in one unit of a layout."""
_FEWEST_POINTS = 5
_START_REACH = 10.0  # largest coordinate of a cold start, in UMAP units
_JITTER = 1e-3
_DISC_SPACING = 0.03


@dataclass(frozen=True)
class ProjectionParameters:
    """How a layout was made; kept with it."""

    method: Method
    num_neighbors: int
    min_dist: float
    num_epochs: int
    learning_rate: float
    anchor: float
    seed: int
    num_started: int

    def to_json(self) -> dict[str, object]:
        """Keys as the fields; `num_started` rows had a place before."""
        return asdict(self)


@dataclass(frozen=True)
class ProjectionQuality:
    """None where there are too few points. Displacements are of the rows that had a place before, against it, in
    root-mean-square radii of the old layout; `trustworthiness` is in [0, 1].
    """

    trustworthiness: float | None
    median_displacement: float | None
    p90_displacement: float | None


@dataclass(frozen=True)
class Projection:
    """A layout (N, 2) with its quality and parameters."""

    layout: FloatArray
    quality: ProjectionQuality
    parameters: ProjectionParameters


def fit_projection(
    features: FloatArray,
    *,
    init: FloatArray | None = None,
    anchor: float | None = None,
    num_epochs: int | None = None,
    learning_rate: float | None = None,
    num_neighbors: int = 15,
    min_dist: float = 0.1,
    seed: int = 0,
    method: Method = "sgd",
    on_progress: ProgressFn = ignore_progress,
) -> Projection:
    """Lay features out in the plane. N: images; D: channels.

    Up to four points, and rows that are all the same, come to lie on a small disc in their order.

    Args:
        features: (N, D), finite.
        init: (M, 2) the last layout of the first M <= N rows; the others are placed by their neighbours among those.
            None or M = 0: a cold start.
        anchor: how strongly rows are pulled to their place in `init`, in [0, 1]; 0.1 by default, 0 when cold.
        num_epochs: by default 30 warm; 100 to 500 cold, fewer for more images.
        learning_rate: by default 0.25 warm, 1 cold.
        num_neighbors: of the graph, itself included.
        min_dist: how close neighbours may lie, in UMAP units.
        seed: the same seed, features and parameters give the same layout.
        method: "umap" takes umap-learn's own descent (no anchor; aligned to `init` afterwards).
        on_progress: stage "projection", in epochs; may raise `Cancelled`.

    Raises:
        InvalidArray: features or `init` not finite or of another shape, or a parameter out of its range.
    """
    _check(features, init=init, anchor=anchor, num_neighbors=num_neighbors, min_dist=min_dist)
    known = np.zeros((0, 2), dtype=np.float32) if init is None else init.astype(np.float32)
    warm = len(known) > 0
    cold_epochs = max(100, min(500, 2_000_000 // max(len(features), 1)))
    parameters = ProjectionParameters(
        method=method,
        num_neighbors=min(num_neighbors, max(len(features), 1)),
        min_dist=min_dist,
        num_epochs=num_epochs if num_epochs is not None else (WARM_EPOCHS if warm else cold_epochs),
        learning_rate=learning_rate if learning_rate is not None else (WARM_LEARNING_RATE if warm else 1.0),
        anchor=(WARM_ANCHOR if anchor is None else anchor) if warm and method == "sgd" else 0.0,
        seed=seed,
        num_started=len(known),
    )
    with one_thread():
        points = _unit_rows(features)
        if len(points) < _FEWEST_POINTS or bool((features == features[0]).all()):
            layout = _on_a_disc(len(points), known)
        elif method == "umap":
            layout = _umap_layout(points, known, parameters)
        else:
            layout = _descended(points, known, parameters, on_progress)
        median, p90 = displacement(layout[: len(known)], known)
        trust = trustworthiness(features, layout, seed=seed)
    return Projection(layout, ProjectionQuality(trust, median, p90), parameters)


def place_new(
    features: FloatArray, known_features: FloatArray, layout: FloatArray, *, num_neighbors: int = 15
) -> FloatArray:
    """Place rows (n, D) among known ones (N, D) with their layout (N, 2): mean of neighbours by inverse distance.

    Raises:
        InvalidArray: shapes that do not agree, values that are not finite, or no known row.
    """
    if len(known_features) == 0 or layout.shape != (len(known_features), 2):
        raise InvalidArray(
            f"need known rows and as many places, got {known_features.shape} and {layout.shape}"
        )
    if features.ndim != 2 or features.shape[1:] != known_features.shape[1:]:
        raise InvalidArray(f"features are (n, {known_features.shape[1]}), got {features.shape}")
    for name, values in (("features", features), ("known features", known_features), ("layout", layout)):
        if not np.isfinite(values).all():
            raise InvalidArray(f"{name} are finite")
    if len(features) == 0:
        return np.zeros((0, 2), dtype=np.float32)
    with one_thread():
        return _placed(_unit_rows(features), _unit_rows(known_features), layout, num_neighbors=num_neighbors)


def align_to(layout: FloatArray, reference: FloatArray, *, keep_scale: bool = False) -> FloatArray:
    """Move a layout onto a reference of the same points: rotation, shift and (unless kept) scale; never mirrored.

    Args:
        layout: (N, 2).
        reference: (M, 2) with M <= N: where the first M points should lie, as nearly as possible.
        keep_scale: rotate and shift only.

    Raises:
        InvalidArray: if shapes do not agree or values are not finite.

    Source: orthogonal Procrustes problem, Schönemann 1966, with the determinant fixed to 1 (Kabsch 1976).
    """
    if layout.ndim != 2 or layout.shape[1] != 2 or reference.ndim != 2 or reference.shape[1] != 2:
        raise InvalidArray(f"layouts are (N, 2), got {layout.shape} and {reference.shape}")
    if len(reference) > len(layout) or not (np.isfinite(layout).all() and np.isfinite(reference).all()):
        raise InvalidArray(
            f"a finite reference of at most {len(layout)} rows is needed, got {reference.shape}"
        )
    if len(reference) == 0:
        return layout.copy()
    moved, fixed = layout[: len(reference)].astype(np.float64), reference.astype(np.float64)
    moved_centre, fixed_centre = moved.mean(axis=0), fixed.mean(axis=0)
    u, s, vt = np.linalg.svd((moved - moved_centre).T @ (fixed - fixed_centre))
    flip = np.array([1.0, np.sign(np.linalg.det(u @ vt)) or 1.0])
    rotation = (u * flip) @ vt
    spread = float(((moved - moved_centre) ** 2).sum())
    scale = float((s * flip).sum()) / spread if spread > 0 and not keep_scale else 1.0
    return np.asarray(((layout - moved_centre) @ rotation * scale + fixed_centre).astype(np.float32))


def displacement(layout: FloatArray, reference: FloatArray) -> tuple[float | None, float | None]:
    """Median and 90th percentile of how far points lie from their reference, in its root-mean-square radii."""
    if len(reference) == 0:
        return None, None
    radius = float(np.sqrt(((reference - reference.mean(axis=0)) ** 2).sum(axis=1).mean()))
    if radius == 0:
        return None, None
    moved = np.linalg.norm(layout - reference, axis=1) / radius
    return float(np.median(moved)), float(np.quantile(moved, 0.9))


def trustworthiness(
    features: FloatArray, layout: FloatArray, *, num_neighbors: int = 15, sample: int = 1000, seed: int = 0
) -> float | None:
    """Whether neighbours in the layout are neighbours in the features (rows of length 1), on a random sample.

    Returns:
        In [0, 1], 1 is best; None when the sample is not larger than twice `num_neighbors`.

    Source: Venna and Kaski 2001, as in Maaten 2009.
    """
    rows = np.arange(len(features))
    if len(rows) > sample:
        rows = np.sort(np.random.default_rng(seed).permutation(rows)[:sample])
    n, k = len(rows), num_neighbors
    if n <= 2 * k:
        return None
    far = np.argsort(np.argsort(_distances(_unit_rows(features[rows])), axis=1, kind="stable"), axis=1)
    near = np.argsort(_distances(layout[rows]), axis=1, kind="stable")[:, :k]
    excess = np.take_along_axis(far, near, axis=1) + 1 - k
    return 1.0 - float(excess[excess > 0].sum()) * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0))


def neighbour_purity(layout: FloatArray, class_index: IntArray, *, num_neighbors: int = 10) -> float | None:
    """Mean share of a point's nearest neighbours that have its class; None with too few points."""
    if len(layout) <= num_neighbors:
        return None
    indexes, _ = own_neighbours(layout, num_neighbors=num_neighbors + 1)
    return float((class_index[indexes[:, 1:]] == class_index[:, None]).mean())


def _check(
    features: FloatArray,
    *,
    init: FloatArray | None,
    anchor: float | None,
    num_neighbors: int,
    min_dist: float,
) -> None:
    if features.ndim != 2 or features.shape[1] < 1 or not np.isfinite(features).all():
        raise InvalidArray(
            f"features are finite (N, D), got {features.shape} with NaN or infinity, or no channel"
        )
    if init is not None and (init.ndim != 2 or init.shape[1] != 2 or len(init) > len(features)):
        raise InvalidArray(f"init is (M, 2) with M <= {len(features)}, got {init.shape}")
    if init is not None and not np.isfinite(init).all():
        raise InvalidArray("init is finite")
    if anchor is not None and not 0 <= anchor <= 1:
        raise InvalidArray(f"anchor is in [0, 1], got {anchor}")
    if num_neighbors < 2 or not 0 <= min_dist <= 1:
        raise InvalidArray(
            f"need num_neighbors >= 2 and min_dist in [0, 1], got {num_neighbors} and {min_dist}"
        )


def _unit_rows(features: FloatArray) -> FloatArray:
    """Rows scaled to length 1, so that Euclidean neighbours are those by angle; a zero row stays zero."""
    length = np.linalg.norm(features, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(features / np.where(length > 0, length, 1), dtype=np.float32)


def _on_a_disc(num: int, known: FloatArray) -> FloatArray:
    """Known points stay; others spiral outwards from the known ones' centre, at equal density."""
    turn = np.pi * (3 - 5**0.5)
    order = np.arange(num)
    radius = _DISC_SPACING * np.sqrt(order)
    layout = np.stack([radius * np.cos(order * turn), radius * np.sin(order * turn)], axis=1)
    if len(known):
        layout += known.mean(axis=0)
        layout[: len(known)] = known
    return np.asarray(layout.astype(np.float32))


def _descended(
    points: FloatArray, known: FloatArray, parameters: ProjectionParameters, on_progress: ProgressFn
) -> FloatArray:
    reduced = reduce_features(points)
    graph = fuzzy_graph(*own_neighbours(reduced, num_neighbors=parameters.num_neighbors))
    start = _start(reduced, known, parameters)
    pull = np.where(np.arange(len(points)) < len(known), parameters.anchor, 0).astype(np.float32)
    schedule = Descent(parameters.num_epochs, parameters.learning_rate, parameters.min_dist, parameters.seed)
    layout = descend(graph, start, schedule, anchor=start, pull=pull, on_progress=on_progress) / UMAP_UNITS
    if len(known) == 0:
        return np.asarray(layout - layout.mean(axis=0), dtype=np.float32)
    if parameters.anchor == 0:
        return align_to(layout, known, keep_scale=True)
    return np.asarray(layout, dtype=np.float32)


def _start(reduced: FloatArray, known: FloatArray, parameters: ProjectionParameters) -> FloatArray:
    """(N, 2) in UMAP units, a little jittered where nothing is known, so that equal rows can part."""
    random = np.random.default_rng(parameters.seed)
    if len(known) == 0:
        plane = np.zeros((len(reduced), 2), dtype=np.float32)
        plane[:, : min(2, reduced.shape[1])] = reduced[:, :2]
        start = plane * (_START_REACH / np.abs(plane).max())
        return np.asarray(start + random.normal(scale=_JITTER, size=start.shape), dtype=np.float32)
    place = known * UMAP_UNITS
    fresh = reduced[len(known) :]
    if len(fresh) == 0:
        return place
    placed = _placed(fresh, reduced[: len(known)], place, num_neighbors=parameters.num_neighbors)
    jitter = random.normal(scale=_JITTER, size=placed.shape)
    return np.concatenate([place, (placed + jitter).astype(np.float32)])


def _placed(features: FloatArray, known: FloatArray, layout: FloatArray, *, num_neighbors: int) -> FloatArray:
    indexes, distances = nearest_neighbours(features, known, num_neighbors=min(num_neighbors, len(known)))
    weights = 1.0 / np.maximum(distances, 1e-6)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray((layout[indexes] * weights[:, :, None]).sum(axis=1), dtype=np.float32)


def _umap_layout(points: FloatArray, known: FloatArray, parameters: ProjectionParameters) -> FloatArray:
    import umap  # noqa: PLC0415 - two seconds, and half a minute of compiling at first use

    reduced = reduce_features(points)
    reducer = umap.UMAP(
        n_neighbors=parameters.num_neighbors,
        min_dist=parameters.min_dist,
        n_epochs=parameters.num_epochs,
        learning_rate=parameters.learning_rate,
        init=_start(reduced, known, parameters),
        random_state=parameters.seed,
        n_jobs=1,
    )
    layout = np.asarray(reducer.fit_transform(reduced), dtype=np.float32) / np.float32(UMAP_UNITS)
    if len(known) == 0:
        return np.asarray(layout - layout.mean(axis=0))
    # umap-learn stretches a given start to [0, 10] along each axis, so its frame is lost.
    return align_to(layout, known)


def _distances(points: FloatArray) -> FloatArray:
    """Squared distances (n, n), infinite to itself."""
    centred = (points - points.mean(axis=0)).astype(np.float64)
    squares = (centred**2).sum(axis=1)
    result = squares[:, None] + squares[None, :] - 2 * centred @ centred.T
    np.fill_diagonal(result, np.inf)
    return np.asarray(result)

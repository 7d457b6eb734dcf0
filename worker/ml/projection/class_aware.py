"""Features in which a model's classes count: the backbone's features beside the predicted class probabilities."""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import DoubleArray, FloatArray
from worker.ml.vectors import unit_rows

DEFAULT_CLASS_WEIGHT = 0.5
_PROBA_TOLERANCE = 1e-2
_MAX_ROWS = 20_000  # enough to measure how far rows are spread


def class_aware_features(
    features: FloatArray,
    proba: FloatArray,
    *,
    class_weight: float = DEFAULT_CLASS_WEIGHT,
    scale: float | None = None,
) -> FloatArray:
    """Rows in which likeness is a mix of looking alike and being taken for the same classes.

    The square roots of the probabilities are set beside the features, scaled so that they account for the wanted share
    of the mean squared distance. Distances between square roots of probabilities are Hellinger's.

    Args:
        features: (N, D); rows are scaled to length 1.
        proba: (N, K), rows sum to 1.
        class_weight: the share, in [0, 1): 0 leaves the features alone.
        scale: what the square roots are multiplied with, by default `class_scale` of these rows; for rows that come in
            blocks it is computed once, from some of all.

    Returns:
        (N, D + K), rows of equal length.

    Raises:
        InvalidArray: rows that do not agree or do not sum to 1, or a share out of range.
    """
    looks, classes = unit_rows(features), _root_proba(proba, num_rows=len(features))
    if scale is None:
        scale = _scale_of(looks, classes, class_weight=class_weight)
    return np.concatenate([looks, (classes * scale).astype(np.float32)], axis=1)


def class_scale(
    features: FloatArray, proba: FloatArray, *, class_weight: float = DEFAULT_CLASS_WEIGHT
) -> float:
    """What square roots of probabilities (N, K) are multiplied with to stand beside features (N, D).

    Arguments and errors as `class_aware_features`; 0 when all rows have the same probabilities.
    """
    classes = _root_proba(proba, num_rows=len(features))
    return _scale_of(unit_rows(features), classes, class_weight=class_weight)


def _root_proba(proba: FloatArray, *, num_rows: int) -> DoubleArray:
    if proba.ndim != 2 or len(proba) != num_rows:
        raise InvalidArray(f"need probabilities of {num_rows} rows, got {proba.shape}")
    sums = proba.sum(axis=1, dtype=np.float64)
    if not (proba >= 0).all() or not (np.abs(sums - 1) < _PROBA_TOLERANCE).all():
        raise InvalidArray("probabilities are >= 0 and sum to 1 in each row")
    return np.asarray(np.sqrt(proba / sums[:, None]), dtype=np.float64)


def _scale_of(looks: FloatArray, classes: DoubleArray, *, class_weight: float) -> float:
    if not 0 <= class_weight < 1:
        raise InvalidArray(f"class_weight is in [0, 1), got {class_weight}")
    spread = _spread(classes)
    wanted = class_weight / (1 - class_weight) * _spread(looks)
    return float(np.sqrt(wanted / spread)) if spread > 0 else 0.0


def _spread(rows: FloatArray | DoubleArray) -> float:
    """Mean squared distance from the mean."""
    some = rows[:: -(-len(rows) // _MAX_ROWS) or 1].astype(np.float64)
    return float(((some - some.mean(axis=0)) ** 2).sum(axis=1).mean()) if len(some) else 0.0

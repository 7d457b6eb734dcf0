"""The small classifier on pooled features, and what its held-out labels say about it.

Steps of a training: standardise, rotate into the row space when there are fewer labels than channels, cross-validate
the L2 strength and the temperature on the training labels, fit all training labels, fold the standardisation back,
fix the gauge (subtract the class mean, because class activation maps depend on it). Held-out labels are never seen;
they measure this head, and `refit_head` makes one of the same strength and temperature that learns from them too.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from worker.ml._head_fit import Problem, choose_by_folds, fit, log_softmax, split
from worker.ml.errors import InvalidArray, NotEnoughLabels
from worker.ml.threads import one_thread
from worker.ml.types import (
    BoolArray,
    DoubleArray,
    FloatArray,
    IntArray,
    ProgressFn,
    ignore_progress,
)

HELDOUT_SHARE = 0.2
_NUM_BINS = 10
L2_GRID = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01)
"""Strengths tried, for standardised features and the mean loss, strongest first."""


@dataclass(frozen=True)
class Head:
    """Scores = pooled @ weight.T + bias; probabilities = softmax(scores / temperature).

    `weight` (K, C) and `bias` (K,) sum to zero over the classes. `l2` is the strength that was chosen.
    """

    weight: FloatArray
    bias: FloatArray
    temperature: float
    l2: float


@dataclass(frozen=True)
class FittedHead:
    """A head, and log-probabilities (n, K) of each training row by a fit without it; NaN for rows that were held out or
    that no fit left out. `grid_l2` is the strength of the grid that was chosen.
    """

    head: Head
    out_of_fold: DoubleArray
    grid_l2: float


@dataclass(frozen=True)
class ClassMetrics:
    """Of one class among held-out labels: `support` is how many there are, None is what they cannot tell."""

    precision: float | None
    recall: float | None
    support: int
    num_predicted: int


@dataclass(frozen=True)
class HeadMetrics:
    """What held-out labels say about a head; None where there are none.

    `accuracy_low` and `accuracy_high` bound the 95 % Wilson interval. `confusion` (K, K) counts true classes in rows,
    predicted in columns. `ece` is the expected calibration error over ten equal bins of confidence.
    """

    num_heldout: int
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    per_class: tuple[ClassMetrics, ...]
    confusion: IntArray
    ece: float | None
    log_loss: float | None

    def to_json(self) -> dict[str, object]:
        """Plain lists and numbers, keys as the fields."""
        return {**asdict(self), "confusion": self.confusion.tolist()}


def heldout_mask(
    image_ids: Sequence[int] | IntArray, *, share: float = HELDOUT_SHARE, salt: str = "heldout"
) -> BoolArray:
    """Which images are set aside for measuring, for ever: depends on each id and `salt` alone.

    Args:
        image_ids: (n,) ids.
        share: expected share set aside, in [0, 1]; a larger share keeps all that a smaller one set aside.
        salt: another salt sets other images aside.
    """
    if not 0 <= share <= 1:
        raise InvalidArray(f"share is in [0, 1], got {share}")
    key = salt.encode()
    places = [
        int.from_bytes(hashlib.blake2b(str(int(i)).encode(), digest_size=8, key=key).digest(), "big")
        for i in image_ids
    ]
    return np.array([place < share * 2**64 for place in places], dtype=np.bool_)


def fit_head(
    pooled: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    heldout: BoolArray,
    seed: int = 0,
    l2_grid: Sequence[float] = L2_GRID,
    on_progress: ProgressFn = ignore_progress,
) -> FittedHead:
    """Train a class-balanced linear head by L-BFGS. n: labelled images; C: channels; K: classes.

    L2 and temperature come from stratified folds of the training labels (five; one split for large problems), so
    held-out labels measure a model that had no part of them. With one label per class there are no folds: L2 is
    `DEFAULT_L2` and the temperature 1.

    Args:
        pooled: (n, C) features of the labelled images.
        class_index: (n,) in 0..K-1.
        num_classes: K.
        heldout: (n,) rows to leave out.
        seed: of the folds.
        l2_grid: strengths to try, strongest first.
        on_progress: stage "head", in strengths tried.

    Raises:
        NotEnoughLabels: fewer than two classes, or a class without a training label.
        InvalidArray: shapes that do not agree, classes out of range, features that are not finite.
    """
    _check_rows(pooled, class_index, num_classes=num_classes, heldout=heldout)
    with one_thread():
        return _trained(
            pooled,
            class_index.astype(np.int64),
            num_classes=num_classes,
            heldout=heldout,
            seed=seed,
            l2_grid=l2_grid,
            on_progress=on_progress,
        )


def refit_head(head: Head, pooled: FloatArray, class_index: IntArray) -> Head:
    """Train again, on more labels, with the strength and the temperature that were chosen for a part of them.

    Args:
        head: trained on some of these rows.
        pooled: (n, C) features of all labelled images.
        class_index: (n,) in 0..K-1, K as in `head`.

    Raises:
        NotEnoughLabels, InvalidArray: as `fit_head`.
    """
    num_classes = len(head.bias)
    _check_rows(pooled, class_index, num_classes=num_classes, heldout=np.zeros(len(pooled), dtype=np.bool_))
    _check_labels(np.bincount(class_index, minlength=num_classes), class_index[:0])
    with one_thread():
        scaled = _Scaled.of(pooled, class_index.astype(np.int64), num_classes=num_classes)
        return scaled.fit(l2=head.l2, temperature=head.temperature)


def train_head(
    pooled: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    heldout: BoolArray,
    seed: int = 0,
    l2_grid: Sequence[float] = L2_GRID,
    on_progress: ProgressFn = ignore_progress,
) -> Head:
    """`fit_head`, the head alone."""
    return fit_head(
        pooled,
        class_index,
        num_classes=num_classes,
        heldout=heldout,
        seed=seed,
        l2_grid=l2_grid,
        on_progress=on_progress,
    ).head


def predict_logits(head: Head, pooled: FloatArray) -> FloatArray:
    """Scores (N, K) before the temperature."""
    if pooled.ndim != 2 or pooled.shape[1] != head.weight.shape[1]:
        raise InvalidArray(f"features are (N, {head.weight.shape[1]}) for this head, got {pooled.shape}")
    logits: FloatArray = pooled.astype(np.float32, copy=False) @ head.weight.T + head.bias
    return logits


def predict_log_proba(head: Head, pooled: FloatArray) -> DoubleArray:
    """Logarithms (N, K) of calibrated class probabilities.

    Raises:
        InvalidArray: the head takes another number of channels.
    """
    return log_softmax(predict_logits(head, pooled).astype(np.float64) / head.temperature)


def predict_proba(head: Head, pooled: FloatArray) -> FloatArray:
    """Calibrated class probabilities (N, K); rows sum to 1."""
    return np.exp(predict_log_proba(head, pooled)).astype(np.float32)


def measure_head(head: Head, pooled: FloatArray, class_index: IntArray, *, heldout: BoolArray) -> HeadMetrics:
    """Measure a head on the labels that it was not trained on.

    Args:
        head: trained with the same `heldout`.
        pooled: (n, C) features of the labelled images.
        class_index: (n,) their classes, 0..K-1.
        heldout: (n,) the rows to measure on; the others do not count.
    """
    _check_rows(pooled, class_index, num_classes=len(head.bias), heldout=heldout)
    return measure_log_proba(predict_log_proba(head, pooled), class_index, heldout=heldout)


def measure_log_proba(log_proba: DoubleArray, class_index: IntArray, *, heldout: BoolArray) -> HeadMetrics:
    """Measure predictions, of one head or of several together, on labels that none was trained on.

    Args:
        log_proba: (n, K) of the labelled images.
        class_index: (n,) their classes, 0..K-1.
        heldout: (n,) the rows to measure on; the others do not count.
    """
    num_classes = log_proba.shape[1]
    truth = class_index[heldout].astype(np.int64)
    judged = log_proba[heldout]
    predicted = judged.argmax(axis=1)
    confusion = np.bincount(truth * num_classes + predicted, minlength=num_classes**2)
    confusion = confusion.reshape(num_classes, num_classes).astype(np.int64)
    num_right = int(np.trace(confusion))
    low, high = wilson_interval(num_right, len(truth)) if len(truth) else (None, None)
    confidence = np.exp(judged.max(axis=1)).astype(np.float32)
    return HeadMetrics(
        num_heldout=len(truth),
        accuracy=_share(num_right, len(truth)),
        accuracy_low=low,
        accuracy_high=high,
        per_class=tuple(_class_metrics(confusion, k) for k in range(num_classes)),
        confusion=confusion,
        ece=_calibration_error(confidence, predicted == truth) if len(truth) else None,
        log_loss=-float(judged[np.arange(len(truth)), truth].mean()) if len(truth) else None,
    )


def wilson_interval(successes: int, total: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Confidence interval of a share; 95 % by default.

    Raises:
        InvalidArray: unless 0 <= successes <= total and total >= 1.

    Source: Wilson 1927, J. Am. Stat. Assoc. 22.
    """
    if not 0 <= successes <= total or total < 1:
        raise InvalidArray(f"need 0 <= successes <= total and total >= 1, got {successes} of {total}")
    share, spread = successes / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _trained(
    pooled: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    heldout: BoolArray,
    seed: int,
    l2_grid: Sequence[float],
    on_progress: ProgressFn,
) -> FittedHead:
    counts = np.bincount(class_index[~heldout], minlength=num_classes)
    _check_labels(counts, class_index[heldout])
    scaled = _Scaled.of(pooled[~heldout], class_index[~heldout], num_classes=num_classes)
    choice = choose_by_folds(scaled.problem, l2_grid=l2_grid, seed=seed, on_progress=on_progress)
    head = scaled.fit(l2=choice.l2, temperature=choice.temperature)
    out_of_fold = np.full((len(pooled), num_classes), np.nan)
    out_of_fold[~heldout] = choice.out_of_fold
    return FittedHead(head, out_of_fold, choice.grid_l2)


@dataclass(frozen=True)
class _Scaled:
    """Standardised rows in the basis (r, C) of their space, or in the channels' own, and the way back."""

    problem: Problem
    mean: DoubleArray
    deviation: DoubleArray
    basis: DoubleArray | None

    @classmethod
    def of(cls, pooled: FloatArray, class_index: IntArray, *, num_classes: int) -> "_Scaled":
        inputs = pooled.astype(np.float64)
        mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
        deviation[deviation < 1e-6 * max(1e-12, float(deviation.max()))] = 1.0
        rotated, basis = _rotated(((inputs - mean) / deviation).astype(np.float32))
        counts = np.bincount(class_index, minlength=num_classes)
        weights = (len(inputs) / (num_classes * counts[class_index])).astype(np.float32)
        return cls(Problem(rotated, class_index, weights, num_classes), mean, deviation, basis)

    def fit(self, *, l2: float, temperature: float) -> Head:
        """The head of this strength, for features as they come."""
        weight, bias = split(fit(self.problem, l2=l2), self.problem)
        weight = (weight if self.basis is None else weight @ self.basis) / self.deviation
        bias = bias - weight @ self.mean
        return Head(
            weight=(weight - weight.mean(axis=0)).astype(np.float32),
            bias=(bias - bias.mean()).astype(np.float32),
            temperature=temperature,
            l2=l2,
        )


def _check_rows(pooled: FloatArray, class_index: IntArray, *, num_classes: int, heldout: BoolArray) -> None:
    rows = len(pooled)
    if (
        pooled.ndim != 2
        or class_index.shape != (rows,)
        or heldout.shape != (rows,)
        or heldout.dtype != np.bool_
    ):
        raise InvalidArray(
            "need features (n, C), classes (n,) and held-out flags (n,) bool, got "
            f"{pooled.shape}, {class_index.shape} and {heldout.shape} {heldout.dtype}"
        )
    if rows and (class_index.min() < 0 or class_index.max() >= num_classes):
        raise InvalidArray(
            f"classes are in 0..{num_classes - 1}, got {class_index.min()}..{class_index.max()}"
        )
    if not np.isfinite(pooled).all():
        raise InvalidArray("features are finite")


def _check_labels(counts: IntArray, heldout_classes: IntArray) -> None:
    if len(counts) < 2:
        raise NotEnoughLabels(f"training needs at least 2 classes, got {len(counts)}")
    missing = np.flatnonzero(counts == 0)
    if len(missing):
        first = int(missing[0])
        aside = int((heldout_classes == first).sum())
        raise NotEnoughLabels(
            f"class {first} has no training label ({aside} set aside for measuring); each class needs at least 1"
        )


def _rotated(inputs: FloatArray) -> tuple[FloatArray, DoubleArray | None]:
    """Coordinates (n, r) in an orthonormal basis (r, C) of the rows' space, if that is narrower than C.

    The penalised loss is the same there and the fit many times cheaper.
    """
    if inputs.shape[0] >= inputs.shape[1]:
        return inputs, None
    q, _ = np.linalg.qr(inputs.T.astype(np.float64))
    return (inputs @ q).astype(np.float32), q.T


def _share(part: int, total: int) -> float | None:
    return part / total if total else None


def _class_metrics(confusion: IntArray, k: int) -> ClassMetrics:
    right, support, num_predicted = (
        int(n) for n in (confusion[k, k], confusion[k].sum(), confusion[:, k].sum())
    )
    # Without a held-out label of the class nothing is known, although its precision could be counted as 0.
    precision = _share(right, num_predicted) if support else None
    return ClassMetrics(precision, _share(right, support), support, num_predicted)


def _calibration_error(confidence: FloatArray, right: BoolArray) -> float:
    bins = np.minimum((confidence * _NUM_BINS).astype(np.int64), _NUM_BINS - 1)
    gap = np.bincount(bins, weights=right - confidence.astype(np.float64), minlength=_NUM_BINS)
    return float(np.abs(gap).sum() / len(confidence))

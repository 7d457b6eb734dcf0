"""Labels that a model doubts: confident learning on probabilities from models that had not seen the label."""

from dataclasses import dataclass

import numpy as np

from worker.ml.errors import InvalidArray, NotEnoughLabels
from worker.ml.head import fit_head, predict_proba
from worker.ml.types import (
    BoolArray,
    DoubleArray,
    FloatArray,
    IntArray,
    Progress,
    ProgressFn,
    ignore_progress,
)

STAGE = "label errors"
NUM_FOLDS = 5
MIN_LABELS_PER_CLASS = 5  # classes below cannot be told from their errors


@dataclass(frozen=True)
class LabelErrors:
    """Doubted labels among n, worst first. S: how many are doubted.

    `rows` (S,) their rows; `suggested` (S,) the class that the model gives instead; `quality` (n,) the probability of
    the given class for every row, in [0, 1], 1 where it could not be judged.
    """

    rows: IntArray
    suggested: IntArray
    quality: FloatArray


def find_label_errors(
    features: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    seed: int = 0,
    on_progress: ProgressFn = ignore_progress,
) -> LabelErrors:
    """Cross-validate the head on all labels, and rank those that confident learning takes for errors.

    Labels of classes with fewer than `MIN_LABELS_PER_CLASS` are trained on and never doubted.

    Args:
        features: (n, C).
        class_index: (n,) given classes, 0..K-1.
        num_classes: K.
        seed: of the folds.
        on_progress: stage "label errors", in fits: one to all labels, and one a fold.

    Raises:
        NotEnoughLabels: fewer than two classes have `MIN_LABELS_PER_CLASS` labels.
        InvalidArray: as `fit_head`.

    Source: Northcutt, Jiang and Chuang 2021, arXiv:1911.00068 (cleanlab).
    """
    counts = np.bincount(class_index, minlength=num_classes)
    judged_classes = np.flatnonzero(counts >= MIN_LABELS_PER_CLASS)
    if len(judged_classes) < 2:
        raise NotEnoughLabels(
            f"{len(judged_classes)} classes have {MIN_LABELS_PER_CLASS} labels; doubting labels needs 2"
        )
    judged = np.isin(class_index, judged_classes)
    proba = cross_validated_proba(
        features,
        class_index,
        num_classes=num_classes,
        left_out=judged,
        seed=seed,
        on_progress=on_progress,
    )
    inner = proba[judged][:, judged_classes].astype(np.float64)
    inner /= inner.sum(axis=1, keepdims=True)
    given = np.searchsorted(judged_classes, class_index[judged])
    is_error, scores = _confident_learning(given, inner)
    suggested = judged_classes[inner.argmax(axis=1)]
    is_error &= suggested != class_index[judged]
    quality = np.ones(len(class_index), dtype=np.float32)
    quality[judged] = scores
    rows = np.flatnonzero(judged)[is_error]
    order = np.argsort(quality[rows], kind="stable")
    return LabelErrors(rows=rows[order], suggested=suggested[is_error][order], quality=quality)


def cross_validated_proba(
    features: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    left_out: BoolArray,
    seed: int = 0,
    on_progress: ProgressFn = ignore_progress,
) -> FloatArray:
    """Probabilities (n, K) of each row of `left_out` by a head trained without it; zero for the other rows.

    The choice of the strength has left out every row once where there are few labels; where it has not, a head for
    each fold follows, of the strength that was chosen. Errors and progress as `find_label_errors`.
    """
    if left_out.shape != class_index.shape or left_out.dtype != np.bool_:
        raise InvalidArray(f"left_out is bool {class_index.shape}, got {left_out.dtype} {left_out.shape}")
    nothing = np.zeros(len(class_index), dtype=np.bool_)
    fitted = fit_head(features, class_index, num_classes=num_classes, heldout=nothing, seed=seed)
    proba = np.zeros((len(class_index), num_classes), dtype=np.float32)
    on_progress(Progress(STAGE, 1, 1 + NUM_FOLDS))
    if not np.isnan(fitted.out_of_fold[left_out]).any():
        proba[left_out] = np.exp(fitted.out_of_fold[left_out])
        on_progress(Progress(STAGE, 1 + NUM_FOLDS, 1 + NUM_FOLDS))
        return proba
    folds = _folds(class_index, left_out=left_out, seed=seed)
    for fold in range(NUM_FOLDS):
        in_fold = folds == fold
        if in_fold.any():
            of_rest = fit_head(
                features,
                class_index,
                num_classes=num_classes,
                heldout=in_fold,
                seed=seed,
                l2_grid=(fitted.grid_l2,),
            )
            proba[in_fold] = predict_proba(of_rest.head, features[in_fold])
        on_progress(Progress(STAGE, 2 + fold, 1 + NUM_FOLDS))
    return proba


def _folds(class_index: IntArray, *, left_out: BoolArray, seed: int) -> IntArray:
    """Fold of each row, classes spread evenly; -1 for rows that are always trained on."""
    random = np.random.default_rng(seed)
    folds = np.full(len(class_index), -1, dtype=np.int64)
    first = 0
    for value in np.unique(class_index[left_out]):
        rows = random.permutation(np.flatnonzero(left_out & (class_index == value)))
        folds[rows] = (first + np.arange(len(rows))) % NUM_FOLDS
        first += len(rows)
    return folds


def _confident_learning(given: IntArray, proba: DoubleArray) -> tuple[BoolArray, FloatArray]:
    """Which labels are errors, and the quality of each in [0, 1]. All classes have labels."""
    from cleanlab.filter import find_label_issues  # noqa: PLC0415  # seconds to load
    from cleanlab.rank import get_label_quality_scores  # noqa: PLC0415

    scores = get_label_quality_scores(given, proba, method="self_confidence")
    is_error = find_label_issues(given, proba, filter_by="prune_by_noise_rate", n_jobs=1)
    return np.asarray(is_error, dtype=np.bool_), np.asarray(scores, dtype=np.float32)

"""Weighted softmax regression by L-BFGS, and the choice of its strength and temperature by folds.

Weights and biases of K classes on r inputs travel as one flat vector of K * (r + 1) numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from worker.ml.types import BoolArray, DoubleArray, FloatArray, IntArray, Progress, ProgressFn

DEFAULT_L2 = 0.1
_NUM_FOLDS = 5
_MAX_SEARCH_ROWS = 2000
_MANY_NUMBERS = 4e6  # rows x width x classes above which one split replaces five folds
_MAX_ITERATIONS = 40
_LOG_TEMPERATURE_RANGE = (math.log(0.05), math.log(20.0))


@dataclass(frozen=True)
class Problem:
    """Standardised training rows: `inputs` (n, r), one class and one weight each; weights average 1."""

    inputs: FloatArray
    class_index: IntArray
    row_weight: FloatArray
    num_classes: int

    def rows(self, chosen: BoolArray) -> "Problem":
        return Problem(
            self.inputs[chosen], self.class_index[chosen], self.row_weight[chosen], self.num_classes
        )


@dataclass(frozen=True)
class Choice:
    """Strength, the one of the grid that it comes from, temperature, and log-probabilities (n, K) of each row by a fit
    without it; NaN where there was none.
    """

    l2: float
    grid_l2: float
    temperature: float
    out_of_fold: DoubleArray


def choose_by_folds(
    problem: Problem, *, l2_grid: Sequence[float], seed: int, on_progress: ProgressFn
) -> Choice:
    """Strength of least mean log-loss on left-out folds, and the temperature that fits its left-out scores."""
    chosen = _thinned(problem, seed=seed)
    search = problem.rows(chosen)
    shrunk = len(search.inputs) / len(problem.inputs)
    folds = _folds(search.class_index, seed=seed)
    size = search.inputs.size * search.num_classes
    used = range(_NUM_FOLDS if size <= _MANY_NUMBERS else 1)
    used_folds = [fold for fold in used if (folds == fold).any()]
    out_of_fold = np.full((len(problem.inputs), problem.num_classes), np.nan)
    if not used_folds:
        return Choice(DEFAULT_L2, DEFAULT_L2, 1.0, out_of_fold)
    starts: dict[int, DoubleArray] = {}
    best: tuple[float, float, DoubleArray, IntArray] | None = None
    for done, l2 in enumerate(l2_grid, start=1):
        logits, truth = _left_out(search, folds, used_folds, l2=l2, starts=starts)
        temperature = _temperature(logits, truth)
        loss = _log_loss(logits / temperature, truth)
        on_progress(Progress("head", done, len(l2_grid)))
        if best is None or loss < best[0]:
            best = (loss, l2, logits, truth)
        elif loss > 1.02 * best[0]:  # the loss has one valley; from here on it only rises
            break
    assert best is not None
    _, l2, logits, truth = best
    temperature = _temperature(logits, truth)
    rows = np.concatenate([np.flatnonzero(chosen)[folds == fold] for fold in used_folds])
    out_of_fold[rows] = log_softmax(logits / temperature)
    return Choice(l2 * shrunk, l2, temperature, out_of_fold)


def _thinned(problem: Problem, *, seed: int) -> BoolArray:
    """Which rows (n,) the search looks at."""
    rows = len(problem.inputs)
    if rows <= _MAX_SEARCH_ROWS:
        return np.ones(rows, dtype=np.bool_)
    chosen = np.zeros(rows, dtype=np.bool_)
    chosen[np.random.default_rng(seed).permutation(rows)[:_MAX_SEARCH_ROWS]] = True
    return chosen


def _folds(class_index: IntArray, *, seed: int) -> IntArray:
    """Fold of each row, classes spread evenly; -1 (always trained on) for the only row of a class."""
    random = np.random.default_rng(seed)
    folds = np.full(len(class_index), -1, dtype=np.int64)
    first = 0
    for value in np.unique(class_index):
        rows = random.permutation(np.flatnonzero(class_index == value))
        if len(rows) > 1:
            folds[rows] = (first + np.arange(len(rows))) % _NUM_FOLDS
            first += len(rows)
    return folds


def _left_out(
    problem: Problem,
    folds: IntArray,
    used_folds: Sequence[int],
    *,
    l2: float,
    starts: dict[int, DoubleArray],
) -> tuple[DoubleArray, IntArray]:
    """Scores and classes of the rows of each fold, from a fit to the others; `starts` is updated for the next l2."""
    logits, truth = [], []
    for fold in used_folds:
        starts[fold] = fit(problem.rows(folds != fold), l2=l2, start=starts.get(fold))
        weight, bias = split(starts[fold], problem)
        left = folds == fold
        logits.append(problem.inputs[left] @ weight.T + bias)
        truth.append(problem.class_index[left])
    return np.concatenate(logits), np.concatenate(truth)


def fit(problem: Problem, *, l2: float, start: DoubleArray | None = None) -> DoubleArray:
    """Minimise mean weighted cross-entropy + l2 / 2 * |weight|^2; returns (K * (r + 1),) weights and biases."""
    rows, width = problem.inputs.shape
    num_classes = problem.num_classes
    target = np.zeros((rows, num_classes), dtype=np.float32)
    target[np.arange(rows), problem.class_index] = 1
    share = (problem.row_weight / problem.row_weight.sum())[:, None]

    def loss_and_gradient(parameters: DoubleArray) -> tuple[float, DoubleArray]:
        weight, bias = split(parameters, problem)
        narrow = weight.astype(np.float32)
        log_proba = log_softmax(problem.inputs @ narrow.T + bias.astype(np.float32))
        error = (np.exp(log_proba) - target) * share
        loss = -float((share * target * log_proba).sum()) + 0.5 * l2 * float((weight * weight).sum())
        gradient = np.empty_like(parameters).reshape(num_classes, width + 1)
        gradient[:, :-1] = error.T @ problem.inputs + l2 * weight
        gradient[:, -1] = error.sum(axis=0)
        return loss, gradient.ravel()

    if start is None:
        start = np.zeros(num_classes * (width + 1))
    options = {"maxiter": _MAX_ITERATIONS, "maxcor": 10, "ftol": 1e-6, "gtol": 1e-5}
    result = minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(result.x, dtype=np.float64)


def split(parameters: DoubleArray, problem: Problem) -> tuple[DoubleArray, DoubleArray]:
    table = parameters.reshape(problem.num_classes, problem.inputs.shape[1] + 1)
    return table[:, :-1], table[:, -1]


def _temperature(logits: DoubleArray, truth: IntArray) -> float:
    """As if there had been one label more, equally of all classes: few labels that are all right prove no certainty.

    Source: Platt 1999, "Probabilistic Outputs for Support Vector Machines", section 2.2 (targets short of 0 and 1).
    """
    unseen = 1 / (len(truth) + 1)

    def loss(log_temperature: float) -> float:
        log_proba = log_softmax(logits / math.exp(log_temperature))
        seen = float(log_proba[np.arange(len(truth)), truth].mean())
        return -(1 - unseen) * seen - unseen * float(log_proba.mean())

    result = minimize_scalar(loss, bounds=_LOG_TEMPERATURE_RANGE, method="bounded", options={"xatol": 1e-3})
    return float(math.exp(result.x))


def _log_loss(logits: DoubleArray, truth: IntArray) -> float:
    return -float(log_softmax(logits)[np.arange(len(truth)), truth].mean())


def log_softmax(logits: DoubleArray | FloatArray) -> DoubleArray:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))

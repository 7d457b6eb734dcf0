"""Which images a person should label next: diverse ones before there is a model, uncertain ones after."""

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import FloatArray, IntArray

_PROBA_TOLERANCE = 1e-3
_MIN_CANDIDATES, _CANDIDATES_PER_ROW = 2_000, 4
_BLOCK_DISTANCES = 2**24  # 64 MiB at once


def k_centre_order(features: FloatArray, *, num: int, chosen: IntArray | None = None) -> IntArray:
    """Rows that spread over the features: each is the farthest from all before it, so any prefix is a good choice.

    The first is the row nearest to the mean. Ties go to the lower index, so that the order is always the same.

    Args:
        features: (N, D), finite.
        num: how many rows, at most those not yet chosen.
        chosen: rows that are labelled already; new ones keep away from them and do not repeat them.

    Returns:
        (num,) row indexes, best first.

    Raises:
        InvalidArray: features not finite or not (N, D), `chosen` outside, or `num` too large.

    Source: greedy k-centre, Gonzalez 1985; as an active-learning order Sener and Savarese 2018, arXiv:1708.00489.
    """
    if features.ndim != 2 or not np.isfinite(features).all():
        raise InvalidArray(f"features are finite (N, D), got {features.shape} with NaN or infinity")
    taken = np.unique(chosen) if chosen is not None else np.zeros(0, dtype=np.int64)
    if len(taken) and (taken[0] < 0 or taken[-1] >= len(features)):
        raise InvalidArray(f"chosen rows are in 0..{len(features) - 1}, got {taken[0]}..{taken[-1]}")
    if not 0 <= num <= len(features) - len(taken):
        raise InvalidArray(f"{len(features) - len(taken)} rows are left to choose, got num {num}")
    points = features.astype(np.float32)
    lengths = np.einsum("nd,nd->n", points, points)
    gaps = _nearest(points, points[taken])
    gaps[taken] = -1  # taken rows are never the farthest
    order = np.empty(num, dtype=np.int64)
    for place in range(num):
        nothing_taken = place == 0 and len(taken) == 0
        row = int(_squares(points, lengths, points.mean(axis=0)).argmin() if nothing_taken else gaps.argmax())
        order[place] = row
        gaps = np.minimum(gaps, _squares(points, lengths, points[row]))
        gaps[row] = -1
    return order


def probability_margin(proba: FloatArray) -> FloatArray:
    """Top-1 minus top-2 probability (N,), in [0, 1]; small means that a person should look.

    Args:
        proba: (N, K), K >= 2, rows sum to 1.

    Raises:
        InvalidArray: otherwise.
    """
    if proba.ndim != 2 or proba.shape[1] < 2:
        raise InvalidArray(f"probabilities are (N, K) with K >= 2, got {proba.shape}")
    if (
        not (proba >= 0).all()
        or not (np.abs(proba.sum(axis=1, dtype=np.float64) - 1) < _PROBA_TOLERANCE).all()
    ):
        raise InvalidArray("probabilities are >= 0 and sum to 1 in each row")
    top_two = np.partition(proba, -2, axis=1)[:, -2:]
    margin: FloatArray = top_two[:, 1] - top_two[:, 0]
    return margin


def total_variation(proba: FloatArray, other: FloatArray) -> FloatArray:
    """Distance (N,) in [0, 1] of two distributions (N, K) a row: half of the sum of absolute differences."""
    if proba.shape != other.shape:
        raise InvalidArray(f"probabilities differ in shape: {proba.shape} and {other.shape}")
    distance: FloatArray = np.abs(proba - other).sum(axis=1) / 2
    return distance


def active_order(
    proba: FloatArray,
    features: FloatArray,
    *,
    num: int,
    labelled: IntArray,
    disagreement: FloatArray | None = None,
) -> IntArray:
    """Rows to label next after a model: doubtful, unlike the labelled ones, and unlike each other.

    Doubt of a row is 1 - probability margin, plus the disagreement of the model's views of it. Greedily, the next row
    has the largest product of doubt and distance to the nearest row that is labelled or chosen before; so a certain row
    is never asked for, nor a doubtful one twice.

    Args:
        proba: (N, K).
        features: (N, D), finite.
        num: how many rows at most.
        labelled: rows that have a label; they are not chosen.
        disagreement: (N,) in [0, 1]: `total_variation` between what is said of a whole image and of its crop, 0 where
            there is one view.

    Returns:
        (M,) rows, best first; M <= num.

    Raises:
        InvalidArray: as `probability_margin`, or shapes that do not agree.
    """
    doubt = 1 - probability_margin(proba)
    if disagreement is not None:
        if disagreement.shape != doubt.shape:
            raise InvalidArray(f"disagreement is {doubt.shape}, got {disagreement.shape}")
        doubt = doubt + disagreement
    if features.ndim != 2 or len(features) != len(proba) or not np.isfinite(features).all():
        raise InvalidArray(f"features are finite ({len(proba)}, D), got {features.shape}")
    doubt[labelled] = -1
    candidates = np.argsort(-doubt, kind="stable")[: max(_MIN_CANDIDATES, _CANDIDATES_PER_ROW * num)]
    candidates = candidates[doubt[candidates] >= 0]
    points = features[candidates].astype(np.float32)
    gaps = _nearest(points, features[labelled].astype(np.float32))
    doubt = doubt[candidates]
    lengths = np.einsum("nd,nd->n", points, points)
    order = np.empty(min(num, len(candidates)), dtype=np.int64)
    is_chosen = np.zeros(len(candidates), dtype=np.bool_)
    for place in range(len(order)):
        worth = doubt * np.sqrt(gaps) if np.isfinite(gaps).all() else doubt
        best = int(np.where(is_chosen, -1, worth).argmax())
        order[place], is_chosen[best] = candidates[best], True
        gaps = np.minimum(gaps, _squares(points, lengths, points[best]))
    return order


def _nearest(points: FloatArray, others: FloatArray) -> FloatArray:
    """Squared distance (n,) of each point to the nearest of others (m, D); infinite when there are none."""
    gaps = np.full(len(points), np.inf, dtype=np.float32)
    lengths = np.einsum("nd,nd->n", points, points)
    rows = max(1, _BLOCK_DISTANCES // max(1, len(points)))
    for start in range(0, len(others), rows):
        block = others[start : start + rows]
        squares = lengths[:, None] - 2 * points @ block.T + np.einsum("nd,nd->n", block, block)
        gaps = np.minimum(gaps, np.maximum(squares, 0).min(axis=1))
    return gaps


def _squares(points: FloatArray, lengths: FloatArray, centre: FloatArray) -> FloatArray:
    """Squared distances (N,) to one point, by one product of matrix and vector; rounding may not go below 0."""
    squares: FloatArray = np.maximum(lengths - 2 * (points @ centre) + centre @ centre, 0)
    return squares

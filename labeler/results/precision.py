"""How sure a model must be so that what it says is right often enough: a threshold with a proven lower bound.

The bound is Clopper and Pearson's one-sided lower 95 % bound of a share, which holds for every sample size. The
thresholds tried are fixed before the outcomes are looked at, from the most certain half of the held-out predictions
downwards, and the search stops at the first that fails: so the bound also holds for the one that is chosen (fixed
sequence testing; Angelopoulos et al. 2021, arXiv:2110.01052).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

ERROR_RATE = 0.05  # of the bound: it is above the true precision in at most 5 % of cases
TRIED_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Threshold:
    """What held-out labels allow for one class.

    `confidence`: accept predictions at least this sure; None when the target cannot be promised. `num_right` of
    `num_accepted` held-out predictions above it are right, which bounds their precision from below by `bound`.
    `num_heldout` were predicted so, `num_needed` are the fewest that could meet the target, if all were right.
    """

    confidence: float | None
    bound: float | None
    num_right: int
    num_accepted: int
    num_heldout: int
    num_needed: int


def lower_bound(num_right: int, total: int) -> float:
    """Lower 95 % bound of the share that is right; 0 for nothing right.

    Source: Clopper and Pearson 1934, Biometrika 26.
    """
    if not 0 <= num_right <= total:
        raise ValueError(f"need 0 <= num_right <= total, got {num_right} of {total}")
    if num_right == 0:
        return 0.0
    return float(betaincinv(num_right, total - num_right + 1, ERROR_RATE))


def count_needed(target: float) -> int:
    """Fewest predictions, all right, whose lower bound meets the target in (0, 1)."""
    if not 0 < target < 1:
        raise ValueError(f"a target precision is between 0 and 1, got {target}")
    return max(1, math.ceil(math.log(ERROR_RATE) / math.log(target) - 1e-9))


def find_threshold(
    confidence: npt.NDArray[np.floating], is_right: npt.NDArray[np.bool_], *, target: float
) -> Threshold:
    """The lowest confidence whose held-out predictions (m,) are right with the target precision.

    When none is, the fields tell the most certain half instead, with its bound, so that people see what is missing.
    """
    num_needed = count_needed(target)
    order = np.argsort(-confidence, kind="stable")
    ranked, right = confidence[order], np.cumsum(is_right[order])
    total = len(ranked)
    best: tuple[int, float] | None = None
    first: tuple[int, float] | None = None
    for cut in _cuts(ranked, num_needed=num_needed):
        bound = lower_bound(int(right[cut - 1]), cut)
        first = first or (cut, bound)
        if bound < target:
            break
        best = (cut, bound)
    cut, bound_shown = best or first or (0, 0.0)
    return Threshold(
        confidence=None if best is None else float(ranked[cut - 1]),
        bound=bound_shown if cut else None,
        num_right=int(right[cut - 1]) if cut else 0,
        num_accepted=cut,
        num_heldout=total,
        num_needed=num_needed,
    )


def _cuts(ranked: npt.NDArray[np.floating], *, num_needed: int) -> list[int]:
    """How many of the most certain predictions to try, growing; equal confidences are never split."""
    total = len(ranked)
    wanted = {max(num_needed, math.ceil(share * total)) for share in TRIED_SHARES}
    cuts = {
        int(np.searchsorted(-ranked, -ranked[count - 1], side="right")) for count in wanted if count <= total
    }
    return sorted(cuts)

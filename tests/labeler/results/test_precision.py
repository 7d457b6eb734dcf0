"""Thresholds with a proven lower bound of precision; bounds checked against the exact binomial tail."""

import math

import numpy as np
import pytest

from labeler.results.precision import count_needed, find_threshold, lower_bound


def tail(num_right: int, total: int, share: float) -> float:
    """Probability of at least `num_right` of `total`."""
    return sum(
        math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(num_right, total + 1)
    )


@pytest.mark.parametrize(("num_right", "total"), [(3, 4), (10, 10), (92, 93), (1, 7)])
def test_at_the_bound_the_outcome_would_be_a_one_in_twenty_chance(num_right: int, total: int) -> None:
    assert tail(num_right, total, lower_bound(num_right, total)) == pytest.approx(0.05)


def test_the_bound_of_all_right_is_a_root_and_of_none_is_zero() -> None:
    assert lower_bound(10, 10) == pytest.approx(0.05 ** (1 / 10))
    assert lower_bound(0, 5) == 0.0
    with pytest.raises(ValueError, match="got 6 of 5"):
        lower_bound(6, 5)


def test_fifty_nine_of_fifty_nine_promise_95_percent_and_fifty_eight_do_not() -> None:
    assert count_needed(0.95) == 59
    assert lower_bound(59, 59) >= 0.95 > lower_bound(58, 58)
    assert [count_needed(target) for target in (0.5, 0.8, 0.9, 0.99)] == [5, 14, 29, 299]
    with pytest.raises(ValueError, match=r"got 1\.0"):
        count_needed(1.0)


def test_all_right_accepts_down_to_the_least_certain() -> None:
    found = find_threshold(np.linspace(0.4, 1, 30), np.ones(30, bool), target=0.9)
    assert (found.num_accepted, found.num_right) == (30, 30)
    assert found.confidence == pytest.approx(0.4)
    assert found.bound == pytest.approx(0.05 ** (1 / 30))


def test_errors_below_lift_the_threshold_above_them() -> None:
    confidence = np.linspace(1, 0.01, 100)
    is_right = np.ones(100, bool)
    is_right[70:] = False
    found = find_threshold(confidence, is_right, target=0.9)
    # cuts at 50, 60, 70, 80 ...: 70 of 70 are right, 70 of 80 are too few
    assert (found.num_accepted, found.num_right) == (70, 70)
    assert found.confidence == pytest.approx(confidence[69])


def test_the_search_stops_at_the_first_cut_that_fails() -> None:
    is_right = np.ones(100, bool)
    is_right[[10, 20, 30]] = False  # 47 of the surest 50: no promise of 90 %, although 97 of 100 would be one
    assert lower_bound(47, 50) < 0.9 < lower_bound(97, 100)
    found = find_threshold(np.linspace(1, 0, 100), is_right, target=0.9)
    assert (found.confidence, found.num_right, found.num_accepted) == (None, 47, 50)


def test_too_few_say_how_many_are_needed() -> None:
    found = find_threshold(np.linspace(0.5, 1, 12), np.ones(12, bool), target=0.95)
    assert (found.confidence, found.bound, found.num_heldout, found.num_needed) == (None, None, 12, 59)
    nothing = find_threshold(np.zeros(0), np.zeros(0, bool), target=0.9)
    assert (nothing.confidence, nothing.num_heldout, nothing.num_needed) == (None, 0, 29)


def test_equal_confidences_are_never_split() -> None:
    confidence = np.array([1.0] * 40 + [0.5] * 20)
    is_right = np.ones(60, bool)
    found = find_threshold(confidence, is_right, target=0.9)
    assert (found.confidence, found.num_accepted) == (0.5, 60)
    is_right[45:] = False
    assert find_threshold(confidence, is_right, target=0.9).num_accepted == 40


def test_a_promise_of_90_percent_is_kept_in_19_of_20_repetitions() -> None:
    """Images whose chance to be right falls with the confidence; the true precision above each threshold is known."""
    rng = np.random.default_rng(7)
    broken = promised = 0
    for _ in range(400):
        confidence = rng.random(150)
        found = find_threshold(confidence, rng.random(150) < confidence**0.1, target=0.9)
        if found.confidence is not None:
            promised += 1
            above = np.linspace(found.confidence, 1, 1000)
            broken += bool((above**0.1).mean() < 0.9)
    assert promised > 50
    assert broken <= 0.05 * 400 + 3 * math.sqrt(400 * 0.05 * 0.95)

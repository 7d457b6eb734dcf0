"""What to label next."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.sampling import active_order, k_centre_order, probability_margin, total_variation
from worker.ml.types import FloatArray

# on a line at 0 1 2 3 10, all at height 0: the mean is 3.2
LINE = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [10, 0]], dtype=np.float32)


def test_the_order_starts_in_the_middle_and_spreads() -> None:
    # 3 is nearest to the mean; then 10 (7 away); then 0 (3 away); then 1 and 2 are both 1 away: the lower first
    assert k_centre_order(LINE, num=5).tolist() == [3, 4, 0, 1, 2]


def test_any_prefix_is_the_order_of_fewer() -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    assert k_centre_order(points, num=7).tolist() == k_centre_order(points, num=20)[:7].tolist()


def test_rows_chosen_before_are_kept_away_from() -> None:
    assert k_centre_order(LINE, num=3, chosen=np.array([4, 0, 0])).tolist() == [3, 1, 2]
    assert k_centre_order(LINE, num=0, chosen=np.array([1])).tolist() == []


def test_copies_come_last_and_once() -> None:
    points = np.array([[0, 0], [0, 0], [0, 0], [5, 1]], dtype=np.float32)
    assert k_centre_order(points, num=4).tolist() == [0, 3, 1, 2]


def test_the_largest_gap_shrinks_like_the_best_choice_at_most_twice_as_wide() -> None:
    """Two far groups: two centres must take one of each."""
    points = np.concatenate([np.zeros((20, 2)), np.full((20, 2), 9)]).astype(np.float32)
    points += np.random.default_rng(0).normal(scale=0.1, size=points.shape).astype(np.float32)
    assert sorted(k_centre_order(points, num=2) // 20) == [0, 1]


@pytest.mark.parametrize(
    ("features", "num", "chosen"),
    [
        (LINE, 6, None),
        (LINE, 5, [2]),
        (LINE, -1, None),
        (LINE, 1, [5]),
        (LINE, 1, [-1]),
        (LINE * np.float32(np.nan), 1, None),
        (LINE[0], 1, None),
    ],
    ids=[
        "too many",
        "too many beside chosen",
        "negative",
        "chosen outside",
        "chosen below",
        "NaN",
        "one row",
    ],
)
def test_what_cannot_be_chosen_is_refused(features: FloatArray, num: int, chosen: list[int] | None) -> None:
    with pytest.raises(InvalidArray):
        k_centre_order(features, num=num, chosen=None if chosen is None else np.array(chosen))


PROBA = np.array([[0.2, 0.5, 0.3], [1, 0, 0], [0.4, 0.2, 0.4], [0.1, 0.3, 0.6]], dtype=np.float32)


def test_margin_is_the_lead_of_the_best_class() -> None:
    np.testing.assert_allclose(probability_margin(PROBA), [0.2, 1, 0, 0.3], atol=1e-6)


@pytest.mark.parametrize("proba", [[[1.0]], [[0.5, 0.6]], [[1.5, -0.5]], [[np.nan, 1]], [0.5, 0.5]], ids=str)
def test_what_is_no_probability_is_refused(proba: list[object]) -> None:
    with pytest.raises(InvalidArray):
        probability_margin(np.array(proba, dtype=np.float32))


EVEN = np.full((5, 2), 0.5, dtype=np.float32)


def test_doubt_and_distance_from_labels_both_count() -> None:
    # doubts 0, 0.4, 1, 1, 0.4; row 0 is labelled; rows 2 and 3 are copies
    proba = np.array([[1, 0], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5], [0.8, 0.2]], dtype=np.float32)
    places = np.array([[0, 0], [1, 0], [2, 0], [2, 0], [9, 0]], dtype=np.float32)
    # worth 0.4 * 1, 1 * 2, 1 * 2, 0.4 * 9; then the copies stand 2 from the label; then one copy is worth nothing
    order = active_order(proba, places, num=5, labelled=np.array([0]))
    assert order.tolist() == [4, 2, 1, 3]


def test_disagreement_of_whole_and_crop_is_doubt() -> None:
    sure = np.tile(np.array([1, 0], dtype=np.float32), (4, 1))
    crops = sure.copy()
    crops[2] = [0.25, 0.75]
    places = np.array([[0, 0], [5, 0], [1, 0], [7, 7]], dtype=np.float32)
    disagreement = total_variation(sure, crops)
    assert disagreement.tolist() == [0, 0, 0.75, 0]
    order = active_order(sure, places, num=1, labelled=np.array([0]), disagreement=disagreement)
    assert order.tolist() == [2]


def test_without_labels_the_most_doubtful_comes_first_and_then_the_far_ones() -> None:
    order = active_order(EVEN, LINE, num=5, labelled=np.zeros(0, dtype=np.int64))
    assert order[:2].tolist() == [0, 4]
    assert sorted(order.tolist()) == [0, 1, 2, 3, 4]


def test_labelled_rows_are_never_asked_for() -> None:
    assert active_order(EVEN, LINE, num=9, labelled=np.array([1, 3])).tolist() == [4, 0, 2]


def test_probabilities_and_features_must_agree() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    with pytest.raises(InvalidArray, match="disagreement"):
        active_order(EVEN, LINE, num=1, labelled=nothing, disagreement=EVEN[:2, 0])
    with pytest.raises(InvalidArray, match="differ in shape"):
        total_variation(EVEN, EVEN[:2])
    with pytest.raises(InvalidArray, match="features"):
        active_order(EVEN, LINE[:2], num=1, labelled=nothing)

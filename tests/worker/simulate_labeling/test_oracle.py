"""The oracle's gestures on maps and pages small enough to check by hand."""

import numpy as np
import pytest

from worker.ml.types import BoolArray, FloatArray, IntArray
from worker.simulate_labeling.oracle import Lasso, best_lasso, judge_page
from worker.simulate_labeling.report import summarize
from worker.simulate_labeling.session import Point


def blobs(sizes: list[int], *, gap: float = 10.0) -> tuple[FloatArray, IntArray]:
    """Round groups side by side, one class each."""
    rng = np.random.default_rng(0)
    places = [rng.normal((gap * k, k), 0.3, size=(size, 2)) for k, size in enumerate(sizes)]
    classes = [np.full(size, k) for k, size in enumerate(sizes)]
    return np.concatenate(places).astype(np.float32), np.concatenate(classes).astype(np.int64)


def draw(
    layout: FloatArray,
    classes: IntArray,
    *,
    selectable: BoolArray | None = None,
    purity: float = 0.95,
    error_rate: float = 0.0,
    only_class: int | None = None,
) -> Lasso | None:
    return best_lasso(
        layout,
        classes,
        selectable=np.ones(len(classes), bool) if selectable is None else selectable,
        purity=purity,
        error_rate=error_rate,
        rng=np.random.default_rng(1),
        only_class=only_class,
    )


def test_the_largest_group_is_drawn_around_and_nothing_else() -> None:
    layout, classes = blobs([20, 35, 25])
    found = draw(layout, classes)
    assert found is not None
    assert (found.class_index, found.images.tolist()) == (1, list(range(20, 55)))


def test_images_with_a_label_or_without_a_place_are_left_alone() -> None:
    layout, classes = blobs([20, 35])
    layout[20] = np.nan
    selectable = np.ones(55, bool)
    selectable[[21, 22]] = False
    found = draw(layout, classes, selectable=selectable)
    assert found is not None
    assert found.images.tolist() == list(range(23, 55))


def test_one_class_can_be_asked_for() -> None:
    layout, classes = blobs([20, 35])
    found = draw(layout, classes, only_class=0)
    assert found is not None
    assert found.images.tolist() == list(range(20))
    assert draw(layout, classes, only_class=7) is None


def test_foreign_images_in_the_middle_are_caught_and_spoil_the_purity() -> None:
    layout, classes = blobs([40, 10])
    classes[[3, 5]] = 1  # two of the second class among the first
    found = draw(layout, classes, purity=0.9)
    assert found is not None
    assert set(found.images) == set(range(40))
    layout, classes = blobs([12, 10])
    classes[[3, 5]] = 1  # of twelve, all are among their neighbours
    strict = draw(layout, classes, purity=0.99)
    assert strict is not None
    assert strict.images.tolist() == list(range(12, 22))  # the smaller group, which is pure


def test_of_a_group_that_is_not_pure_its_pure_middle_is_taken() -> None:
    """Five rows of 40; every other image of the last row is foreign, so is the middle one of the first."""
    layout = np.stack(np.meshgrid(np.arange(40), np.arange(5)), axis=-1).reshape(-1, 2).astype(np.float32)
    classes = np.zeros(200, dtype=np.int64)
    classes[160::2] = 1
    classes[20] = 1
    found = draw(layout, classes, purity=0.99)
    assert found is not None
    assert found.class_index == 0
    rows, columns = found.images // 40, found.images % 40
    assert rows.max() == 2  # the fourth has neighbours in the last
    assert not ((rows <= 1) & (np.abs(columns - 20) <= 1)).any()  # nor those around the foreign one
    assert len(found.images) > 90


def test_slips_miss_images_of_the_group() -> None:
    layout, classes = blobs([200, 5])
    found = draw(layout, classes, error_rate=0.2)
    assert found is not None
    assert 140 <= len(found.images) <= 180


def test_a_page_is_taken_to_where_it_pays_and_its_tail_is_left() -> None:
    ranked = np.arange(100, 110)
    right = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    # one click for the fourth, two for the tail, Enter: 5 images for 4 gestures; the first three would be 3 for 3
    decision = judge_page(ranked, right)
    assert decision.taken.tolist() == [100, 101, 102, 104, 105]
    assert decision.wrong.tolist() == [103]
    assert (decision.num_clicks, decision.num_gestures) == (3, 4)


def test_a_page_that_is_right_costs_one_key_and_one_that_is_wrong_nothing() -> None:
    decision = judge_page(np.arange(8), np.ones(8, bool))
    assert (len(decision.taken), decision.num_gestures) == (8, 1)
    nothing = judge_page(np.arange(8), np.zeros(8, bool))
    assert (len(nothing.taken), nothing.num_gestures) == (0, 0)


def test_the_report_says_when_98_percent_were_first_right() -> None:
    curve = [Point(0, 0, 0.0), Point(3, 40, 0.97), Point(9, 44, 0.9801), Point(12, 50, 0.975)]
    report = summarize(curve, num_images=150)
    assert report["gestures_at_98"] == 9
    assert report["share_of_images_at_98"] == pytest.approx(0.06)
    assert report["curve"][1] == [3, 40, 0.97]
    assert summarize(curve[:2], num_images=150)["gestures_at_98"] is None

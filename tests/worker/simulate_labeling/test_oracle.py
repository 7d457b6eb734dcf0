"""The oracle's gestures on maps and pages small enough to check by hand."""

import numpy as np
import pytest

from worker.ml.types import BoolArray, FloatArray, IntArray
from worker.simulate_labeling.oracle import Lasso, find_lassos, judge_page
from worker.simulate_labeling.report import summarize
from worker.simulate_labeling.session import Point


def blobs(sizes: list[int], *, gap: float = 10.0) -> tuple[FloatArray, IntArray]:
    """Round groups side by side, one class each."""
    rng = np.random.default_rng(0)
    places = [rng.normal((gap * k, k), 0.3, size=(size, 2)) for k, size in enumerate(sizes)]
    classes = [np.full(size, k) for k, size in enumerate(sizes)]
    return np.concatenate(places).astype(np.float32), np.concatenate(classes).astype(np.int64)


def draw(
    layout: FloatArray, classes: IntArray, *, selectable: BoolArray | None = None, purity: float = 0.95
) -> list[Lasso]:
    return find_lassos(
        layout,
        classes,
        selectable=np.ones(len(classes), bool) if selectable is None else selectable,
        purity=purity,
    )


def test_each_group_is_drawn_around_and_nothing_else_the_largest_first() -> None:
    layout, classes = blobs([20, 35, 25])
    found = [(lasso.class_index, lasso.images.tolist()) for lasso in draw(layout, classes)]
    expected = [(1, list(range(20, 55))), (2, list(range(55, 80))), (0, list(range(20)))]
    assert found == [
        lasso for lasso in expected for _ in range(2)
    ]  # the group, and its middle, which is all of it


def test_images_with_a_label_or_without_a_place_are_left_alone() -> None:
    layout, classes = blobs([20, 35])
    layout[20] = np.nan
    selectable = np.ones(55, bool)
    selectable[[21, 22]] = False
    found = draw(layout, classes, selectable=selectable)[0]
    assert found.images.tolist() == list(range(23, 55))


def test_the_last_image_is_drawn_around_alone() -> None:
    layout, classes = blobs([3, 2])
    (found,) = draw(layout, classes, selectable=np.arange(5) == 4)
    assert (found.class_index, found.images.tolist()) == (1, [4])
    assert draw(layout, classes, selectable=np.zeros(5, bool)) == []


def test_foreign_images_in_the_middle_are_caught_and_spoil_the_purity() -> None:
    layout, classes = blobs([40, 10])
    classes[[3, 5]] = 1  # two of the second class among the first
    found = draw(layout, classes, purity=0.9)[0]
    assert set(found.images) == set(range(40))
    assert set(found.inside) == {3, 5}
    layout, classes = blobs([12, 10])
    classes[[3, 5]] = 1  # of twelve, all are among their neighbours
    strict = draw(layout, classes, purity=0.99)[0]
    assert strict.images.tolist() == list(range(12, 22))  # the smaller group, which is pure


def test_one_or_two_foreign_images_are_clicked_away_and_more_are_not() -> None:
    layout, classes = blobs([40, 10])
    classes[[3, 5]] = 1
    (cleaned, *_) = [lasso for lasso in draw(layout, classes, purity=0.99) if lasso.is_cleaned]
    assert (cleaned.class_index, cleaned.num_gestures) == (0, 3)
    assert set(cleaned.images) == set(range(40)) - {3, 5}
    classes[7] = 1
    assert not any(
        lasso.is_cleaned and len(lasso.images) > 30 for lasso in draw(layout, classes, purity=0.99)
    )


def test_of_a_group_that_is_not_pure_its_pure_middle_is_taken() -> None:
    """Five rows of 40; every other image of the last row is foreign, so is the middle one of the first."""
    layout = np.stack(np.meshgrid(np.arange(40), np.arange(5)), axis=-1).reshape(-1, 2).astype(np.float32)
    classes = np.zeros(200, dtype=np.int64)
    classes[160::2] = 1
    classes[20] = 1
    found = draw(layout, classes, purity=0.99)[0]
    assert found.class_index == 0
    rows, columns = found.images // 40, found.images % 40
    assert rows.max() == 2  # the fourth has neighbours in the last
    assert not ((rows <= 1) & (np.abs(columns - 20) <= 1)).any()  # nor those around the foreign one
    assert len(found.images) > 90


def test_slips_miss_members_and_catch_what_is_at_the_border() -> None:
    lasso = Lasso(0, members=np.arange(200), inside=np.array([300]), border=np.arange(400, 500))
    drawn, num_gestures = lasso.drawn(error_rate=0.2, rng=np.random.default_rng(1))
    assert num_gestures == 1
    assert 140 <= (drawn < 200).sum() <= 180
    assert 10 <= (drawn >= 400).sum() <= 30
    assert 300 in drawn
    sure, _ = lasso.drawn(error_rate=0, rng=np.random.default_rng(1))
    assert sure.tolist() == lasso.images.tolist() == [*range(200), 300]


def test_in_the_grid_slips_are_seen_and_cost_a_click_each() -> None:
    lasso = Lasso(
        0, members=np.arange(200), inside=np.array([300]), border=np.arange(400, 500), is_cleaned=True
    )
    drawn, num_gestures = lasso.drawn(error_rate=0.2, rng=np.random.default_rng(1))
    assert drawn.max() < 200
    assert 12 <= num_gestures <= 32  # the outline, the one inside, 10 to 30 caught
    assert lasso.images.tolist() == list(range(200))


def test_a_single_image_is_never_missed() -> None:
    lasso = Lasso(0, members=np.array([7]), inside=np.zeros(0, int), border=np.zeros(0, int))
    rng = np.random.default_rng(0)
    assert all(lasso.drawn(error_rate=0.9, rng=rng)[0].tolist() == [7] for _ in range(20))


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

"""The linear head: what it learns, what it refuses, and what its held-out labels say."""

import math

import numpy as np
import pytest

from worker.ml.errors import Cancelled, InvalidArray, NotEnoughLabels
from worker.ml.head import (
    ClassMetrics,
    Head,
    fit_head,
    heldout_mask,
    measure_head,
    predict_logits,
    predict_proba,
    refit_head,
    train_head,
    wilson_interval,
)
from worker.ml.types import BoolArray, FloatArray, IntArray, Progress


def clusters(
    per_class: tuple[int, ...], *, channels: int = 20, spread: float = 1.0, seed: int = 0
) -> tuple[FloatArray, IntArray]:
    """Non-negative features around one centre a class, in very different units per channel."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).uniform(0, 3, size=(len(per_class), channels))
    class_index = np.repeat(np.arange(len(per_class)), per_class)
    pooled = np.maximum(
        centres[class_index] + random.normal(scale=spread, size=(len(class_index), channels)), 0
    )
    return (pooled * np.geomspace(0.01, 100, channels)).astype(np.float32), class_index


def none_of(class_index: IntArray) -> BoolArray:
    return np.zeros(len(class_index), dtype=np.bool_)


def axis_head(temperature: float = 1.0) -> Head:
    """Two classes; the score difference is the first channel."""
    weight = np.array([[0.5, 0, 0], [-0.5, 0, 0]], dtype=np.float32)
    return Head(weight=weight, bias=np.zeros(2, dtype=np.float32), temperature=temperature, l2=1.0)


@pytest.mark.parametrize(
    "channels", [20, 300], ids=["fewer channels than labels", "more channels than labels"]
)
def test_it_learns_classes_that_can_be_told_apart(channels: int) -> None:
    pooled, class_index = clusters((40, 40, 40), channels=channels, spread=0.7)
    head = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    fresh, truth = clusters((100, 100, 100), channels=channels, spread=0.7, seed=1)
    assert head.weight.shape == (3, channels)
    assert (predict_proba(head, fresh).argmax(axis=1) == truth).mean() > 0.97


def test_the_gauge_is_fixed() -> None:
    pooled, class_index = clusters((9, 30, 14))
    head = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    np.testing.assert_allclose(head.weight.sum(axis=0), 0, atol=1e-6 * np.abs(head.weight).max())
    assert abs(float(head.bias.sum())) < 1e-4 * float(np.abs(head.bias).max())
    assert head.weight.dtype == np.float32
    assert head.bias.dtype == np.float32


def test_units_of_the_channels_do_not_matter() -> None:
    pooled, class_index = clusters((20, 20, 20), spread=2.0)
    scaled = (pooled * 8 + np.arange(20)).astype(np.float32)
    first = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    second = train_head(scaled, class_index, num_classes=3, heldout=none_of(class_index))
    np.testing.assert_allclose(predict_proba(first, pooled), predict_proba(second, scaled), atol=2e-2)


def test_a_channel_that_never_changes_gets_no_weight() -> None:
    pooled, class_index = clusters((20, 20))
    pooled[:, 3] = 7
    head = train_head(pooled, class_index, num_classes=2, heldout=none_of(class_index))
    np.testing.assert_allclose(head.weight[:, 3], 0, atol=1e-6)


def test_rare_classes_weigh_as_much_as_frequent_ones() -> None:
    """Features that tell nothing: the classes come out equal, although one has five times the labels."""
    pooled, class_index = np.ones((30, 4), dtype=np.float32), np.repeat([0, 1], [25, 5])
    head = train_head(pooled, class_index, num_classes=2, heldout=none_of(class_index))
    np.testing.assert_allclose(predict_proba(head, pooled), 0.5, atol=1e-3)


def test_held_out_rows_have_no_influence() -> None:
    pooled, class_index = clusters((20, 20, 20))
    heldout = heldout_mask(range(60))
    changed, relabelled = pooled.copy(), class_index.copy()
    changed[heldout] = 5
    relabelled[heldout] = 0
    first = train_head(pooled, class_index, num_classes=3, heldout=heldout)
    second = train_head(changed, relabelled, num_classes=3, heldout=heldout)
    assert (first.weight == second.weight).all()
    assert (first.temperature, first.l2) == (second.temperature, second.l2)


def test_a_head_trained_again_on_the_same_labels_is_the_same() -> None:
    pooled, class_index = clusters((20, 20, 20), spread=4.0)
    first = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    again = refit_head(first, pooled, class_index)
    assert (again.weight == first.weight).all()
    assert (again.bias == first.bias).all()
    assert (again.temperature, again.l2) == (first.temperature, first.l2)


def test_a_head_trained_again_learns_from_the_labels_that_were_held_out() -> None:
    """It is the head of all labels at the strength that a part of them chose, with their temperature."""
    pooled, class_index = clusters((20, 20, 20), spread=4.0)
    measured = train_head(pooled, class_index, num_classes=3, heldout=heldout_mask(range(60)))
    again = refit_head(measured, pooled, class_index)
    of_all = train_head(
        pooled, class_index, num_classes=3, heldout=none_of(class_index), l2_grid=(measured.l2,)
    )
    assert (again.weight == of_all.weight).all()
    assert (again.weight != measured.weight).any()
    assert (again.temperature, again.l2) == (measured.temperature, measured.l2)


def test_a_class_that_has_lost_its_labels_is_not_trained_again() -> None:
    pooled, class_index = clusters((20, 20, 20))
    head = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    with pytest.raises(NotEnoughLabels, match="class 2 has no training label"):
        refit_head(head, pooled[:40], class_index[:40])


def test_the_same_seed_gives_the_same_head_and_the_inputs_stay() -> None:
    pooled, class_index = clusters((30, 30), spread=4.0)
    before = pooled.copy()
    first, second, _ = (
        train_head(pooled, class_index, num_classes=2, heldout=none_of(class_index), seed=seed)
        for seed in (5, 5, 6)
    )
    assert (first.weight == second.weight).all()
    assert (first.temperature, first.l2) == (second.temperature, second.l2)
    assert (pooled == before).all()


def test_one_label_per_class_is_enough_to_start() -> None:
    pooled, class_index = clusters((1, 1, 1))
    head = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    assert (predict_proba(head, pooled).argmax(axis=1) == class_index).all()
    assert (head.temperature, head.l2) == (1.0, 0.1)


def test_a_class_of_one_label_beside_larger_ones_trains() -> None:
    pooled, class_index = clusters((12, 1, 12), spread=0.3)
    head = train_head(pooled, class_index, num_classes=3, heldout=none_of(class_index))
    assert (predict_proba(head, pooled).argmax(axis=1) == class_index).all()


def test_overlapping_classes_get_modest_confidence() -> None:
    """Labels without any relation to the features: calibrated confidence is near 1/2, not near 1."""
    random = np.random.default_rng(0)
    pooled = random.gamma(1.0, size=(200, 50)).astype(np.float32)
    head = train_head(
        pooled, random.integers(0, 2, 200), num_classes=2, heldout=np.zeros(200, dtype=np.bool_)
    )
    assert predict_proba(head, random.gamma(1.0, size=(500, 50)).astype(np.float32)).max(axis=1).mean() < 0.65


def test_strength_is_chosen_from_the_grid_with_progress() -> None:
    pooled, class_index = clusters((10, 10), spread=3.0)
    seen: list[Progress] = []
    head = train_head(
        pooled,
        class_index,
        num_classes=2,
        heldout=none_of(class_index),
        l2_grid=(7.0, 0.5),
        on_progress=seen.append,
    )
    assert head.l2 in (7.0, 0.5)
    assert seen == [Progress("head", 1, 2), Progress("head", 2, 2)]


def test_a_cancelling_callback_stops_it() -> None:
    def cancel(progress: Progress) -> None:
        raise Cancelled("cancelled")

    pooled, class_index = clusters((10, 10))
    with pytest.raises(Cancelled):
        train_head(pooled, class_index, num_classes=2, heldout=none_of(class_index), on_progress=cancel)


def test_one_class_is_not_enough() -> None:
    pooled, class_index = clusters((10,))
    with pytest.raises(NotEnoughLabels, match="at least 2 classes, got 1"):
        train_head(pooled, class_index, num_classes=1, heldout=none_of(class_index))


def test_a_class_without_training_labels_is_named() -> None:
    pooled, class_index = clusters((10, 3, 10))
    with pytest.raises(NotEnoughLabels, match=r"class 1 has no training label \(3 set aside"):
        train_head(pooled, class_index, num_classes=3, heldout=class_index == 1)
    with pytest.raises(NotEnoughLabels, match=r"class 3 has no training label \(0 set aside"):
        train_head(pooled, class_index, num_classes=4, heldout=none_of(class_index))
    with pytest.raises(NotEnoughLabels):
        train_head(pooled[:0], class_index[:0], num_classes=2, heldout=none_of(class_index[:0]))


def test_arrays_that_do_not_fit_are_refused() -> None:
    pooled, class_index = clusters((3, 3))
    heldout = none_of(class_index)
    broken = pooled.copy()
    broken[2, 2] = np.nan
    with pytest.raises(InvalidArray, match="finite"):
        train_head(broken, class_index, num_classes=2, heldout=heldout)
    with pytest.raises(InvalidArray, match=r"classes are in 0\.\.1, got 0\.\.2"):
        train_head(pooled, class_index * 2, num_classes=2, heldout=heldout)
    with pytest.raises(InvalidArray, match="need features"):
        train_head(pooled, class_index[:4], num_classes=2, heldout=heldout)
    with pytest.raises(InvalidArray, match="int64"):
        train_head(pooled, class_index, num_classes=2, heldout=heldout.astype(np.int64))
    with pytest.raises(InvalidArray, match=r"features are \(N, 3\) for this head, got \(6, 20\)"):
        predict_logits(axis_head(), pooled)


def test_probabilities_by_hand() -> None:
    pooled = np.array([[0, 5, 5], [math.log(3), 0, 0], [2 * math.log(3), 0, 0]], dtype=np.float32)
    np.testing.assert_allclose(predict_proba(axis_head(), pooled)[:, 0], [0.5, 0.75, 0.9], rtol=1e-6)
    np.testing.assert_allclose(predict_proba(axis_head(2.0), pooled)[:, 0], [0.5, 0.6339746, 0.75], rtol=1e-6)
    np.testing.assert_allclose(predict_logits(axis_head(2.0), pooled)[1], [0.549306, -0.549306], rtol=1e-5)


def test_metrics_by_hand() -> None:
    # score difference -> predicted class 0 where positive; the last row is not held out
    pooled = np.zeros((6, 3), dtype=np.float32)
    pooled[:, 0] = [math.log(3), math.log(3), math.log(9), -math.log(3), math.log(3), -50]
    truth = np.array([0, 0, 0, 1, 1, 0])
    heldout = np.array([True] * 5 + [False])
    metrics = measure_head(axis_head(), pooled, truth, heldout=heldout)
    assert metrics.confusion.tolist() == [[3, 0], [1, 1]]
    assert (metrics.num_heldout, metrics.accuracy) == (5, 0.8)
    assert metrics.per_class == (ClassMetrics(0.75, 1.0, 3, 4), ClassMetrics(1.0, 0.5, 2, 1))
    # bin 0.7-0.8: 3 right of 4 at confidence 0.75; bin 0.9-1: 1 right of 1 at 0.9
    assert metrics.ece == pytest.approx((4 * 0 + 1 * 0.1) / 5, abs=1e-6)
    assert metrics.log_loss == pytest.approx(
        -(3 * math.log(0.75) + math.log(0.9) + math.log(0.25)) / 5, abs=1e-6
    )
    assert (metrics.accuracy_low, metrics.accuracy_high) == wilson_interval(4, 5)
    as_json = metrics.to_json()
    assert as_json["confusion"] == [[3, 0], [1, 1]]
    assert as_json["per_class"][1] == {"precision": 1.0, "recall": 0.5, "support": 2, "num_predicted": 1}  # type: ignore[index]


def test_a_class_without_held_out_labels_is_unknown_and_not_zero() -> None:
    pooled = np.full((2, 3), -1, dtype=np.float32)
    metrics = measure_head(axis_head(), pooled, np.array([0, 0]), heldout=np.array([True, True]))
    assert metrics.per_class == (ClassMetrics(None, 0.0, 2, 0), ClassMetrics(None, None, 0, 2))
    assert metrics.accuracy == 0.0


def test_without_held_out_labels_nothing_is_claimed() -> None:
    metrics = measure_head(
        axis_head(), np.ones((2, 3), dtype=np.float32), np.array([0, 1]), heldout=np.zeros(2, dtype=bool)
    )
    assert (metrics.num_heldout, metrics.accuracy, metrics.accuracy_low, metrics.ece, metrics.log_loss) == (
        0,
        None,
        None,
        None,
        None,
    )
    assert metrics.per_class == (ClassMetrics(None, None, 0, 0),) * 2


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (8, 10, 0.490162, 0.943318),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (50, 100, 0.403832, 0.596168),
    ],
)
def test_wilson_interval(successes: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(successes, total) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("successes", "total"), [(-1, 5), (6, 5), (0, 0)])
def test_wilson_refuses_what_is_no_share(successes: int, total: int) -> None:
    with pytest.raises(InvalidArray):
        wilson_interval(successes, total)


def test_held_out_images_stay_the_same_for_ever() -> None:
    assert np.flatnonzero(heldout_mask(range(30))).tolist() == [0, 14, 20, 23, 25]
    few = heldout_mask([7, 1, 12])
    assert few.tolist() == heldout_mask(range(30))[[7, 1, 12]].tolist()


def test_about_a_fifth_is_held_out_and_more_includes_less() -> None:
    ids = np.arange(20_000)
    fifth, third = heldout_mask(ids), heldout_mask(ids, share=1 / 3)
    assert abs(fifth.mean() - 0.2) < 0.01
    assert third[fifth].all()
    assert not (fifth == heldout_mask(ids, salt="other")).all()
    assert not heldout_mask(ids[:50], share=0).any()
    assert heldout_mask(ids[:50], share=1).all()
    with pytest.raises(InvalidArray):
        heldout_mask([1], share=20)


def test_out_of_fold_predictions_are_of_fits_without_the_row() -> None:
    """A row with the label of the other cluster is believed by a fit that saw it, and never by one that did not."""
    random = np.random.default_rng(0)
    pooled = random.normal(0, 0.1, (20, 40)).astype(np.float32)
    pooled[:10, 0] += 2
    pooled[10:, 1] += 2
    class_index = np.repeat([0, 1], 10)
    class_index[3] = 1
    heldout = np.arange(20) == 19

    fitted = fit_head(pooled, class_index, num_classes=2, heldout=heldout, l2_grid=(1e-4,))

    assert predict_proba(fitted.head, pooled)[3, 1] > 0.5
    assert np.exp(fitted.out_of_fold[3, 1]) < 0.2
    assert np.isnan(fitted.out_of_fold).all(axis=1).tolist() == heldout.tolist()
    np.testing.assert_allclose(np.exp(fitted.out_of_fold[~heldout]).sum(axis=1), 1)


def test_out_of_fold_predictions_of_the_only_label_of_a_class_are_unknown() -> None:
    pooled = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    fitted = fit_head(pooled, np.array([0, 0, 1]), num_classes=2, heldout=np.zeros(3, dtype=np.bool_))
    assert np.isnan(fitted.out_of_fold).all(axis=1).tolist() == [False, False, True]


def test_few_labels_that_are_all_right_prove_no_certainty() -> None:
    """Ten labels of two clusters that any fit tells apart: a temperature free to fall would claim 1 without a limit."""
    pooled = np.repeat(np.eye(2, dtype=np.float32), 5, axis=0)
    head = train_head(pooled, np.repeat([0, 1], 5), num_classes=2, heldout=np.zeros(10, dtype=np.bool_))
    # one label more, half of each class, among eleven: 10.5 / 11 where the fits are alike
    assert predict_proba(head, pooled).max(axis=1) == pytest.approx(np.full(10, 10.5 / 11), abs=0.01)

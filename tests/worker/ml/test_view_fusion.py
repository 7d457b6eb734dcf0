"""Whole image and crop, seen by a head each, and what both say together; numbers that can be checked by hand."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.head import predict_proba, refit_head, train_head
from worker.ml.types import BoolArray, FloatArray, IntArray
from worker.ml.vectors import unit_rows
from worker.ml.view_fusion import (
    concatenate_views,
    crops_lower_log_loss,
    fuse_log_proba,
    predict_crop_log_proba,
    refit_crop_head,
    train_crop_head,
)

NAN = np.nan
NO_HELDOUT = np.zeros(8, dtype=np.bool_)


def two_clusters() -> tuple[FloatArray, IntArray]:
    """Eight crops of three channels, classes in turn; their lengths differ and say nothing."""
    rng = np.random.default_rng(0)
    crops = rng.random((8, 3)).astype(np.float32)
    crops[::2, 0] += 2
    crops[1::2, 1] += 2
    return crops * rng.uniform(1, 9, (8, 1)).astype(np.float32), np.arange(8) % 2


def test_features_are_divided_by_their_length() -> None:
    features = np.array([[3, 4], [0, 0]], dtype=np.float32)
    assert unit_rows(features).tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 0]]


def test_an_image_without_a_crop_is_its_own() -> None:
    wholes = np.array([[2, 0], [0, 5]], dtype=np.float32)
    crops = np.array([[0, 3], [NAN, NAN]], dtype=np.float32)
    assert concatenate_views(wholes, crops).tolist() == [[1, 0, 0, 1], [0, 1, 0, 1]]


def test_views_of_other_networks_do_not_go_side_by_side() -> None:
    with pytest.raises(InvalidArray, match=r"\(2, 3\) and \(2, 4\)"):
        concatenate_views(np.ones((2, 3), np.float32), np.ones((2, 4), np.float32))


def test_both_say_the_mean_of_their_log_probabilities_and_the_whole_alone_without_a_crop() -> None:
    whole = np.log([[0.8, 0.2], [0.9, 0.1], [0.7, 0.3]])
    crop = np.log([[0.2, 0.8], [0.5, 0.5], [NAN, NAN]])
    # sqrt(0.16) each; sqrt(0.45) : sqrt(0.05) = 3 : 1; the whole image's own.
    np.testing.assert_allclose(np.exp(fuse_log_proba(whole, crop)), [[0.5, 0.5], [0.75, 0.25], [0.7, 0.3]])


def test_views_of_other_classes_say_nothing_together() -> None:
    with pytest.raises(InvalidArray, match=r"\(1, 2\) and \(1, 3\)"):
        fuse_log_proba(np.log([[0.5, 0.5]]), np.log([[0.5, 0.25, 0.25]]))


def test_a_crop_head_is_a_head_on_unit_lengths_of_the_crops_that_there_are() -> None:
    crops, class_index = two_clusters()
    crops[3] = NAN
    fitted = train_crop_head(crops, class_index, num_classes=2, heldout=NO_HELDOUT)
    kept = np.delete(np.arange(8), 3)
    expected = train_head(
        unit_rows(crops[kept]), class_index[kept], num_classes=2, heldout=np.zeros(7, dtype=np.bool_)
    )
    assert fitted is not None
    head = fitted.head
    assert np.isnan(fitted.out_of_fold).any(axis=1).tolist() == [row == 3 for row in range(8)]
    np.testing.assert_allclose(head.weight, expected.weight, atol=1e-6)
    log_proba = predict_crop_log_proba(head, crops)
    assert np.isnan(log_proba[3]).all()
    np.testing.assert_allclose(
        np.exp(log_proba[kept]), predict_proba(expected, unit_rows(crops[kept])), atol=1e-5
    )


def test_a_crop_head_trained_again_learns_from_held_out_crops_too() -> None:
    crops, class_index = two_clusters()
    crops[3] = NAN
    fitted = train_crop_head(crops, class_index, num_classes=2, heldout=np.arange(8) >= 6)
    assert fitted is not None
    kept = np.delete(np.arange(8), 3)
    expected = refit_head(fitted.head, unit_rows(crops[kept]), class_index[kept])
    again = refit_crop_head(fitted.head, crops, class_index)
    assert (again.weight == expected.weight).all()
    assert (again.weight != fitted.head.weight).any()


@pytest.mark.parametrize(
    ("missing", "heldout"),
    [
        ([0, 1, 2, 3, 4], []),  # three of eight
        ([0, 2, 4, 6], []),  # half, and none of class 0
        ([2, 4], [0, 6]),  # the others of class 0 are held out
        (range(8), []),
        ([], range(8)),
    ],
)
def test_too_few_crops_make_no_head(missing: "list[int] | range", heldout: "list[int] | range") -> None:
    crops, class_index = two_clusters()
    crops[list(missing)] = NAN
    is_heldout: BoolArray = np.isin(np.arange(8), list(heldout))
    assert train_crop_head(crops, class_index, num_classes=2, heldout=is_heldout) is None


def test_half_of_the_crops_are_enough() -> None:
    crops, class_index = two_clusters()
    crops[[0, 1, 2, 3]] = NAN
    fitted = train_crop_head(crops, class_index, num_classes=2, heldout=NO_HELDOUT)
    assert fitted is not None
    assert fitted.head.weight.shape == (2, 3)


def test_crops_help_where_both_give_the_labels_more_probability_than_the_whole_image_alone() -> None:
    whole = np.log([[0.8, 0.2], [0.4, 0.6], [NAN, NAN]])
    class_index = np.array([0, 0, 1])
    # The second label: 0.4 alone; with 0.7 : 0.3 of the crop sqrt(0.28) of sqrt(0.28) + sqrt(0.18), which is 0.555.
    better = np.log([[0.8, 0.2], [0.7, 0.3], [0.9, 0.1]])
    assert crops_lower_log_loss(whole, better, class_index)
    # The first label's 0.8 becomes 0.857, the second's 0.4 0.348.
    worse = np.log([[0.9, 0.1], [0.3, 0.7], [0.1, 0.9]])
    assert not crops_lower_log_loss(whole, worse, class_index)
    # Only rows that both know count: the first.
    assert crops_lower_log_loss(whole, np.where([[False], [True], [False]], NAN, worse), class_index)


def test_crops_are_trusted_while_no_label_can_judge_them() -> None:
    nothing = np.full((2, 2), NAN)
    assert crops_lower_log_loss(nothing, nothing, np.array([0, 1]))

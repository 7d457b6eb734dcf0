"""Localization metrics by hand, on boxes that are not square and objects of several boxes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.ml.boxes import boxes_from_maps
from worker.ml.errors import InvalidArray
from worker.ml.localization import (
    area_reduction,
    best_iou,
    centered_boxes,
    crop_quality,
    gt_known_localization,
    make_objects,
    mean_average_precision,
    object_recall,
    recall_at_reduction,
    top_k_localization,
    top_k_mask,
)
from worker.ml.types import FloatArray

# Object 0.2 x 0.5 = 0.10; box 0.4 x 0.5 = 0.20; they share 0.1 x 0.4 = 0.04.
OBJECT = [[0.1, 0.2, 0.3, 0.7]]
BOX = np.array([[0.2, 0.3, 0.6, 0.8]])


def test_crop_quality_by_hand() -> None:
    found = crop_quality(BOX, make_objects([np.array(OBJECT)]))
    assert found.recall == pytest.approx(0.4)
    assert found.precision == pytest.approx(0.2)
    assert found.iou == pytest.approx(0.04 / 0.26)
    assert found.reduction == pytest.approx(0.8)
    assert found.whole_object_share == 0.0


def test_an_object_of_overlapping_boxes_is_their_union_not_their_hull() -> None:
    # Two boxes of 0.4 x 0.2 and 0.2 x 0.6 share 0.2 x 0.1: union 0.08 + 0.12 - 0.02 = 0.18; hull 0.4 x 0.7.
    objects = make_objects([np.array([[0.1, 0.1, 0.5, 0.3], [0.3, 0.2, 0.5, 0.8]])])
    assert objects.area[0] == pytest.approx(0.18)
    # The box [0.2, 0.6] x [0.0, 0.25] holds 0.3 x 0.15 of the first and, below it, nothing new.
    recall = object_recall(np.array([[0.2, 0.0, 0.6, 0.25]]), objects)
    assert recall[0] == pytest.approx(0.045 / 0.18)


def test_separate_boxes_add_up() -> None:
    objects = make_objects([np.array([[0, 0, 0.1, 0.2], [0.5, 0.5, 0.7, 0.6]])])
    assert objects.area[0] == pytest.approx(0.04)
    assert object_recall(np.array([[0, 0, 0.5, 1]]), objects)[0] == pytest.approx(0.5)


_EDGES = st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 6), st.integers(1, 6))


@settings(deadline=None)
@given(st.lists(_EDGES, min_size=1, max_size=6), _EDGES)
def test_areas_of_unions_equal_counted_cells(
    true: list[tuple[int, int, int, int]], box: tuple[int, int, int, int]
) -> None:
    def as_box(x: int, y: int, width: int, height: int) -> list[float]:
        return [x / 17, y / 17, (x + width) / 17, (y + height) / 17]

    cells = np.zeros((17, 17), bool)
    for x, y, width, height in true:
        cells[y : y + height, x : x + width] = True
    x, y, width, height = box
    inside = cells[y : y + height, x : x + width].sum()
    objects = make_objects([np.array([as_box(*item) for item in true])])
    assert objects.area[0] * 289 == pytest.approx(cells.sum())
    assert object_recall(np.array([as_box(*box)]), objects)[0] == pytest.approx(inside / cells.sum())


def test_identical_boxes_are_perfect_and_disjoint_ones_worth_nothing() -> None:
    objects = make_objects([np.array(OBJECT)] * 2)
    perfect = crop_quality(np.array(OBJECT * 2), objects)
    assert (perfect.recall, perfect.precision, perfect.iou) == (1.0, 1.0, 1.0)
    assert perfect.whole_object_share == 1.0
    disjoint = crop_quality(np.array([[0.5, 0.0, 1.0, 0.1]] * 2), objects)
    assert (disjoint.recall, disjoint.precision, disjoint.iou) == (0.0, 0.0, 0.0)


def test_the_whole_image_has_recall_1_and_reduction_0() -> None:
    found = crop_quality(np.array([[0.0, 0.0, 1.0, 1.0]]), make_objects([np.array(OBJECT)]))
    assert (found.recall, found.reduction) == (1.0, 0.0)
    assert found.iou == pytest.approx(0.1)


def test_gt_known_counts_a_match_with_any_true_box() -> None:
    objects = make_objects([np.array([[0, 0, 0.5, 0.2], [0.5, 0.5, 1, 1]]), np.array(OBJECT)])
    boxes = np.array([[0.5, 0.5, 1.0, 0.8], [0.2, 0.3, 0.6, 0.8]])
    np.testing.assert_allclose(best_iou(boxes, objects), [0.6, 0.04 / 0.26])
    assert gt_known_localization(boxes, objects) == 0.5


def test_top_k_localization_needs_the_class_and_the_box() -> None:
    objects = make_objects([np.array(OBJECT)] * 4)
    right, wrong = OBJECT[0], [0.5, 0.0, 1.0, 0.1]
    scores = np.array([[3, 2, 1], [2, 3, 1], [3, 2, 1], [1, 2, 3]])
    class_index = np.array([0, 0, 0, 0])
    boxes = np.array([right, right, wrong, right])
    found = [
        top_k_localization(boxes, objects, scores=scores, class_index=class_index, k=k) for k in (1, 2, 3)
    ]
    assert found == [0.25, 0.5, 0.75]


def test_equal_scores_go_to_the_lower_class() -> None:
    np.testing.assert_array_equal(top_k_mask(np.ones((2, 3)), np.array([0, 1]), k=1), [True, False])


def test_mean_average_precision_by_hand() -> None:
    # Class 0 has 2 positives. Its detections by confidence: image 2 (0.9, of class 1: wrong), image 0 (0.8,
    # right), image 1 (0.6, right class, box wrong). Precision at the one hit is 1/2, so AP = 1/2 / 2. Class
    # 1 has 2 positives, and one detection, image 3, right: AP = 1 / 2.
    objects = make_objects([np.array(OBJECT)] * 4)
    boxes = np.array([OBJECT[0], [0.5, 0.0, 1.0, 0.1], OBJECT[0], OBJECT[0]])
    found = mean_average_precision(
        boxes,
        objects,
        confidence=np.array([0.8, 0.6, 0.9, 0.7]),
        predicted=np.array([0, 0, 0, 1]),
        class_index=np.array([0, 0, 1, 1]),
    )
    assert found == pytest.approx((0.25 + 0.5) / 2)


def test_the_precision_envelope_looks_to_the_right() -> None:
    # Detections of the one class: wrong, right, right. Precision 0, 1/2, 2/3; envelope 2/3 at both hits; 3
    # positives.
    objects = make_objects([np.array(OBJECT)] * 3)
    boxes = np.array([[0.5, 0.0, 1.0, 0.1], OBJECT[0], OBJECT[0]])
    found = mean_average_precision(
        boxes,
        objects,
        confidence=np.array([0.9, 0.8, 0.7]),
        predicted=np.zeros(3, np.int64),
        class_index=np.zeros(3, np.int64),
    )
    assert found == pytest.approx(2 * (2 / 3) / 3)


def test_recall_at_half_the_area_by_hand() -> None:
    # A constant map's box at retention r is the centred r x r box: the reduction is 1/2 at r = sqrt(1/2).
    objects = make_objects([np.array([[0.0, 0.4, 0.5, 0.6]])])
    constant = np.ones((1, 5, 3), np.float32)
    found = recall_at_reduction(lambda retention: boxes_from_maps(constant, retention=retention), objects)
    assert found.retention == pytest.approx(np.sqrt(0.5), abs=1e-6)
    assert found.reduction == pytest.approx(0.5, abs=1e-6)
    assert found.recall == pytest.approx(np.sqrt(0.5), abs=1e-6)
    assert found.recall_center == pytest.approx(found.recall, abs=1e-6)


def test_boxes_that_are_never_large_enough_are_measured_at_full_retention() -> None:
    objects = make_objects([np.array(OBJECT)])

    def small(retention: float) -> FloatArray:
        return np.array([[0.1, 0.2, 0.1 + 0.2 * retention, 0.7]], np.float32)

    found = recall_at_reduction(small, objects)
    assert found.retention == pytest.approx(1.0)
    assert found.reduction == pytest.approx(0.9)
    assert found.recall == pytest.approx(1.0, abs=1e-6)


def test_centred_boxes_have_the_area_asked_for() -> None:
    boxes = centered_boxes(2, reduction=0.36)
    np.testing.assert_allclose(boxes, [[0.1, 0.1, 0.9, 0.9]] * 2, atol=1e-6)
    np.testing.assert_allclose(area_reduction(boxes), 0.36, atol=1e-6)


@pytest.mark.parametrize(
    "boxes", [[], [[0.1, 0.1, 0.1, 0.5]], [[0.1, 0.1, np.nan, 0.5]], [[0.1, 0.1, 1.2, 0.5]]]
)
def test_an_object_needs_a_box_that_can_be(boxes: list[list[float]]) -> None:
    with pytest.raises(InvalidArray, match="image 0"):
        make_objects([np.array(boxes)])


def test_counts_that_differ_are_rejected() -> None:
    with pytest.raises(InvalidArray, match=r"\(1, 4\)"):
        crop_quality(np.zeros((2, 4)), make_objects([np.array(OBJECT)]))
    with pytest.raises(InvalidArray, match="at least one image"):
        crop_quality(np.zeros((0, 4)), make_objects([]))
    with pytest.raises(InvalidArray, match="k >= 1"):
        top_k_mask(np.ones((1, 2)), np.array([0]), k=0)
    with pytest.raises(InvalidArray, match="target"):
        recall_at_reduction(lambda retention: BOX, make_objects([np.array(OBJECT)]), target_reduction=1.0)

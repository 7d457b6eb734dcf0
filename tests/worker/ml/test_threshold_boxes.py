"""Raster boxes: the largest region, ties, the automatic threshold on discs, and bad input."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.threshold_boxes import (
    adaptive_boxes,
    adaptive_threshold,
    extent_boxes,
    largest_component_box,
    threshold_boxes,
    upsample,
)
from worker.ml.types import AnyArray, DoubleArray, FloatArray

SIDE = 224
WHOLE = [0, 0, 1, 1]

BoxFn = Callable[[AnyArray], FloatArray]


def _disc(
    radius: float, *, height: float, background: float, centre: tuple[int, int] = (112, 112)
) -> DoubleArray:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = (rows + 0.5 - centre[0]) ** 2 + (columns + 0.5 - centre[1]) ** 2 < radius**2
    return np.where(inside, height, background)


def test_upsampling_equals_opencv_on_a_non_square_map() -> None:
    cam = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    expected = cv2.resize(cam, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_allclose(upsample(cam[None])[0], expected, atol=1e-6)


def test_a_map_of_one_cell_is_constant() -> None:
    np.testing.assert_array_equal(upsample(np.array([[[3.0]]]), side_px=4), np.full((1, 4, 4), 3.0))


def test_one_cell_over_the_threshold_gives_the_box_of_its_hat() -> None:
    # 4 rows x 8 columns on 224 px: cells of 56 x 28 px. The hat of cell (1, 2) has centre (x, y) = (70, 84)
    # px and falls to 0 at 28 and 56 px from it. Along its axes it exceeds 1/4 within 21 and 42 px.
    cam = np.zeros((1, 4, 8))
    cam[0, 1, 2] = 2
    box = threshold_boxes(cam, threshold_frac=0.25)[0] * SIDE
    np.testing.assert_allclose(box, [49, 42, 91, 126], atol=1.0)


def test_the_larger_of_two_regions_is_boxed() -> None:
    mask = np.zeros((10, 20), bool)
    mask[1:3, 1:3] = True
    mask[5:8, 10:14] = True
    np.testing.assert_allclose(largest_component_box(mask), [0.5, 0.5, 0.7, 0.8])


def test_of_equal_regions_the_first_in_reading_order_is_boxed() -> None:
    mask = np.zeros((10, 20), bool)
    mask[2:4, 15:17] = True
    mask[3:5, 1:3] = True
    np.testing.assert_allclose(largest_component_box(mask), [0.75, 0.2, 0.85, 0.4])


def test_regions_that_touch_at_a_corner_are_one() -> None:
    mask = np.zeros((4, 8), bool)
    mask[0, 0] = mask[1, 1] = mask[2, 2] = True
    np.testing.assert_allclose(largest_component_box(mask), [0, 0, 3 / 8, 3 / 4])


@pytest.mark.parametrize("box_maps", [threshold_boxes, adaptive_boxes])
@pytest.mark.parametrize("value", [0.0, -2.0, np.nan, np.inf])
def test_a_map_without_a_positive_value_or_not_finite_gives_the_whole_image(
    box_maps: BoxFn, value: float
) -> None:
    np.testing.assert_array_equal(box_maps(np.full((2, 5, 3), value)), [WHOLE, WHOLE])


@pytest.mark.parametrize("box_maps", [threshold_boxes, adaptive_boxes, extent_boxes])
def test_a_constant_positive_map_gives_the_whole_image(box_maps: BoxFn) -> None:
    np.testing.assert_array_equal(box_maps(np.full((1, 5, 3), 0.7)), [WHOLE])


@pytest.mark.parametrize("box_maps", [threshold_boxes, adaptive_boxes, extent_boxes])
def test_no_images_give_no_boxes(box_maps: BoxFn) -> None:
    assert box_maps(np.zeros((0, 5, 3))).shape == (0, 4)


@pytest.mark.parametrize(("background", "expected"), [(0.12, 0.15), (0.62, 0.65), (0.0, 0.20)])
def test_the_automatic_threshold_of_a_disc_lies_just_over_its_background(
    background: float, expected: float
) -> None:
    disc = _disc(50, height=1.0, background=background)
    assert adaptive_threshold(disc) == pytest.approx(expected)
    np.testing.assert_allclose(adaptive_boxes(disc[None])[0] * SIDE, [62, 62, 162, 162], atol=1e-4)


def test_the_automatic_threshold_separates_a_disc_inside_a_weaker_one() -> None:
    raster = np.maximum(_disc(40, height=1.4, background=0.0), _disc(90, height=0.4, background=0.0))
    assert adaptive_threshold(raster) == pytest.approx(0.30)
    np.testing.assert_allclose(adaptive_boxes(raster[None])[0] * SIDE, [72, 72, 152, 152], atol=1e-4)


def test_scale_does_not_change_the_automatic_threshold() -> None:
    raster = upsample(np.random.default_rng(2).random((1, 5, 3)))[0]
    assert adaptive_threshold(raster * 37.0) == adaptive_threshold(raster)


def test_the_extent_is_all_that_is_positive() -> None:
    cam = np.full((1, 4, 8), -1.0)
    cam[0, 1, 2] = 2
    # ReLU first: the hat of cell (1, 2) reaches 28 px left and right, 56 px up and down of (70, 84).
    np.testing.assert_allclose(extent_boxes(cam)[0] * SIDE, [42, 28, 98, 140], atol=1e-4)


@pytest.mark.parametrize("threshold_frac", [-0.1, 1.0, np.nan])
def test_a_threshold_outside_its_range_is_rejected(threshold_frac: float) -> None:
    with pytest.raises(InvalidArray, match="threshold_frac"):
        threshold_boxes(np.ones((1, 5, 3)), threshold_frac=threshold_frac)


def test_maps_of_another_shape_are_rejected() -> None:
    with pytest.raises(InvalidArray, match=r"maps must be"):
        threshold_boxes(np.ones((5, 3)))

"""MaxBoxAcc: pixel conventions by hand and the best common threshold."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.maxboxacc import max_box_acc
from worker.ml.types import FloatArray


def _plateau(top: int, left: int, bottom: int, right: int, *, height: float = 1.0) -> FloatArray:
    """A map at full raster size, so that upsampling changes nothing."""
    cam = np.zeros((224, 224), np.float32)
    cam[top:bottom, left:right] = height
    return cam


def test_a_plateau_on_its_box_is_found() -> None:
    boxes = np.array([[56, 28, 168, 112]]) / 224
    found = max_box_acc(_plateau(28, 56, 112, 168)[None], [boxes])
    assert (found.v1, found.v2) == (1.0, 1.0)


def test_ious_count_both_ends_of_a_side() -> None:
    # Contour box x 0..10, y 0..20 (exclusive ends, then taken as inclusive): 11 x 21 = 231 px. True box
    # x 0..10, y 0..41: 11 x 42 = 462 px, so the IoU is exactly 1/2; with exclusive ends it is 200/410.
    cam = _plateau(0, 0, 20, 10)[None]
    at_half = max_box_acc(cam, [np.array([[0, 0, 10.5, 41.5]]) / 224])
    assert at_half.v1 == 1.0
    below = max_box_acc(cam, [np.array([[0, 0, 10.5, 42.5]]) / 224])
    assert below.v1 == 0.0


def test_one_threshold_serves_all_images() -> None:
    # Each image has a faint large plateau and a bright small one; the object is the large one in the first
    # image and the small one in the second, so no threshold is right for both.
    cam = np.maximum(_plateau(20, 20, 200, 200, height=0.4), _plateau(80, 80, 120, 140))
    large, small = np.array([[20, 20, 200, 200]]) / 224, np.array([[80, 80, 140, 120]]) / 224
    found = max_box_acc(np.stack([cam, cam]), [large, small])
    assert found.v1 == 0.5


def test_v2_takes_any_region_and_v1_the_largest() -> None:
    cam = np.maximum(_plateau(10, 10, 110, 110), _plateau(150, 150, 190, 200))
    found = max_box_acc(cam[None], [np.array([[150, 150, 200, 190]]) / 224])
    assert found.v1 == 0.0
    assert found.v2 == 1.0


@pytest.mark.parametrize("value", [0.0, 3.0, np.nan])
def test_a_constant_map_or_one_not_finite_finds_nothing(value: float) -> None:
    found = max_box_acc(np.full((1, 5, 3), value, np.float32), [np.array([[0.1, 0.2, 0.9, 0.8]])])
    assert (found.v1, found.v2) == (0.0, 0.0)


def test_counts_that_differ_are_rejected() -> None:
    with pytest.raises(InvalidArray, match="N lists"):
        max_box_acc(np.ones((2, 5, 3)), [np.array([[0, 0, 1, 1]])])
    with pytest.raises(InvalidArray, match="N lists"):
        max_box_acc(np.ones((0, 5, 3)), [])

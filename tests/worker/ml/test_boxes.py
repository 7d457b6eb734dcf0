"""Quantile boxes: hand-computed vectors, exactness against a fine raster, symmetries and bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from worker.ml.boxes import (
    boxes_from_maps,
    boxes_from_profiles,
    pixel_boxes,
    tight_and_loose_boxes,
    with_minimum_side,
)
from worker.ml.errors import InvalidArray
from worker.ml.profiles import profiles_from_maps
from worker.ml.types import AnyArray, FloatArray


def _single(row: int, column: int, *, height: int = 7, width: int = 7) -> FloatArray:
    cam = np.zeros((1, height, width), np.float32)
    cam[0, row, column] = 1
    return cam


def _product() -> FloatArray:
    ramp = np.arange(1, 8, dtype=np.float32)
    return np.outer(ramp, ramp)[None]


def _two_blobs() -> FloatArray:
    cam = np.zeros((1, 7, 7), np.float32)
    cam[0, 1, 1] = 3
    cam[0, 5, 4] = 1
    return cam


VECTORS = [
    (np.ones((1, 7, 7), np.float32), 0.95, (0.025, 0.025, 0.975, 0.975)),
    (_single(3, 3), 0.50, (0.458158, 0.458158, 0.541842, 0.541842)),
    (_single(3, 3), 0.95, (0.389087, 0.389087, 0.610913, 0.610913)),
    (_single(3, 3), 0.99, (0.371429, 0.371429, 0.628571, 0.628571)),
    (_single(0, 6), 0.95, (0.817658, 0.003571, 0.996429, 0.182342)),
    (_product(), 0.50, (0.463094, 0.463094, 0.854392, 0.854392)),
    (_product(), 0.95, (0.097602, 0.097602, 0.985714, 0.985714)),
    (_two_blobs(), 0.50, (0.188071, 0.188071, 0.357143, 0.357143)),
    (_two_blobs(), 0.95, (0.108314, 0.108314, 0.721827, 0.864684)),
    # Non-square, 5 rows x 3 columns: a hat of half-width 1/3 about x = 1/2 and of half-width 1/5 about y =
    # 3/10.
    (_single(1, 1, height=5, width=3), 0.95, (0.241202, 0.144721, 0.758798, 0.455279)),
    # The whole support at retention 1.
    (_single(1, 1, height=5, width=3), 1.0, (1 / 6, 0.1, 5 / 6, 0.5)),
]


@pytest.mark.parametrize(("cam", "retention", "expected"), VECTORS)
def test_it_gives_the_hand_computed_box(
    cam: FloatArray, retention: float, expected: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(boxes_from_maps(cam, retention=retention), [expected], atol=1e-6)


def test_a_retention_per_image_boxes_each_image_at_its_own() -> None:
    cams = np.concatenate([_single(3, 3), _single(3, 3)])
    boxes = boxes_from_maps(cams, retention=np.array([0.5, 0.99]))
    np.testing.assert_allclose(boxes[:, 0], [0.458158, 0.371429], atol=1e-6)


def _raster_box(cam: AnyArray, *, retention: float, side: int) -> AnyArray:
    """Box by brute force: interpolate both marginals on a fine grid and walk along their cumulative sums."""
    edges = []
    for axis in (0, 1):
        mass = cam.sum(axis=axis)
        centres = (np.arange(len(mass)) + 0.5) / len(mass)
        fine = (np.arange(side) + 0.5) / side
        cumulative = np.cumsum(np.interp(fine, centres, mass))
        cumulative /= cumulative[-1]
        tail = (1 - retention) / 2
        edges.append((np.searchsorted(cumulative, tail) / side, np.searchsorted(cumulative, 1 - tail) / side))
    (x0, x1), (y0, y1) = edges
    return np.array([x0, y0, x1, y1])


@pytest.mark.parametrize("shape", [(7, 7), (5, 3), (3, 8), (1, 4), (14, 14)])
@pytest.mark.parametrize("retention", [0.3, 0.8, 0.95])
def test_it_equals_a_fine_raster(shape: tuple[int, int], retention: float) -> None:
    cam = np.random.default_rng(3).random(shape) ** 3
    box = boxes_from_maps(cam[None], retention=retention)[0]
    np.testing.assert_allclose(box, _raster_box(cam, retention=retention, side=20_000), atol=2e-4)


_MAPS = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6)),
    elements=st.floats(0, 1e4, width=32, allow_subnormal=False),
)
_RETENTIONS = st.floats(0.01, 1.0)


@settings(deadline=None)
@given(_MAPS, _RETENTIONS)
def test_every_box_is_inside_the_image_and_not_empty(cams: FloatArray, retention: float) -> None:
    boxes = boxes_from_profiles(
        profiles_from_maps(cams), height=cams.shape[1], width=cams.shape[2], retention=retention
    )
    assert (boxes >= 0).all()
    assert (boxes <= 1).all()
    assert (boxes[:, :2] < boxes[:, 2:]).all()


@settings(deadline=None)
@given(_MAPS, _RETENTIONS, _RETENTIONS)
def test_a_larger_retention_contains_a_smaller_one(cams: FloatArray, one: float, other: float) -> None:
    inner = boxes_from_maps(cams, retention=min(one, other))
    outer = boxes_from_maps(cams, retention=max(one, other))
    slack = 2 / 224  # an empty range is widened by a pixel each way
    assert (outer[:, :2] <= inner[:, :2] + slack).all()
    assert (outer[:, 2:] >= inner[:, 2:] - slack).all()


@settings(deadline=None)
@given(_MAPS, _RETENTIONS)
def test_mirroring_the_map_mirrors_the_box(cams: FloatArray, retention: float) -> None:
    box = boxes_from_maps(cams, retention=retention)
    mirrored = boxes_from_maps(cams[:, :, ::-1], retention=retention)
    np.testing.assert_allclose(mirrored[:, [2, 1, 0, 3]] * [-1, 1, -1, 1] + [1, 0, 1, 0], box, atol=1e-5)


@settings(deadline=None)
@given(_MAPS, _RETENTIONS)
def test_transposing_the_map_swaps_the_axes(cams: FloatArray, retention: float) -> None:
    swapped = boxes_from_maps(cams.transpose(0, 2, 1), retention=retention)
    np.testing.assert_array_equal(swapped[:, [1, 0, 3, 2]], boxes_from_maps(cams, retention=retention))


def test_scale_does_not_move_a_box() -> None:
    cams = np.random.default_rng(0).random((4, 5, 3)).astype(np.float32)
    np.testing.assert_allclose(
        boxes_from_maps(cams * np.float32(1e30), retention=0.9),
        boxes_from_maps(cams, retention=0.9),
        atol=1e-6,
    )


def test_the_profile_moves_a_box_by_less_than_a_pixel_of_224() -> None:
    rng = np.random.default_rng(1)
    cams = (rng.random((500, 7, 7)) * rng.random((500, 1, 1))).astype(np.float32)
    exact = boxes_from_maps(cams, retention=0.95)
    coded = boxes_from_profiles(profiles_from_maps(cams), height=7, width=7, retention=0.95)
    assert np.quantile(np.abs(exact - coded).max(axis=1) * 224, 0.99) < 1.0


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_a_map_without_mass_or_not_finite_gives_the_whole_image(value: float) -> None:
    cams = np.full((1, 5, 3), value, np.float32)
    np.testing.assert_array_equal(boxes_from_maps(cams, retention=0.5), [[0, 0, 1, 1]])


def test_one_map_that_is_not_finite_leaves_the_others_alone() -> None:
    cams = np.concatenate([_single(3, 3), np.full((1, 7, 7), np.nan, np.float32)])
    boxes = boxes_from_maps(cams, retention=0.5)
    np.testing.assert_allclose(boxes[0], [0.458158, 0.458158, 0.541842, 0.541842], atol=1e-6)
    np.testing.assert_array_equal(boxes[1], [0, 0, 1, 1])


def test_a_constant_map_is_cut_by_the_tails_alone() -> None:
    np.testing.assert_allclose(
        boxes_from_maps(np.full((1, 1, 1), 5.0), retention=0.8), [[0.1, 0.1, 0.9, 0.9]], atol=1e-6
    )


@pytest.mark.parametrize("retention", [0.0, -0.1, 1.01, np.nan])
def test_a_retention_outside_its_range_is_rejected(retention: float) -> None:
    with pytest.raises(InvalidArray, match="retention must be in"):
        boxes_from_maps(_single(1, 1), retention=retention)


def test_no_images_give_no_boxes() -> None:
    assert boxes_from_maps(np.zeros((0, 5, 3)), retention=0.9).shape == (0, 4)


def test_the_loose_box_contains_the_tight_one() -> None:
    pair = tight_and_loose_boxes(_product())
    assert pair.shape == (1, 2, 4)
    np.testing.assert_allclose(pair[0, 1], [0.097602, 0.097602, 0.985714, 0.985714], atol=1e-6)
    assert (pair[0, 0, :2] > pair[0, 1, :2]).all()
    assert (pair[0, 0, 2:] < pair[0, 1, 2:]).all()
    with pytest.raises(InvalidArray, match=r"0\.9 must not exceed"):
        tight_and_loose_boxes(_product(), tight_retention=0.9, loose_retention=0.8)


def test_a_small_box_is_widened_and_shifted_inside() -> None:
    boxes = np.array([[0.0, 0.48, 0.02, 0.52], [0.2, 0.3, 0.6, 0.9], [0.5, 0.97, 0.8, 1.0]], np.float32)
    expected = [[0.0, 0.45, 0.1, 0.55], [0.2, 0.3, 0.6, 0.9], [0.5, 0.9, 0.8, 1.0]]
    np.testing.assert_allclose(with_minimum_side(boxes), expected, atol=1e-6)


def test_pixel_boxes_round_outwards_on_a_non_square_image() -> None:
    boxes = np.array([[0.1, 0.1, 0.55, 0.8]], np.float32)
    np.testing.assert_array_equal(pixel_boxes(boxes, height_px=15, width_px=40), [[4, 1, 22, 12]])


def test_a_box_of_a_one_pixel_image_is_that_pixel() -> None:
    boxes = np.array([[0.4, 0.4, 0.6, 0.6], [0, 0, 1, 1], [1, 1, 1, 1]], np.float32)
    np.testing.assert_array_equal(pixel_boxes(boxes, height_px=1, width_px=1), [[0, 0, 1, 1]] * 3)


def test_a_float32_edge_on_a_pixel_edge_of_a_wide_image_gains_no_pixel() -> None:
    boxes = np.array([[1 / 7, 0.25, 3 / 7, 0.75]], np.float32)
    box = pixel_boxes(boxes, height_px=20, width_px=21_000)
    np.testing.assert_array_equal(box, [[3000, 5, 9000, 15]])


@pytest.mark.parametrize(
    ("box", "height_px"), [([np.nan, 0, 1, 1], 4), ([0, 0, 1, np.inf], 4), ([0, 0, 1, 1], 0)]
)
def test_a_box_or_image_that_cannot_be_is_rejected(box: list[float], height_px: int) -> None:
    with pytest.raises(InvalidArray):
        pixel_boxes(np.array([box]), height_px=height_px, width_px=4)

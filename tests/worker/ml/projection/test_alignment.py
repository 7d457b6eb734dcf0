"""Layouts are turned onto a reference, mirrored only where that is allowed; movement is measured in radii."""

import math

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.projection.alignment import align_to, displacement, radius_of
from worker.ml.types import FloatArray


def turned(points: FloatArray, degrees: float) -> FloatArray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.asarray(points @ np.array([[c, s], [-s, c]]), dtype=np.float32)


TRIANGLE = np.array([[0, 0], [4, 0], [4, 1]], dtype=np.float32)


def test_alignment_undoes_rotation_shift_and_scale() -> None:
    moved = turned(TRIANGLE, 130) * 3 + np.array([7, -2])
    np.testing.assert_allclose(align_to(moved.astype(np.float32), TRIANGLE), TRIANGLE, atol=1e-5)


def test_alignment_may_keep_the_scale() -> None:
    aligned = align_to((turned(TRIANGLE, 130) * 3).astype(np.float32), TRIANGLE, keep_scale=True)
    np.testing.assert_allclose(np.linalg.norm(aligned[1] - aligned[0]), 12, rtol=1e-5)
    np.testing.assert_allclose(aligned.mean(axis=0), TRIANGLE.mean(axis=0), atol=1e-5)


def test_alignment_never_mirrors() -> None:
    mirrored = (TRIANGLE * np.array([1, -1])).astype(np.float32)
    aligned = align_to(mirrored, TRIANGLE)
    edges = aligned[1:] - aligned[0]
    assert edges[0, 0] * edges[1, 1] - edges[0, 1] * edges[1, 0] < 0  # still turns the other way
    assert np.abs(aligned - TRIANGLE).max() > 0.3


def test_alignment_uses_the_rows_that_have_a_reference() -> None:
    layout = np.concatenate([turned(TRIANGLE, 90), turned(np.array([[9, 9]], dtype=np.float32), 90)])
    np.testing.assert_allclose(align_to(layout, TRIANGLE)[3], [9, 9], atol=1e-4)
    assert (align_to(layout, TRIANGLE[:0]) == layout).all()


def test_alignment_of_points_in_one_place_only_shifts() -> None:
    aligned = align_to(np.zeros((3, 2), dtype=np.float32), TRIANGLE)
    np.testing.assert_allclose(aligned, np.tile(TRIANGLE.mean(axis=0), (3, 1)), atol=1e-6)


def test_alignment_refuses_what_does_not_fit() -> None:
    with pytest.raises(InvalidArray):
        align_to(TRIANGLE, np.zeros((4, 2), dtype=np.float32))
    with pytest.raises(InvalidArray):
        align_to(TRIANGLE[:, :1], TRIANGLE)
    with pytest.raises(InvalidArray):
        align_to(TRIANGLE * np.float32(np.nan), TRIANGLE)


def test_displacement_by_hand() -> None:
    reference = np.array([[3, 0], [-3, 0], [0, 4], [0, -4]], dtype=np.float32)  # squared radii 9 9 16 16
    moved = reference + np.array([[0, 0], [1, 0], [2, 0], [3, 0]], dtype=np.float32)
    median, p90 = displacement(moved, reference)
    assert median == pytest.approx(1.5 / math.sqrt(12.5))
    assert p90 == pytest.approx(2.7 / math.sqrt(12.5))
    assert displacement(moved[:0], reference[:0]) == (None, None)
    assert displacement(moved, np.zeros_like(moved)) == (None, None)


def test_alignment_mirrors_where_that_is_allowed_and_nearer() -> None:
    mirrored = turned((TRIANGLE * np.array([1, -1])).astype(np.float32), 40) * 2 + np.array([1, 5])
    aligned = align_to(mirrored.astype(np.float32), TRIANGLE, may_mirror=True)
    np.testing.assert_allclose(aligned, TRIANGLE, atol=1e-5)


def test_alignment_does_not_mirror_what_lies_right_already() -> None:
    moved = (turned(TRIANGLE, 130) * 3).astype(np.float32)
    np.testing.assert_allclose(
        align_to(moved, TRIANGLE, may_mirror=True), align_to(moved, TRIANGLE), atol=1e-6
    )


def test_the_radius_is_the_root_mean_square_distance_from_the_centre() -> None:
    assert radius_of(np.array([[1, 5], [7, 5]], dtype=np.float32)) == pytest.approx(3)
    assert radius_of(np.zeros((0, 2), dtype=np.float32)) == 0

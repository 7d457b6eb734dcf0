"""Profiles: codes by hand, order of the two marginals, degenerate maps and bad input."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.profiles import (
    is_degenerate,
    marginals_from_maps,
    marginals_from_profiles,
    profiles_from_maps,
    profiles_from_marginals,
)

MAP_2X3 = np.array([[[4.0, 0.0, 1.0], [12.0, -9.0, 3.0]]], np.float32)


def test_codes_are_the_square_root_of_each_marginal_x_first() -> None:
    # Positive part: columns 16, 0, 4; rows 5, 15. sqrt(4/16) = 1/2; sqrt(5/15) = 0.57735.
    np.testing.assert_array_equal(profiles_from_maps(MAP_2X3), [[255, 0, 128, 147, 255]])


def test_marginals_are_scaled_to_the_largest_value() -> None:
    x_mass, y_mass = marginals_from_maps(MAP_2X3)
    np.testing.assert_allclose(x_mass, [[16 / 12, 0, 4 / 12]])
    np.testing.assert_allclose(y_mass, [[5 / 12, 15 / 12]])


def test_decoding_squares_the_codes() -> None:
    x_mass, y_mass = marginals_from_profiles(np.array([[3, 0, 2, 255, 1]], np.uint8), height=2, width=3)
    np.testing.assert_array_equal(x_mass, [[9, 0, 4]])
    np.testing.assert_array_equal(y_mass, [[65025, 1]])


def test_only_maps_without_mass_or_not_finite_are_degenerate() -> None:
    cams = np.zeros((5, 2, 3), np.float32)
    cams[1] = -1
    cams[2, 0, 0] = np.nan
    cams[3, 1, 2] = np.inf
    cams[4, 1, 0] = 1e-30
    np.testing.assert_array_equal(is_degenerate(profiles_from_maps(cams)), [True, True, True, True, False])


def test_the_map_is_not_changed() -> None:
    cams = MAP_2X3.copy()
    profiles_from_maps(cams)
    np.testing.assert_array_equal(cams, MAP_2X3)


@pytest.mark.parametrize("shape", [(2, 3), (1, 0, 3), (1, 2, 0)])
def test_maps_of_another_shape_are_rejected(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidArray, match=r"maps must be \(N, h, w\)"):
        profiles_from_maps(np.zeros(shape, np.float32))


def test_profiles_of_another_shape_or_type_are_rejected() -> None:
    with pytest.raises(InvalidArray, match=r"\(N, 5\)"):
        marginals_from_profiles(np.zeros((1, 6), np.uint8), height=2, width=3)
    with pytest.raises(InvalidArray, match="uint8"):
        marginals_from_profiles(np.zeros((1, 5), np.int16), height=2, width=3)


def test_marginals_are_encoded_by_their_own_largest_value() -> None:
    codes = profiles_from_marginals(np.array([[1.0, 4.0, 0.0]]), np.array([[0.25, 1.0]]))
    # 255 sqrt(1 / 4) = 127.5, rounded to even.
    assert codes.tolist() == [[128, 255, 0, 128, 255]]
    assert profiles_from_marginals(np.zeros((1, 3)), np.zeros((1, 2))).tolist() == [[0, 0, 0, 0, 0]]

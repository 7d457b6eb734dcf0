"""Islands of a layout are brought near each other, by distances that can be checked by hand."""

import numpy as np
import pytest

from worker.ml.projection.fit import fit_projection
from worker.ml.projection.islands import STRAIT, bring_together, strait_of, without_drift
from worker.ml.types import FloatArray

SPACING = 0.02


def blocks(*corners: tuple[float, float], columns: int = 4, rows: int = 3) -> FloatArray:
    """Blocks of 4 x 3 places 0.02 apart, each with its lowest corner at one of `corners`."""
    x, y = np.meshgrid(np.arange(columns) * SPACING, np.arange(rows) * SPACING)
    block = np.stack([x.ravel(), y.ravel()], axis=1)
    return np.concatenate([block + np.array(corner) for corner in corners]).astype(np.float32)


def gap(first: FloatArray, second: FloatArray) -> float:
    return float(np.linalg.norm(first[:, None] - second[None], axis=2).min())


def test_a_strait_is_one_unit_or_three_times_the_spacing() -> None:
    assert strait_of(blocks((0, 0))) == STRAIT
    assert strait_of(10 * blocks((0, 0))) == pytest.approx(3 * 10 * SPACING, abs=1e-4)


def test_an_island_comes_as_near_as_a_strait_and_keeps_its_shape() -> None:
    layout = blocks((0, 0), (5, 0))
    result = bring_together(layout)
    first, second = result[:12], result[12:]
    # Of two islands of one size the first stays. 4 columns end at 0.06, the strait at 0.16.
    np.testing.assert_allclose(first, layout[:12])
    np.testing.assert_allclose(second, layout[12:] - [4.84, 0], atol=0.01)
    assert gap(first, second) >= STRAIT - 1e-6


def test_the_largest_island_stays_and_the_others_come_from_their_sides() -> None:
    layout = np.concatenate([blocks((0, 0)), blocks((-2, 0), columns=2), blocks((0, 3), columns=2)])
    result = bring_together(layout)
    middle, left, top = result[:12], result[12:18], result[18:]
    np.testing.assert_allclose(middle, layout[:12])
    assert left[:, 0].max() < 0
    assert top[:, 1].min() > middle[:, 1].max()
    for first, second in ((middle, left), (middle, top), (left, top)):
        assert STRAIT - 1e-6 <= gap(first, second) < 2 * STRAIT


def test_what_lies_within_a_strait_stays() -> None:
    layout = blocks((0, 0), (0.15, 0))  # 0.09 of ground
    assert np.array_equal(bring_together(layout), layout)


def test_places_on_one_spot_and_single_ones_stay() -> None:
    spot = np.zeros((4, 2), dtype=np.float32)
    assert np.array_equal(bring_together(spot), spot)
    assert np.array_equal(bring_together(spot[:1]), spot[:1])


def test_many_islands_are_joined_by_a_wider_strait_first() -> None:
    corners = [
        (float(x), float(y)) for x in range(7) for y in range(7)
    ]  # 49 islands, 0.94 and 0.96 of ground
    result = bring_together(blocks(*corners))
    assert np.array_equal(result, blocks(*corners))  # at 1.6 they are one


def test_two_clear_groups_of_a_small_project_fill_the_map() -> None:
    """12 and 12 images, with few and weak neighbours in common: before, two heaps on empty ground."""
    rng = np.random.default_rng(0)
    features = rng.normal(0, 0.05, (24, 32)).astype(np.float32)
    features[:12, 0] += 1
    features[12:, 1] += 1
    layout = fit_projection(features).layout
    assert gap(layout[:12], layout[12:]) == pytest.approx(strait_of(layout), rel=0.05)


def test_islands_that_drifted_are_back_and_what_moved_inside_has_moved() -> None:
    hold = blocks((0, 0), (0.3, 0))
    hold = np.concatenate([hold, np.full((1, 2), np.nan, dtype=np.float32)])
    new = [0.42, 0.05]  # by the second island
    layout = np.concatenate([blocks((-0.1, 0), (0.4, 0.1)), np.array([new], dtype=np.float32)])
    layout[0] += np.float32(0.012)  # one of twelve moves by itself
    result = without_drift(layout, hold)
    expected = hold.copy()
    expected[:12] -= 0.001
    expected[0] += 0.012
    expected[24] = np.array(new) - [0.1, 0.1]
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_one_place_that_is_held_holds_no_island() -> None:
    layout = blocks((0, 0))
    hold = np.full_like(layout, np.nan)
    hold[0] = 7
    assert without_drift(layout, hold) is layout

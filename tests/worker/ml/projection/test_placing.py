"""Places without a descent: by neighbours that have one, from a picture of two components, or on a disc."""

import math

import numpy as np
import pytest

from tests.worker.ml.grouped import groups
from worker.ml.errors import InvalidArray
from worker.ml.projection import placing
from worker.ml.projection.placing import on_a_disc, place_new, plane_of, start_of


def test_new_rows_go_between_their_neighbours_by_inverse_distance() -> None:
    known = np.array([[1, 0], [0, 1]], dtype=np.float32)
    layout = np.array([[0, 0], [8, 4]], dtype=np.float32)
    angle = math.radians(30)
    query = np.array([[5 * math.cos(angle), 5 * math.sin(angle)], [0, 3]], dtype=np.float32)
    placed = place_new(query, known, layout)
    near, far = 2 * math.sin(math.radians(15)), 2 * math.sin(math.radians(30))  # chords on the unit circle
    share = (1 / far) / (1 / near + 1 / far)
    np.testing.assert_allclose(placed[0], [8 * share, 4 * share], rtol=1e-4)
    np.testing.assert_allclose(placed[1], [8, 4], atol=1e-3)
    assert place_new(query[:0], known, layout).shape == (0, 2)


def test_placing_refuses_what_does_not_fit() -> None:
    known, layout = np.eye(2, dtype=np.float32), np.zeros((2, 2), dtype=np.float32)
    with pytest.raises(InvalidArray, match="known rows"):
        place_new(known, known[:0], layout[:0])
    with pytest.raises(InvalidArray, match=r"\(n, 2\), got \(1, 3\)"):
        place_new(np.ones((1, 3), dtype=np.float32), known, layout)
    with pytest.raises(InvalidArray, match="finite"):
        place_new(known * np.float32(np.nan), known, layout)


def test_known_rows_without_a_place_take_no_part() -> None:
    known = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    layout = np.array([[np.nan, np.nan], [3, 4], [9, 9]], dtype=np.float32)
    placed = place_new(known[:1], known, layout, num_neighbors=1)
    assert placed.tolist() == [[3, 4]]
    with pytest.raises(InvalidArray, match="known rows"):
        place_new(known, known, np.full((3, 2), np.nan, dtype=np.float32))


def test_of_many_known_rows_some_evenly_through_the_set_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MAX_LANDMARKS", 3)
    angles = np.radians(np.arange(6) * 10)
    known = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    layout = np.stack([np.arange(6), np.zeros(6)], axis=1).astype(np.float32)
    placed = place_new(known[3:4] * 2, known, layout, num_neighbors=2)  # of rows 0, 2, 4: between 2 and 4
    np.testing.assert_allclose(placed, [[3, 0]], atol=1e-4)


def test_new_rows_come_to_lie_in_their_group() -> None:
    features, class_index = groups(300)
    layout = np.stack([class_index, -class_index], axis=1).astype(np.float32)
    placed = place_new(features[200:], features[:200], layout[:200])
    assert np.median(np.abs(placed - layout[200:])) < 1e-3


def test_the_plane_reaches_one_and_keeps_its_shape() -> None:
    reduced = np.array([[4, 1, 9], [-2, 0, 9], [-2, -1, 9]], dtype=np.float32)
    np.testing.assert_allclose(plane_of(reduced), np.array([[1, 0.25], [-0.5, 0], [-0.5, -0.25]]))
    np.testing.assert_allclose(
        plane_of(np.array([[2], [-4]], dtype=np.float32)), np.array([[0.5, 0], [-1, 0]])
    )
    assert (plane_of(np.zeros((3, 2), dtype=np.float32)) == 0).all()


def test_a_start_keeps_known_places_and_puts_the_others_among_them() -> None:
    reduced = np.array([[0, 0], [1, 0], [0.01, 0], [0, 1]], dtype=np.float32)
    known = np.array([[5, 5], [np.nan, np.nan], [np.nan, np.nan], [7, 5]], dtype=np.float32)
    start = start_of(reduced, known, num_neighbors=1, seed=0)
    assert start[[0, 3]].tolist() == [[5, 5], [7, 5]]
    np.testing.assert_allclose(start[2], [5, 5], atol=1e-3)
    assert (start[2] != start[0]).any()


def test_on_a_disc_known_places_stay() -> None:
    known = np.array([[np.nan, np.nan], [2, 1], [4, 1]], dtype=np.float32)
    layout = on_a_disc(known)
    assert layout[1:].tolist() == [[2, 1], [4, 1]]
    assert layout[0].tolist() == [3, 1]
    free = on_a_disc(np.full((3, 2), np.nan, dtype=np.float32))
    turn = math.pi * (3 - 5**0.5)
    np.testing.assert_allclose(free[1], [0.03 * math.cos(turn), 0.03 * math.sin(turn)], atol=1e-6)

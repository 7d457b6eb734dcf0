"""The neighbour index: built by the worker, read back from its bytes."""

import numpy as np
import pytest
from usearch.index import Index

from worker.ml.errors import InvalidArray
from worker.ml.neighbours import build_neighbour_index, shorten
from worker.ml.types import FloatArray, Progress
from worker.ml.vectors import unit_rows


def groups(num_rows: int, *, dimensions: int = 9) -> FloatArray:
    """Rows in three far groups, row i in group i % 3."""
    rng = np.random.default_rng(0)
    centres = 5 * rng.normal(size=(3, dimensions))
    rows = centres[np.arange(num_rows) % 3] + rng.normal(scale=0.2, size=(num_rows, dimensions))
    return rows.astype(np.float32)


def distances(rows: FloatArray) -> FloatArray:
    """(N, N) between all rows."""
    found: FloatArray = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    return found


def test_neighbours_of_a_row_are_of_its_group() -> None:
    index = Index.restore(build_neighbour_index(groups(60)))
    assert index is not None
    found = index.search(np.asarray(index.get(7), dtype=np.float32), 20)
    assert len(index) == 60
    assert int(found.keys[0]) == 7
    assert {int(key) % 3 for key in found.keys} == {1}


def test_the_rotation_keeps_distances_when_nothing_is_cut_off() -> None:
    rows = groups(30)
    short = shorten(rows)
    assert short.shape == (30, 9)
    np.testing.assert_allclose(distances(short), distances(unit_rows(rows)), atol=1e-5)


def test_few_long_rows_keep_their_distances_too() -> None:
    rows = np.random.default_rng(2).normal(size=(5, 200)).astype(np.float32)
    rows[4] = rows[3]  # their extent has three axes
    short = shorten(rows)
    assert short.shape == (5, 5)
    np.testing.assert_allclose(distances(short), distances(unit_rows(rows)), atol=1e-5)
    np.testing.assert_allclose(short[:, 3:], 0, atol=1e-5)


def test_rows_that_are_all_alike_lie_at_the_centre() -> None:
    np.testing.assert_array_equal(shorten(np.ones((3, 7), dtype=np.float32)), np.zeros((3, 3)))


def test_long_rows_are_shortened_and_few_rows_shorter_still() -> None:
    rows = np.random.default_rng(1).normal(size=(100, 200)).astype(np.float32)
    assert shorten(rows).shape == (100, 64)
    assert shorten(rows[:5]).shape == (5, 5)


def test_progress_ends_at_all_rows_and_inputs_stay_as_they_were() -> None:
    rows = groups(1500)
    copy = rows.copy()
    seen: list[Progress] = []
    build_neighbour_index(rows, on_progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(1024, 1500), (1500, 1500)]
    np.testing.assert_array_equal(rows, copy)


def test_one_row_is_an_index_too() -> None:
    index = Index.restore(build_neighbour_index(np.ones((1, 3), dtype=np.float32)))
    assert index is not None
    assert len(index) == 1


@pytest.mark.parametrize("wrong", [np.zeros((0, 3)), np.zeros(3), np.array([[np.nan, 1]])])
def test_other_arrays_are_refused(wrong: FloatArray) -> None:
    with pytest.raises(InvalidArray):
        build_neighbour_index(wrong.astype(np.float32))

"""Doubted labels: planted errors are found, and nothing is doubted that was not judged."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray, NotEnoughLabels
from worker.ml.label_errors import NUM_FOLDS, cross_validated_proba, find_label_errors
from worker.ml.types import FloatArray, IntArray, Progress


def clusters(num_rows: int = 90) -> tuple[FloatArray, IntArray]:
    """Three clear groups of rows in 8 channels, and their true classes."""
    rng = np.random.default_rng(3)
    classes = np.arange(num_rows) % 3
    rows = rng.normal(scale=0.5, size=(num_rows, 8)).astype(np.float32)
    rows[np.arange(num_rows), classes] += 4
    return rows, classes.astype(np.int64)


def test_planted_errors_are_found_with_the_right_class() -> None:
    rows, classes = clusters()
    given = classes.copy()
    planted = [0, 10, 47]
    given[planted] = (classes[planted] + 1) % 3
    found = find_label_errors(rows, given, num_classes=3)
    assert sorted(found.rows) == planted
    assert dict(zip(found.rows.tolist(), found.suggested.tolist(), strict=True)) == {
        row: int(classes[row]) for row in planted
    }
    assert (np.diff(found.quality[found.rows]) >= 0).all()  # worst first
    assert found.quality[planted].max() < 0.3
    assert np.delete(found.quality, planted).min() > 0.7


def test_labels_that_agree_with_the_model_are_not_doubted() -> None:
    rows, classes = clusters()
    assert find_label_errors(rows, classes, num_classes=3).rows.tolist() == []


def test_a_class_of_few_labels_is_trained_on_and_never_doubted() -> None:
    rows, classes = clusters()
    given = classes.copy()
    given[:4] = 3  # four labels of a fourth class, all of them wrong
    found = find_label_errors(rows, given, num_classes=4)
    assert not set(found.rows) & {0, 1, 2, 3}
    assert found.quality[:4].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("many_numbers", [4e6, 0])
def test_every_row_is_judged_by_a_head_that_had_not_seen_it(
    many_numbers: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With random labels on distinct rows a head that had seen them would be right; left out, it is right by chance."""
    monkeypatch.setattr("worker.ml._head_fit._MANY_NUMBERS", many_numbers)
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 100)).astype(np.float32)
    given = rng.integers(0, 2, 60)
    proba = cross_validated_proba(rows, given, num_classes=2, left_out=np.ones(60, bool))
    np.testing.assert_allclose(proba.sum(axis=1), 1, atol=1e-5)
    assert (proba.argmax(axis=1) == given).mean() < 0.75


@pytest.mark.parametrize(("many_numbers", "expected"), [(4e6, [1, 6]), (0, [1, 2, 3, 4, 5, 6])])
def test_a_head_for_each_fold_follows_only_where_the_first_left_rows_out(
    many_numbers: float, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.ml._head_fit._MANY_NUMBERS", many_numbers)
    rows, classes = clusters()
    seen: list[Progress] = []
    found = find_label_errors(rows, classes, num_classes=3, on_progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(done, NUM_FOLDS + 1) for done in expected]
    assert found.quality.min() > 0.7


def test_two_classes_must_have_five_labels() -> None:
    rows, classes = clusters(14)
    with pytest.raises(NotEnoughLabels, match="0 classes have 5 labels"):
        find_label_errors(rows[:9], classes[:9], num_classes=3)
    with pytest.raises(InvalidArray):
        cross_validated_proba(rows, classes, num_classes=3, left_out=np.ones(3, bool))

"""Quality of layouts: by hand, and against the library."""

import numpy as np
import pytest
from sklearn import manifold

from tests.worker.ml.grouped import groups
from worker.ml.errors import InvalidArray
from worker.ml.projection.fit import fit_projection
from worker.ml.projection.quality import neighbour_purity, trustworthiness, trustworthiness_and_continuity


def test_trustworthiness_equals_the_library_on_unit_rows() -> None:
    features, _ = groups(90)
    layout = np.random.default_rng(0).normal(size=(90, 2)).astype(np.float32)
    layout[:45] = fit_projection(features).layout[:45]
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = manifold.trustworthiness(unit, layout, n_neighbors=7)
    assert trustworthiness(features, layout, num_neighbors=7) == pytest.approx(expected, abs=1e-9)
    assert 0.4 < expected < 0.9


def test_trustworthiness_of_a_sample_is_repeatable_and_of_too_few_unknown() -> None:
    features, _ = groups(120)
    layout = fit_projection(features).layout
    first = trustworthiness(features, layout, sample=60)
    assert first is not None
    assert first == trustworthiness(features, layout, sample=60)
    assert trustworthiness(features[:30], layout[:30]) is None


def test_purity_by_hand() -> None:
    line = np.array([[0, 0], [1, 0], [2, 0], [10, 0], [11, 0]], dtype=np.float32)
    assert neighbour_purity(line, np.array([0, 0, 1, 1, 1]), num_neighbors=1) == pytest.approx(4 / 5)
    assert neighbour_purity(line, np.array([0, 0, 1, 1, 1]), num_neighbors=5) is None


def test_continuity_is_trustworthiness_the_other_way_round() -> None:
    features, _ = groups(90)
    layout = np.random.default_rng(0).normal(size=(90, 2)).astype(np.float32)
    layout[:45] = fit_projection(features).layout[:45]
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = manifold.trustworthiness(layout, unit, n_neighbors=7)
    _, continuity = trustworthiness_and_continuity(features, layout, num_neighbors=7)
    assert continuity == pytest.approx(expected, abs=1e-9)
    assert 0.4 < expected < 0.95


def test_trustworthiness_by_hand_with_equal_distances_by_index() -> None:
    """Five unit vectors at right angles: all equally far, so the neighbours in the features are the first rows."""
    line = np.array([[0, 0], [4, 0], [1, 0], [3.5, 0], [10, 0]], dtype=np.float32)
    # Nearest two in the plane, then ranks (from 0) among the features, and how far those are beyond the first two:
    # 0: 2, 3 at 1, 2 -> 0 + 1; 1: 3, 2 at 2, 1 -> 1 + 0; 2: 0, 3 at 0, 2 -> 0 + 1; 3: 1, 2 at 1, 2 -> 0 + 1;
    # 4: 1, 3 at 1, 3 -> 0 + 2. Together 6 of the n k (2n - 3k - 1) / 2 = 15 that the formula divides by.
    kept = trustworthiness_and_continuity(np.eye(5, dtype=np.float32), line, num_neighbors=2)[0]
    assert kept == pytest.approx(1 - 6 / 15)


def test_quality_needs_a_place_for_each_row() -> None:
    with pytest.raises(InvalidArray, match="90 rows"):
        trustworthiness(groups(90)[0], np.zeros((89, 2), dtype=np.float32))

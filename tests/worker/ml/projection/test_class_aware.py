"""Likeness of looks and of predicted classes, mixed in a stated proportion."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.projection.class_aware import class_aware_features


def test_classes_count_for_their_share_by_hand() -> None:
    looks = np.array([[3, 0], [0, 2]], dtype=np.float32)  # unit rows; each 1/2 from their mean, squared
    proba = np.array([[1, 0, 0], [0, 0.36, 0.64]], dtype=np.float32)  # roots 1 0 0 and 0 .6 .8: 1/2 as well
    mixed = class_aware_features(looks, proba, class_weight=0.8)
    np.testing.assert_allclose(mixed, np.array([[1, 0, 2, 0, 0], [0, 1, 0, 1.2, 1.6]]), rtol=1e-5)


def test_without_weight_or_without_differences_the_looks_remain() -> None:
    looks = np.array([[3, 4], [1, 0]], dtype=np.float32)
    proba = np.array([[0.5, 0.5], [1, 0]], dtype=np.float32)
    alone = class_aware_features(looks, proba, class_weight=0)
    np.testing.assert_allclose(alone, np.array([[0.6, 0.8, 0, 0], [1, 0, 0, 0]]), rtol=1e-6)
    same = class_aware_features(looks, proba[[1, 1]], class_weight=0.5)
    np.testing.assert_allclose(same[:, 2:], 0)


def test_what_does_not_fit_is_refused() -> None:
    looks = np.ones((2, 2), dtype=np.float32)
    half = np.full((2, 2), 0.5, dtype=np.float32)
    with pytest.raises(InvalidArray, match="2 rows"):
        class_aware_features(looks, half[:1])
    with pytest.raises(InvalidArray, match="sum to 1"):
        class_aware_features(looks, half / np.float32(2))
    with pytest.raises(InvalidArray, match="class_weight"):
        class_aware_features(looks, half, class_weight=1.0)

"""UMAP's graph and its descent: equal to umap-learn's, neighbours that include the row itself, tables of forces."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix

from tests.worker.ml.grouped import groups
from worker.ml.projection.umap_graph import (
    fuzzy_graph,
    nearest_neighbours,
    own_neighbours,
    reduce_features,
    with_labels,
)
from worker.ml.projection.umap_layout import curve_parameters, force_tables


def test_large_sets_use_an_inverted_file_that_still_finds_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    features = np.random.default_rng(0).normal(size=(2000, 8)).astype(np.float32)
    exact, _ = nearest_neighbours(features, features, num_neighbors=10)
    monkeypatch.setattr("worker.ml.projection.umap_graph._FLAT_LIMIT", 1000)
    approximate, _ = nearest_neighbours(features, features, num_neighbors=10)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact, approximate, strict=True)])
    assert recall > 0.8
    assert (approximate >= 0).all()


def test_each_row_is_its_own_first_neighbour_even_among_copies() -> None:
    points = np.zeros((9, 3), dtype=np.float32)
    points[8] = 1
    indexes, distances = own_neighbours(points, num_neighbors=4)
    assert indexes[:, 0].tolist() == list(range(9))
    assert (distances[:, 0] == 0).all()
    assert all(len(set(row)) == 4 for row in indexes.tolist())


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 20])
def test_the_graph_equals_that_of_umap_learn(copies: int) -> None:
    from umap.umap_ import fuzzy_simplicial_set  # noqa: PLC0415 - seconds to import

    points = reduce_features(groups(150)[0])
    points[:copies] = points[0]
    indexes, distances = own_neighbours(points, num_neighbors=12)
    graph = fuzzy_graph(indexes, distances)
    theirs, _, _ = fuzzy_simplicial_set(
        points,
        12,
        np.random.RandomState(0),
        "euclidean",
        knn_indices=indexes.astype(np.int32),
        knn_dists=distances.astype(np.float32),
    )
    ours = np.zeros((150, 150))
    ours[graph.heads, graph.tails] = graph.strengths
    np.testing.assert_allclose(ours, theirs.toarray(), atol=2e-5)
    assert (ours == ours.T).all()


def test_the_curve_of_the_usual_distance() -> None:
    assert curve_parameters(0.1) == pytest.approx((1.577, 0.895), abs=1e-3)


@pytest.mark.slow
def test_labels_change_the_graph_as_in_umap_learn() -> None:
    from umap.umap_ import discrete_metric_simplicial_set_intersection  # noqa: PLC0415

    points = reduce_features(groups(150)[0])
    graph = fuzzy_graph(*own_neighbours(points, num_neighbors=12))
    labels = np.random.default_rng(0).integers(-1, 4, 150)
    matrix = coo_matrix((graph.strengths, (graph.heads, graph.tails)), shape=(150, 150)).tocsr()
    theirs = discrete_metric_simplicial_set_intersection(matrix, labels, far_dist=5.0)
    made = with_labels(graph, labels, label_weight=0.5)
    ours = np.zeros((150, 150))
    ours[made.heads, made.tails] = made.strengths
    np.testing.assert_allclose(ours, theirs.toarray(), atol=2e-5)


def test_the_table_holds_the_gradient_of_the_curve_within_a_hundredth() -> None:
    a, b = 1.577, 0.895
    attraction, repulsion = force_tables(a, b)
    for square in (1e-6, 0.04, 1.0, 7.3, 900.0):
        step = (int(np.float32(square).view(np.int32)) >> 16) - (
            int(np.float32(2.0**-24).view(np.int32)) >> 16
        )
        expected = -2 * a * b * square ** (b - 1) / (1 + a * square**b)
        assert attraction[step] == pytest.approx(expected, rel=0.01)
        assert repulsion[step] == pytest.approx(2 * b / ((0.001 + square) * (1 + a * square**b)), rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.8])
def test_the_curve_equals_that_of_umap_learn(min_dist: float) -> None:
    from umap.umap_ import find_ab_params  # noqa: PLC0415

    assert curve_parameters(min_dist) == pytest.approx(find_ab_params(1.0, min_dist), abs=1e-6)

"""Layouts: the graph equals umap-learn's, starts are kept, odd inputs have defined pictures."""

import math

import numpy as np
import pytest
from sklearn import manifold

from worker.ml._umap_graph import fuzzy_graph, nearest_neighbours, own_neighbours, reduce_features
from worker.ml._umap_layout import curve_parameters
from worker.ml.errors import Cancelled, InvalidArray
from worker.ml.projection import (
    Projection,
    align_to,
    displacement,
    fit_projection,
    neighbour_purity,
    place_new,
    trustworthiness,
)
from worker.ml.types import FloatArray, IntArray, Progress


def groups(
    num: int = 200, *, num_groups: int = 5, channels: int = 30, seed: int = 0
) -> tuple[FloatArray, IntArray]:
    """Non-negative features of well separated groups, in mixed order."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(7).gamma(0.5, size=(num_groups, channels))
    class_index = random.integers(0, num_groups, num)
    noise = random.normal(scale=0.1, size=(num, channels))
    return np.maximum(centres[class_index] + noise, 0).astype(np.float32), class_index


def spread_out(layout: FloatArray) -> float:
    return float(np.sqrt(((layout - layout.mean(axis=0)) ** 2).sum(axis=1).mean()))


@pytest.fixture(scope="module")
def whole() -> Projection:
    return fit_projection(groups()[0])


def test_groups_stay_together(whole: Projection) -> None:
    assert whole.layout.shape == (200, 2)
    assert whole.layout.dtype == np.float32
    assert np.isfinite(whole.layout).all()
    purity = neighbour_purity(whole.layout, groups()[1])
    assert purity is not None
    assert purity > 0.95
    assert whole.quality.trustworthiness is not None
    assert whole.quality.trustworthiness > 0.8


def test_a_cold_layout_is_centred_and_of_about_unit_size(whole: Projection) -> None:
    np.testing.assert_allclose(whole.layout.mean(axis=0), 0, atol=1e-5)
    assert 0.1 < spread_out(whole.layout) < 3
    assert (whole.quality.median_displacement, whole.quality.p90_displacement) == (None, None)
    assert whole.parameters.to_json() == {
        "method": "sgd",
        "num_neighbors": 15,
        "min_dist": 0.1,
        "num_epochs": 500,
        "learning_rate": 1.0,
        "anchor": 0.0,
        "seed": 0,
        "num_started": 0,
    }


def test_the_same_seed_gives_the_same_layout_and_inputs_stay(whole: Projection) -> None:
    features = groups()[0]
    before = features.copy()
    again, other = fit_projection(features), fit_projection(features, seed=1)
    assert (again.layout == whole.layout).all()
    assert not (other.layout == whole.layout).all()
    assert (features == before).all()


def test_a_warm_layout_moves_little(whole: Projection) -> None:
    features = groups()[0]
    changed = np.maximum(features + np.random.default_rng(1).normal(scale=0.02, size=features.shape), 0)
    init = whole.layout + np.array([5, -3], dtype=np.float32)
    warm = fit_projection(changed.astype(np.float32), init=init)
    assert warm.quality.median_displacement is not None
    assert warm.quality.median_displacement < 0.1
    np.testing.assert_allclose(warm.layout.mean(axis=0), init.mean(axis=0), atol=0.1)
    assert warm.quality.trustworthiness is not None
    assert warm.quality.trustworthiness > 0.8
    parameters = warm.parameters
    assert (parameters.num_epochs, parameters.learning_rate, parameters.anchor) == (30, 0.25, 0.1)


def test_a_stronger_anchor_moves_less(whole: Projection) -> None:
    other = groups(seed=3)[0]
    moves = [
        fit_projection(
            other, init=whole.layout, anchor=anchor, num_epochs=60, learning_rate=1.0
        ).quality.median_displacement
        for anchor in (0.0, 0.1, 1.0)
    ]
    assert None not in moves
    assert moves[0] > moves[1] > moves[2]  # type: ignore[operator]


def test_new_images_join_their_group_and_old_ones_stay(whole: Projection) -> None:
    features, class_index = groups()
    fresh, fresh_class = groups(20, seed=9)
    warm = fit_projection(np.concatenate([features, fresh]), init=whole.layout)
    assert warm.parameters.num_started == 200
    assert warm.layout.shape == (220, 2)
    centres = np.stack([warm.layout[:200][class_index == k].mean(axis=0) for k in range(5)])
    nearest = np.linalg.norm(warm.layout[200:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == fresh_class).mean() >= 0.95
    assert warm.quality.median_displacement is not None
    assert warm.quality.median_displacement < 0.1


def test_progress_ends_with_all_epochs_and_can_cancel() -> None:
    features = groups(40)[0]
    seen: list[Progress] = []
    fit_projection(features, num_epochs=25, on_progress=seen.append)
    assert seen == [Progress("projection", done, 25) for done in (0, 10, 20, 25)]

    def cancel(progress: Progress) -> None:
        raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        fit_projection(features, on_progress=cancel)


@pytest.mark.parametrize("num", [0, 1, 2, 3, 4])
def test_few_points_lie_on_a_small_disc(num: int) -> None:
    projection = fit_projection(groups()[0][:num])
    expected = [
        (0.03 * math.sqrt(i) * math.cos(2.39996323 * i), 0.03 * math.sqrt(i) * math.sin(2.39996323 * i))
        for i in range(num)
    ]
    assert projection.layout.shape == (num, 2)
    np.testing.assert_allclose(projection.layout, np.array(expected).reshape(num, 2), atol=1e-6)
    assert projection.quality.trustworthiness is None


def test_identical_rows_lie_on_a_disc_without_two_in_one_place() -> None:
    layout = fit_projection(np.ones((60, 8), dtype=np.float32)).layout
    gaps = np.linalg.norm(layout[:, None] - layout[None], axis=2) + np.eye(60)
    assert gaps.min() > 0.02
    assert np.abs(layout).max() < 0.3


def test_few_points_keep_their_places() -> None:
    init = np.array([[2.0, 1.0], [4.0, 1.0]], dtype=np.float32)
    layout = fit_projection(groups()[0][:3], init=init).layout
    assert (layout[:2] == init).all()
    assert np.linalg.norm(layout[2] - [3, 1]) == pytest.approx(0.03 * math.sqrt(2), abs=1e-5)


@pytest.mark.parametrize("num", [5, 6, 14, 15, 16])
def test_fewer_points_than_neighbours_are_laid_out(num: int) -> None:
    layout = fit_projection(groups()[0][:num]).layout
    assert layout.shape == (num, 2)
    assert np.isfinite(layout).all()
    assert len(np.unique(layout, axis=0)) == num


def test_many_copies_among_others_part_a_little() -> None:
    features = groups(60)[0]
    features[:30] = features[0]
    layout = fit_projection(features).layout
    assert np.isfinite(layout).all()
    assert len(np.unique(layout, axis=0)) == 60


def test_zero_rows_and_one_channel_are_laid_out() -> None:
    features = np.zeros((30, 1), dtype=np.float32)
    features[10:] = 1
    assert np.isfinite(fit_projection(features).layout).all()


def test_what_is_not_finite_or_does_not_fit_is_refused() -> None:
    features = groups(20)[0]
    init = np.zeros((20, 2), dtype=np.float32)
    broken = features.copy()
    broken[3, 3] = np.nan
    with pytest.raises(InvalidArray, match="finite"):
        fit_projection(broken)
    with pytest.raises(InvalidArray):
        fit_projection(features[:, :0])
    with pytest.raises(InvalidArray, match="init is finite"):
        fit_projection(features, init=np.full((20, 2), np.inf, dtype=np.float32))
    with pytest.raises(InvalidArray, match="M <= 20, got \\(21, 2\\)"):
        fit_projection(features, init=np.zeros((21, 2), dtype=np.float32))
    with pytest.raises(InvalidArray, match="anchor"):
        fit_projection(features, init=init, anchor=1.5)
    with pytest.raises(InvalidArray, match="num_neighbors"):
        fit_projection(features, num_neighbors=1)
    with pytest.raises(InvalidArray, match="min_dist"):
        fit_projection(features, min_dist=-0.1)


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


def test_principal_components_keep_distances_and_signs() -> None:
    random = np.random.default_rng(0)
    flat = random.normal(size=(80, 3)) @ random.normal(size=(3, 60))
    reduced = reduce_features(flat.astype(np.float32))
    assert reduced.shape == (80, 50)
    gaps = np.linalg.norm(flat[0] - flat[1:], axis=1)
    np.testing.assert_allclose(np.linalg.norm(reduced[0] - reduced[1:], axis=1), gaps, rtol=1e-4)
    variances = reduced.var(axis=0)
    assert (np.diff(variances[:3]) < 0).all()
    np.testing.assert_allclose(reduce_features(flat.astype(np.float32) + 5), reduced, atol=1e-3)


def test_large_sets_use_an_inverted_file_that_still_finds_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    features = np.random.default_rng(0).normal(size=(2000, 8)).astype(np.float32)
    exact, _ = nearest_neighbours(features, features, num_neighbors=10)
    monkeypatch.setattr("worker.ml._umap_graph._FLAT_LIMIT", 1000)
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
@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.8])
def test_the_curve_equals_that_of_umap_learn(min_dist: float) -> None:
    from umap.umap_ import find_ab_params  # noqa: PLC0415

    assert curve_parameters(min_dist) == pytest.approx(find_ab_params(1.0, min_dist), abs=1e-6)


@pytest.mark.slow
def test_the_layout_is_as_good_as_that_of_umap_learn(whole: Projection) -> None:
    features, class_index = groups()
    theirs = fit_projection(features, method="umap", num_epochs=200)
    ours = fit_projection(features, num_epochs=200)
    assert theirs.quality.trustworthiness is not None
    assert ours.quality.trustworthiness is not None
    assert ours.quality.trustworthiness > theirs.quality.trustworthiness - 0.02
    assert neighbour_purity(theirs.layout, class_index) == pytest.approx(1, abs=0.05)
    # started from ours it is brought back into our frame, which umap-learn loses
    started = fit_projection(features, method="umap", init=whole.layout, num_epochs=30, learning_rate=0.25)
    assert started.quality.median_displacement is not None
    assert started.quality.median_displacement < 0.3

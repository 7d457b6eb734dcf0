"""Layouts: starts are kept, odd inputs have defined pictures."""

import math

import numpy as np
import pytest

from tests.worker.ml.grouped import groups
from worker.ml.errors import Cancelled, InvalidArray
from worker.ml.projection.fit import Projection, fit_projection, roomy_min_dist, shortened
from worker.ml.projection.quality import neighbour_purity
from worker.ml.projection.umap_graph import (
    Graph,
    reduce_features,
    with_labels,
)
from worker.ml.types import FloatArray, Progress

# Median move in radii. The groups of these tests have no common neighbour, so they lie side by side; a cold start moves
# them by 1, and the product's own limit is 0.02.
WITHOUT_LIMIT = 0.3


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
        "min_dist": 0.6,
        "num_epochs": 500,
        "learning_rate": 1.0,
        "anchor": 0.0,
        "seed": 0,
        "num_started": 0,
        "num_labels": 0,
        "label_weight": 0.0,
        "num_fitted": None,
    }


@pytest.mark.parametrize(
    ("num_rows", "expected"), [(5, 0.6), (300, 0.6), (775, 0.35), (2000, 0.1), (99_999, 0.1)]
)
def test_few_images_lie_further_apart(num_rows: int, expected: float) -> None:
    assert roomy_min_dist(num_rows) == pytest.approx(expected, abs=1e-3)


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
    assert warm.quality.median_displacement < WITHOUT_LIMIT
    np.testing.assert_allclose(warm.layout.mean(axis=0), init.mean(axis=0), atol=0.1)
    assert warm.quality.trustworthiness is not None
    assert warm.quality.trustworthiness > 0.8
    parameters = warm.parameters
    assert (parameters.num_epochs, parameters.learning_rate, parameters.anchor) == (30, 0.25, 0.4)


def test_a_full_run_from_old_places_is_turned_back_onto_them(whole: Projection) -> None:
    other = groups(seed=3)[0]
    init = whole.layout @ np.array([[0.6, 0.8], [-0.8, 0.6]], dtype=np.float32) + np.float32(4)
    made = fit_projection(other, init=init, anchor=0.0, num_epochs=100, learning_rate=1.0)
    np.testing.assert_allclose(made.layout.mean(axis=0), init.mean(axis=0), atol=1e-4)
    cross = (made.layout - made.layout.mean(axis=0)).T @ (init - init.mean(axis=0))
    assert np.linalg.det(cross) > 0  # its mirror image would lie further away
    assert np.arctan2(cross[0, 1] - cross[1, 0], np.trace(cross)) == pytest.approx(0, abs=1e-3)


def test_a_stronger_anchor_moves_less(whole: Projection) -> None:
    other = groups(seed=3)[0]
    moves = [
        fit_projection(
            other, init=whole.layout, anchor=anchor, num_epochs=60, learning_rate=1.0
        ).quality.median_displacement
        for anchor in (0.0, 0.3, 1.0)
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
    assert warm.quality.median_displacement < WITHOUT_LIMIT


def test_a_row_that_lost_its_place_gets_one_among_its_neighbours(whole: Projection) -> None:
    features, class_index = groups()
    init = whole.layout.copy()
    init[::10] = np.nan
    warm = fit_projection(features, init=init)
    assert warm.parameters.num_started == 180
    centres = np.stack([whole.layout[class_index == k].mean(axis=0) for k in range(5)])
    nearest = np.linalg.norm(warm.layout[::10, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == class_index[::10]).mean() >= 0.95


def test_images_that_are_gone_leave_holes_and_the_others_stay(whole: Projection) -> None:
    is_kept = np.arange(200) % 5 != 0
    warm = fit_projection(groups()[0][is_kept], init=whole.layout[is_kept])
    assert warm.quality.median_displacement is not None
    assert warm.quality.median_displacement < WITHOUT_LIMIT
    held = fit_projection(groups()[0][is_kept], init=whole.layout[is_kept], limit=0.02)
    assert held.quality.median_displacement == pytest.approx(0.02, rel=1e-4)


def test_moves_beyond_the_limit_are_shortened_alike() -> None:
    # Centred, radius 12.5^.5.
    hold = np.array([[3, 0], [-3, 0], [0, 4], [0, -4], [np.nan, np.nan]], dtype=np.float32)
    layout = np.array([[4, 0], [-3, 2], [0, 5], [3, -4], [7, 7]], dtype=np.float32)  # moves of 1, 2, 1 and 3
    made = shortened(layout, hold, limit=0.75 / 12.5**0.5)
    np.testing.assert_allclose(made, np.array([[3.5, 0], [-3, 1], [0, 4.5], [1.5, -4], [7, 7]]), atol=1e-6)
    assert shortened(layout, hold, limit=1.6 / 12.5**0.5) is layout


def test_crops_are_held_to_whole_images_and_start_from_their_own_last_places(whole: Projection) -> None:
    crops = groups(seed=0)[0] + np.float32(0.05)
    last = whole.layout + np.float32(0.5)
    held = fit_projection(crops, init=last, anchor=0.9, anchor_to=whole.layout)
    to_whole = np.linalg.norm(held.layout - whole.layout, axis=1)
    to_last = np.linalg.norm(held.layout - last, axis=1)
    assert np.median(to_whole) < 0.2 * np.median(to_last)


def test_the_layout_is_seen_from_its_start_on() -> None:
    seen: list[FloatArray] = []
    features, class_index = groups()
    fit_projection(features, num_epochs=30, on_layout=seen.append)
    assert [layout.shape for layout in seen] == [(200, 2)] * 3
    assert np.abs(seen[0]).max() == pytest.approx(1, abs=1e-3)
    purity = neighbour_purity(seen[0], class_index)
    assert purity is not None
    assert purity > 0.5


def test_what_is_seen_comes_near_the_end() -> None:
    features = np.random.default_rng(0).normal(3, 1, size=(200, 4)).astype(np.float32)  # one component
    seen: list[FloatArray] = []
    final = fit_projection(features, num_epochs=100, on_layout=seen.append).layout
    first, last = (np.abs(layout - layout.mean(axis=0) - final).mean() for layout in (seen[0], seen[-1]))
    assert 0 < last < first / 2


def test_labels_shape_the_layout() -> None:
    features, _ = groups(seed=4)
    halves = (np.arange(200) % 2).astype(np.int64)  # nothing to do with how they look
    some = np.where(np.arange(200) < 160, halves, -1)
    plain = fit_projection(features)
    shaped = fit_projection(features, class_index=some, label_weight=0.8)
    purity = [neighbour_purity(made.layout[:160], halves[:160]) for made in (plain, shaped)]
    assert None not in purity
    assert purity[1] > purity[0] + 0.2  # type: ignore[operator]
    assert (shaped.parameters.num_labels, shaped.parameters.label_weight) == (160, 0.8)
    assert (plain.parameters.num_labels, plain.parameters.label_weight) == (0, 0.0)


def test_labels_by_hand() -> None:
    graph = Graph(
        np.array([0, 1, 0, 2, 1, 2]), np.array([1, 0, 2, 0, 2, 1]), np.full(6, 0.5, dtype=np.float32)
    )
    made = with_labels(graph, np.array([0, 1, -1]), label_weight=0.5)
    strength = {(int(i), int(j)): s for i, j, s in zip(made.heads, made.tails, made.strengths, strict=True)}
    # Each row's strongest edge is the one to the unlabelled.
    other, unknown = np.exp(-5.0) / np.exp(-1.0), 1.0
    assert strength[0, 2] == strength[2, 1] == pytest.approx(unknown)
    assert strength[0, 1] == strength[1, 0] == pytest.approx(2 * other - other**2, rel=1e-4)


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
    with pytest.raises(InvalidArray, match="label_weight"):
        fit_projection(features, label_weight=1.0)
    with pytest.raises(InvalidArray, match="limit"):
        fit_projection(features, limit=0.0)
    with pytest.raises(InvalidArray, match="class_index"):
        fit_projection(features, class_index=np.zeros(19, dtype=np.int64))
    with pytest.raises(InvalidArray, match="anchor_to"):
        fit_projection(features, anchor_to=np.zeros((19, 2), dtype=np.float32))


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


@pytest.mark.parametrize("rank", [3, 30, 80])
def test_principal_components_of_many_channels_are_the_singular_vectors(rank: int) -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(90, rank)) @ random.normal(size=(rank, 240)) + 5
    reduced = reduce_features(rows.astype(np.float32))
    u, s, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    expected = (u * s)[:, : min(rank, 50)]
    assert reduced.shape == (90, 50)
    turned = reduced[:, : expected.shape[1]]
    np.testing.assert_allclose(turned * np.sign((turned * expected).sum(axis=0)), expected, atol=1e-2)
    assert np.abs(reduced[:, expected.shape[1] :]).max(initial=0) < 1e-3
    assert (reduce_features(rows.astype(np.float32)) == reduced).all()


def test_rows_that_differ_in_length_alone_are_laid_out() -> None:
    features = np.outer(np.arange(1, 31), np.ones(240)).astype(np.float32)
    assert np.isfinite(fit_projection(features).layout).all()


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
    assert started.quality.median_displacement < 0.5

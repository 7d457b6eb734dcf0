"""Unconnected components of a layout are brought near each other, by distances that can be checked by hand."""

import numpy as np
import pytest

from worker.ml.projection.components import bring_together, components_of
from worker.ml.projection.fit import fit_projection
from worker.ml.projection.umap_graph import Graph

# A disc of radius 1, which counts as 2, the distance that neighbours have here.
PAIR = np.array([[-1, 0], [1, 0]], dtype=np.float32)


def pairs_at(*centres: float) -> np.ndarray:
    return np.concatenate([PAIR + np.array([centre, 0], dtype=np.float32) for centre in centres])


def test_components_are_what_strong_edges_connect() -> None:
    strengths = np.array([1, 1, 0.5, 0.05], dtype=np.float32)
    graph = Graph(np.array([0, 1, 3, 2]), np.array([1, 0, 4, 3]), strengths)
    components = components_of(graph, 5)
    assert components[0] == components[1]
    assert components[3] == components[4]
    assert len(set(components.tolist())) == 3


def test_two_components_come_to_lie_half_a_radius_apart_around_their_centre_and_keep_their_shape() -> None:
    result = bring_together(pairs_at(-50, 50), np.array([0, 0, 1, 1]))
    # centres 5 apart: two radii of 2, and half of their mean
    assert result.tolist() == [[-3.5, 0], [-1.5, 0], [1.5, 0], [3.5, 0]]


def test_components_that_are_near_stay_as_far_as_they_are() -> None:
    layout = pairs_at(0, 2.25)
    assert np.array_equal(bring_together(layout, np.array([0, 0, 1, 1])), layout)


def test_a_far_component_comes_to_two_that_are_near_each_other() -> None:
    result = bring_together(pairs_at(0, 2.5, 100), np.array([0, 0, 1, 1, 2, 2]))
    centres = result.reshape(3, 2, 2).mean(axis=1)[:, 0]
    # The two are one component of radius 2.25 then: 1.25 x (2.25 + 2) from its middle to the third.
    assert centres[1] - centres[0] == pytest.approx(2.5, abs=1e-4)
    assert centres[2] - (centres[0] + centres[1]) / 2 == pytest.approx(5.3125, abs=1e-4)


def test_one_component_and_components_on_one_spot_stay() -> None:
    layout = pairs_at(0, 50)
    assert np.array_equal(bring_together(layout, np.zeros(4, dtype=np.int64)), layout)
    spot = np.zeros((4, 2), dtype=np.float32)
    assert np.array_equal(bring_together(spot, np.array([0, 0, 1, 1])), spot)


def test_two_clear_groups_of_a_small_project_fill_the_map() -> None:
    """12 and 12 images, with few and weak neighbours in common: before, two heaps on empty ground."""
    rng = np.random.default_rng(0)
    features = rng.normal(0, 0.05, (24, 32)).astype(np.float32)
    features[:12, 0] += 1
    features[12:, 1] += 1
    layout = fit_projection(features).layout
    centres = np.stack([layout[:12].mean(axis=0), layout[12:].mean(axis=0)])
    radii = [
        np.linalg.norm(part - centre, axis=1).max()
        for part, centre in zip((layout[:12], layout[12:]), centres, strict=True)
    ]
    assert np.linalg.norm(centres[1] - centres[0]) == pytest.approx(1.25 * sum(radii), rel=1e-3)

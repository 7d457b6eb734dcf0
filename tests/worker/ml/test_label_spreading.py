"""Labels that spread along a neighbour graph: numbers that can be checked by hand."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.label_spreading import fuse_neighbours, neighbour_graph, spread_labels
from worker.ml.projection.umap_graph import Graph
from worker.ml.types import FloatArray

NAN = np.nan


def graph_of(*edges: tuple[int, int, float]) -> Graph:
    """Both directions of each edge."""
    heads, tails, strengths = zip(*edges, strict=True)
    return Graph(
        np.array([*heads, *tails]), np.array([*tails, *heads]), np.array([*strengths] * 2, dtype=np.float32)
    )


def two_kinds(num_each: int) -> FloatArray:
    """Rows of three channels in two directions, each a little off; their lengths differ."""
    rng = np.random.default_rng(0)
    rows = np.repeat(np.eye(2, 3), num_each, axis=0) + rng.normal(0, 0.05, (2 * num_each, 3))
    return (rows * rng.uniform(1, 9, (2 * num_each, 1))).astype(np.float32)


def test_a_label_reaches_its_neighbour_and_no_further_than_its_component() -> None:
    pairs = graph_of((0, 1, 0.5), (2, 3, 0.25))
    proba = np.exp(spread_labels(pairs, np.array([0, -1, 1, -1, -1, 1]), num_classes=2))
    # A pair hands its mass to and fro, 0.9 of it each time: after 20 steps the neighbour has the odd powers.
    far = sum(0.9**k for k in range(1, 20, 2))
    near = sum(0.9**k for k in range(0, 21, 2))
    granted = 1e-3 * ((near + far) * (1 + 1 / 2) + 1 / 2) / (6 * 2)
    first = (far + granted) / (far + 2 * granted)
    second = (far / 2 + granted) / (
        far / 2 + 2 * granted
    )  # the class has two labels, so this one counts half
    np.testing.assert_allclose(proba[1], [first, 1 - first], rtol=1e-4)
    np.testing.assert_allclose(proba[3], [1 - second, second], rtol=1e-4)
    assert proba[0, 0] > proba[1, 0]
    assert np.isnan(proba[4:]).all(), "no edge leads to the last two images, of which one has a label"


def test_two_labels_of_a_class_say_as_much_as_one_of_another() -> None:
    star = graph_of((2, 0, 1.0), (2, 1, 1.0), (2, 3, 1.0))
    proba = np.exp(spread_labels(star, np.array([0, 0, -1, 1]), num_classes=2))
    np.testing.assert_allclose(proba[2], [0.5, 0.5], rtol=1e-5)


def test_of_two_neighbours_the_one_with_the_stronger_edge_is_followed() -> None:
    # Degrees are 1, 4 and 3: the edges pass 1 / 2 and 3 / sqrt(12), and whatever follows is the same for both.
    chain = graph_of((0, 1, 1.0), (1, 2, 3.0))
    proba = np.exp(spread_labels(chain, np.array([0, -1, 1]), num_classes=2))
    assert proba[1, 1] / proba[1, 0] == pytest.approx(3**0.5, rel=5e-3)


def test_a_class_without_a_label_is_unlikely_everywhere() -> None:
    proba = np.exp(spread_labels(graph_of((0, 1, 1.0), (1, 2, 1.0)), np.array([0, -1, 2]), num_classes=3))
    assert (proba[:, 1] < 0.002).all()
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-6)


def test_without_a_label_nothing_is_known() -> None:
    assert np.isnan(spread_labels(graph_of((0, 1, 1.0)), np.array([-1, -1]), num_classes=2)).all()


def test_heads_and_neighbours_together_and_heads_alone_where_no_label_reaches() -> None:
    heads = np.log([[0.8, 0.2], [0.5, 0.5], [0.7, 0.3]])
    spread = np.log([[0.5, 0.5], [0.8, 0.2], [NAN, NAN]])
    # sqrt(0.8) : sqrt(0.2) = 2 : 1; what the neighbours say; what the heads say.
    together = np.exp(fuse_neighbours(heads, spread))
    np.testing.assert_allclose(together, [[2 / 3, 1 / 3], [0.8, 0.2], [0.7, 0.3]])


def test_the_graph_joins_rows_of_one_direction_and_passes_over_those_without_features() -> None:
    rows = two_kinds(16)
    rows[5] = NAN
    graph = neighbour_graph(rows)
    assert graph is not None
    assert 5 not in graph.heads
    assert 5 not in graph.tails
    is_within = (graph.heads < 16) == (graph.tails < 16)
    # Fifteen neighbours, themselves one of them: the fifteen that are left of the first kind have nobody else.
    assert is_within.all()
    assert set(graph.heads.tolist()) == set(range(32)) - {5}


def test_the_length_of_a_row_says_nothing() -> None:
    rows = two_kinds(4)
    graph, longer = neighbour_graph(rows), neighbour_graph(rows * np.float32(4))
    assert graph is not None
    assert longer is not None
    assert graph.heads.tolist() == longer.heads.tolist()
    np.testing.assert_allclose(graph.strengths, longer.strengths, rtol=1e-4)


@pytest.mark.parametrize("num_rows", [0, 2])
def test_fewer_than_three_images_have_no_graph(num_rows: int) -> None:
    rows = np.full((5, 3), NAN, dtype=np.float32)
    rows[:num_rows] = 1
    assert neighbour_graph(rows) is None


def test_what_does_not_fit_together_is_refused() -> None:
    pair = graph_of((0, 1, 1.0))
    with pytest.raises(InvalidArray, match="classes are -1 to 1, got 0 to 2"):
        spread_labels(pair, np.array([0, 2]), num_classes=2)
    with pytest.raises(InvalidArray, match="edges are between 0 and 0, got 0 to 1"):
        spread_labels(pair, np.array([0]), num_classes=2)
    with pytest.raises(InvalidArray, match=r"\(1, 2\) and \(1, 3\)"):
        fuse_neighbours(np.zeros((1, 2)), np.zeros((1, 3)))
    with pytest.raises(InvalidArray, match=r"\(N, C\), got \(4,\)"):
        neighbour_graph(np.zeros(4, np.float32))

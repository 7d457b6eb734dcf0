"""Dense places of a layout, their outlines, and what is in between."""

import cv2
import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.projection import density_clusters as clustering
from worker.ml.projection.density_clusters import density_clusters, outline
from worker.ml.types import FloatArray


def blobs(*sizes: int) -> FloatArray:
    """Round groups of these sizes, 4 apart along x, none of them wider than 1; rows group after group."""
    random = np.random.default_rng(0)
    centres = np.array([[4.0 * number, number] for number in range(len(sizes))])
    parts = [random.normal(scale=0.15, size=(size, 2)) + centres[k] for k, size in enumerate(sizes)]
    return np.concatenate(parts).astype(np.float32)


def test_groups_are_found_and_numbered_by_size() -> None:
    found = density_clusters(blobs(60, 120, 90))
    parts = [set(part[part >= 0].tolist()) for part in (found[:60], found[60:180], found[180:])]
    assert all(parts)
    assert len(parts[0] | parts[1] | parts[2]) == len(parts[0]) + len(parts[1]) + len(parts[2])
    sizes = np.bincount(found[found >= 0]).tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert (found >= 0).mean() > 0.5


def test_rows_without_a_place_and_strays_belong_to_none() -> None:
    layout = np.concatenate([blobs(60, 60), [[2, 30]]]).astype(np.float32)
    layout[5] = np.nan
    found = density_clusters(layout)
    assert (found[5], found[120]) == (-1, -1)


def test_few_places_have_no_cluster() -> None:
    assert density_clusters(blobs(10)).tolist() == [-1] * 10
    assert density_clusters(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def test_of_many_places_some_are_clustered_and_the_others_join_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "MAX_CLUSTERED_ROWS", 100)
    found = density_clusters(blobs(150, 150), min_size=40)
    assert [set(found[:150]) - {-1}, set(found[150:]) - {-1}] in ([{0}, {1}], [{1}, {0}])


def test_an_outline_holds_its_points_and_no_others() -> None:
    layout = blobs(80, 80)
    corners = outline(layout[:80])
    inside = [cv2.pointPolygonTest(corners[:, None], (float(x), float(y)), False) >= 0 for x, y in layout]
    assert inside == [True] * 80 + [False] * 80
    assert corners.shape[1] == 2
    assert 5 < len(corners) < 130


def test_an_outline_follows_a_bent_shape_and_closes_gaps() -> None:
    angle = np.linspace(0, np.pi, 60)
    arch = np.stack([3 * np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    assert cv2.pointPolygonTest(outline(arch)[:, None], (0.0, 0.3), False) < 0
    apart = np.array([[0, 0], [9, 1]], dtype=np.float32)
    assert cv2.pointPolygonTest(outline(apart)[:, None], (4.5, 0.5), False) > 0


def test_one_point_has_an_outline() -> None:
    corners = outline(np.array([[3, -2]], dtype=np.float32))
    assert cv2.pointPolygonTest(corners[:, None], (3.0, -2.0), False) > 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidArray, match="finite or NaN"):
        density_clusters(np.full((3, 2), np.inf, dtype=np.float32))
    with pytest.raises(InvalidArray, match="min_size"):
        density_clusters(blobs(30), min_size=1)

"""Many images: a diverse sample is laid out, the others are placed among it, features come in blocks."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.worker.ml.grouped import groups
from worker.ml.errors import InvalidArray
from worker.ml.projection.large import diverse_sample, fit_large_projection, quotas
from worker.ml.projection.quality import neighbour_purity
from worker.ml.types import FloatArray


class Blocks:
    """Features in blocks of 700 rows, counting how often they are read."""

    def __init__(self, features: FloatArray) -> None:
        self.features = features
        self.num_reads = 0

    def __call__(self) -> Iterator[FloatArray]:
        self.num_reads += 1
        for start in range(0, len(self.features), 700):
            yield self.features[start : start + 700]


def test_all_rows_lie_in_their_group_though_few_were_fitted() -> None:
    features, class_index = groups(3000)
    blocks = Blocks(features)
    seen: list[FloatArray] = []
    projection = fit_large_projection(blocks, num_rows=3000, num_fit=600, on_layout=seen.append)
    assert projection.layout.shape == (3000, 2)
    assert np.isfinite(projection.layout).all()
    purity = neighbour_purity(projection.layout, class_index)
    assert purity is not None
    assert purity > 0.95
    assert projection.quality.trustworthiness is not None
    assert projection.quality.trustworthiness > 0.8
    assert projection.parameters.num_fitted == 600
    assert [layout.shape for layout in seen] == [(3000, 2)]
    assert blocks.num_reads == 2


def test_the_next_layout_stays_near_and_repeats_exactly() -> None:
    features, _ = groups(3000)
    first = fit_large_projection(Blocks(features[:2800]), num_rows=2800, num_fit=600)
    second = fit_large_projection(Blocks(features), num_rows=3000, num_fit=600, init=first.layout)
    again = fit_large_projection(Blocks(features), num_rows=3000, num_fit=600, init=first.layout)
    assert (second.layout == again.layout).all()
    assert second.parameters.num_started == 2800
    assert second.quality.median_displacement is not None
    assert second.quality.median_displacement < 0.3


def test_cells_give_by_the_square_root_of_their_size_and_small_ones_all_they_have() -> None:
    assert quotas(np.array([100, 25, 4, 1]), 18).tolist() == [10, 5, 2, 1]
    assert quotas(np.array([900, 4, 1]), 20).tolist() == [18, 1, 1]  # 18.2, 1.2 and 0.6
    assert quotas(np.array([100, 9]), 50).tolist() == [41, 9]
    assert quotas(np.array([3, 2]), 5).tolist() == [3, 2]


def test_a_sample_shows_every_part_and_repeats() -> None:
    random = np.random.default_rng(0)
    many, few = random.normal(size=(1900, 4)), random.normal(size=(20, 4)) + 30
    points = np.concatenate([few, many]).astype(np.float32)
    sample = diverse_sample(points, num=300)
    assert len(np.unique(sample)) == 300
    assert (sample == np.sort(sample)).all()
    assert (sample < 20).sum() > 20 * 300 / 1920
    assert (diverse_sample(points, num=300) == sample).all()
    assert (diverse_sample(points[:50], num=50) == np.arange(50)).all()


def test_what_does_not_fit_is_refused() -> None:
    features, _ = groups(800)
    with pytest.raises(InvalidArray, match="blocks of 900 rows"):
        fit_large_projection(Blocks(features), num_rows=900)
    features[790, 3] = np.nan
    with pytest.raises(InvalidArray, match="finite"):
        fit_large_projection(Blocks(features), num_rows=800)
    with pytest.raises(InvalidArray, match="M <= 800"):
        fit_large_projection(Blocks(features), num_rows=800, init=np.zeros((801, 2), dtype=np.float32))
    with pytest.raises(InvalidArray, match=r"0\.\.800"):
        diverse_sample(features, num=801)

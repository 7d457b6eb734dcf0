"""Confidence codes, pooling, and walking through cached maps."""

from pathlib import Path

import numpy as np
import pytest

from worker.ml.feature_shards import append_features
from worker.ml.features import Features, decode_maps, encode_maps, pool_maps
from worker.ml.saliency import METHODS, get_method, wgap
from worker.ml.types import ignore_progress
from worker.tasks import scoring
from worker.tasks.scoring import iter_chunks, pool_for, pooling_of, to_confidence_codes


def test_confidence_is_the_largest_probability_as_a_byte() -> None:
    proba = np.array([[0.5, 0.5], [0.1, 0.9], [1.0, 0.0]], dtype=np.float32)

    assert to_confidence_codes(proba).tolist() == [128, 230, 255]


def write_maps(root: Path, *, num_images: int) -> Features:
    """Random cached maps of height 3 and width 2."""
    maps = np.random.default_rng(0).random((num_images, 3, 2, 8), dtype=np.float32)
    features = Features(pooled=pool_maps(maps), maps=encode_maps(maps))
    append_features(root, features, start=0, signature={})
    return features


def test_chunks_cover_the_asked_images_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "CHUNK_IMAGES", 4)
    features = write_maps(tmp_path, num_images=11)

    chunks = list(iter_chunks(tmp_path, num_images=10))

    assert [(start, len(maps)) for start, maps in chunks] == [(0, 4), (4, 4), (8, 2)]
    assert np.array_equal(np.concatenate([maps.codes for _, maps in chunks]), features.maps.codes[:10])


def test_a_method_with_its_own_pooling_gets_its_own_features(tmp_path: Path) -> None:
    features = write_maps(tmp_path, num_images=5)

    plain = pool_for(METHODS["cam"], features.pooled, root=tmp_path, on_progress=ignore_progress)
    weighted = pool_for(METHODS["wgap"], features.pooled, root=tmp_path, on_progress=ignore_progress)

    assert plain is features.pooled
    assert np.array_equal(weighted, wgap.pool(decode_maps(features.maps)))


@pytest.mark.parametrize(
    ("name", "pooling"), [("gradcam", "mean"), ("wgap", "wgap"), ("labeler", "mean"), ("backprop", "mean")]
)
def test_each_kind_of_method_names_its_pooling(name: str, pooling: str) -> None:
    assert pooling_of(get_method(name)) == pooling

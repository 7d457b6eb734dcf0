"""Salient area, confidence codes, and walking through cached maps."""

from pathlib import Path

import numpy as np
import pytest

from worker.ml.errors import UnknownMethod
from worker.ml.feature_shards import append_features
from worker.ml.features import Features, decode_maps, encode_maps, pool_maps
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS, gradcam, gradcampp, wgap
from worker.ml.types import ignore_progress
from worker.tasks import scoring
from worker.tasks.scoring import (
    compute_saliency,
    get_closed_form,
    pool_for,
    salient_area,
    to_confidence_codes,
)


def test_salient_area_is_the_share_of_pixels_at_least_half_as_strong_as_the_strongest() -> None:
    cams = np.zeros((3, 2, 4), dtype=np.float32)
    cams[0] = 7.0  # even: everywhere
    cams[1, :, 2:] = 1.0  # a step, whose middle lies on the border between columns
    cams[2] = -1.0  # nothing is positive

    area = salient_area(cams)

    assert area.dtype == np.float32
    assert area.tolist() == [1.0, 0.5, 1.0]


def test_confidence_is_the_largest_probability_as_a_byte() -> None:
    proba = np.array([[0.5, 0.5], [0.1, 0.9], [1.0, 0.0]], dtype=np.float32)

    assert to_confidence_codes(proba).tolist() == [128, 230, 255]


def write_maps(root: Path, *, num_images: int) -> Features:
    """Random cached maps of height 3 and width 2."""
    maps = np.random.default_rng(0).random((num_images, 3, 2, 8), dtype=np.float32)
    features = Features(pooled=pool_maps(maps), maps=encode_maps(maps))
    append_features(root, features, start=0, signature={})
    return features


@pytest.mark.parametrize(("name", "method"), [("gradcam", gradcam), ("gradcampp", gradcampp), ("wgap", wgap)])
def test_saliency_over_chunks_is_that_of_each_image_and_covers_the_asked_images_only(
    name: str, method: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "CHUNK_IMAGES", 4)
    features = write_maps(tmp_path, num_images=11)
    weight = np.random.default_rng(1).normal(size=(2, 8)).astype(np.float32)
    class_index = np.arange(10) % 2

    saliency = compute_saliency(
        METHODS[name],
        root=tmp_path,
        pooled=features.pooled[:10],
        weight=weight,
        class_index=class_index,
        on_progress=ignore_progress,
    )

    assert (saliency.height, saliency.width) == (3, 2)
    cams = METHODS[name].compute(decode_maps(features.maps)[:10], weight, class_index)
    expected = profiles_from_maps(cams).astype(int)
    assert saliency.profiles.shape == (10, 5)
    assert np.abs(saliency.profiles.astype(int) - expected).max() <= 1
    assert np.allclose(saliency.salient_area, salient_area(cams), atol=0.02)


def test_a_method_with_its_own_pooling_gets_its_own_features(tmp_path: Path) -> None:
    features = write_maps(tmp_path, num_images=5)

    plain = pool_for(METHODS["cam"], features.pooled, root=tmp_path, on_progress=ignore_progress)
    weighted = pool_for(METHODS["wgap"], features.pooled, root=tmp_path, on_progress=ignore_progress)

    assert plain is features.pooled
    assert np.array_equal(weighted, wgap.pool(decode_maps(features.maps)))


def test_a_method_that_needs_the_network_is_refused() -> None:
    with pytest.raises(UnknownMethod, match="no saliency method 'backprop' works on cached maps"):
        get_closed_form("backprop")

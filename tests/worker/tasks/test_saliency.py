"""Saliency of many images by every kind of method: chunk by chunk it is that of each image alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.datasets.models import Project
from labeler.jobs.models import JobKind
from tests.worker.tasks.builders import import_folder, make_photo_project, run_new, write_pictures
from worker.ml.errors import CheckpointIncompatible
from worker.ml.feature_shards import append_features, read_contrast, read_maps, read_pooled
from worker.ml.features import Features, decode_contrast, decode_maps, encode_maps, pool_maps
from worker.ml.head import Head
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS, backprop, get_method, labeler
from worker.ml.saliency.network import scoring_network
from worker.ml.saliency.shown import encode_shown, mean_over_blocks
from worker.ml.types import FloatArray, ignore_progress
from worker.tasks import scoring
from worker.tasks.backbones import load_project_backbone
from worker.tasks.reading import load_image
from worker.tasks.saliency import Saliency, compute_saliency, salient_area
from worker.tasks.stored_features import features_root, list_stored_images


def test_salient_area_is_the_share_of_pixels_at_least_half_as_strong_as_the_strongest() -> None:
    cams = np.zeros((3, 2, 4), dtype=np.float32)
    cams[0] = 7.0  # even: everywhere
    cams[1, :, 2:] = 1.0  # a step, whose middle lies on the border between columns
    cams[2] = -1.0  # nothing is positive

    area = salient_area(cams)

    assert area.dtype == np.float32
    assert area.tolist() == [1.0, 0.5, 1.0]


def make_head(num_channels: int, *, num_classes: int = 4) -> Head:
    weight = np.random.default_rng(1).normal(size=(num_classes, num_channels)).astype(np.float32)
    return Head(weight - weight.mean(axis=0), np.zeros(num_classes, np.float32), temperature=1.0, l2=1.0)


def make_proba(num_images: int, *, num_classes: int = 4) -> FloatArray:
    scores = np.random.default_rng(2).random((num_images, num_classes), dtype=np.float32)
    proba: FloatArray = scores / scores.sum(axis=1, keepdims=True)
    return proba


def compute(method: str, **changes: Any) -> Saliency:
    values = {"project": None, "loaded": None, "on_progress": ignore_progress, **changes}
    return compute_saliency(get_method(method), **values)


@pytest.mark.parametrize("name", list(METHODS))
def test_closed_forms_over_chunks_are_those_of_each_image_and_cover_the_asked_images_only(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "CHUNK_IMAGES", 4)
    maps = np.random.default_rng(0).random((11, 3, 2, 8), dtype=np.float32)  # height 3, width 2
    features = Features(pooled=pool_maps(maps), maps=encode_maps(maps))
    append_features(tmp_path, features, start=0, signature={})
    head, proba = make_head(8), make_proba(10)

    saliency = compute(name, root=tmp_path, pooled=features.pooled[:10], head=head, proba=proba)

    assert (saliency.height, saliency.width) == (3, 2)
    decoded = decode_maps(features.maps)[:10]
    by_rank = np.argsort(-proba, axis=1)[:, :3]
    assert np.array_equal(saliency.shown_class, by_rank)
    cams = [METHODS[name].compute(decoded, head.weight, by_rank[:, rank]) for rank in range(3)]
    expected = profiles_from_maps(cams[0]).astype(int)
    assert saliency.profiles.shape == (10, 5)
    assert np.abs(saliency.profiles.astype(int) - expected).max() <= 1
    assert np.allclose(saliency.salient_area, salient_area(cams[0]), atol=0.02)
    assert saliency.shown.shape == (10, 3, 3, 2)
    for rank in range(3):
        assert np.abs(saliency.shown[:, rank].astype(int) - encode_shown(cams[rank])).max() <= 1


def test_the_method_of_this_project_boxes_the_expected_class_and_shows_the_evidence_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "CHUNK_IMAGES", 4)
    rng = np.random.default_rng(0)
    maps = rng.random((6, 3, 2, 8), dtype=np.float32)
    contrast = rng.integers(0, 256, (6, 14, 14), dtype=np.uint8)
    features = Features(pool_maps(maps), encode_maps(maps), contrast)
    append_features(tmp_path, features, start=0, signature={})
    head, proba = make_head(8, num_classes=2), make_proba(6, num_classes=2)

    saliency = compute("labeler", root=tmp_path, pooled=features.pooled, head=head, proba=proba)

    decoded, share = decode_maps(features.maps), decode_contrast(contrast)
    best = proba.argmax(axis=1)
    cams = labeler.compute(decoded, head.weight, best, contrast=share, proba=proba)
    assert (saliency.height, saliency.width) == (28, 28)
    assert np.array_equal(saliency.profiles, profiles_from_maps(cams))
    assert saliency.shown.shape == (6, 2, 14, 14)
    for rank, class_index in enumerate((best, 1 - best)):
        evidence = labeler.evidence_maps(labeler.class_maps(decoded, head.weight, class_index), share)
        assert np.array_equal(saliency.shown[:, rank], encode_shown(evidence))
        if rank == 0:
            assert np.array_equal(saliency.salient_area, salient_area(evidence))


def test_features_without_contrast_are_refused(tmp_path: Path) -> None:
    maps = np.ones((2, 3, 2, 8), dtype=np.float32)
    append_features(tmp_path, Features(pool_maps(maps), encode_maps(maps)), start=0, signature={})

    with pytest.raises(CheckpointIncompatible, match="no border contrast; compute them anew"):
        compute(
            "labeler",
            root=tmp_path,
            pooled=pool_maps(maps),
            head=make_head(8, num_classes=2),
            proba=make_proba(2, num_classes=2),
        )


@pytest.mark.django_db(transaction=True)
def test_a_method_that_differentiates_reads_the_images_and_keeps_means_of_blocks(tmp_path: Path) -> None:
    project = make_imported(tmp_path, num_images=3)
    root = features_root(project)
    loaded = load_project_backbone(project, on_progress=ignore_progress)
    head, proba = make_head(1280, num_classes=2), make_proba(3, num_classes=2)

    saliency = compute(
        "backprop",
        project=project,
        loaded=loaded,
        root=root,
        pooled=read_pooled(root),
        head=head,
        proba=proba,
    )

    pictures = np.stack(
        [load_image(image, size_px=96) for image in list_stored_images(project, start=0, stop=3)]
    )
    network = scoring_network(loaded.backbone, head.weight, head.bias)
    cams = mean_over_blocks(backprop.compute(network, pictures, proba.argmax(axis=1)), side=32)
    assert (saliency.height, saliency.width) == (32, 32)
    assert np.abs(saliency.profiles.astype(int) - profiles_from_maps(cams)).max() <= 1
    assert saliency.shown.shape == (3, 1, 32, 32)
    assert saliency.shown_class[:, 0].tolist() == proba.argmax(axis=1).tolist()


@pytest.mark.django_db(transaction=True)
def test_the_features_task_and_the_saliency_agree_on_which_contrast_belongs_to_which_image(
    tmp_path: Path,
) -> None:
    project = make_imported(tmp_path, num_images=5)
    root = features_root(project)
    head, proba = make_head(1280, num_classes=2), make_proba(4, num_classes=2)

    saliency = compute("labeler", root=root, pooled=read_pooled(root)[:4], head=head, proba=proba)

    decoded = decode_maps(read_maps(root, start=3, stop=4))
    cams = labeler.compute(
        decoded,
        head.weight,
        np.array([0]),
        contrast=decode_contrast(read_contrast(root)[3:4]),
        proba=proba[3:4],
    )
    assert np.array_equal(saliency.profiles[3:4], profiles_from_maps(cams))


def make_imported(folder: Path, *, num_images: int) -> Project:
    project = make_photo_project()
    import_folder(project, write_pictures(folder / "set", num_images=num_images))
    run_new(project, JobKind.FEATURES)
    return project

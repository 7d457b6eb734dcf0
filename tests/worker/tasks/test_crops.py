"""Crop embeddings: of the crop's own pixels, kept while the box stays, and saved while the work goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.datasets.models import Image, Project
from labeler.jobs.models import JobKind
from labeler.lib.files import original_path
from tests.factories import make_running_job
from tests.worker.tasks.builders import (
    INPUT_SIZE_PX,
    import_folder,
    make_photo_project,
    run_new,
    write_pictures,
)
from worker.ml.feature_shards import read_pooled
from worker.ml.images import crop_box, decode_image, squash
from worker.ml.types import FloatArray, ignore_progress
from worker.tasks import crops
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.crops import embed_crops, is_same_box
from worker.tasks.running import JobRun
from worker.tasks.stored_features import features_root

NUM_IMAGES = 5
BOX = np.array([0.25, 0.1, 0.75, 0.9], dtype=np.float32)


def test_boxes_are_the_same_from_an_iou_of_nine_tenths_on() -> None:
    boxes = np.array([[0, 0, 0.5, 1]] * 4, dtype=np.float32)
    # IoU 0.9, 0.89, 0, unknown.
    others = np.array([[0, 0, 0.5, 0.9], [0, 0, 0.5, 0.89], [0.5, 0, 1, 1], [np.nan] * 4], dtype=np.float32)

    assert is_same_box(others, boxes).tolist() == [True, False, False, False]


def make_ready(folder: Path) -> tuple[Project, ProjectBackbone, FloatArray]:
    project = make_photo_project()
    import_folder(project, write_pictures(folder / "set", num_images=NUM_IMAGES))
    run_new(project, JobKind.FEATURES)
    loaded = load_project_backbone(project, on_progress=ignore_progress)
    return project, loaded, read_pooled(features_root(project))


def embed(
    project: Project, loaded: ProjectBackbone, boxes: FloatArray, pooled: FloatArray
) -> tuple[FloatArray, int]:
    embedded = embed_crops(JobRun(make_running_job(project)), project, loaded, boxes=boxes, pooled=pooled)
    assert embedded is not None
    return embedded


@pytest.mark.django_db(transaction=True)
def test_a_crop_is_cut_from_the_original_and_embedded_alone(tmp_path: Path) -> None:
    project, loaded, pooled = make_ready(tmp_path)

    embedded, num_computed = embed(project, loaded, np.tile(BOX, (NUM_IMAGES, 1)), pooled)

    assert (embedded.shape, num_computed) == ((NUM_IMAGES, 1280), NUM_IMAGES)
    image = Image.objects.get(project=project, index=2)
    picture = crop_box(decode_image(original_path(project.id, image.storage_key)), BOX)
    assert picture.size == (46, 48)  # of 90 x 60: from 22.5 to 67.5 and from 6 to 54
    alone = loaded.backbone.maps(squash(picture, INPUT_SIZE_PX)[None])[0].mean(axis=(0, 1))
    assert np.allclose(embedded[2], alone, atol=1e-4)


@pytest.mark.django_db(transaction=True)
def test_the_whole_image_is_its_own_crop_without_another_run_of_the_network(tmp_path: Path) -> None:
    project, loaded, pooled = make_ready(tmp_path)
    boxes = np.tile(crops.WHOLE_IMAGE, (NUM_IMAGES, 1))

    embedded, num_computed = embed(project, loaded, boxes, pooled)

    assert num_computed == 0
    assert np.array_equal(embedded, pooled)


@pytest.mark.django_db(transaction=True)
def test_only_crops_whose_box_moved_far_are_embedded_again_measured_from_the_box_last_embedded(
    tmp_path: Path,
) -> None:
    project, loaded, pooled = make_ready(tmp_path)
    boxes = np.tile(BOX, (NUM_IMAGES, 1))
    first, _ = embed(project, loaded, boxes, pooled)
    boxes = boxes.copy()
    boxes[1, 2] = 0.95  # far
    boxes[3, 2] = 0.78  # IoU 0.5 / 0.53 = 0.943

    second, num_computed = embed(project, loaded, boxes, pooled)
    assert num_computed == 1
    assert not np.allclose(second[1], first[1])
    assert np.array_equal(second[[0, 2, 3, 4]], first[[0, 2, 3, 4]])

    boxes[3, 2] = 0.81  # near the last one, but 0.5 / 0.56 = 0.893 of the one embedded
    _, num_computed = embed(project, loaded, boxes, pooled)
    assert num_computed == 1


@pytest.mark.django_db(transaction=True)
def test_crops_done_before_a_cut_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, loaded, pooled = make_ready(tmp_path)
    monkeypatch.setattr(crops, "SAVE_EVERY_S", 0.0)
    monkeypatch.setattr(ProjectBackbone, "batch_size", 2)
    boxes = np.tile(BOX, (NUM_IMAGES, 1))
    real = crops._Shard.save
    saved: list[int] = []

    def save(shard: Any) -> None:
        if len(saved) == 2:
            raise KeyboardInterrupt
        saved.append(int(np.isfinite(shard.boxes).all(axis=1).sum()))
        real(shard)

    monkeypatch.setattr(crops._Shard, "save", save)
    with pytest.raises(KeyboardInterrupt):
        embed(project, loaded, boxes, pooled)
    assert saved == [2, 4]

    monkeypatch.setattr(crops._Shard, "save", real)
    _, num_computed = embed(project, loaded, boxes, pooled)
    assert num_computed == 1


@pytest.mark.django_db(transaction=True)
def test_images_that_came_later_are_added_to_the_shard(tmp_path: Path) -> None:
    project, loaded, pooled = make_ready(tmp_path)
    boxes = np.tile(BOX, (NUM_IMAGES, 1))
    embed(project, loaded, boxes[:3], pooled[:3])

    embedded, num_computed = embed(project, loaded, boxes, pooled)

    assert (len(embedded), num_computed) == (NUM_IMAGES, 2)

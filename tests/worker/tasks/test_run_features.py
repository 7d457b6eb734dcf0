"""Features: what is missing is computed and kept; layouts are asked for as it grows; missing weights are told."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.datasets.models import Image, Project
from labeler.datasets.services import update_project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import request_job
from labeler.lib.files import original_path
from labeler.results.models import View
from labeler.results.selectors import get_finished_projection, get_latest_model
from tests.worker.tasks.builders import (
    INPUT_SIZE_PX,
    import_folder,
    is_finite,
    make_labelled,
    make_photo_project,
    run,
    run_all,
    run_new,
    write_pictures,
    write_squeezenet_weights,
)
from worker.ml.backbones import load_backbone
from worker.ml.feature_shards import append_features, count_features, read_contrast, read_maps, read_pooled
from worker.ml.features import Features, decode_contrast, encode_maps, pool_maps
from worker.ml.images import decode_image, squash
from worker.ml.saliency.contrast_stages import contrast_stages, maps_and_contrast
from worker.ml.types import ignore_progress
from worker.ml.weights import find_weights
from worker.tasks import features
from worker.tasks.backbones import load_project_backbone
from worker.tasks.stored_features import features_root, is_of_present_features

pytestmark = pytest.mark.django_db(transaction=True)


def make_imported(tmp_path: Path, *, num_images: int = 5, **fields: Any) -> Project:
    project = make_photo_project(**fields)
    import_folder(project, write_pictures(tmp_path / "set", num_images=num_images))
    return project


def test_each_picture_gets_the_features_that_the_backbone_gives_it(tmp_path: Path, settings: Any) -> None:
    project = make_imported(tmp_path)

    job = run_new(project, JobKind.FEATURES)

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "Features of 5 images, 5 of them new")
    root = features_root(project)
    maps = read_maps(root, start=0, stop=5)
    assert (maps.height, maps.width, maps.codes.shape) == (3, 3, (5, 9, 1280))
    weights = find_weights("bundled", settings.WEIGHTS_DIRS)
    backbone = load_backbone("bundled", weights_path=weights.path, preprocessing=weights.preprocessing)
    image = Image.objects.get(project=project, index=3)
    picture = decode_image(original_path(project.id, image.storage_key), target_px=2 * INPUT_SIZE_PX)
    alone = backbone.maps(squash(picture, INPUT_SIZE_PX)[None])[0]
    assert np.allclose(read_pooled(root)[3], alone.mean(axis=(0, 1)), atol=1e-4)


def test_the_border_contrast_of_each_picture_is_stored_with_its_features(
    tmp_path: Path, settings: Any
) -> None:
    project = make_imported(tmp_path)

    run_new(project, JobKind.FEATURES)

    weights = find_weights("bundled", settings.WEIGHTS_DIRS)
    backbone = load_backbone("bundled", weights_path=weights.path, preprocessing=weights.preprocessing)
    image = Image.objects.get(project=project, index=3)
    picture = decode_image(original_path(project.id, image.storage_key), target_px=2 * INPUT_SIZE_PX)
    _, alone = maps_and_contrast(
        backbone, squash(picture, INPUT_SIZE_PX)[None], stages=contrast_stages("bundled")
    )
    stored = read_contrast(features_root(project))
    assert (stored.shape, stored.dtype.name) == ((5, 14, 14), "uint8")
    assert np.abs(decode_contrast(stored[3]) - alone[0]).max() <= 1 / 255
    assert stored[3].max() > 200


def test_features_stored_without_contrast_are_computed_anew(tmp_path: Path, settings: Any) -> None:
    project = make_imported(tmp_path)
    loaded = load_project_backbone(project, on_progress=ignore_progress)
    maps = np.ones((5, 3, 3, 1280), dtype=np.float32)
    old = Features(pool_maps(maps), encode_maps(maps))
    append_features(features_root(project), old, start=0, signature=loaded.signature)

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 5 images, 5 of them new"
    assert read_contrast(features_root(project)).shape == (5, 14, 14)
    assert not (read_pooled(features_root(project)) == 1).all()


def test_only_new_pictures_are_computed(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    run_new(project, JobKind.FEATURES)
    before = read_pooled(features_root(project)).copy()
    write_pictures(tmp_path / "more" / "sub", num_images=7)
    import_folder(project, tmp_path / "more")

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 7 images, 2 of them new"  # five of the seven are duplicates
    after = read_pooled(features_root(project))
    assert np.array_equal(after[:5], before)
    assert is_finite(after)


def test_a_run_that_was_cut_off_keeps_what_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_imported(tmp_path, num_images=40)
    monkeypatch.setattr(features, "APPEND_EVERY_S", 0.0)
    real = append_features
    appended: list[int] = []

    def append(*args: Any, **kwargs: Any) -> int:
        if len(appended) == 2:
            raise KeyboardInterrupt
        appended.append(real(*args, **kwargs))
        return appended[-1]

    monkeypatch.setattr(features, "append_features", append)
    with pytest.raises(KeyboardInterrupt):
        run_new(project, JobKind.FEATURES)
    assert appended == [16, 32]

    monkeypatch.setattr(features, "append_features", real)
    job = Job.objects.get(project=project, kind=JobKind.FEATURES, state=JobState.RUNNING)
    Job.objects.filter(id=job.id).update(state=JobState.QUEUED)
    assert run(job).summary == "Features of 40 images, 8 of them new"


def test_layouts_are_asked_for_as_the_features_grow_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_imported(tmp_path, num_images=80)
    monkeypatch.setattr(features, "APPEND_EVERY_S", 0.0)
    monkeypatch.setattr(features, "FIRST_LAYOUT_IMAGES", 20)
    stored: list[int] = []
    asked: list[int] = []
    real_append, real_request = append_features, request_job

    def append(*args: Any, **kwargs: Any) -> int:
        stored.append(real_append(*args, **kwargs))
        return stored[-1]

    def request(**kwargs: Any) -> Job:
        asked.append(stored[-1])
        return real_request(**kwargs)

    monkeypatch.setattr(features, "append_features", append)
    monkeypatch.setattr(features, "request_job", request)

    run_new(project, JobKind.FEATURES)

    assert stored == [16, 32, 48, 64, 80]
    assert asked == [32, 64, 80]  # the first from 20 on, then twice as many, then all


def test_no_layout_is_asked_for_when_the_last_one_shows_all(tmp_path: Path, sent_tasks: list[Any]) -> None:
    project = make_imported(tmp_path)
    run_new(project, JobKind.FEATURES)
    run_new(project, JobKind.PROJECTION)
    sent_tasks.clear()

    run_new(project, JobKind.FEATURES)

    assert [name for name, _, _ in sent_tasks] == ["run_features"]


def test_another_input_size_has_features_of_its_own(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    run_new(project, JobKind.FEATURES)
    Project.objects.filter(id=project.id).update(input_size_px=64)
    project.refresh_from_db()

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 5 images, 5 of them new"
    assert read_maps(features_root(project), start=0, stop=1).height == 2


def test_other_weights_make_the_features_anew(tmp_path: Path, settings: Any) -> None:
    settings.WEIGHTS_DIRS = [tmp_path / "weights"]
    write_squeezenet_weights(tmp_path / "weights", seed=1)
    project = make_imported(tmp_path, num_images=2, backbone="squeezenet1_0")
    run_new(project, JobKind.FEATURES)
    root = features_root(project)
    before = read_pooled(root).copy()
    write_squeezenet_weights(tmp_path / "weights", seed=2)

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 2 images, 2 of them new"
    assert not np.allclose(read_pooled(root), before)
    assert sorted(path.name for path in root.parent.iterdir()) == [root.name, f"{root.name}.lock"]


@pytest.mark.parametrize("are_kept", [False, True])
def test_another_network_gets_features_a_map_and_a_model_of_its_own(
    are_kept: bool, tmp_path: Path, sent_tasks: list[Any], settings: Any
) -> None:
    settings.WEIGHTS_DIRS = [tmp_path / "weights"]
    write_squeezenet_weights(tmp_path / "weights", seed=1)
    project = make_labelled(tmp_path, sent_tasks, num_images=8)
    run_new(project, JobKind.PROJECTION)
    run_new(project, JobKind.TRAINING)
    sent_tasks.clear()
    if are_kept:  # the other network was the project's before
        for name in ("squeezenet1_0", "bundled"):
            update_project(project_id=project.id, changes={"backbone": name})
            run_all(sent_tasks)

    update_project(project_id=project.id, changes={"backbone": "squeezenet1_0"})
    names = run_all(sent_tasks)

    assert names[:3] == ["run_features", "run_projection", "run_training"]
    project.refresh_from_db()
    model = get_latest_model(project_id=project.id)
    assert model is not None
    assert (model.number, model.backbone, model.num_images) == (4 if are_kept else 2, "squeezenet1_0", 8)
    job = project.jobs.filter(kind=JobKind.FEATURES).latest("id")
    assert job.summary == f"Features of 8 images, {0 if are_kept else 8} of them new"
    layout = get_finished_projection(project_id=project.id, view=View.WHOLE)
    assert layout is not None
    assert is_of_present_features(layout, project)


def test_a_model_is_trained_again_on_features_that_were_made_anew(
    tmp_path: Path, sent_tasks: list[Any], settings: Any
) -> None:
    settings.WEIGHTS_DIRS = [tmp_path / "weights"]
    write_squeezenet_weights(tmp_path / "weights", seed=1)
    project = make_labelled(tmp_path, sent_tasks, num_images=8, backbone="squeezenet1_0")
    run_new(project, JobKind.PROJECTION)
    run_new(project, JobKind.TRAINING)
    sent_tasks.clear()
    run_new(project, JobKind.FEATURES)
    assert [name for name, _, _ in sent_tasks] == ["run_features"]  # all is as it was

    write_squeezenet_weights(tmp_path / "weights", seed=2)
    sent_tasks.clear()
    run_new(project, JobKind.FEATURES)

    assert [name for name, _, _ in sent_tasks] == ["run_features", "run_projection", "run_training"]


def test_while_an_import_goes_on_a_model_waits_until_the_images_have_doubled(
    tmp_path: Path, sent_tasks: list[Any]
) -> None:
    project = make_labelled(tmp_path, sent_tasks, num_images=8)
    run_new(project, JobKind.TRAINING)  # of 8 images
    going_on = Job.objects.create(project=project, kind=JobKind.IMPORT, state=JobState.SUCCEEDED)

    def asks_for_a_model(num_images: int, *, import_state: JobState) -> bool:
        first = project.num_images
        if num_images > first:
            more = write_pictures(tmp_path / f"{num_images}", num_images=num_images - first, first=first)
            import_folder(project, more)
        Job.objects.filter(id=going_on.id).update(state=import_state)
        sent_tasks.clear()
        run_new(project, JobKind.FEATURES)
        Job.objects.filter(id=going_on.id).update(state=JobState.SUCCEEDED)
        project.jobs.filter(kind=JobKind.TRAINING, state=JobState.QUEUED).delete()
        return "run_training" in [name for name, _, _ in sent_tasks]

    assert not asks_for_a_model(12, import_state=JobState.RUNNING)
    assert asks_for_a_model(16, import_state=JobState.RUNNING)
    assert asks_for_a_model(16, import_state=JobState.SUCCEEDED)  # as the import asks at its end


def test_missing_weights_are_told_on_the_project_until_they_are_there(tmp_path: Path, settings: Any) -> None:
    settings.WEIGHTS_DOWNLOAD = False
    settings.WEIGHTS_DIRS = [tmp_path / "weights"]
    project = make_imported(tmp_path, backbone="resnet18")

    job = run_new(project, JobKind.FEATURES)

    project.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "weights_unavailable")
    assert job.error_message == project.weights_message
    assert "resnet18" in project.weights_message
    assert str(tmp_path / "weights") in project.weights_message

    Project.objects.filter(id=project.id).update(backbone="bundled")
    assert run_new(project, JobKind.FEATURES).state == JobState.SUCCEEDED
    project.refresh_from_db()
    assert project.weights_message == ""


def test_weights_that_do_not_fit_are_told_like_missing_ones(tmp_path: Path, settings: Any) -> None:
    settings.WEIGHTS_DOWNLOAD = False
    settings.WEIGHTS_DIRS = [tmp_path]
    shutil.copy(find_weights("bundled", []).path, tmp_path / "resnet18.safetensors")
    project = make_imported(tmp_path, backbone="resnet18")

    job = run_new(project, JobKind.FEATURES)

    project.refresh_from_db()
    assert job.error_code == "weights_unavailable"
    assert project.weights_message == job.error_message != ""


def test_a_project_without_images_has_nothing_to_compute(sent_tasks: list[Any]) -> None:
    project = make_photo_project()

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "The network's weights are at hand"
    assert count_features(features_root(project)) == 0
    assert [name for name, _, _ in sent_tasks] == ["run_features"]

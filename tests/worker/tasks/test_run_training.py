"""Training: a model version with everything made from it, published at once; labels made meanwhile are kept."""

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.annotations.classes import update_class
from labeler.annotations.models import LabelClass
from labeler.annotations.services import assign_label
from labeler.datasets.models import Image, Project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.lib.files import project_dir
from labeler.results.models import ModelVersion, Projection, StoredArray, View
from labeler.results.selectors import (
    get_latest_projection,
    get_map,
    get_model_array,
    get_prediction,
    list_models,
    read_array,
)
from labeler.results.services import request_training
from tests.factories import assign, make_class
from tests.worker.tasks.builders import (
    SentTasks,
    get_ann,
    import_folder,
    is_finite,
    make_labelled,
    make_photo_project,
    run,
    run_all,
    run_new,
    write_pictures,
)
from worker.ml.boxes import boxes_from_profiles, with_minimum_side
from worker.ml.checkpoints import load_head
from worker.ml.feature_shards import read_maps, read_pooled
from worker.ml.features import decode_maps
from worker.ml.head import fit_head, predict_proba
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import CONTRAST_METHODS, METHODS, NETWORK_METHODS, gradcam
from worker.tasks import crops, training
from worker.tasks.stored_features import features_root
from worker.tasks.training_data import read_training_data

pytestmark = pytest.mark.django_db(transaction=True)

NUM_IMAGES = 24


def read(model: ModelVersion, name: str) -> "np.ndarray[Any, Any]":
    return np.array(read_array(get_model_array(model=model, name=name)))


def train(project: Project) -> Job:
    return run(request_training(project_id=project.id, user=None))


def test_a_model_version_has_all_that_follows_from_its_head(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)

    job = train(project)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    model = ModelVersion.objects.get(project=project)
    disc, star = LabelClass.objects.order_by("position")
    assert (model.number, model.num_images, model.num_labels, model.job) == (1, NUM_IMAGES, NUM_IMAGES, job)
    assert (model.label_sequence, model.class_ids) == (project.label_sequence, [disc.id, star.id])
    assert (model.map_height, model.map_width) == (3, 3)
    root = features_root(project)
    pooled, maps = read_pooled(root), decode_maps(read_maps(root, start=0, stop=NUM_IMAGES))
    stored = load_head(project_dir(project.id) / "heads" / str(job.id))
    assert (stored.class_ids, stored.class_names) == ((disc.id, star.id), ("disc", "star"))
    proba = predict_proba(stored.head, pooled)  # of whole images; with their crops: test_predictions.py
    assert read(model, "predicted_class").tolist() == [model.class_ids[k] for k in proba.argmax(axis=1)]
    of_both = read(model, "probabilities").astype(np.float32)
    np.testing.assert_allclose(read(model, "confidence"), 255 * of_both.max(axis=1), atol=0.5 + 255 * 5e-4)
    assert np.allclose(of_both, proba, atol=0.05)
    data = read_training_data(project.id)
    measured = fit_head(pooled, data.class_index, num_classes=2, heldout=data.heldout).head
    cams = gradcam.compute(maps, measured.weight, predict_proba(measured, pooled).argmax(axis=1))
    profiles = read(model, "profiles")
    assert profiles.shape == (NUM_IMAGES, 6)
    assert np.abs(profiles.astype(int) - profiles_from_maps(cams)).max() <= 1  # a sum in another order
    area = read(model, "salient_area")
    assert (area.dtype, area.shape) == (np.float16, (NUM_IMAGES,))
    assert 0 < area.min() <= area.max() <= 1


def test_the_units_of_a_class_are_the_channels_that_weigh_most_with_their_strongest_images(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks, num_images=12)

    job = train(project)

    model = ModelVersion.objects.get()
    head = load_head(project_dir(project.id) / "heads" / str(job.id)).head
    pooled = read_pooled(features_root(project))
    channel, weight = read(model, "unit_channel"), read(model, "unit_weight")
    image, activation = read(model, "unit_image"), read(model, "unit_activation")
    assert (channel.shape, image.shape, activation.shape) == ((2, 6), (2, 6, 8), (2, 6, 8))
    for row in range(2):
        best = np.argsort(-head.weight[row], kind="stable")[:6]
        assert channel[row].tolist() == best.tolist()
        assert np.allclose(weight[row], head.weight[row, best])
        for unit, number in enumerate(best):
            assert np.allclose(activation[row, unit], np.sort(pooled[:, number])[::-1][:8])
            assert np.allclose(pooled[image[row, unit], number], activation[row, unit])


def test_metrics_are_of_held_out_labels_and_in_the_shape_that_the_api_gives(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)

    job = train(project)

    (listed,) = list_models(project_id=project.id)
    metrics = ModelVersion.objects.get().metrics
    assert 0 < listed["num_heldout"] < NUM_IMAGES
    assert metrics["num_training"] + listed["num_heldout"] == NUM_IMAGES
    assert sum(row["support"] for row in listed["per_class"]) == listed["num_heldout"]
    assert np.sum(listed["confusion"]) == listed["num_heldout"]
    assert listed["accuracy_low"] <= listed["accuracy"] <= listed["accuracy_high"]
    assert set(listed["seconds"]) == {"features", "training", "scoring", "saliency", "crops", "projection"}
    assert 0.01 <= metrics["mean_crop_area"] <= 1
    assert job.summary == (
        f"Model 1, trained on 24 labels: {100 * listed['accuracy']:.1f} % right on "
        f"{listed['num_heldout']} held-out labels"
    )


def test_held_out_labels_are_the_same_for_the_next_version(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)

    first = read_training_data(project.id)
    assign(project, get_ann(), LabelClass.objects.first(), [0, 1])
    second = read_training_data(project.id)

    assert np.array_equal(first.image_index[first.heldout], second.image_index[second.heldout])


def test_both_maps_are_published_with_the_model_crops_near_their_whole_images(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    run_new(project, JobKind.PROJECTION)
    first = Projection.objects.get()

    train(project)

    manifest = get_map(project_id=project.id)
    model = ModelVersion.objects.get()
    whole = get_latest_projection(project_id=project.id, view=View.WHOLE)
    crop = get_latest_projection(project_id=project.id, view=View.CROP)
    assert whole is not None
    assert crop is not None
    assert (manifest["projections"]["whole"]["id"], manifest["projections"]["crop"]["id"]) == (
        whole.id,
        crop.id,
    )
    assert (whole.model_version, crop.model_version) == (model, model)
    assert (whole.aligned_to, crop.aligned_to) == (first, None)
    assert crop.parameters["anchor"] == 0.3
    for projection in (whole, crop):
        layout = read_array(projection.array)
        assert layout.shape == (NUM_IMAGES, 2)
        assert is_finite(layout)
        assert 0 <= projection.quality["label_purity"] <= 1


def test_the_next_version_embeds_only_crops_whose_box_moved(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    train(project)
    embedded: list[int] = []
    real = crops._load_crop

    def load(crop: Any, *, size_px: int) -> Any:
        embedded.append(crop.image.index)
        return real(crop, size_px=size_px)

    monkeypatch.setattr(crops, "_load_crop", load)

    train(project)
    assert embedded == []

    Project.objects.filter(id=project.id).update(retention=0.5)
    train(project)

    third = ModelVersion.objects.get(number=3)
    boxes = with_minimum_side(boxes_from_profiles(read(third, "profiles"), height=3, width=3, retention=0.5))
    before = with_minimum_side(
        boxes_from_profiles(
            read(ModelVersion.objects.get(number=2), "profiles"), height=3, width=3, retention=0.95
        )
    )
    moved = np.flatnonzero(~crops.is_same_box(before, boxes))
    assert len(moved) > 0
    assert sorted(embedded) == moved.tolist()
    assert third.metrics["num_crops_computed"] == len(moved)


def test_labels_made_while_it_trains_are_kept_and_not_part_of_the_version(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    disc, star = LabelClass.objects.order_by("position")
    assign(project, get_ann(), None, [0, 1])
    sequence = Project.objects.get(id=project.id).label_sequence
    real = crops.embed_crops

    def embed_while_somebody_labels(*args: Any, **kwargs: Any) -> Any:
        if Project.objects.get(id=project.id).label_sequence == sequence:
            assign(project, get_ann(), star, [0])
        return real(*args, **kwargs)

    monkeypatch.setattr(training, "embed_crops", embed_while_somebody_labels)

    train(project)

    model = ModelVersion.objects.get()
    assert (model.label_sequence, model.num_labels) == (sequence, NUM_IMAGES - 2)
    project.refresh_from_db()
    assert project.label_sequence == sequence + 1
    assert Image.objects.get(project=project, index=0).resolved_class == star
    assert disc.id in model.class_ids


def test_labels_made_while_it_trains_may_make_the_next_training_due(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks, labels_per_class_to_train=4)
    Project.objects.filter(id=project.id).update(num_labels_at_training=0)
    project.jobs.filter(kind=JobKind.TRAINING).update(state=JobState.CANCELLED)
    disc = LabelClass.objects.get(name="disc")
    assign(project, get_ann(), None, range(8))
    project.jobs.filter(kind=JobKind.TRAINING).update(state=JobState.CANCELLED)
    Project.objects.filter(id=project.id).update(num_labels_at_training=0)
    job = request_training(project_id=project.id, user=None)
    real = crops.embed_crops

    def embed_while_somebody_labels(*args: Any, **kwargs: Any) -> Any:
        assign(project, get_ann(), disc, range(8))
        return real(*args, **kwargs)

    monkeypatch.setattr(training, "embed_crops", embed_while_somebody_labels)

    run(job)

    queued = project.jobs.get(kind=JobKind.TRAINING, state=JobState.QUEUED)
    assert queued.id > job.id


def test_images_added_after_it_started_have_no_row(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    import_folder(project, write_pictures(tmp_path / "more", num_images=NUM_IMAGES + 3))

    train(project)

    model = ModelVersion.objects.get()
    assert project.num_images == NUM_IMAGES + 3
    assert (model.num_images, len(read(model, "profiles"))) == (NUM_IMAGES, NUM_IMAGES)


def test_labelled_images_without_features_get_them_first(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_photo_project()
    import_folder(project, write_pictures(tmp_path / "set", num_images=NUM_IMAGES), classes_from_folders=True)
    last = Image.objects.get(project=project, index=NUM_IMAGES - 1)
    assign(project, get_ann(), None, [last.index])

    train(project)

    assert ModelVersion.objects.get().num_images == NUM_IMAGES - 1  # as many as the labels need
    assert project.jobs.filter(kind=JobKind.FEATURES, state=JobState.QUEUED).count() == 1  # for the rest


def test_an_archived_class_is_not_trained(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    other = make_class(project, "other")
    assign(project, get_ann(), other, [0, 1])
    update_class(project_id=project.id, class_id=other.id, changes={"is_archived": True})
    make_class(project, "without labels")

    train(project)

    model = ModelVersion.objects.get()
    assert model.num_labels == NUM_IMAGES - 2
    assert model.class_ids == list(
        LabelClass.objects.filter(name__in=["disc", "star"]).values_list("id", flat=True)
    )


@pytest.mark.computes
@pytest.mark.parametrize("method", sorted({*METHODS, *CONTRAST_METHODS, *NETWORK_METHODS} - {"gradcam"}))
def test_each_saliency_method_makes_a_version(method: str, tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks, num_images=8, saliency_method=method)

    job = train(project)

    model = ModelVersion.objects.get()
    assert (job.state, model.saliency_method) == (JobState.SUCCEEDED, method)
    profiles = read(model, "profiles")
    side = {"labeler": 28, "backprop": 32, "backprop_graphcut": 32}.get(method, 3)
    assert (model.map_height, model.map_width, profiles.shape) == (side, side, (8, 2 * side))
    assert profiles.max() == 255
    assert set(read(model, "saliency_class")[:, 0]) <= set(model.class_ids)
    assert np.array_equal(read(model, "saliency_class")[:, 0], read(model, "measured_class"))
    box = get_prediction(project_id=project.id, index=3, retention=0.8)["box"]
    assert 0 <= box[0] < box[2] <= 1
    assert load_head(project_dir(project.id) / "heads" / str(job.id)).metadata["pooling"] == (
        "wgap" if method.startswith("wgap") else "mean"
    )


def test_one_class_is_not_enough(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    star = LabelClass.objects.get(name="star")
    update_class(project_id=project.id, class_id=star.id, changes={"is_archived": True})

    job = run_new(project, JobKind.TRAINING)

    assert (job.state, job.error_code) == (JobState.FAILED, "not_enough_labels")
    assert job.error_message == "1 classes have labels; a classifier needs at least 2"


def test_a_prediction_can_be_read_by_the_api(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    train(project)

    prediction = get_prediction(project_id=project.id, index=5, retention=0.95)

    model = ModelVersion.objects.get()
    assert prediction["class_id"] in model.class_ids
    assert len(prediction["profile_x"]) == len(prediction["profile_y"]) == 3
    names = {array.name for array in StoredArray.objects.filter(project=project)}
    groups = {"clusters-whole", "clusters-crop"}  # there only where so few images lie in dense groups
    assert names - groups == {
        "layout-whole", "layout-crop", "predicted_class", "confidence", "profiles", "salient_area", "probabilities",
        "saliency", "saliency_class", "unit_channel", "unit_weight", "unit_image", "unit_activation",
        "heldout_images", "measured_class", "measured_confidence",
    }  # fmt: skip


def test_the_whole_loop_runs_from_the_messages_alone(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_photo_project(labels_per_class_to_train=8)

    import_folder(project, write_pictures(tmp_path / "set", num_images=NUM_IMAGES), classes_from_folders=True)
    del sent_tasks[0]  # the import itself, which ran
    names = run_all(sent_tasks)

    assert set(names) == {"run_features", "run_training", "run_suggestions"}  # the model brought the layouts
    assert not project.jobs.exclude(state=JobState.SUCCEEDED).exists()
    assert (
        get_map(project_id=project.id)["model_version"] == ModelVersion.objects.order_by("-number")[0].number
    )
    star = LabelClass.objects.get(name="star")
    assign_label(
        project_id=project.id,
        user=get_ann(),
        class_id=star.id,
        image_indexes=[0],
        client_action_id=uuid.uuid4(),
        provenance={},
    )
    assert sent_tasks == []  # one label more is no reason to train again

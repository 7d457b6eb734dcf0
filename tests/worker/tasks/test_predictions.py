"""Predictions from both views: when crops are seen, what is then said, and that nothing asks for trainings for ever."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture

from labeler.annotations.models import LabelClass
from labeler.datasets.crop_rates import Rate, save_rates
from labeler.datasets.models import CropPolicyKind, Image, Project, Recipe
from labeler.datasets.services import update_project
from labeler.jobs.models import JobKind, JobState
from labeler.lib.files import original_path, project_dir
from labeler.results.models import ModelVersion
from labeler.results.selectors import get_model_array, list_models, read_array
from labeler.results.services import request_training
from tests.factories import assign
from tests.worker.tasks.builders import (
    TASKS,
    SentTasks,
    get_ann,
    import_folder,
    make_labelled,
    run,
    write_pictures,
)
from worker.ml.checkpoints import bundle_exists, load_head
from worker.ml.feature_shards import read_pooled
from worker.ml.head import Head, fit_head, predict_log_proba, predict_proba, refit_head
from worker.ml.label_spreading import fuse_neighbours, neighbour_graph, spread_labels
from worker.ml.types import BoolArray, DoubleArray, FloatArray
from worker.ml.view_fusion import fuse_log_proba, predict_crop_log_proba, train_crop_head
from worker.tasks import crops, predictions, training, tuning
from worker.tasks.crops import read_crop_features
from worker.tasks.saliency import compute_saliency
from worker.tasks.stored_features import features_root
from worker.tasks.training_data import TrainingData, read_training_data

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.computes]

NUM_IMAGES = 24


def train(project: Project) -> ModelVersion:
    job = run(request_training(project_id=project.id, user=None))
    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    return ModelVersion.objects.get(job=job)


def run_models(sent: SentTasks) -> list[str]:
    """Run what makes models until none of it is left: features, trainings, crops; return their names."""
    names = []
    while sent:
        name, args, _ = sent.pop(0)
        if name in {"run_features", "run_training", "run_crops"}:
            TASKS[name].apply(args=args, throw=True)
            names.append(name)
    return names


def views(project: Project) -> list[list[str]]:
    """What each version predicts from, the first one first."""
    return [model["views"] for model in list_models(project_id=project.id)][::-1]


def probabilities(model: ModelVersion) -> FloatArray:
    return np.array(read_array(get_model_array(model=model, name="probabilities")), dtype=np.float32)


def head_folder(model: ModelVersion) -> Path:
    return project_dir(model.project_id) / "heads" / str(model.job_id)


def known_crops(project: Project) -> FloatArray:
    found = read_crop_features(project, num_images=project.num_images)
    assert found is not None
    return found


def spread_along(
    crops_seen: FloatArray, data: TrainingData, *, without: BoolArray | None = None
) -> DoubleArray:
    """What the neighbours' labels say, but those of `without`."""
    graph = neighbour_graph(crops_seen)
    assert graph is not None
    used = np.ones(len(data.image_index), dtype=np.bool_) if without is None else ~without
    labels = np.full(len(crops_seen), -1, dtype=np.int64)
    labels[data.image_index[used]] = data.class_index[used]
    return spread_labels(graph, labels, num_classes=len(data.classes))


def test_a_version_says_what_its_two_heads_and_the_neighbours_say_together(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    train(project)
    seen = known_crops(project)

    second = train(project)

    assert views(project) == [["whole", "crop"], ["whole", "crop"]]
    whole_head = load_head(head_folder(second)).head
    crop_head = load_head(head_folder(second) / "crop")
    assert crop_head.metadata["scaling"] == "unit length"
    whole = predict_log_proba(whole_head, read_pooled(features_root(project)))
    heads = fuse_log_proba(whole, predict_crop_log_proba(crop_head.head, seen))
    spread = spread_along(seen, read_training_data(project.id))
    found = probabilities(second)
    expected = np.exp(fuse_neighbours(heads, spread))
    np.testing.assert_allclose(found, expected, atol=1e-3)  # stored in half precision
    for part in (whole, heads, spread):
        assert np.abs(found - np.exp(part)).max() > 0.005
    assert second.metrics["num_crops_seen"] == NUM_IMAGES
    assert second.metrics["sees_neighbours"] is True


@pytest.mark.parametrize("limit", ["MAX_SPREAD_IMAGES", "MAX_SPREAD_LABELS"])
def test_with_many_images_or_labels_a_version_says_what_its_heads_say(
    limit: str, tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        predictions, limit, {"MAX_SPREAD_IMAGES": NUM_IMAGES - 1, "MAX_SPREAD_LABELS": 1}[limit]
    )
    project = make_labelled(tmp_path, sent_tasks)
    train(project)
    seen = known_crops(project)

    second = train(project)

    whole = predict_log_proba(load_head(head_folder(second)).head, read_pooled(features_root(project)))
    crop = predict_crop_log_proba(load_head(head_folder(second) / "crop").head, seen)
    np.testing.assert_allclose(probabilities(second), np.exp(fuse_log_proba(whole, crop)), atol=1e-3)
    assert second.metrics["sees_neighbours"] is False


def test_held_out_labels_measure_heads_that_never_saw_them_and_teach_those_that_predict(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    train(project)
    seen = known_crops(project)

    second = train(project)

    data, pooled = read_training_data(project.id), read_pooled(features_root(project))
    choices: dict[str, Any] = {"num_classes": len(data.classes), "heldout": data.heldout}
    measured = fit_head(pooled[data.image_index], data.class_index, **choices).head
    measured_crop = train_crop_head(seen[data.image_index], data.class_index, **choices)
    assert measured_crop is not None
    before = fuse_neighbours(
        fuse_log_proba(predict_log_proba(measured, pooled), predict_crop_log_proba(measured_crop.head, seen)),
        spread_along(seen, data, without=data.heldout),
    )
    said = np.array(data.class_ids)[before.argmax(axis=1)]
    classes, confidence = (
        read_array(get_model_array(model=second, name=f"measured_{name}")) for name in ("class", "confidence")
    )
    np.testing.assert_array_equal(classes, said)
    np.testing.assert_allclose(confidence, np.exp(before.max(axis=1)), atol=1e-3)
    heldout = data.image_index[data.heldout]
    is_right = said[heldout] == np.array(data.class_ids)[data.class_index[data.heldout]]
    assert (second.metrics["num_heldout"], second.metrics["accuracy"]) == (len(heldout), is_right.mean())
    in_use = load_head(head_folder(second)).head
    expected = refit_head(measured, pooled[data.image_index], data.class_index)
    np.testing.assert_array_equal(in_use.weight, expected.weight)
    assert np.abs(in_use.weight - measured.weight).max() > 0


def test_crops_are_of_heads_that_never_saw_the_held_out_labels(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the head on crops would be told a held-out label by where its image was cropped."""
    project = make_labelled(tmp_path, sent_tasks)
    asked: list[tuple[Head, FloatArray]] = []

    def listening(*args: Any, **kwargs: Any) -> Any:
        asked.append((kwargs["head"], kwargs["proba"]))
        return compute_saliency(*args, **kwargs)

    monkeypatch.setattr(training, "compute_saliency", listening)
    model = train(project)

    data, pooled = read_training_data(project.id), read_pooled(features_root(project))
    assert data.heldout.any()
    measured = fit_head(
        pooled[data.image_index], data.class_index, num_classes=len(data.classes), heldout=data.heldout
    ).head
    assert len(asked) == 2  # of whole images, then of what both views say
    for head, _ in asked:
        np.testing.assert_array_equal(head.weight, measured.weight)
    np.testing.assert_array_equal(asked[0][1], predict_proba(measured, pooled))
    said = np.array(data.class_ids)[asked[1][1].argmax(axis=1)]
    np.testing.assert_array_equal(said, read_array(get_model_array(model=model, name="measured_class")))


def test_what_is_shown_of_a_first_version_is_of_the_classes_that_both_views_say(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    model = train(make_labelled(tmp_path, sent_tasks))
    measured = read_array(get_model_array(model=model, name="measured_class"))
    shown = read_array(get_model_array(model=model, name="saliency_class"))[:, 0]
    assert np.array_equal(shown, measured)


def test_where_a_class_has_a_crop_rate_of_its_own_crops_are_not_looked_at(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    save_rates(
        project_id=project.id,
        user=None,
        kind=CropPolicyKind.RANDOM,
        rates=(Rate(0.95, 1.0),),
        overrides={LabelClass.objects.get(name="star").id: None},
    )

    model = train(project)

    assert views(project) == [["whole"]]
    assert not bundle_exists(head_folder(model) / "crop")
    head = load_head(head_folder(model)).head
    expected = predict_proba(head, read_pooled(features_root(project)))
    np.testing.assert_allclose(probabilities(model), expected, atol=1e-3)


def test_crops_that_were_made_by_class_are_not_looked_at_later(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks)
    rates: dict[str, Any] = {"kind": CropPolicyKind.RANDOM, "rates": (Rate(0.95, 1.0),)}
    star = LabelClass.objects.get(name="star").id
    save_rates(project_id=project.id, user=None, overrides={star: None}, **rates)
    train(project)
    run_models(sent_tasks)
    assert np.isfinite(known_crops(project)).all()
    save_rates(project_id=project.id, user=None, overrides={}, **rates)

    train(project)
    assert views(project) == [["whole"], ["whole"]]

    run_models(sent_tasks)
    assert views(project) == [["whole"], ["whole"], ["whole", "crop"]]


def test_crops_that_do_not_help_are_left_aside(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crops of one grey patch each, which say nothing of the class."""
    monkeypatch.setattr(crops, "crop_box", lambda picture, _: Picture.new("RGB", picture.size, "gray"))
    project = make_labelled(tmp_path, sent_tasks)

    model = train(project)

    assert views(project) == [["whole"]]
    assert model.metrics["num_crops_seen"] == NUM_IMAGES
    head = load_head(head_folder(model)).head
    expected = predict_proba(head, read_pooled(features_root(project)))
    np.testing.assert_allclose(probabilities(model), expected, atol=1e-3)


def test_an_image_without_a_crop_is_judged_by_its_whole_alone(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    image = Image.objects.get(project=project, index=5)
    original_path(project.id, image.storage_key).unlink()

    model = train(project)

    assert model.metrics["num_crops_seen"] == NUM_IMAGES - 1
    whole = predict_proba(load_head(head_folder(model)).head, read_pooled(features_root(project)))
    found = probabilities(model)
    np.testing.assert_allclose(found[5], whole[5], atol=1e-3)
    assert np.abs(np.delete(found - whole, 5, axis=0)).max() > 0.01


def test_many_crops_come_after_the_first_version_and_a_second_sees_them(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks)
    first = train(project)
    assert (first.metrics["crops"], views(project)) == ("quick", [["whole"]])

    names = run_models(sent_tasks)  # until nothing asks for more

    assert views(project) == [["whole"], ["whole", "crop"]]
    assert names.count("run_training") == 1
    assert [model.label_sequence for model in ModelVersion.objects.order_by("number")] == [
        project.label_sequence
    ] * 2
    waiting = project.jobs.filter(state=JobState.QUEUED, kind__in=[JobKind.TRAINING, JobKind.CROPS])
    assert not waiting.exists()


def test_new_images_are_looked_at_again_when_their_crops_are_there(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks)
    train(project)
    run_models(sent_tasks)
    import_folder(project, write_pictures(tmp_path / "more", num_images=NUM_IMAGES + 8))

    run_models(sent_tasks)

    seen = [model.metrics["num_crops_seen"] for model in ModelVersion.objects.order_by("number")]
    assert seen == [0, NUM_IMAGES, NUM_IMAGES, NUM_IMAGES + 8]


def test_crops_that_cannot_be_read_do_not_ask_for_trainings_for_ever(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks)
    for image in Image.objects.filter(project=project, index__gte=NUM_IMAGES - 6):
        original_path(project.id, image.storage_key).unlink()
    train(project)

    names = run_models(sent_tasks)

    assert names.count("run_training") == 1
    assert [model.metrics["num_crops_seen"] for model in ModelVersion.objects.order_by("number")] == [
        0,
        NUM_IMAGES - 6,
    ]


@pytest.mark.parametrize("recipe", [Recipe.CONV, Recipe.LAST_STAGE])
def test_a_tuned_network_is_not_tuned_again_for_its_crops(
    recipe: Recipe, tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks, recipe=recipe)
    first = train(project)
    assert project.jobs.filter(kind=JobKind.CROPS).count() == 1
    monkeypatch.setattr(tuning, "finetune", None)

    assert run_models(sent_tasks).count("run_training") == 1

    second = ModelVersion.objects.latest("number")
    assert [model.metrics["num_crops_seen"] for model in (first, second)] == [0, NUM_IMAGES]
    assert [model.metrics["tuned_by_job"] for model in (first, second)] == [first.job_id] * 2


@pytest.mark.parametrize("change", ["labels", "recipe", "adl"])
def test_crops_ask_for_no_training_that_would_tune_the_network(
    change: str, tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 4)
    project = make_labelled(tmp_path, sent_tasks, recipe=Recipe.LAST_STAGE)
    train(project)
    if change == "labels":
        assign(project, get_ann(), LabelClass.objects.first(), [NUM_IMAGES - 1])
    elif change == "recipe":
        update_project(project_id=project.id, changes={"recipe": Recipe.WHOLE})
    else:
        update_project(project_id=project.id, changes={"uses_adl": True})

    assert "run_training" not in run_models(sent_tasks)

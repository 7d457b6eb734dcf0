"""Recipes that train the network: features and model come from it; the next head goes back to the plain one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.datasets.models import Project, Recipe
from labeler.datasets.services import update_project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import cancel_job
from labeler.results.models import ModelVersion, View
from labeler.results.selectors import get_latest_projection
from labeler.results.services import request_training
from tests.factories import assign
from tests.worker.tasks.builders import (
    SentTasks,
    get_ann,
    import_folder,
    make_photo_project,
    run,
    run_new,
    write_pictures,
)
from worker.ml.feature_shards import count_features, read_pooled
from worker.ml.finetune import FinetuneSettings
from worker.tasks import tuning
from worker.tasks.reading import load_image
from worker.tasks.stored_features import drop_old_networks, features_root, project_of, tuned_path
from worker.tasks.training_data import read_training_data

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.computes]

NUM_IMAGES = 16


@pytest.fixture(autouse=True)
def short_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    short: dict[str, Any] = {"num_epochs": 2, "batch_size": 8, "learning_rate": 1e-3}
    monkeypatch.setattr(
        tuning,
        "SETTINGS",
        {
            Recipe.CONV: FinetuneSettings(part="conv", **short),
            Recipe.LAST_STAGE: FinetuneSettings(part="last_stage", **short),
            Recipe.WHOLE: FinetuneSettings(part="whole", **short),
        },
    )


def make_labelled(folder: Path, **fields: Any) -> Project:
    project = make_photo_project(input_size_px=64, **fields)
    import_folder(project, write_pictures(folder / "set", num_images=NUM_IMAGES), classes_from_folders=True)
    return project


def train(project: Project) -> Job:
    return run(request_training(project_id=project.id, user=None))


@pytest.mark.parametrize(("recipe", "uses_adl"), [("conv", False), ("last_stage", True), ("whole", False)])
def test_a_recipe_makes_a_version_of_features_of_its_own(
    recipe: str, uses_adl: bool, tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, recipe=recipe, uses_adl=uses_adl)
    run_new(project, JobKind.FEATURES)
    plain = np.array(read_pooled(features_root(project)))

    job = train(project)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    model = ModelVersion.objects.get()
    project.refresh_from_db()
    assert (project.tuned_by_job, model.num_images) == (job.id, NUM_IMAGES)
    assert (model.metrics["recipe"], model.metrics["uses_adl"]) == (recipe, uses_adl)
    assert model.metrics["num_heldout"] > 0
    tuned = read_pooled(features_root(project))
    assert tuned.shape == plain.shape
    assert not np.allclose(tuned, plain, atol=1e-4)
    for view in View:
        projection = get_latest_projection(project_id=project.id, view=view)
        assert projection is not None
        assert projection.parameters["tuned_by_job"] == job.id


def test_the_next_training_of_the_head_alone_goes_back_to_the_plain_network(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.CONV)
    tuned_job = train(project)
    update_project(project_id=project.id, changes={"recipe": Recipe.HEAD})

    head_job = train(project)

    project.refresh_from_db()
    assert (head_job.state, project.tuned_by_job) == (JobState.SUCCEEDED, None)
    assert count_features(features_root(project)) == NUM_IMAGES
    assert project_of(tuned_job).tuned_by_job == tuned_job.id
    assert project_of(head_job).tuned_by_job is None


def test_another_backbone_or_size_forgets_the_tuned_network(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.CONV)
    train(project)
    update_project(project_id=project.id, changes={"input_size_px": 96})
    project.refresh_from_db()
    assert project.tuned_by_job is None


def test_an_attempt_after_a_lost_worker_does_not_train_the_network_again(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.CONV)
    job = request_training(project_id=project.id, user=None)
    monkeypatch.setattr("worker.tasks.training.extend_features", _cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(job)
    assert tuned_path(project.id, job.id).exists()
    monkeypatch.undo()
    Job.objects.filter(id=job.id).update(state=JobState.QUEUED)
    monkeypatch.setattr(tuning, "finetune", _cut_off)

    assert run(job).state == JobState.SUCCEEDED


def test_a_training_is_cancelled_between_batches_and_leaves_the_last_version(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.LAST_STAGE)
    job = request_training(project_id=project.id, user=None)
    real = load_image

    def load(image: Any, **options: Any) -> Any:
        cancel_job(job_id=job.id, project_id=project.id)
        return real(image, **options)

    monkeypatch.setattr(tuning, "load_image", load)

    assert run(job).state == JobState.CANCELLED
    assert not tuned_path(project.id, job.id).exists()
    project.refresh_from_db()
    assert (project.tuned_by_job, ModelVersion.objects.count()) == (None, 0)


def test_new_images_and_the_same_labels_use_the_tuned_network_again(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.LAST_STAGE, uses_adl=True)
    first = train(project)
    import_folder(project, write_pictures(tmp_path / "more", num_images=NUM_IMAGES + 4))
    monkeypatch.setattr(tuning, "finetune", _cut_off)

    second = train(project)

    project.refresh_from_db()
    assert (second.state, project.tuned_by_job) == (JobState.SUCCEEDED, first.id)
    assert project_of(second).tuned_by_job == first.id
    assert count_features(features_root(project)) == project.num_images > NUM_IMAGES
    assert not tuned_path(project.id, second.id).exists()
    assert [model.metrics["tuned_by_job"] for model in ModelVersion.objects.all()] == [first.id] * 2


@pytest.mark.parametrize("change", ["label", "recipe", "adl", "file"])
def test_the_network_is_tuned_anew_for_what_it_was_not_tuned_on(
    change: str, tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.LAST_STAGE)
    first = train(project)
    if change == "label":
        heldout = set(read_training_data(project.id).image_index[read_training_data(project.id).heldout])
        image = next(index for index in range(NUM_IMAGES) if index not in heldout)
        assign(project, get_ann(), None, [image])
    elif change == "file":
        tuned_path(project.id, first.id).write_bytes(b"damaged")
    else:
        changes: dict[str, Any] = {"recipe": Recipe.WHOLE} if change == "recipe" else {"uses_adl": True}
        update_project(project_id=project.id, changes=changes)

    second = train(project)

    project.refresh_from_db()
    assert (second.state, project.tuned_by_job) == (JobState.SUCCEEDED, second.id)


def test_a_network_that_a_training_uses_again_is_kept_while_it_runs(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.CONV)
    first = train(project)
    job = request_training(project_id=project.id, user=None)
    monkeypatch.setattr("worker.tasks.training.extend_features", _cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(job)
    update_project(project_id=project.id, changes={"input_size_px": 96})  # forgets the network

    assert drop_old_networks() == 0
    Job.objects.filter(id=job.id).update(state=JobState.FAILED)
    assert drop_old_networks() == 1
    assert list(tuned_path(project.id, first.id).parent.iterdir()) == []


def test_networks_and_features_of_old_versions_are_removed(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, recipe=Recipe.CONV)
    old = train(project)
    assign(project, get_ann(), None, [0, 1])
    new = train(project)
    project.refresh_from_db()
    root = features_root(project)
    assert drop_old_networks() == 1
    assert not tuned_path(project.id, old.id).exists()
    assert tuned_path(project.id, new.id).exists()
    kept = {path.name for path in root.parent.iterdir() if path.is_dir()}
    assert {name for name in kept if f"-tuned-{old.id}" in name} == set()
    assert root.name in kept


def _cut_off(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt

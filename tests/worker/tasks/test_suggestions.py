"""The suggestions job: neighbours, order and doubted labels from cached features, published once."""

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.annotations.services import assign_label
from labeler.datasets.crop_rates import Rate, save_rates
from labeler.datasets.models import CropPolicyKind, Project
from labeler.jobs.models import JobKind, JobState
from labeler.results.models import ModelVersion, SuggestionSet, View
from labeler.results.neighbours import list_neighbours
from labeler.results.selectors import get_model_array, read_array
from labeler.results.services import request_training
from labeler.results.suggestions import list_suspects, list_to_label_next, read_set_array
from tests.factories import add_images, assign, make_class
from tests.worker.tasks.builders import (
    SentTasks,
    get_ann,
    import_folder,
    make_photo_project,
    run,
    run_all,
    run_new,
    store_features,
    write_pictures,
)
from worker.tasks.training_data import read_training_data

pytestmark = pytest.mark.django_db(transaction=True)

NUM_IMAGES = 40


def make_clustered(num_images: int = NUM_IMAGES) -> Project:
    """Images without files whose features are two clusters, even and odd indexes."""
    project = make_photo_project()
    add_images(project, num_images)
    store_features(project, num_images=num_images)
    return project


def test_before_a_model_there_are_neighbours_and_a_diverse_order() -> None:
    project = make_clustered()

    job = run_new(project, JobKind.SUGGESTIONS)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    found = list_neighbours(project_id=project.id, image_indexes=[3], num=10, view=View.WHOLE)
    assert {index % 2 for index, _ in found} == {1}
    order = list_to_label_next(project_id=project.id, num=100)
    assert (order["kind"], len(order["image_indexes"])) == ("diverse", NUM_IMAGES)
    assert {index % 2 for index in order["image_indexes"][:2]} == {0, 1}  # one of each cluster first


def test_wrong_labels_are_doubted_and_labelled_images_are_not_asked_for() -> None:
    project = make_clustered()
    even, odd = make_class(project, "even"), make_class(project, "odd")
    assign(project, get_ann(), even, [*range(0, 30, 2), 7])
    assign(project, get_ann(), odd, [index for index in range(1, 30, 2) if index != 7])

    run_new(project, JobKind.SUGGESTIONS)

    suspects = list_suspects(project_id=project.id, limit=10)["items"]
    assert [(row["index"], row["suggested_class_id"]) for row in suspects] == [(7, odd.id)]
    latest = SuggestionSet.objects.get(project=project)
    assert sorted(read_set_array(latest, "label_order")) == list(range(30, 40))


def test_running_a_job_again_publishes_nothing_new() -> None:
    project = make_clustered()
    job = run_new(project, JobKind.SUGGESTIONS)
    type(job).objects.filter(id=job.id).update(state=JobState.QUEUED)
    run(job)
    assert SuggestionSet.objects.filter(project=project).count() == 1


def test_without_features_there_is_nothing_to_suggest() -> None:
    job = run_new(make_photo_project(), JobKind.SUGGESTIONS)
    assert (job.state, job.summary) == (JobState.SUCCEEDED, "No image has features yet")


def make_trained(folder: Path, sent: SentTasks, **rates: Any) -> Project:
    project = make_photo_project()
    import_folder(project, write_pictures(folder / "set", num_images=24), classes_from_folders=True)
    sent[:] = [message for message in sent if message[0] != "run_training"]
    run_all([message for message in sent if message[0] == "run_features"])
    sent.clear()
    if rates:
        save_rates(project_id=project.id, user=None, overrides={}, **rates)
    assert run(request_training(project_id=project.id, user=None)).error_message == ""
    return project


def test_a_training_asks_for_suggestions_with_crops_and_an_uncertain_order(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_trained(tmp_path, sent_tasks)
    assert "run_suggestions" in run_all(sent_tasks)
    latest = SuggestionSet.objects.filter(project=project).latest("id")
    assert latest.model_version == ModelVersion.objects.get(project=project)
    assert latest.order_kind == "uncertain"
    assert len(list_neighbours(project_id=project.id, image_indexes=[0], num=5, view=View.CROP)) == 5


def test_crops_are_embedded_at_the_projects_crop_rates(tmp_path: Path, sent_tasks: SentTasks) -> None:
    whole = (Rate(None, 1.0),)
    project = make_trained(tmp_path, sent_tasks, kind=CropPolicyKind.RANDOM, rates=whole)
    metrics = ModelVersion.objects.get(project=project).metrics
    assert (metrics["mean_crop_area"], metrics["num_crops_computed"]) == (1.0, 0)
    assert metrics["crop_rates_version"] == 1


def test_a_model_says_which_images_it_was_measured_on(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_trained(tmp_path, sent_tasks)
    model = ModelVersion.objects.get(project=project)
    data = read_training_data(project.id)
    heldout = read_array(get_model_array(model=model, name="heldout_images"))
    np.testing.assert_array_equal(heldout, data.image_index[data.heldout])


def test_labels_that_nobody_looked_at_are_not_trained_on() -> None:
    project = make_clustered()
    even, odd = make_class(project, "even"), make_class(project, "odd")
    assign(project, get_ann(), even, [0, 2])
    assign(project, get_ann(), odd, [1, 3])
    assign_label(
        project_id=project.id,
        user=get_ann(),
        class_id=even.id,
        image_indexes=[4, 6],
        client_action_id=uuid.uuid4(),
        provenance={"gesture": "rest"},
        is_accepted=True,
    )
    assert read_training_data(project.id).image_index.tolist() == [0, 1, 2, 3]

"""Layouts of whole images: all that have features, started from the last layout, published with their quality."""

import numpy as np
import pytest

from labeler.datasets.models import Project
from labeler.jobs.models import JobKind, JobState
from labeler.results.models import Projection, View
from labeler.results.selectors import get_map, read_array
from tests.worker.tasks.builders import is_finite, make_photo_project, run_new, store_features

pytestmark = pytest.mark.django_db(transaction=True)


def layouts() -> list[Projection]:
    return list(Projection.objects.order_by("id"))


def test_a_first_layout_covers_all_images_that_have_features() -> None:
    project = make_photo_project()
    store_features(project, num_images=40)

    job = run_new(project, JobKind.PROJECTION)

    assert (job.state, job.summary, job.stage) == (JobState.SUCCEEDED, "Laid out 40 images", "projection")
    (made,) = layouts()
    assert (made.view, made.num_images, made.model_version, made.aligned_to) == (View.WHOLE, 40, None, None)
    points = read_array(made.array)
    assert (points.shape, points.dtype.name) == ((40, 2), "float32")
    assert is_finite(points)
    assert set(made.quality) == {"trustworthiness", "continuity", "median_displacement", "p90_displacement"}
    assert made.quality["trustworthiness"] > 0.5
    assert made.parameters["backbone"] == "bundled"
    assert made.parameters["seed"] == 0
    assert get_map(project_id=project.id)["projections"]["whole"]["id"] == made.id


def test_a_few_new_images_leave_the_others_nearly_where_they_are() -> None:
    project = make_photo_project()
    store_features(project, num_images=40)
    run_new(project, JobKind.PROJECTION)
    store_features(project, num_images=44)

    run_new(project, JobKind.PROJECTION)

    first, second = layouts()
    assert (second.num_images, second.aligned_to) == (44, first)
    assert second.parameters["num_started"] == 40
    before, after = np.array(read_array(first.array)), np.array(read_array(second.array))
    radius = np.sqrt(((before - before.mean(axis=0)) ** 2).sum(axis=1).mean())
    moved = np.linalg.norm(after[:40] - before, axis=1) / radius
    assert np.isclose(np.median(moved), second.quality["median_displacement"], atol=1e-4)
    assert np.median(moved) < 0.3


def test_many_new_images_get_a_full_run_turned_onto_the_old_layout() -> None:
    project = make_photo_project()
    store_features(project, num_images=30)
    run_new(project, JobKind.PROJECTION)
    store_features(project, num_images=60)

    run_new(project, JobKind.PROJECTION)

    first, second = layouts()
    assert (second.num_images, second.aligned_to) == (60, first)
    assert (second.parameters["anchor"], second.parameters["learning_rate"]) == (0.0, 1.0)


def test_a_layout_that_shows_all_is_not_made_again() -> None:
    project = make_photo_project()
    store_features(project, num_images=6)
    run_new(project, JobKind.PROJECTION)

    job = run_new(project, JobKind.PROJECTION)

    assert job.summary == "The layout shows all 6 images already"
    assert len(layouts()) == 1


def test_features_of_another_size_are_laid_out_from_the_old_places() -> None:
    project = make_photo_project()
    store_features(project, num_images=20)
    run_new(project, JobKind.PROJECTION)
    Project.objects.filter(id=project.id).update(input_size_px=64)
    project.refresh_from_db()
    store_features(project, num_images=20)

    run_new(project, JobKind.PROJECTION)

    _, second = layouts()
    assert (second.parameters["input_size_px"], second.parameters["num_started"]) == (64, 20)


@pytest.mark.parametrize("num_images", [1, 2, 4])
def test_very_few_images_have_a_layout_too(num_images: int) -> None:
    project = make_photo_project()
    store_features(project, num_images=num_images)

    run_new(project, JobKind.PROJECTION)

    (made,) = layouts()
    points = read_array(made.array)
    assert points.shape == (num_images, 2)
    assert is_finite(points)


def test_without_features_there_is_nothing_to_lay_out() -> None:
    job = run_new(make_photo_project(), JobKind.PROJECTION)

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "No image has features yet")
    assert layouts() == []

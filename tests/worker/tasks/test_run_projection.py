"""Layouts of whole images: all that have features, started from the last layout, published with their quality."""

import numpy as np
import pytest
from django.utils import timezone

from labeler.datasets.models import Image, Project
from labeler.jobs.models import JobKind, JobState
from labeler.results.models import Projection, View
from labeler.results.selectors import get_map, read_array
from labeler.results.services import store_array
from tests.factories import add_images
from tests.worker.tasks.builders import is_finite, make_photo_project, run_new, store_features
from worker.ml.feature_shards import append_features
from worker.ml.features import Features, encode_maps
from worker.ml.projection.class_aware import class_aware_features
from worker.ml.types import ignore_progress
from worker.tasks import projections
from worker.tasks.projection_inputs import EXACT, describe_input
from worker.tasks.stored_features import features_root

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
    assert set(made.quality) == {
        "trustworthiness",
        "continuity",
        "median_displacement",
        "p90_displacement",
        "label_purity",
    }
    assert made.quality["label_purity"] is None  # nothing has a label
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


def test_a_long_layout_is_shown_from_its_start_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projections, "EARLY_FROM_IMAGES", 30)
    project = make_photo_project()
    store_features(project, num_images=40)

    run_new(project, JobKind.PROJECTION)

    early, final = layouts()
    assert [(made.is_early, made.num_images) for made in (early, final)] == [(True, 40), (False, 40)]
    assert np.abs(read_array(early.array)).max() == pytest.approx(1, abs=0.01)  # two components, scaled
    assert early.quality["trustworthiness"] is None
    assert get_map(project_id=project.id)["projections"]["whole"]["id"] == final.id


def test_while_features_come_new_images_are_placed_and_the_others_do_not_move() -> None:
    project = make_photo_project()
    store_features(project, num_images=40)
    run_new(project, JobKind.PROJECTION)
    Project.objects.filter(id=project.id).update(num_images=60)
    store_features(project, num_images=46)

    job = run_new(project, JobKind.PROJECTION)
    again = run_new(project, JobKind.PROJECTION)

    assert job.summary == "Placed 6 new images among 40"
    assert again.summary == "All 46 images with features have a place"
    first, placed = layouts()
    before, after = np.array(read_array(first.array)), np.array(read_array(placed.array))
    assert (placed.is_early, placed.num_images) == (True, 46)
    assert (after[:40] == before).all()
    odd, even = before[1::2].mean(axis=0), before[::2].mean(axis=0)  # two groups of looks, in turn
    nearer_to_odd = np.linalg.norm(after[40:] - odd, axis=1) < np.linalg.norm(after[40:] - even, axis=1)
    assert nearer_to_odd.tolist() == [False, True] * 3

    store_features(project, num_images=60)
    run_new(project, JobKind.PROJECTION)
    final = layouts()[-1]
    assert (final.is_early, final.num_images, final.aligned_to) == (False, 60, first)


def test_on_the_crop_map_new_images_lie_among_their_like_until_the_next_model() -> None:
    project = make_photo_project()
    pooled = store_features(project, num_images=40)
    run_new(project, JobKind.PROJECTION)
    (whole,) = layouts()
    crop = Projection.objects.create(
        project=project,
        view=View.CROP,
        array=store_array(
            project_id=project.id, name="layout-crop", array=np.array(read_array(whole.array)) + 5
        ),
        num_images=40,
        parameters=whole.parameters,
    )
    store_features(project, num_images=44)

    run_new(project, JobKind.PROJECTION)

    placed = Projection.objects.filter(view=View.CROP).latest("id")
    assert (placed.is_early, placed.num_images, placed.aligned_to) == (True, 44, crop)
    points = np.array(read_array(placed.array))
    assert (points[:40] == np.array(read_array(crop.array))).all()
    assert (points[40:] > 2).all()
    assert len(pooled) == 40


def test_removed_images_leave_holes_and_the_others_stay_near() -> None:
    project = make_photo_project()
    store_features(project, num_images=40)
    add_images(project, 44)
    run_new(project, JobKind.PROJECTION)
    Image.objects.filter(project=project, index__in=[3, 17]).update(removed_at=timezone.now())
    store_features(project, num_images=44)

    run_new(project, JobKind.PROJECTION)

    first, second = layouts()
    before, after = np.array(read_array(first.array)), np.array(read_array(second.array))
    assert np.flatnonzero(np.isnan(after).any(axis=1)).tolist() == [3, 17]
    assert second.quality["median_displacement"] is not None
    assert second.quality["median_displacement"] <= 0.0201
    assert second.parameters["input"]["num_removed"] == 2
    assert second.parameters["num_started"] == 38
    assert np.isfinite(before).all()


def test_a_layout_keeps_what_it_was_made_from() -> None:
    project = make_photo_project(projection_uses_labels=True)
    store_features(project, num_images=20)

    run_new(project, JobKind.PROJECTION)

    (made,) = layouts()
    facts = made.parameters["input"]
    assert len(facts.pop("digest")) == 32
    assert facts == {
        "view": "whole",
        "backbone": "bundled",
        "input_size_px": 96,
        "tuned_by_job": None,
        "embedding": "looks",
        "uses_labels": False,  # there are none before the first model
        "num_images": 20,
        "num_removed": 0,
    }


def test_the_options_of_the_project_shape_the_input() -> None:
    project = make_photo_project(projection_uses_labels=True, projection_embedding="classes")
    rows = store_features(project, num_images=6)
    proba = np.tile(np.array([[0.9, 0.1], [0.2, 0.8]], dtype=np.float32), (3, 1))
    labels = np.array([0, -1, -1, 1, -1, -1])

    shaped = describe_input(project, rows, view=View.WHOLE, proba=proba, class_index=labels)
    plain = describe_input(make_photo_project(), rows, view=View.WHOLE, proba=proba, class_index=labels)

    assert isinstance(shaped.rows, np.ndarray)
    assert (shaped.rows == class_aware_features(rows, proba)).all()
    assert shaped.class_index.tolist() == labels.tolist()
    assert plain.rows is rows
    assert plain.class_index.tolist() == [-1] * 6
    assert shaped.key != plain.key
    assert shaped.facts["digest"] != plain.facts["digest"]


def test_more_images_than_one_layout_takes_are_read_from_disk_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projections, "LARGE", 30)
    project = make_photo_project()
    add_images(project, 40)
    Image.objects.filter(project=project, index=5).update(removed_at=timezone.now())
    store_features(project, num_images=40)

    run_new(project, JobKind.PROJECTION)

    (made,) = layouts()
    assert made.parameters["num_fitted"] == 39
    assert made.parameters["input"]["digest"] is None
    assert np.flatnonzero(np.isnan(np.array(read_array(made.array))).any(axis=1)).tolist() == [5]


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


def test_features_that_are_not_finite_fail_the_job_and_leave_the_last_layout() -> None:
    project = make_photo_project()
    store_features(project, num_images=20)
    run_new(project, JobKind.PROJECTION)
    broken = np.full((5, 3, 2, 8), np.inf, dtype=np.float32)
    features = Features(pooled=broken.mean(axis=(1, 2)), maps=encode_maps(np.zeros_like(broken)))
    append_features(features_root(project), features, start=20, signature={"made": "up"})

    job = run_new(project, JobKind.PROJECTION)

    assert (job.state, job.error_code) == (JobState.FAILED, "invalid_array")
    assert "features are finite (N, D), got (25, 8) with NaN" in job.error_message
    assert [made.num_images for made in layouts()] == [20]


def test_without_features_there_is_nothing_to_lay_out() -> None:
    job = run_new(make_photo_project(), JobKind.PROJECTION)

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "No image has features yet")
    assert layouts() == []


def test_a_crop_layout_keeps_to_both_limits() -> None:
    project = make_photo_project()
    rows = store_features(project, num_images=40)
    run_new(project, JobKind.PROJECTION)
    (whole,) = layouts()
    places = np.array(read_array(whole.array))
    source = describe_input(project, rows, view=View.CROP, crops_are=EXACT)
    radius = np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean())
    crop = projections.lay_out_crops(source, None, whole=places, on_progress=ignore_progress)
    assert projections.whole_displacement(crop.layout, places) is not None
    assert projections.whole_displacement(crop.layout, places) <= 0.0401  # type: ignore[operator]
    assert crop.quality.median_displacement is None  # no layout of crops came before

    last = (places + 0.03 * radius * np.array([1, 0])).astype(np.float32)
    previous = Projection.objects.create(
        project=project,
        view=View.CROP,
        array=store_array(project_id=project.id, name="layout-crop", array=last),
        num_images=40,
        parameters={"input": source.facts},
    )
    again = projections.lay_out_crops(source, previous, whole=places, on_progress=ignore_progress)
    moved = np.linalg.norm(again.layout - last, axis=1) / radius
    assert np.median(moved) <= 0.0201
    assert again.quality.median_displacement == pytest.approx(np.median(moved), abs=1e-4)

    previous.parameters = {"input": {**source.facts, "uses_labels": True}}
    other = projections.lay_out_crops(source, previous, whole=places, on_progress=ignore_progress)
    moved = np.linalg.norm(other.layout - last, axis=1) / radius
    assert other.parameters.num_epochs == 200
    assert other.quality.median_displacement == pytest.approx(np.median(moved), abs=1e-4)

"""A project's options of the map: another choice lays the map out anew at once, from the places that people know."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from labeler.datasets.models import Image, Project
from labeler.datasets.services import update_project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import cancel_job
from labeler.results.models import ModelVersion, Projection, View
from labeler.results.selectors import get_finished_projection, get_model_array, read_array
from labeler.results.services import request_training
from tests.factories import add_images, assign, make_class
from tests.worker.tasks.builders import (
    SentTasks,
    get_ann,
    make_labelled,
    make_photo_project,
    picture_bytes,
    run,
    run_all,
    run_new,
    start,
    store_features,
    upload,
)
from worker.ml.projection.alignment import displacement
from worker.ml.projection.class_aware import class_aware_features, class_scale
from worker.ml.types import FloatArray
from worker.tasks import predictions, projection_inputs, projections, training
from worker.tasks.predictions import train_whole_head
from worker.tasks.projection_inputs import RowBlocks, describe_input, facts_of, stored_rows
from worker.tasks.projections import lay_out_whole
from worker.tasks.seen_by_model import class_index_of_labels, latest_seen
from worker.tasks.stored_features import features_root

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.computes]

NUM_IMAGES = 60


def labelled_by_thirds() -> Project:
    """60 images of two looks in turn, laid out; three classes that have nothing to do with how they look."""
    project = make_photo_project()
    add_images(project, NUM_IMAGES)
    store_features(project, num_images=NUM_IMAGES)
    for number, name in enumerate(("gull", "tern", "skua")):
        assign(project, get_ann(), make_class(project, name), range(number * 20, number * 20 + 18))
    run_new(project, JobKind.PROJECTION)
    return project


def change(project: Project, **changes: Any) -> None:
    update_project(project_id=project.id, changes=changes, actor=get_ann())
    project.refresh_from_db()


def queued_layout(project: Project) -> Job:
    return project.jobs.get(kind=JobKind.PROJECTION, state=JobState.QUEUED)


def last(project: Project, view: View = View.WHOLE) -> Projection:
    found = get_finished_projection(project_id=project.id, view=view)
    assert found is not None
    return found


def places(projection: Projection) -> FloatArray:
    return np.array(read_array(projection.array))


def median_move(after: Projection, before: Projection) -> float:
    """In radii of the earlier layout, whose looks lie side by side; one turned or mirrored moves them by about 2."""
    median, _ = displacement(places(after), places(before))
    assert median is not None
    return median


def test_labels_shape_the_map_as_soon_as_somebody_asks_for_it() -> None:
    project = labelled_by_thirds()
    before = last(project)

    change(project, projection_uses_labels=True)
    job = run(queued_layout(project))

    after = last(project)
    assert (job.state, job.requested_by, job.summary) == (JobState.SUCCEEDED, get_ann(), "Laid out 60 images")
    assert (after.aligned_to, after.num_images) == (before, NUM_IMAGES)
    assert facts_of(after)["uses_labels"] is True
    assert (after.parameters["num_started"], after.parameters["num_labels"]) == (60, 54)
    assert after.quality["label_purity"] > before.quality["label_purity"] + 0.1
    assert median_move(after, before) < 1


def test_the_way_back_lays_out_by_looks_again() -> None:
    project = labelled_by_thirds()
    first = last(project)
    change(project, projection_uses_labels=True)
    run(queued_layout(project))

    change(project, projection_uses_labels=False)
    run(queued_layout(project))

    assert facts_of(last(project))["uses_labels"] is False
    assert Projection.objects.count() == 3
    assert median_move(last(project), first) < 0.5


def test_new_labels_shape_the_next_layout() -> None:
    project = labelled_by_thirds()
    change(project, projection_uses_labels=True)
    run(queued_layout(project))
    same = run_new(project, JobKind.PROJECTION)
    assign(project, get_ann(), project.classes.get(name="skua"), [18, 19])

    run_new(project, JobKind.PROJECTION)

    assert same.summary == "The layout shows all 60 images already"
    assert last(project).parameters["num_labels"] == 56


def test_a_cancelled_layout_leaves_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    project = labelled_by_thirds()
    before = last(project)
    change(project, projection_uses_labels=True)
    job = queued_layout(project)
    real = projections.lay_out_whole

    def lay_out(*args: Any, **kwargs: Any) -> Any:
        cancel_job(job_id=job.id, project_id=project.id)
        return real(*args, **kwargs)

    monkeypatch.setattr(projections, "lay_out_whole", lay_out)

    run(job)

    assert job.state == JobState.CANCELLED
    assert list(Projection.objects.all()) == [before]


def test_without_a_model_classes_cannot_shape_the_map_yet() -> None:
    project = labelled_by_thirds()
    change(project, projection_embedding="classes")
    job = queued_layout(project)

    assert run(job).summary == "The layout shows all 60 images already"
    assert Projection.objects.count() == 1


def test_removed_and_merely_accepted_images_and_archived_classes_have_no_say() -> None:
    project = labelled_by_thirds()
    Image.objects.filter(project=project, index__in=[0, 1]).update(removed_at=timezone.now())
    project.classes.filter(name="gull").update(archived_at=timezone.now())

    found = class_index_of_labels(project, num_images=58)

    assert found[:20].tolist() == [-1] * 20
    assert found[20:40].tolist() == [0] * 18 + [-1] * 2
    assert found[40:].tolist() == [1] * 18


@pytest.fixture
def trained(tmp_path: Path, sent_tasks: SentTasks) -> Project:
    """24 pictures of two classes with a model and both maps, laid out by looks."""
    project = make_labelled(tmp_path, sent_tasks)
    run_new(project, JobKind.PROJECTION)
    run(request_training(project_id=project.id, user=None))
    sent_tasks.clear()
    return project


def test_both_maps_follow_what_the_model_sees_at_once(trained: Project, sent_tasks: SentTasks) -> None:
    model = ModelVersion.objects.get()
    before = {view: last(trained, view) for view in View}

    change(trained, projection_embedding="classes")
    names = run_all(sent_tasks)

    assert names[:2] == ["run_projection", "run_crops"]
    for view in View:
        after = last(trained, view)
        assert facts_of(after)["embedding"] == "classes"
        assert (after.model_version, after.aligned_to) == (model, before[view])
        assert after.parameters["num_started"] == 24
    assert last(trained, View.CROP).quality["whole_displacement"] <= 0.0401
    jobs = trained.jobs.filter(kind__in=[JobKind.PROJECTION, JobKind.CROPS], state=JobState.QUEUED)
    assert not jobs.exists()
    run_new(trained, JobKind.TRAINING)
    assert facts_of(last(trained))["embedding"] == "classes"


@pytest.mark.parametrize("method", ["gradcam", "wgap"])
def test_images_that_came_after_the_model_are_scored_by_its_head(
    method: str, tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "MAX_SPREAD_LABELS", 0)  # neighbours are asked by the next version
    project = make_labelled(
        tmp_path, sent_tasks, num_images=12, saliency_method=method, projection_embedding="classes"
    )
    run(request_training(project_id=project.id, user=None))
    run(start(upload(project, {f"{seed}.jpg": picture_bytes(seed) for seed in (100, 101, 102)})))
    run_new(project, JobKind.FEATURES)
    model = ModelVersion.objects.get()

    seen = latest_seen(project, num_images=15)

    assert seen.proba is not None
    assert (seen.proba[:12] == read_array(get_model_array(model=model, name="probabilities"))).all()
    assert seen.class_index[12:].tolist() == [-1] * 3
    run(request_training(project_id=project.id, user=None))  # the same labels: nearly the same head
    again = read_array(get_model_array(model=ModelVersion.objects.get(number=2), name="probabilities"))
    np.testing.assert_allclose(seen.proba[12:], again[12:], atol=2e-3)


def test_options_that_change_while_a_model_is_trained_are_those_of_its_layouts(
    trained: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(*args: Any, **kwargs: Any) -> Any:
        change(trained, projection_uses_labels=True)
        return train_whole_head(*args, **kwargs)

    monkeypatch.setattr(training, "train_whole_head", train)
    run(request_training(project_id=trained.id, user=None))

    assert last(trained).model_version == ModelVersion.objects.get(number=2)
    assert all(facts_of(last(trained, view))["uses_labels"] for view in View)


def test_options_that_change_while_a_model_is_laid_out_bring_another_layout(
    trained: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lay_out(*args: Any, **kwargs: Any) -> Any:
        change(trained, projection_uses_labels=True)
        run(queued_layout(trained))
        return lay_out_whole(*args, **kwargs)

    monkeypatch.setattr(training, "lay_out_whole", lay_out)
    run(request_training(project_id=trained.id, user=None))

    run(queued_layout(trained))
    assert facts_of(last(trained))["uses_labels"] is True


def test_a_layout_gives_way_to_the_model_that_came_meanwhile(
    trained: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(trained, projection_uses_labels=True)
    job = queued_layout(trained)

    def lay_out(*args: Any, **kwargs: Any) -> Any:
        run(request_training(project_id=trained.id, user=None))
        return lay_out_whole(*args, **kwargs)

    monkeypatch.setattr(projections, "lay_out_whole", lay_out)

    assert run(job).summary == "A newer model came with a layout of its own"
    assert last(trained).model_version == ModelVersion.objects.get(number=2)
    monkeypatch.undo()
    assert run(queued_layout(trained)).summary == "The layout shows all 24 images already"


@pytest.mark.parametrize("is_stored", [True, False])
def test_class_aware_rows_of_a_large_set_are_made_block_by_block(
    is_stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection_inputs, "LARGE", 30)
    monkeypatch.setattr(projection_inputs, "_SCALE_ROWS", 25)  # every second row
    monkeypatch.setattr(projection_inputs, "_BLOCK_ROWS", 7)
    project = make_photo_project(projection_embedding="classes")
    pooled = store_features(project, num_images=40)
    proba = np.random.default_rng(0).dirichlet([1, 1, 1], 40).astype(np.float32)
    rows = stored_rows(features_root(project), 40) if is_stored else pooled

    source = describe_input(project, rows, view=View.WHOLE, proba=proba)

    assert isinstance(source.rows, RowBlocks)
    scale = class_scale(pooled[::2], proba[::2])
    for _ in range(2):  # each layout reads them twice
        made = np.concatenate(list(source.rows.read()))
        np.testing.assert_allclose(made, class_aware_features(pooled, proba, scale=scale), atol=1e-6)
    result = projection_inputs.fit(source, init=None)
    assert result.parameters.num_fitted == 40
    assert np.isfinite(result.layout).all()

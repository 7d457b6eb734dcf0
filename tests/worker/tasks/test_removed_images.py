"""Images that are removed, or come back, while the worker trains, scores, lays out or imports."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from labeler.annotations.replay import find_differences
from labeler.datasets.models import Image, ImportEntry, Project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.results.models import ModelVersion, Projection, View
from labeler.results.removals import remove_images, restore_images
from labeler.results.selectors import get_latest_projection, get_model_array, read_array
from labeler.results.services import request_training
from labeler.results.suggestions import list_ranked, list_to_label_next
from tests.factories import add_images, assign
from tests.worker.tasks.builders import (
    SentTasks,
    get_ann,
    import_folder,
    is_finite,
    make_labelled,
    make_photo_project,
    run,
    run_new,
    store_features,
    write_pictures,
)
from worker.tasks import projections, training

pytestmark = pytest.mark.django_db(transaction=True)

NUM_IMAGES = 24


def remove(project: Project, indexes: list[int]) -> None:
    remove_images(project_id=project.id, user=get_ann(), image_indexes=indexes, client_action_id=uuid.uuid4())


def restore(project: Project, indexes: list[int] | None = None) -> list[int]:
    return restore_images(project_id=project.id, user=get_ann(), image_indexes=indexes).image_indexes


def train(project: Project) -> Job:
    return run(request_training(project_id=project.id, user=None))


def places(project: Project, view: View = View.WHOLE) -> npt.NDArray[np.float32]:
    shown = get_latest_projection(project_id=project.id, view=view)
    assert shown is not None
    return np.array(read_array(shown.array))


def without_place(project: Project, view: View = View.WHOLE) -> list[int]:
    holes: list[int] = np.flatnonzero(np.isnan(places(project, view)).any(axis=1)).tolist()
    return holes


def before_real(monkeypatch: pytest.MonkeyPatch, name: str, step: Callable[[], Any]) -> None:
    """Do `step` once when the training reaches one of its steps."""
    real, waiting = getattr(training, name), [step]

    def step_and_real(*args: Any, **kwargs: Any) -> Any:
        while waiting:
            waiting.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(training, name, step_and_real)


@pytest.mark.parametrize(
    "step", ["predict", "compute_saliency", "embed_crops", "lay_out_whole", "publish_model"]
)
def test_removed_while_a_model_is_made_they_keep_their_rows_and_are_shown_nowhere(
    step: str, tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    before_real(monkeypatch, step, lambda: remove(project, [0, 1, 5]))

    job = train(project)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    model = ModelVersion.objects.get()
    assert (model.num_images, model.num_labels) == (NUM_IMAGES, NUM_IMAGES)  # as they were when it started
    assert is_finite(np.array(read_array(get_model_array(model=model, name="probabilities"))))
    was_laid_out = step in {"lay_out_whole", "publish_model"}
    for view in View:
        assert without_place(project, view) == ([] if was_laid_out else [0, 1, 5])
    for made in Projection.objects.all():
        assert made.quality["label_purity"] is not None
    project.refresh_from_db()
    assert (project.num_labelled, project.num_removed) == (NUM_IMAGES - 3, 3)
    assert find_differences(project_id=project.id) == []
    waiting = {
        item["index"]
        for class_id in model.class_ids
        for item in list_ranked(project_id=project.id, class_id=class_id, after=-1, limit=100)["items"]
    }
    assert waiting == set()

    queued = project.jobs.filter(kind=JobKind.PROJECTION, state=JobState.QUEUED)
    queued.update(state=JobState.CANCELLED)  # from the import
    restore(project)
    assert queued.exists() is (not was_laid_out)
    run_new(project, JobKind.PROJECTION)
    assert [without_place(project, view) for view in View] == [[], []]


def test_what_comes_back_while_a_layout_is_made_without_it_gets_a_place_afterwards(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    remove(project, [2, 3])
    before_real(monkeypatch, "lay_out_whole", lambda: restore(project))

    train(project)

    assert [without_place(project, view) for view in View] == [[2, 3], [2, 3]]
    job = run(project.jobs.get(kind=JobKind.PROJECTION, state=JobState.QUEUED))
    assert job.summary == f"Laid out {NUM_IMAGES} images"
    assert [without_place(project, view) for view in View] == [[], []]
    assert not project.jobs.filter(kind=JobKind.PROJECTION, state=JobState.QUEUED).exists()  # and that is all


def test_removed_and_restored_between_two_layouts_nobody_moves() -> None:
    project = make_photo_project()
    add_images(project, 40)
    store_features(project, num_images=40)
    run_new(project, JobKind.PROJECTION)
    before = places(project)

    remove(project, [3, 17])
    assert run_new(project, JobKind.PROJECTION).summary == "The layout shows all 40 images already"
    restore(project, [17])

    assert not project.jobs.filter(kind=JobKind.PROJECTION, state=JobState.QUEUED).exists()
    assert (places(project) == before).all()


@pytest.mark.parametrize("large", [30, 1_000], ids=["read in blocks", "in memory"])
def test_what_a_layout_left_out_gets_a_place_among_the_others_which_stay(
    large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections, "LARGE", large)
    project = make_photo_project()
    add_images(project, 40)
    store_features(project, num_images=40)
    remove(project, [3, 17])
    run_new(project, JobKind.PROJECTION)
    before = places(project)
    assert without_place(project) == [3, 17]

    restore(project)
    run(project.jobs.get(kind=JobKind.PROJECTION, state=JobState.QUEUED))

    after = places(project)
    assert is_finite(after)
    there = np.setdiff1d(np.arange(40), [3, 17])
    radius = np.sqrt(((before[there] - before[there].mean(axis=0)) ** 2).sum(axis=1).mean())
    assert np.median(np.linalg.norm(after[there] - before[there], axis=1)) / radius < 0.0201


def test_removed_while_a_map_is_laid_out_they_are_hidden_and_the_layout_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_photo_project()
    add_images(project, 40)
    store_features(project, num_images=40)
    real = projections.lay_out_whole

    def lay_out_while_somebody_removes(*args: Any, **kwargs: Any) -> Any:
        remove(project, [0, 39])
        return real(*args, **kwargs)

    monkeypatch.setattr(projections, "lay_out_whole", lay_out_while_somebody_removes)

    job = run_new(project, JobKind.PROJECTION)

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "Laid out 40 images")
    assert without_place(project) == []


def test_a_project_whose_images_are_all_removed_still_lays_out_and_refuses_to_train(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    job = request_training(project_id=project.id, user=None)
    remove(project, list(range(NUM_IMAGES)))

    run(job)
    assert (job.state, job.error_code) == (JobState.FAILED, "not_enough_labels")
    laid_out = run_new(project, JobKind.PROJECTION)
    assert (laid_out.state, laid_out.error_message) == (JobState.SUCCEEDED, "")

    import_folder(project, write_pictures(tmp_path / "more", num_images=NUM_IMAGES + 2))
    run_new(project, JobKind.FEATURES)
    assert run_new(project, JobKind.PROJECTION).state == JobState.SUCCEEDED
    assert without_place(project) == list(range(NUM_IMAGES))


def test_suggestions_made_before_a_removal_leave_the_removed_ones_out() -> None:
    project = make_photo_project()
    add_images(project, 12)
    store_features(project, num_images=12)
    run_new(project, JobKind.SUGGESTIONS)
    first = list_to_label_next(project_id=project.id, num=12)["image_indexes"]

    remove(project, first[:4])

    assert list_to_label_next(project_id=project.id, num=12)["image_indexes"] == first[4:]


def test_a_removed_picture_that_is_imported_again_stays_out_and_the_import_says_so(tmp_path: Path) -> None:
    project = make_photo_project()
    pictures = write_pictures(tmp_path / "set", num_images=4)
    import_folder(project, pictures)
    removed = Image.objects.get(project=project, index=1)
    remove(project, [1])

    again = import_folder(project, pictures, classes_from_folders=True)

    assert (again.num_added, again.num_duplicate, again.num_removed) == (0, 4, 1)
    assert again.job is not None
    assert again.job.summary == "0 added, 4 duplicates (1 of removed pictures), 0 rejected"
    entry = ImportEntry.objects.get(source_import=again, image=removed)
    assert entry.reason == "This picture was removed from the project; restore it to have it back"
    removed.refresh_from_db()
    assert (removed.removed_at is not None, removed.resolved_class) == (True, None)
    project.refresh_from_db()
    assert project.num_labelled == 3

    back = restore_images(project_id=project.id, user=get_ann(), import_id=again.id)
    assert back.image_indexes == [1]


def test_undo_of_labels_while_they_are_out_survives_a_training(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    remove(project, [0])
    train(project)
    assert ModelVersion.objects.get().num_labels == NUM_IMAGES - 1
    assert assign(project, get_ann(), None, [0, 2]).removed == [0]
    assert find_differences(project_id=project.id) == []

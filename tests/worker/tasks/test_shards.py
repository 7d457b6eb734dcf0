"""Work in shards: workers share it, a helper's error is the owner's, and long work makes room for a training."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connections

from labeler.datasets.models import Image, Project
from labeler.jobs import shards as job_shards
from labeler.jobs.models import Job, JobKind, JobShard, JobState
from labeler.jobs.services import cancel_job, request_job
from labeler.lib.files import original_path, originals_dir
from labeler.results.models import View
from labeler.results.selectors import get_latest_projection
from labeler.results.services import request_training
from tests.worker.tasks.builders import (
    SentTasks,
    import_folder,
    make_photo_project,
    run,
    run_all,
    run_new,
    write_pictures,
)
from worker.ml import feature_shards
from worker.ml.feature_shards import count_features, list_holes, read_pooled
from worker.tasks import crop_refinement, crops, features, reading, shards, training
from worker.tasks.shards import help_with_shards
from worker.tasks.stored_features import features_root

pytestmark = pytest.mark.django_db(transaction=True)

NUM_IMAGES = 22


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (feature_shards, features, crops):
        monkeypatch.setattr(module, "SHARD_SIZE", 8)
    monkeypatch.setattr(shards, "REPORT_SHARD_EVERY_S", 0.0)
    monkeypatch.setattr(shards, "POLL_S", 0.02)
    # The features that an import asked for stay queued here.
    monkeypatch.setattr(shards, "YIELD_AFTER_S", 3600.0)


def make_imported(folder: Path, **fields: Any) -> Project:
    project = make_photo_project(**fields)
    import_folder(
        project,
        write_pictures(folder / "set", num_images=NUM_IMAGES),
        classes_from_folders=fields.get("labels_per_class_to_train") is not None,
    )
    return project


def helper_of(monkeypatch: pytest.MonkeyPatch, sent: SentTasks) -> list[int]:
    """An idle worker: it takes the first shard that is offered, in a thread; the list gets what it has done."""
    num_done: list[int] = []
    threads: list[threading.Thread] = []
    real = job_shards.send_shards

    def help_until_done(args: list[Any]) -> None:
        try:
            num_done.append(help_with_shards(*args))
        finally:
            connections.close_all()

    def send(**options: Any) -> int:
        num_offered: int = real(**options)
        offers = [args for name, args, _ in sent if name == "run_shard" and args[0] == options["job_id"]]
        thread = threading.Thread(target=help_until_done, args=(offers[0],))
        thread.start()
        threads.append(thread)
        thread.join()  # the helper is fast: it is through before the owner looks
        return num_offered

    monkeypatch.setattr(job_shards, "send_shards", send)
    return num_done


def test_features_of_many_shards_are_the_same_with_and_without_a_helper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path)
    alone = run_new(project, JobKind.FEATURES)
    assert (alone.state, alone.error_message) == (JobState.SUCCEEDED, "")
    expected = np.array(read_pooled(features_root(project)))
    features_root(project).rename(tmp_path / "old")
    num_done = helper_of(monkeypatch, sent_tasks)

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == f"Features of {NUM_IMAGES} images, {NUM_IMAGES} of them new"
    assert num_done == [3]  # the one it was offered, then the free ones: the first is not taken yet
    assert np.allclose(read_pooled(features_root(project)), expected, atol=1e-4)
    assert (job.done, job.total) == (NUM_IMAGES, NUM_IMAGES)
    assert not JobShard.objects.filter(job=job).exists()


def test_shards_that_are_stored_are_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_imported(tmp_path)
    run_new(project, JobKind.FEATURES)
    (features_root(project) / "000001" / "header.json").unlink()  # as if only its worker had been lost
    loaded: list[int] = []
    real = reading.load_image

    def load(image: Any, **options: Any) -> Any:
        loaded.append(image.index)
        return real(image, **options)

    monkeypatch.setattr(reading, "load_image", load)

    assert run_new(project, JobKind.FEATURES).state == JobState.SUCCEEDED
    assert sorted(loaded) == list(range(8, 16))
    assert count_features(features_root(project)) == NUM_IMAGES


def test_images_that_a_helper_cannot_read_are_noted_and_filled_in_their_shards_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path)
    paths = [
        original_path(project.id, Image.objects.get(project=project, index=index).storage_key)
        for index in (7, 12, 21)
    ]
    for path in paths:
        path.rename(path.with_suffix(".away"))
    num_done = helper_of(monkeypatch, sent_tasks)

    job = run_new(project, JobKind.FEATURES)

    assert num_done == [3]
    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    assert job.summary.startswith("Features of 19 images, 19 of them new; 3 images cannot be read: ")
    assert list_holes(features_root(project)).tolist() == [7, 12, 21]

    for path in paths:
        path.with_suffix(".away").rename(path)
    assert run_new(project, JobKind.FEATURES).summary == "Features of 22 images, 3 of them new"
    assert list_holes(features_root(project)).tolist() == []


def test_a_helper_that_finds_no_storage_leaves_the_error_to_the_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path)
    originals_dir(project.id).rename(tmp_path / "away")
    num_done = helper_of(monkeypatch, sent_tasks)

    job = run_new(project, JobKind.FEATURES)

    assert num_done == [0]
    assert (job.state, job.error_code) == (JobState.FAILED, "unreadable_image")


def test_a_cancelled_job_stops_in_the_middle_of_a_shard_and_keeps_those_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_imported(tmp_path)
    job = request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
    real = reading.load_image

    def load(image: Any, **options: Any) -> Any:
        if image.index == 9:
            cancel_job(job_id=job.id, project_id=project.id)
        return real(image, **options)

    monkeypatch.setattr(reading, "load_image", load)

    assert run(job).state == JobState.CANCELLED
    assert count_features(features_root(project)) == 8


def test_features_make_room_for_a_training_that_finds_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path, labels_per_class_to_train=1_000)
    monkeypatch.setattr(shards, "YIELD_AFTER_S", 0.0)
    job = request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
    training_job = request_training(project_id=project.id, user=None)
    real = reading.load_image

    def load(image: Any, **options: Any) -> Any:
        return real(image, **options)

    monkeypatch.setattr(reading, "load_image", load)
    sent_tasks.clear()

    ended = run(job)

    assert ended.state == JobState.SUCCEEDED
    assert ended.summary.endswith("the rest follows when other work is done")
    again = Job.objects.get(project=project, kind=JobKind.FEATURES, state=JobState.QUEUED)
    assert ("run_features", [again.id], "gpu") in sent_tasks
    assert run(training_job).state == JobState.SUCCEEDED  # it makes the features that its labels need
    assert run(again).summary.startswith(f"Features of {NUM_IMAGES} images")


def test_a_model_does_not_wait_for_its_exact_crops_they_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 2)
    project = make_imported(tmp_path, labels_per_class_to_train=1_000, retention=0.5)
    sent_tasks[:] = []
    job = request_training(project_id=project.id, user=None)

    assert run(job).state == JobState.SUCCEEDED

    quick = get_latest_projection(project_id=project.id, view=View.CROP)
    assert quick is not None
    assert (quick.parameters["crops"], quick.num_images) == ("quick", NUM_IMAGES)
    following = Job.objects.get(project=project, kind=JobKind.CROPS)
    assert run(following).summary.startswith(f"Exact crops of {NUM_IMAGES} images")
    exact = get_latest_projection(project_id=project.id, view=View.CROP)
    assert exact is not None
    assert (exact.parameters["crops"], exact.model_version, exact.aligned_to) == (
        "exact",
        quick.model_version,
        quick,
    )
    assert "run_crops" not in run_all([message for message in sent_tasks if message[0] == "run_training"])


def test_crops_of_an_old_model_make_way_for_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent_tasks: SentTasks
) -> None:
    monkeypatch.setattr(training, "MAX_CROPS_AT_ONCE", 0)
    project = make_imported(tmp_path, labels_per_class_to_train=1_000, retention=0.5)
    run(request_training(project_id=project.id, user=None))
    following = Job.objects.get(project=project, kind=JobKind.CROPS)
    real = crops.embed_crops

    def embed_while_another_is_trained(*args: Any, **options: Any) -> Any:
        embedded = real(*args, **options)
        run(request_training(project_id=project.id, user=None))
        return embedded

    monkeypatch.setattr(crop_refinement, "embed_crops", embed_while_another_is_trained)

    assert run(following).summary.startswith("Crops so far are kept")
    assert Job.objects.filter(project=project, kind=JobKind.CROPS, state=JobState.QUEUED).exists()

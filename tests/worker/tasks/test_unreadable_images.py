"""Images without features, because they were removed when theirs were due or cannot be read: the others go on."""

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from labeler.annotations.replay import find_differences
from labeler.datasets.models import Image, Project, ReadFailure
from labeler.jobs.models import Job, JobKind, JobState
from labeler.lib.files import original_path, originals_dir
from labeler.results.models import ModelVersion, SuggestionSet, View
from labeler.results.neighbours import list_neighbours
from labeler.results.removals import remove_images, restore_images
from labeler.results.selectors import get_latest_projection, get_model_array, read_array
from labeler.results.services import request_training
from labeler.results.suggestions import list_ranked, list_to_label_next
from tests.factories import signed_in
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
from worker.ml.feature_shards import list_holes, read_pooled
from worker.tasks.crops import read_crop_features
from worker.tasks.stored_features import features_root

pytestmark = pytest.mark.django_db(transaction=True)

NUM_IMAGES = 24
GONE = "its file is missing from storage"


def make_imported(folder: Path, *, num_images: int = 5, **fields: Any) -> Project:
    project = make_photo_project(**fields)
    import_folder(project, write_pictures(folder / "set", num_images=num_images), classes_from_folders=True)
    return project


def original_of(project: Project, index: int) -> Path:
    return original_path(project.id, Image.objects.get(project=project, index=index).storage_key)


def hide(project: Project, *indexes: int) -> Callable[[], None]:
    """Take originals away; the returned function puts them back."""
    paths = [original_of(project, index) for index in indexes]
    for path in paths:
        path.rename(path.with_suffix(".away"))

    def put_back() -> None:
        for path in paths:
            path.with_suffix(".away").rename(path)

    return put_back


def remove(project: Project, *indexes: int) -> None:
    remove_images(
        project_id=project.id, user=get_ann(), image_indexes=list(indexes), client_action_id=uuid.uuid4()
    )


def holes(project: Project) -> list[int]:
    found: list[int] = list_holes(features_root(project)).tolist()
    return found


def without_place(project: Project, view: View = View.WHOLE) -> list[int]:
    shown = get_latest_projection(project_id=project.id, view=view)
    assert shown is not None
    found: list[int] = np.flatnonzero(np.isnan(read_array(shown.array)).any(axis=1)).tolist()
    return found


def queued_kinds(project: Project) -> list[str]:
    return sorted(project.jobs.filter(state=JobState.QUEUED).values_list("kind", flat=True))


def failures(project: Project) -> dict[int, str]:
    noted = ReadFailure.objects.filter(image__project=project)
    return dict(noted.values_list("image__index", "reason"))


def train(project: Project) -> Job:
    return run(request_training(project_id=project.id, user=None))


def path_of(project: Project, index: int) -> str:
    return Image.objects.get(project=project, index=index).path


def test_the_others_get_features_and_the_job_names_those_that_cannot_be_read(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    original_of(project, 1).write_bytes(b"no picture")
    original_of(project, 3).unlink()

    job = run_new(project, JobKind.FEATURES)

    noted = failures(project)
    assert list(noted) == [1, 3]
    assert noted[3] == GONE
    assert (job.state, job.summary) == (
        JobState.SUCCEEDED,
        "Features of 3 images, 3 of them new; 2 images cannot be read: "
        f"{path_of(project, 1)} ({noted[1]}), {path_of(project, 3)} ({GONE})",
    )
    assert holes(project) == [1, 3]
    assert is_finite(read_pooled(features_root(project))[[0, 2, 4]])
    assert run_new(project, JobKind.PROJECTION).summary == "Laid out 5 images"
    assert without_place(project) == [1, 3]


def test_the_summary_names_three_and_counts_the_rest(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    hide(project, 0, 1, 2, 3)

    job = run_new(project, JobKind.FEATURES)

    assert job.summary.startswith("Features of 1 images, 1 of them new; 4 images cannot be read: ")
    assert job.summary.endswith(" and 1 more")
    assert path_of(project, 3) not in job.summary


def test_the_api_lists_them_with_their_reasons_by_the_page(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    hide(project, 0, 2, 4)
    run_new(project, JobKind.FEATURES)
    remove(project, 2)
    client = signed_in(get_ann())
    url = f"/api/v1/projects/{project.id}/unreadable-images"

    first = client.get(url, {"limit": 1}).json()
    second = client.get(url, {"limit": 1, "after": first["next"]}).json()

    assert [(item["index"], item["path"], item["reason"]) for item in first["items"] + second["items"]] == [
        (0, path_of(project, 0), GONE),
        (4, path_of(project, 4), GONE),
    ]
    assert second["next"] is None


def test_none_can_be_read_and_new_ones_join_later(tmp_path: Path) -> None:
    project = make_imported(tmp_path, num_images=2)
    hide(project, 0, 1)
    assert run_new(project, JobKind.FEATURES).summary.startswith(
        "Features of 0 images, 0 of them new; 2 images"
    )
    assert run_new(project, JobKind.SUGGESTIONS).summary == "No image has features yet"
    write_pictures(tmp_path / "more" / "sub", num_images=4)
    import_folder(project, tmp_path / "more")

    job = run_new(project, JobKind.FEATURES)

    assert job.summary.startswith("Features of 2 images, 2 of them new; 2 images cannot be read")
    assert run_new(project, JobKind.PROJECTION).state == JobState.SUCCEEDED
    assert without_place(project) == [0, 1]


def test_a_storage_that_is_not_there_fails_the_job_and_blames_no_image(tmp_path: Path) -> None:
    project = make_imported(tmp_path)
    shutil.rmtree(originals_dir(project.id))

    job = run_new(project, JobKind.FEATURES)

    assert (job.state, job.error_code) == (JobState.FAILED, "unreadable_image")
    assert job.error_message == "The folder of the originals is missing; is the storage of DATA_DIR there?"
    assert failures(project) == {}


def test_what_was_repaired_is_filled_by_the_next_job_and_everything_follows(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path, num_images=NUM_IMAGES)
    put_back = hide(project, 7, 8)
    run_new(project, JobKind.FEATURES)
    run_new(project, JobKind.PROJECTION)
    assert train(project).state == JobState.SUCCEEDED
    before = read_pooled(features_root(project))
    assert run_new(project, JobKind.FEATURES).summary.startswith(
        "Features of 22 images, 0 of them new; 2 images"
    )
    put_back()
    sent_tasks.clear()

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 24 images, 2 of them new"
    after = read_pooled(features_root(project))
    there = np.setdiff1d(np.arange(NUM_IMAGES), [7, 8])
    assert np.array_equal(after[there], before[there])
    assert is_finite(after)
    assert failures(project) == {}
    assert "run_training" in run_all(sent_tasks)
    assert [without_place(project, view) for view in View] == [[], []]
    model = ModelVersion.objects.latest("number")
    assert (model.number, model.num_labels) == (2, NUM_IMAGES)
    assert (np.array(read_array(get_model_array(model=model, name="predicted_class"))) > 0).all()


def test_a_model_says_nothing_of_an_image_without_features(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_imported(tmp_path, num_images=NUM_IMAGES)
    hide(project, 4, 5)
    run_new(project, JobKind.FEATURES)
    run_new(project, JobKind.PROJECTION)
    sent_tasks.clear()

    job = train(project)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    model = ModelVersion.objects.get()
    assert (model.num_images, model.num_labels) == (NUM_IMAGES, NUM_IMAGES - 2)
    arrays = {
        name: np.array(read_array(get_model_array(model=model, name=name)))
        for name in ("predicted_class", "confidence", "probabilities")
    }
    assert np.flatnonzero(arrays["predicted_class"] == 0).tolist() == [4, 5]
    assert (arrays["confidence"][[4, 5]] == 0).all()
    assert (arrays["probabilities"][[4, 5]] == 0).all()
    assert [without_place(project, view) for view in View] == [[4, 5], [4, 5]]
    client = signed_in(get_ann())
    answer = client.get(f"/api/v1/projects/{project.id}/images/4/prediction?retention=0.9")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_prediction")
    exported = client.get(f"/api/v1/projects/{project.id}/export?format=jsonl")
    rows = [json.loads(line) for line in b"".join(cast(Any, exported)).splitlines()]
    assert [row["index"] for row in rows if row["predicted_label"] is None] == [4, 5]
    assert [row["index"] for row in rows if row["label"] is None] == []
    for class_id in model.class_ids:
        ranked = list_ranked(project_id=project.id, class_id=class_id, after=-1, limit=100)
        assert not {4, 5} & {item["index"] for item in ranked["items"]}
    assert find_differences(project_id=project.id) == []
    assert run_all(sent_tasks) == []  # nothing is asked for again and again
    assert queued_kinds(project) == ["suggestions"]  # since the first layout


def test_suggestions_leave_them_out(tmp_path: Path) -> None:
    project = make_photo_project()
    import_folder(project, write_pictures(tmp_path / "set", num_images=12))
    hide(project, 2, 9)
    run_new(project, JobKind.FEATURES)

    run_new(project, JobKind.SUGGESTIONS)

    assert SuggestionSet.objects.get().num_images == 12
    order = list_to_label_next(project_id=project.id, num=12)["image_indexes"]
    assert sorted(order) == [0, 1, 3, 4, 5, 6, 7, 8, 10, 11]
    found = list_neighbours(project_id=project.id, image_indexes=[0, 2], num=12, view=View.WHOLE)
    assert sorted(index for index, _ in found) == [1, 3, 4, 5, 6, 7, 8, 10, 11]
    answer = signed_in(get_ann()).post(
        f"/api/v1/projects/{project.id}/neighbours",
        {"image_indexes": [2], "num": 2},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "no_suggestions")


def test_a_removed_image_is_passed_over_and_filled_when_it_is_restored(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_imported(tmp_path)
    remove(project, 1)
    put_back = hide(project, 1)

    job = run_new(project, JobKind.FEATURES)

    assert job.summary == "Features of 4 images, 4 of them new"
    assert (holes(project), failures(project)) == ([1], {})
    run_new(project, JobKind.PROJECTION)
    assert without_place(project) == [1]
    put_back()
    project.jobs.filter(state=JobState.QUEUED).update(state=JobState.CANCELLED)
    sent_tasks.clear()

    restore_images(project_id=project.id, user=get_ann())

    assert run_all(sent_tasks)[:3] == ["run_projection", "run_features", "run_projection"]
    assert (holes(project), without_place(project)) == ([], [])


def test_restored_but_unreadable_it_is_tried_once_and_told(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_imported(tmp_path)
    hide(project, 1)
    run_new(project, JobKind.FEATURES)
    run_new(project, JobKind.PROJECTION)
    remove(project, 1)
    project.jobs.filter(state=JobState.QUEUED).update(state=JobState.CANCELLED)
    sent_tasks.clear()

    restore_images(project_id=project.id, user=get_ann())
    names = run_all(sent_tasks)

    assert names == ["run_projection", "run_features"]
    assert failures(project) == {1: GONE}
    assert queued_kinds(project) == []


def test_a_crop_that_can_no_longer_be_read_is_left_out_and_tried_again(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project = make_labelled(tmp_path, sent_tasks, retention=0.5)
    put_back = hide(project, 6)

    assert train(project).state == JobState.SUCCEEDED

    assert without_place(project, View.WHOLE) == []
    assert without_place(project, View.CROP) == [6]
    embedded = read_crop_features(project, num_images=NUM_IMAGES)
    assert embedded is not None
    assert np.flatnonzero(np.isnan(embedded).any(axis=1)).tolist() == [6]
    assert run_new(project, JobKind.SUGGESTIONS).state == JobState.SUCCEEDED
    put_back()
    train(project)
    again = read_crop_features(project, num_images=NUM_IMAGES)
    assert again is not None
    assert is_finite(again)
    assert without_place(project, View.CROP) == []


@pytest.mark.parametrize("method", ["labeler", "gradcampp", "wgap", "mean", "backprop"])
def test_every_kind_of_saliency_goes_on_without_them(method: str, tmp_path: Path) -> None:
    project = make_imported(tmp_path, num_images=12, saliency_method=method)
    hide(project, 3)
    run_new(project, JobKind.FEATURES)

    job = train(project)

    assert (job.state, job.error_message) == (JobState.SUCCEEDED, "")
    model = ModelVersion.objects.get()
    assert read_array(get_model_array(model=model, name="predicted_class"))[3] == 0
    assert is_finite(
        np.array(read_array(get_model_array(model=model, name="salient_area")), dtype=np.float32)
    )


def test_classes_in_the_layout_go_on_without_them(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project = make_imported(tmp_path, num_images=12, projection_embedding="classes")
    put_back = hide(project, 3)
    run_new(project, JobKind.FEATURES)
    assert train(project).state == JobState.SUCCEEDED
    assert without_place(project) == [3]
    put_back()
    run_new(project, JobKind.FEATURES)

    laid_out = run_new(project, JobKind.PROJECTION)  # by what the old model's head says of the new features

    assert (laid_out.state, laid_out.error_message) == (JobState.SUCCEEDED, "")
    assert without_place(project) == []


def test_labels_of_one_class_that_all_cannot_be_read_leave_the_class_out(tmp_path: Path) -> None:
    project = make_imported(tmp_path, num_images=6)
    hide(project, 3, 4, 5)  # all of the second folder
    run_new(project, JobKind.FEATURES)

    job = train(project)

    assert (job.state, job.error_code) == (JobState.FAILED, "not_enough_labels")
    assert job.error_message == (
        "1 classes have labels of images that can be read; a classifier needs at least 2"
    )

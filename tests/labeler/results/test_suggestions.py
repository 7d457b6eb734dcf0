"""Suggestions: ranked pages, "label the rest" with its promise, doubted labels, disagreements, what to label next."""

import uuid
from typing import Any

import numpy as np
import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.annotations.classes import update_class
from labeler.annotations.models import ActionKind, LabelAction, LabelClass
from labeler.annotations.replay import find_differences
from labeler.annotations.selectors import list_unseen_images
from labeler.datasets.models import Image, Project
from labeler.jobs.models import JobKind
from labeler.results.models import ModelVersion
from labeler.results.selectors import get_model_array, read_array
from labeler.results.services import publish_suggestions, store_array
from tests.factories import (
    assign,
    make_class,
    make_member,
    make_model,
    make_project,
    make_running_job,
    signed_in,
    undo_action,
)

pytestmark = pytest.mark.django_db


def make_predicted(
    num_images: int, *, predicted: list[int], confidence: list[int], heldout: list[int]
) -> tuple[Project, LabelClass, LabelClass, ModelVersion]:
    project = make_project(num_images=num_images)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    model = make_model(
        project,
        [gull, tern],
        predicted=predicted,
        confidence=confidence,
        profiles=np.zeros((num_images, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
    )
    column = np.array(heldout, dtype=np.int32)
    model.arrays.add(store_array(project_id=project.id, name="heldout_images", array=column))
    return project, gull, tern, model


def make_sure(
    *, num_heldout: int = 30, num_wrong: int = 0
) -> tuple[Project, LabelClass, LabelClass, Any, Client]:
    """100 images all predicted gull, ever less certain; the first `num_heldout` even ones are labelled held-out."""
    heldout = list(range(0, 2 * num_heldout, 2))
    codes = [255 - image for image in range(100)]
    project, gull, tern, _ = make_predicted(100, predicted=[0] * 100, confidence=codes, heldout=heldout)
    ann = make_member(project, "ann")
    assign(project, ann, gull, heldout[num_wrong:])
    if num_wrong:
        assign(project, ann, tern, heldout[:num_wrong])
    return project, gull, tern, ann, signed_in(ann)


def rest_body(gull: LabelClass, **changes: Any) -> dict[str, Any]:
    action = str(uuid.uuid4())
    return {"class_id": gull.id, "precision": 0.9, "model_version": 1, "client_action_id": action, **changes}


def post_rest(client: Client, project: Project, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/projects/{project.id}/label-the-rest", body, content_type="application/json")


def test_a_page_ranks_unlabelled_images_of_the_class_most_certain_first() -> None:
    project, gull, _, _ = make_predicted(
        6, predicted=[0, 0, 1, 0, 0, 0], confidence=[153, 255, 255, 204, 204, 230], heldout=[]
    )
    ann = make_member(project, "ann")
    assign(project, ann, gull, [5])
    Image.objects.filter(project=project, index=1).update(removed_at="2026-11-21T00:00Z")
    url = f"/api/v1/projects/{project.id}/suggestions/{gull.id}"
    client = signed_in(ann)
    page = client.get(url, {"limit": 2}).json()
    assert [item["index"] for item in page["items"]] == [3, 4]
    assert page["items"][0]["confidence"] == pytest.approx(0.8, abs=1e-3)
    assert (page["num_predicted"], page["num_waiting"], page["num_after"]) == (5, 3, 1)
    assign(project, ann, gull, [3, 4])  # the cursor is a place in the ranking: nothing is passed over
    rest = client.get(url, {"after": page["next"]}).json()
    assert ([item["index"] for item in rest["items"]], rest["next"]) == ([0], None)


def test_before_a_model_suggestions_are_not_ready_and_an_archived_class_has_none() -> None:
    project = make_project(num_images=2)
    gull = make_class(project)
    client = signed_in(make_member(project))
    base = f"/api/v1/projects/{project.id}/suggestions"
    assert client.get(base).json()["code"] == "no_model"
    assert client.get(f"{base}/{gull.id}").status_code == 409
    update_class(project_id=project.id, class_id=gull.id, changes={"is_archived": True})
    assert client.get(f"{base}/{gull.id}").json()["code"] == "no_such_class"


def test_the_summary_says_what_can_be_promised_for_each_class() -> None:
    project, gull, tern, _, client = make_sure()
    url = f"/api/v1/projects/{project.id}/suggestions"
    of_gull, of_tern = client.get(url, {"precision": "0.9"}).json()["classes"]
    assert of_gull == {
        "class_id": gull.id,
        "num_waiting": 70,
        "num_above": 29,  # odd ones down to the last held-out one, image 58
        "confidence": pytest.approx((255 - 58) / 255, abs=1e-3),
        "bound": pytest.approx(0.05 ** (1 / 30)),
        "num_right": 30,
        "num_accepted": 30,
        "num_heldout": 30,
        "num_needed": 29,
    }
    assert (of_tern["class_id"], of_tern["num_waiting"], of_tern["confidence"]) == (tern.id, 0, None)


def test_the_promise_is_of_what_was_said_before_held_out_labels_were_learned_from() -> None:
    """Image 1 was less sure then, image 3 another class; image 61 is less sure now and was surer than any then."""
    project, gull, tern, _, client = make_sure()
    model = ModelVersion.objects.get(project=project)
    classes = np.full(100, gull.id, dtype=np.int32)
    sure = np.array([(255 - image) / 255 for image in range(100)], dtype=np.float16)
    classes[3], sure[1], sure[61] = tern.id, 0.5, 1.0
    for name, array in (("measured_class", classes), ("measured_confidence", sure)):
        model.arrays.add(store_array(project_id=project.id, name=name, array=array))
    answer = post_rest(client, project, rest_body(gull))
    assert answer.status_code == 200
    wanted = (set(range(1, 59, 2)) | {61}) - {1, 3}
    assert list_unseen_images(project_id=project.id) == wanted


def test_what_the_model_says_otherwise_by_now_is_not_labelled() -> None:
    """Image 1: gull before it learned from all labels, tern since."""
    project, gull, _, _, client = make_sure()
    model = ModelVersion.objects.get(project=project)
    before = get_model_array(model=model, name="predicted_class")
    classes = np.array(read_array(before))
    model.arrays.add(store_array(project_id=project.id, name="measured_class", array=classes))
    sure = np.array([(255 - image) / 255 for image in range(100)], dtype=np.float16)
    model.arrays.add(store_array(project_id=project.id, name="measured_confidence", array=sure))
    now = classes.copy()
    now[1] = model.class_ids[1]
    model.arrays.remove(before)
    model.arrays.add(store_array(project_id=project.id, name="predicted_class", array=now))
    assert post_rest(client, project, rest_body(gull)).json()["num_labelled"] == 28
    assert list_unseen_images(project_id=project.id) == set(range(3, 59, 2))


def test_label_the_rest_is_one_accepted_action_that_undo_takes_back() -> None:
    project, gull, _, ann, client = make_sure()
    body = rest_body(gull)
    answer = post_rest(client, project, body)
    assert (answer.status_code, answer.json()["num_labelled"]) == (200, 29)
    action = LabelAction.objects.get(sequence=answer.json()["sequence"])
    assert action.kind == ActionKind.ACCEPT
    assert action.provenance["gesture"] == "rest"
    assert action.provenance["precision_target"] == 0.9
    assert action.provenance["precision_bound"] == pytest.approx(0.05 ** (1 / 30))
    assert list_unseen_images(project_id=project.id) == set(range(1, 59, 2))
    assert post_rest(client, project, body).json() == answer.json()  # the same request twice is one action
    assert find_differences(project_id=project.id) == []
    undo_action(project, ann, action.sequence)
    assert Image.objects.filter(project=project, resolved_class__isnull=True).count() == 70
    assert list_unseen_images(project_id=project.id) == set()
    assert find_differences(project_id=project.id) == []


def test_an_image_that_a_person_labels_afterwards_is_seen() -> None:
    project, gull, tern, _, client = make_sure()
    post_rest(client, project, rest_body(gull))
    assign(project, make_member(project, "bob"), tern, [1])
    assert 1 not in list_unseen_images(project_id=project.id)


def test_too_few_held_out_labels_are_refused_with_the_number_needed() -> None:
    project, gull, _, _, client = make_sure(num_heldout=28)
    problem = post_rest(client, project, rest_body(gull)).json()
    assert (problem["code"], problem["num_heldout"], problem["num_needed"]) == ("too_few_heldout", 28, 29)
    assert "at least 29" in problem["detail"]


def test_held_out_labels_that_are_wrong_too_often_are_refused_with_the_bound() -> None:
    project, gull, _, _, client = make_sure(num_heldout=40, num_wrong=8)
    problem = post_rest(client, project, rest_body(gull)).json()
    assert problem["code"] == "not_precise_enough"
    assert "21 are right" in problem["detail"]  # of the surest 29
    assert not LabelAction.objects.filter(kind=ActionKind.ACCEPT).exists()


def test_a_promise_of_another_model_is_a_conflict() -> None:
    project, gull, _, _, client = make_sure()
    problem = post_rest(client, project, rest_body(gull, model_version=2)).json()
    assert problem["code"] == "model_replaced"


def test_viewers_accept_nothing() -> None:
    project, gull, _, _, _ = make_sure()
    viewer = signed_in(make_member(project, "vera", role=Role.VIEWER))
    assert post_rest(viewer, project, rest_body(gull)).status_code == 403


def test_confirming_a_page_is_an_accept_that_counts_as_seen() -> None:
    project, gull, _, _, client = make_sure(num_heldout=0)
    body = {
        "kind": "accept",
        "class_id": gull.id,
        "image_indexes": [3, 4],
        "client_action_id": str(uuid.uuid4()),
        "provenance": {"gesture": "confirm", "model_version": 1},
    }
    answer = client.post(
        f"/api/v1/projects/{project.id}/label-actions", body, content_type="application/json"
    )
    assert answer.json()["kind"] == "accept"
    assert list_unseen_images(project_id=project.id) == set()
    undone = client.post(
        f"/api/v1/projects/{project.id}/undo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert undone.json()["changes"] == [{"class_id": None, "image_indexes": [3, 4]}]


def publish_set(project: Project, **arrays: list[Any]) -> None:
    dtypes = {"suspect_quality": np.float32}
    stored = [
        store_array(
            project_id=project.id, name=name, array=np.array(values, dtype=dtypes.get(name, np.int32))
        )
        for name, values in arrays.items()
    ]
    project.refresh_from_db()
    publish_suggestions(
        job=make_running_job(project, JobKind.SUGGESTIONS),
        fields={
            "label_sequence": project.label_sequence,
            "num_images": project.num_images,
            "order_kind": "diverse",
            "model_version": None,
        },
        arrays=stored,
    )


def test_what_to_label_next_leaves_out_what_has_a_label_by_now() -> None:
    project = make_project(num_images=5)
    gull, ann = make_class(project), make_member(project)
    client = signed_in(ann)
    url = f"/api/v1/projects/{project.id}/next-to-label"
    assert client.get(url).json()["code"] == "no_suggestions"
    publish_set(project, label_order=[4, 0, 3, 1])
    assign(project, ann, gull, [0])
    Image.objects.filter(project=project, index=1).update(removed_at="2026-11-21T00:00Z")
    assert client.get(url, {"num": 1}).json() == {
        "kind": "diverse",
        "model_version": None,
        "num_waiting": 2,
        "image_indexes": [4],
    }


def test_a_doubted_label_is_listed_until_it_is_kept_or_changed() -> None:
    project = make_project(num_images=6)
    gull, tern, ann = make_class(project, "gull"), make_class(project, "tern"), make_member(project)
    assign(project, ann, gull, range(6))
    publish_set(
        project,
        suspect_image=[5, 2, 0],
        suspect_label=[gull.id] * 3,
        suspect_class=[tern.id] * 3,
        suspect_quality=[0.1, 0.2, 0.3],
    )
    client = signed_in(ann)
    url = f"/api/v1/projects/{project.id}/suspects"
    assert [item["index"] for item in client.get(url).json()["items"]] == [5, 2, 0]
    assign(project, ann, tern, [5])  # changed
    review = {
        "class_id": gull.id,
        "image_indexes": [2],
        "client_action_id": str(uuid.uuid4()),
        "provenance": {"gesture": "review"},
    }
    client.post(f"/api/v1/projects/{project.id}/label-actions", review, content_type="application/json")
    left = client.get(url).json()
    assert left["num_suspects"] == 1
    assert left["items"] == [
        {
            "index": 0,
            "class_id": gull.id,
            "suggested_class_id": tern.id,
            "quality": pytest.approx(0.3),
        }
    ]


def test_images_with_labels_of_different_classes_are_disagreements() -> None:
    project = make_project(num_images=4)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    assign(project, ann, gull, [0, 1, 2])
    assign(project, bob, gull, [0])
    assign(project, bob, tern, [1])
    assign(project, bob, None, [2])  # cleared: no label
    found = signed_in(ann).get(f"/api/v1/projects/{project.id}/disagreements").json()
    labels = [{"annotator": "ann", "class_id": gull.id}, {"annotator": "bob", "class_id": tern.id}]
    assert found == {"num_images": 1, "items": [{"index": 1, "class_id": tern.id, "labels": labels}]}

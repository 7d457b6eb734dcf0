"""Merging a class into another, and putting classes in order."""

import uuid
from typing import Any

import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.annotations.label_facts import merged_classes
from labeler.annotations.models import LabelAction, LabelClass
from labeler.annotations.replay import find_differences
from labeler.datasets.models import Image, Project
from tests.factories import assign, make_class, make_member, make_project, signed_in, undo_action

pytestmark = pytest.mark.django_db


def merge(
    client: Client, project: Project, source: LabelClass, target: LabelClass, **changes: Any
) -> tuple[int, dict[str, Any]]:
    body = {"into_class_id": target.id, "client_action_id": str(uuid.uuid4()), **changes}
    url = f"/api/v1/projects/{project.id}/classes/{source.id}/merge"
    answer = client.post(url, body, content_type="application/json")
    return answer.status_code, answer.json()


def shown(project: Project) -> list[int | None]:
    return list(Image.objects.filter(project=project).values_list("resolved_class_id", flat=True))


def test_the_images_of_a_merged_class_get_the_other_one_as_one_action() -> None:
    project = make_project(num_images=5)
    ann, bea = make_member(project), make_member(project, "bea")
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, [0, 2, 3])
    assign(project, ann, tern, [1])
    status, answer = merge(signed_in(bea), project, gull, tern)
    assert status == 200
    assert answer["source"]["is_archived"] is True
    assert answer["action"]["image_indexes"] == [0, 2, 3]
    assert answer["action"]["annotator"] == "bea"
    assert shown(project) == [tern.id, tern.id, tern.id, tern.id, None]
    assert LabelAction.objects.latest("sequence").provenance == {"gesture": "merge"}
    assert merged_classes(project_id=project.id) == {gull.id: tern.id, tern.id: tern.id}
    assert find_differences(project_id=project.id) == []


def test_an_undo_and_bringing_the_class_back_is_as_before() -> None:
    project = make_project(num_images=3)
    ann = make_member(project)
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    _, answer = merge(signed_in(ann), project, gull, tern)
    undo_action(project, ann, answer["action"]["sequence"])
    url = f"/api/v1/projects/{project.id}/classes/{gull.id}"
    back = signed_in(ann).patch(url, {"is_archived": False}, content_type="application/json").json()
    assert (back["is_archived"], back["num_labels"]) == (False, 2)
    assert shown(project) == [gull.id, gull.id, None]
    assert merged_classes(project_id=project.id) == {gull.id: gull.id, tern.id: tern.id}


def test_an_empty_class_is_archived_without_an_action() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    gull, tern = make_class(project), make_class(project, "tern")
    status, answer = merge(signed_in(ann), project, gull, tern)
    assert (status, answer["action"], answer["source"]["is_archived"]) == (200, None, True)
    assert not LabelAction.objects.exists()


def test_the_same_request_twice_merges_once() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, [0])
    key = str(uuid.uuid4())
    first = merge(signed_in(ann), project, gull, tern, client_action_id=key)
    assert first[0] == 200
    again = merge(signed_in(ann), project, gull, tern, client_action_id=key)
    assert again[0] == 200
    assert LabelAction.objects.count() == 2


def test_a_class_goes_neither_into_itself_nor_into_an_archived_one() -> None:
    project = make_project(num_images=1)
    ann = signed_in(make_member(project))
    gull, tern, auk = (make_class(project, name) for name in ("gull", "tern", "auk"))
    status, answer = merge(ann, project, gull, gull)
    assert (status, answer["code"]) == (422, "same_class")
    url = f"/api/v1/projects/{project.id}/classes/{auk.id}"
    ann.patch(url, {"is_archived": True}, content_type="application/json")
    status, answer = merge(ann, project, gull, auk)
    assert (status, answer["code"]) == (409, "class_archived")
    assert "auk" in answer["detail"]
    assert merge(ann, make_project(), gull, tern)[0] == 404


def test_viewers_merge_nothing() -> None:
    project = make_project()
    gull, tern = make_class(project), make_class(project, "tern")
    assert merge(signed_in(make_member(project, role=Role.VIEWER)), project, gull, tern)[0] == 403


def order(client: Client, project: Project, class_ids: list[int]) -> tuple[int, Any]:
    url = f"/api/v1/projects/{project.id}/class-order"
    answer = client.put(url, {"class_ids": class_ids}, content_type="application/json")
    return answer.status_code, answer.json()


def test_classes_come_in_the_order_given_and_the_rest_after_them() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    gull, tern, auk = (make_class(project, name) for name in ("gull", "tern", "auk"))
    status, answer = order(ann, project, [auk.id, gull.id])
    assert status == 200
    assert [(found["name"], found["position"]) for found in answer] == [("auk", 0), ("gull", 1), ("tern", 2)]
    listed = ann.get(f"/api/v1/projects/{project.id}/classes").json()
    assert [found["id"] for found in listed] == [auk.id, gull.id, tern.id]


def test_an_order_names_each_class_once_and_none_of_another_project() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    gull, other = make_class(project), make_class(make_project())
    assert order(ann, project, [gull.id, gull.id])[1]["code"] == "class_named_twice"
    status, answer = order(ann, project, [other.id])
    assert (status, answer["code"]) == (422, "no_such_class")
    assert str(other.id) in answer["detail"]

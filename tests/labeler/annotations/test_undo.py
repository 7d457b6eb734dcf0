"""Undo: puts back what each image had, with its age, except images that somebody labelled since."""

import uuid

import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.annotations.classes import update_class
from labeler.annotations.models import Label, LabelAction
from labeler.datasets.models import Image, Project
from labeler.errors import Conflict
from tests.factories import assign, make_class, make_member, make_project, redo, signed_in, undo, undo_action

pytestmark = pytest.mark.django_db


def classes_of(project: Project) -> list[str | None]:
    return list(
        Image.objects.filter(project=project).order_by("index").values_list("resolved_class__name", flat=True)
    )


def test_it_takes_back_the_newest_action() -> None:
    project = make_project(num_images=3)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [1, 2])
    result = undo(project, ann)
    assert classes_of(project) == ["gull", "gull", None]
    assert (result.action.kind, result.action.sequence, result.action.num_changed) == ("undo", 3, 2)
    assert {change.class_id: change.image_indexes for change in result.changes} == {gull.id: [1], None: [2]}
    project.refresh_from_db()
    assert project.num_labelled == 2
    undo(project, ann)
    assert classes_of(project) == [None, None, None]
    assert not Label.objects.exists()


def test_a_label_comes_back_with_its_age() -> None:
    """Bob's label between Ann's two stays on top when Ann takes her second one back."""
    project = make_project(num_images=1)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern, auk = (make_class(project, name) for name in ("gull", "tern", "auk"))
    assign(project, ann, gull, [0])
    assign(project, bob, tern, [0])
    assign(project, ann, auk, [0])
    undo(project, ann)
    assert classes_of(project) == ["tern"]
    label = Label.objects.get(annotator=ann)
    assert (label.label_class, label.sequence) == (gull, 1)


def test_it_takes_back_a_clear() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0, 1])
    assign(project, ann, None, [1])
    undo(project, ann)
    assert classes_of(project) == ["gull", "gull"]


def test_it_brings_a_clear_back() -> None:
    project = make_project(num_images=1)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0])
    assign(project, bob, None, [0])
    assign(project, bob, tern, [0])
    undo(project, bob)
    assert classes_of(project) == [None]  # Bob's clear hides Ann's label again


def test_images_that_somebody_labelled_since_are_skipped_and_listed() -> None:
    project = make_project(num_images=4)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1, 2, 3])
    assign(project, bob, tern, [1])
    assign(project, bob, None, [3])
    result = undo(project, ann)
    assert result.skipped == [1, 3]
    assert classes_of(project) == [None, "tern", None, None]
    assert signed_in(ann).get(f"/api/v1/projects/{project.id}/label-actions?after=3").json()["items"][0][
        "skipped"
    ] == [1, 3]


def test_an_older_action_undone_out_of_order_skips_what_its_annotator_relabelled() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [1])
    result = undo_action(project, ann, sequence=1)
    assert result.skipped == [1]
    assert classes_of(project) == [None, "tern"]


def test_a_reviewer_undoes_the_action_of_another() -> None:
    project = make_project(num_images=2)
    ann, rita = make_member(project, "ann"), make_member(project, "rita", role=Role.REVIEWER)
    assign(project, ann, make_class(project), [0, 1])
    client = signed_in(rita)
    answer = client.post(
        f"/api/v1/projects/{project.id}/label-actions/1/undo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert (answer.json()["annotator"], answer.json()["undoes"]) == ("rita", 1)
    assert classes_of(project) == [None, None]
    assert not Label.objects.exists()  # it was Ann's label that went
    redo(project, rita)
    assert classes_of(project) == ["gull", "gull"]
    assert Label.objects.filter(annotator=ann).count() == 2


def test_an_annotator_undoes_only_their_own() -> None:
    project = make_project(num_images=1)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    assign(project, ann, make_class(project), [0])
    client = signed_in(bob)
    body = {"client_action_id": str(uuid.uuid4())}
    one = client.post(
        f"/api/v1/projects/{project.id}/label-actions/1/undo", body, content_type="application/json"
    )
    assert (one.status_code, one.json()["code"]) == (403, "not_allowed")
    last = client.post(f"/api/v1/projects/{project.id}/undo", body, content_type="application/json")
    assert (last.status_code, last.json()["code"]) == (409, "nothing_to_undo")
    assert classes_of(project) == ["gull"]


def test_a_viewer_may_not() -> None:
    project = make_project(num_images=1)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    answer = vera.post(
        f"/api/v1/projects/{project.id}/undo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert answer.status_code == 403


def test_an_action_is_undone_once() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0])
    undo_action(project, ann, sequence=1)
    with pytest.raises(Conflict) as caught:
        undo_action(project, ann, sequence=1)
    assert caught.value.code == "already_undone"
    with pytest.raises(Conflict) as caught:
        undo(project, ann)
    assert caught.value.code == "nothing_to_undo"


def test_an_undo_is_not_undone_but_redone() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0])
    undo(project, ann)
    with pytest.raises(Conflict) as caught:
        undo_action(project, ann, sequence=2)
    assert caught.value.code == "not_undoable"


def test_the_same_request_twice_is_one_undo() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    gull = make_class(project)
    assign(project, ann, gull, [0])
    assign(project, ann, None, [0])
    action_id = uuid.uuid4()
    first = undo(project, ann, client_action_id=action_id)
    second = undo(project, ann, client_action_id=action_id)
    assert first.action.id == second.action.id
    assert LabelAction.objects.count() == 3
    assert classes_of(project) == ["gull"]


def test_there_is_no_such_action() -> None:
    project, other = make_project(num_images=1), make_project(name="Terns", num_images=1)
    ann = make_member(project)
    assign(other, ann, make_class(other), [0])
    answer = signed_in(ann).post(
        f"/api/v1/projects/{project.id}/label-actions/1/undo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_action")


def test_labels_of_a_class_archived_since_come_back() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    gull = make_class(project)
    assign(project, ann, gull, [0])
    assign(project, ann, None, [0])
    update_class(project_id=project.id, class_id=gull.id, changes={"is_archived": True})
    undo(project, ann)
    assert classes_of(project) == ["gull"]


def test_it_works_after_a_new_sign_in() -> None:
    """Nothing about undo is kept in the browser or the session."""
    project = make_project(num_images=1)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0])
    client = Client()
    client.force_login(ann)
    answer = client.post(
        f"/api/v1/projects/{project.id}/undo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert answer.json()["changes"] == [{"class_id": None, "image_indexes": [0]}]

"""Redo: takes back the newest undo, as a stack, until something new is labelled."""

import uuid

import pytest

from labeler.annotations.models import Label
from labeler.datasets.models import Image, Project
from labeler.errors import Conflict
from tests.factories import assign, make_class, make_member, make_project, redo, signed_in, undo

pytestmark = pytest.mark.django_db


def classes_of(project: Project) -> list[str | None]:
    return list(
        Image.objects.filter(project=project).order_by("index").values_list("resolved_class__name", flat=True)
    )


def test_undo_and_redo_walk_back_and_forth_through_a_stack() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [1])
    states = [classes_of(project)]
    for step in (undo, undo, redo, redo, undo, redo):
        step(project, ann)
        states.append(classes_of(project))
    assert states == [
        ["gull", "tern"],
        ["gull", "gull"],
        [None, None],
        ["gull", "gull"],
        ["gull", "tern"],
        ["gull", "gull"],
        ["gull", "tern"],
    ]
    assert list(Label.objects.order_by("image__index").values_list("sequence", flat=True)) == [1, 2]


def test_the_log_tells_which_actions_stand() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0])
    undo(project, ann)
    redo(project, ann)
    items = signed_in(ann).get(f"/api/v1/projects/{project.id}/label-actions").json()["items"]
    assert [(item["sequence"], item["kind"], item["undoes"], item["is_undone"]) for item in items] == [
        (1, "assign", None, False),
        (2, "undo", 1, True),
        (3, "redo", 2, False),
    ]


def test_there_is_nothing_to_redo_at_first_and_after_everything_was_redone() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    assign(project, ann, make_class(project), [0])
    with pytest.raises(Conflict) as caught:
        redo(project, ann)
    assert caught.value.code == "nothing_to_redo"
    undo(project, ann)
    redo(project, ann)
    with pytest.raises(Conflict):
        redo(project, ann)


def test_a_new_label_ends_the_stack() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    gull = make_class(project)
    assign(project, ann, gull, [0])
    undo(project, ann)
    assign(project, ann, gull, [1])
    with pytest.raises(Conflict):
        redo(project, ann)
    assert classes_of(project) == [None, "gull"]


def test_labels_of_others_do_not_end_it_but_their_images_are_skipped() -> None:
    project = make_project(num_images=2)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    undo(project, ann)
    assign(project, bob, tern, [1])
    result = redo(project, ann)
    assert result.skipped == [1]
    assert classes_of(project) == ["gull", "tern"]


def test_the_same_request_twice_is_one_redo() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0])
    assign(project, ann, tern, [0])
    undo(project, ann)
    undo(project, ann)
    action_id = uuid.uuid4()
    first = redo(project, ann, client_action_id=action_id)
    assert redo(project, ann, client_action_id=action_id).action.id == first.action.id
    assert classes_of(project) == ["gull"]


def test_nobody_redoes_the_undo_of_another() -> None:
    project = make_project(num_images=1)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    assign(project, ann, make_class(project), [0])
    undo(project, ann)
    answer = signed_in(bob).post(
        f"/api/v1/projects/{project.id}/redo",
        {"client_action_id": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_redo")

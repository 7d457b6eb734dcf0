"""Classes: added, changed, archived and brought back; names and keys are unique; labels never go."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from labeler.accounts.permissions import Role
from labeler.annotations.classes import HOTKEYS, PALETTE, create_class, get_or_create_class
from labeler.annotations.models import LabelClass
from labeler.datasets.models import Project
from labeler.errors import InvalidInput
from tests.factories import assign, make_class, make_member, make_project, signed_in
from tests.threads import run_together

pytestmark = pytest.mark.django_db


def post(client: Client, project: Project, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/projects/{project.id}/classes", body, content_type="application/json")
    return answer.status_code, answer.json()


def patch(
    client: Client, project: Project, label_class: LabelClass, **body: Any
) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/projects/{project.id}/classes/{label_class.id}"
    answer = client.patch(url, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_class_gets_the_next_colour_key_and_position() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    status, gull = post(ann, project, name="  gull ")
    assert status == 201
    assert {
        key: gull[key] for key in ("name", "colour", "hotkey", "position", "is_archived", "num_labels")
    } == {
        "name": "gull",
        "colour": PALETTE[0],
        "hotkey": "1",
        "position": 0,
        "is_archived": False,
        "num_labels": 0,
    }
    tern = post(ann, project, name="tern")[1]
    assert (tern["colour"], tern["hotkey"], tern["position"]) == (PALETTE[1], "2", 1)
    assert [found["name"] for found in ann.get(f"/api/v1/projects/{project.id}/classes").json()] == [
        "gull",
        "tern",
    ]


def test_colour_and_key_can_be_chosen() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    _, gull = post(ann, project, name="gull", colour="#00FF7f", hotkey="g")
    assert (gull["colour"], gull["hotkey"]) == ("#00FF7f", "g")
    assert post(ann, project, name="no key", hotkey="")[1]["hotkey"] == ""


def test_new_classes_get_colours_that_are_not_in_use_and_keep_away_from_those_that_people_chose() -> None:
    project = make_project()
    create_class(project_id=project.id, name="chosen", colour="#F5A000")  # next to the second of the palette
    given = [
        create_class(project_id=project.id, name=f"class {number}").colour for number in range(len(PALETTE))
    ]
    assert given == [PALETTE[0], *PALETTE[2:], PALETTE[1]]
    assert make_class(project, "again").colour == PALETTE[0]


def test_a_key_of_the_label_screen_is_no_key_of_a_class() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    status, answer = post(ann, project, name="gull", hotkey="f")
    assert (status, answer["detail"]) == (
        422,
        "The key 'f' is one of the Label screen; classes have one of 1234567890qweryuipasdgjkzm",
    )


def test_keys_that_the_screen_has_are_taken_from_older_classes() -> None:
    project = make_project()
    kept, moved, archived = (make_class(project, name) for name in ("gull", "tern", "auk"))
    LabelClass.objects.filter(id=moved.id).update(hotkey="f")
    LabelClass.objects.filter(id=archived.id).update(hotkey="x", archived_at=timezone.now())

    import_module("labeler.annotations.migrations.0009_keys_of_the_screen").give_free_keys(apps, None)

    assert [LabelClass.objects.get(id=one.id).hotkey for one in (kept, moved, archived)] == ["1", "2", ""]


def test_keys_run_out_and_classes_do_not() -> None:
    project = make_project()
    for number in range(len(HOTKEYS) + 2):
        create_class(project_id=project.id, name=f"class {number}")
    keys = list(LabelClass.objects.values_list("hotkey", flat=True))
    assert sorted(keys[: len(HOTKEYS)]) == sorted(HOTKEYS)
    assert keys[len(HOTKEYS) :] == ["", ""]


@pytest.mark.parametrize(
    ("body", "code"),
    [({"name": "GULL"}, "class_name_taken"), ({"name": "tern", "hotkey": "1"}, "hotkey_taken")],
)
def test_a_name_and_a_key_are_given_once(body: dict[str, str], code: str) -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    assert post(ann, project, name="gull")[0] == 201
    status, answer = post(ann, project, **body)
    assert (status, answer["code"]) == (409, code)
    assert LabelClass.objects.count() == 1


def test_other_projects_do_not_matter() -> None:
    make_class(make_project(name="Terns"))
    project = make_project()
    assert post(signed_in(make_member(project)), project, name="gull")[0] == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "  "},
        {"name": "g" * 101},
        {"name": "two\nlines"},
        {"name": "nul\0"},
        {"name": "gull", "colour": "red"},
        {"name": "gull", "hotkey": "G"},
        {"name": "gull", "hotkey": "ab"},
    ],
)
def test_it_rejects_a_class_that_is_none(body: dict[str, str]) -> None:
    project = make_project()
    status, answer = post(signed_in(make_member(project)), project, **body)
    assert (status, answer["code"]) == (422, "invalid_input")


def test_services_check_the_length_too_for_names_that_come_from_folders() -> None:
    with pytest.raises(InvalidInput, match="101 characters"):
        get_or_create_class(project_id=make_project().id, name="g" * 101)


def test_a_viewer_may_not() -> None:
    project = make_project()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    assert post(vera, project, name="gull")[0] == 403
    assert patch(vera, project, make_class(project), name="tern")[0] == 403


def test_it_changes_what_is_named_and_nothing_else() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    gull = make_class(project)
    status, body = patch(ann, project, gull, name="herring gull", position=7)
    assert (status, body["name"], body["position"], body["hotkey"]) == (200, "herring gull", 7, "1")
    assert patch(ann, project, gull, name="Herring Gull")[0] == 200  # another case of its own name
    assert patch(ann, project, gull)[1]["name"] == "Herring Gull"


def test_it_refuses_the_name_or_key_of_another() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    make_class(project, "gull")
    tern = make_class(project, "tern")
    assert patch(ann, project, tern, name="Gull")[1]["code"] == "class_name_taken"
    assert patch(ann, project, tern, hotkey="1")[1]["code"] == "hotkey_taken"
    tern.refresh_from_db()
    assert (tern.name, tern.hotkey) == ("tern", "2")


def test_a_class_of_another_project_is_not_found() -> None:
    project = make_project()
    other = make_class(make_project(name="Terns"))
    assert patch(signed_in(make_member(project)), project, other, name="x")[0] == 404


def test_archiving_keeps_the_labels_and_frees_the_key() -> None:
    project = make_project(num_images=2)
    annotator = make_member(project)
    ann = signed_in(annotator)
    gull = make_class(project)
    assign(project, annotator, gull, [0, 1])
    assert patch(ann, project, gull, is_archived=True)[1]["is_archived"] is True
    url = f"/api/v1/projects/{project.id}/classes"
    assert ann.get(url).json() == []
    (archived,) = ann.get(f"{url}?archived=true").json()
    assert (archived["name"], archived["num_labels"]) == ("gull", 2)
    assert ann.get(f"/api/v1/projects/{project.id}/images/0").json()["class_id"] == gull.id
    assert post(ann, project, name="tern", hotkey="1")[0] == 201


def test_a_class_that_comes_back_gives_up_a_key_taken_meanwhile() -> None:
    project = make_project()
    ann = signed_in(make_member(project))
    gull = make_class(project)
    patch(ann, project, gull, is_archived=True)
    create_class(project_id=project.id, name="tern", hotkey="1")
    status, body = patch(ann, project, gull, is_archived=False)
    assert (status, body["is_archived"], body["hotkey"]) == (200, False, "")


def test_a_folder_name_finds_its_class_in_any_case_and_brings_it_back() -> None:
    project = make_project()
    gull = make_class(project, "Gull")
    patch(signed_in(make_member(project)), project, gull, is_archived=True)
    found = get_or_create_class(project_id=project.id, name="gull")
    assert (found.id, found.archived_at) == (gull.id, None)
    assert get_or_create_class(project_id=project.id, name="tern").name == "tern"
    assert LabelClass.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_class_made_at_the_same_moment_is_made_once() -> None:
    project = make_project()
    ann = make_member(project)

    def create(_: int) -> int:
        return post(signed_in(ann), project, name="gull")[0]

    assert sorted(str(status) for status in run_together(create, range(4))) == ["201", "409", "409", "409"]
    assert LabelClass.objects.count() == 1

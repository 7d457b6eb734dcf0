"""Members of a project: adding, changing a role, removing; the last admin stays."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from labeler.accounts.models import Membership
from labeler.accounts.permissions import Role
from labeler.accounts.services import remove_member, set_member
from labeler.datasets.models import Project
from labeler.errors import Conflict
from tests.factories import make_member, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db


def make_root() -> User:
    """Somebody who acts."""
    return User.objects.filter(username="root").first() or make_user("root")


def put(client: Client, project: Project, username: str, role: str) -> tuple[int, dict[str, str]]:
    answer = client.put(
        f"/api/v1/projects/{project.id}/members/{username}", {"role": role}, content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_an_admin_adds_a_member_and_changes_the_role() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    make_user("vera")
    status, body = put(client, project, "vera", "viewer")
    assert (status, body["username"], body["role"]) == (200, "vera", "viewer")
    assert put(client, project, "vera", "annotator")[1]["role"] == "annotator"
    listed = client.get(f"/api/v1/projects/{project.id}/members").json()["items"]
    assert [(member["username"], member["role"]) for member in listed] == [
        ("vera", "annotator"),
        ("ada", "admin"),
    ]


def test_the_same_request_twice_makes_one_member() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    make_user("vera")
    assert put(client, project, "vera", "viewer") == put(client, project, "vera", "viewer")
    assert Membership.objects.filter(project=project).count() == 2


def test_a_reviewer_may_not() -> None:
    project = make_project()
    client = signed_in(make_member(project, "rita", role=Role.REVIEWER))
    make_user("vera")
    assert put(client, project, "vera", "viewer")[0] == 403
    assert client.delete(f"/api/v1/projects/{project.id}/members/rita").status_code == 403


def test_it_knows_no_such_user() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    status, body = put(client, project, "nobody", "viewer")
    assert (status, body["code"]) == (404, "no_such_user")
    assert client.delete(f"/api/v1/projects/{project.id}/members/nobody").status_code == 404


def test_it_rejects_a_role_that_is_none_and_a_name_that_cannot_be() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    assert put(client, project, "ada", "owner")[0] == 422
    assert put(client, project, "a%00b", "viewer")[0] == 422
    assert put(client, project, "a" * 151, "viewer")[0] == 422


def test_the_last_admin_is_neither_demoted_nor_removed() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    status, body = put(client, project, "ada", "viewer")
    assert (status, body["code"]) == (409, "last_admin")
    answer = client.delete(f"/api/v1/projects/{project.id}/members/ada")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert Membership.objects.get().role == Role.ADMIN


def test_one_of_two_admins_may_go() -> None:
    project = make_project()
    make_member(project, "ada", role=Role.ADMIN)
    make_member(project, "alan", role=Role.ADMIN)
    set_member(actor=make_root(), project_id=project.id, username="ada", role=Role.VIEWER)
    with pytest.raises(Conflict):
        remove_member(actor=make_root(), project_id=project.id, username="alan")
    remove_member(actor=make_root(), project_id=project.id, username="ada")
    assert list(Membership.objects.values_list("user__username", flat=True)) == ["alan"]


def test_the_last_admin_of_another_project_does_not_count() -> None:
    project, other = make_project(), make_project(name="Terns")
    ada = make_member(project, "ada", role=Role.ADMIN)
    alan = make_member(other, "alan", role=Role.ADMIN)
    Membership.objects.create(project=project, user=alan, role=Role.VIEWER)
    with pytest.raises(Conflict):
        remove_member(actor=make_root(), project_id=project.id, username=ada.username)


def test_a_removed_member_is_a_stranger_at_once() -> None:
    project = make_project()
    make_member(project, "ada", role=Role.ADMIN)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    assert vera.get(f"/api/v1/projects/{project.id}").status_code == 200
    remove_member(actor=make_root(), project_id=project.id, username="vera")
    assert vera.get(f"/api/v1/projects/{project.id}").status_code == 404
    assert vera.get("/api/v1/projects").json() == {"items": [], "next": None}


def test_site_staff_are_admins_of_every_project_that_is_there() -> None:
    project = make_project()
    client = signed_in(make_user("root", is_staff=True))
    assert client.get(f"/api/v1/projects/{project.id}").json()["role"] == "admin"
    for path in ("", "/labels", "/map", "/jobs", "/classes"):
        assert client.get(f"/api/v1/projects/{project.id + 1}{path}").status_code == 404


def test_an_archived_project_is_gone_for_everybody() -> None:
    project = make_project()
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    root = signed_in(make_user("root", is_staff=True))
    assert ada.delete(f"/api/v1/projects/{project.id}").status_code == 204
    for client in (ada, root):
        assert client.get("/api/v1/projects").json() == {"items": [], "next": None}
        for path in ("", "/labels", "/map", "/jobs", "/classes", "/export", "/members"):
            assert client.get(f"/api/v1/projects/{project.id}{path}").status_code == 404, path
    assert ada.delete(f"/api/v1/projects/{project.id}").status_code == 404  # the second time

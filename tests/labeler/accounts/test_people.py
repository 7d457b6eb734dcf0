"""What site staff do to accounts, and the sessions that everybody sees of their own."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from labeler.accounts.permissions import Role
from tests.factories import make_member, make_project, make_token, make_user, signed_in, with_token
from tests.labeler.accounts.browser import AUTH, Browser

pytestmark = pytest.mark.django_db
USERS = "/api/v1/users"
SESSIONS = f"{AUTH}/auth/sessions"


@pytest.fixture
def root(db: None) -> Client:
    """Site staff."""
    return signed_in(make_user("root", is_staff=True))


def patch(client: Client, username: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.patch(f"{USERS}/{username}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_staff_see_everybody(root: Client) -> None:
    project = make_project()
    make_member(project, "ann", role=Role.VIEWER)
    root.post(USERS, {"username": "bob", "email": "Bob@example.org"}, content_type="application/json")
    found = {person["username"]: person for person in root.get(USERS).json()["items"]}
    assert list(found) == ["bob", "ann", "root"]
    assert (found["ann"]["num_projects"], found["bob"]["num_projects"]) == (1, 0)
    assert found["bob"] == {
        "id": User.objects.get(username="bob").id,
        "username": "bob",
        "is_staff": False,
        "email": "Bob@example.org",
        "is_active": True,
        "last_login": None,
        "num_second_factors": 0,
        "num_projects": 0,
    }


def test_somebody_made_without_a_password_can_only_use_a_reset_link(root: Client) -> None:
    root.post(USERS, {"username": "bob"}, content_type="application/json")
    assert Browser().sign_in(username="bob", password="")[0] == 400
    key = root.post(f"{USERS}/bob/reset-link").json()["path"].removeprefix("/reset-password/")
    Browser().post(f"{AUTH}/auth/password/reset", {"key": key, "password": "another-horse-battery"})
    assert Browser().sign_in(username="bob", password="another-horse-battery")[0] == 200


def test_a_closed_account_has_no_session_and_no_token_any_more(root: Client) -> None:
    ann = make_user()
    session, token = signed_in(ann), with_token(make_token(ann))
    status, person = patch(root, "ann", is_active=False)
    assert (status, person["is_active"]) == (200, False)
    for client in (session, token):
        assert client.get("/api/v1/projects").status_code == 401
    assert root.post(f"{USERS}/ann/reset-link").json()["code"] == "no_such_user"
    assert patch(root, "ann", is_active=True)[1]["is_active"] is True
    assert token.get("/api/v1/projects").status_code == 200


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_the_last_staff_member_stays(root: Client, change: dict[str, bool]) -> None:
    status, problem = patch(root, "root", **change)
    assert (status, problem["code"]) == (409, "last_staff")
    make_user("rita")
    assert patch(root, "rita", is_staff=True)[0] == 200
    assert patch(root, "root", **change)[0] == 200
    assert root.get(USERS).status_code in {401, 403}


def test_who_is_not_there_is_not_found(root: Client) -> None:
    assert patch(root, "nobody", is_active=True)[0] == 404
    assert root.post(f"{USERS}/nobody/reset-link").status_code == 404
    assert root.delete(f"{USERS}/nobody/second-factors").status_code == 404


def test_the_log_of_the_site_has_it_all_and_that_of_a_project_only_its_own(root: Client) -> None:
    project = make_project()
    make_member(project, "ada", role=Role.ADMIN)
    patch(root, "ada", is_staff=False)
    base = f"/api/v1/projects/{project.id}"
    root.patch(base, {"name": "Terns"}, content_type="application/json")
    items = root.get("/api/v1/audit-log").json()["items"]
    assert [(item["project_id"], item["actor"], item["action"], item["detail"]) for item in items] == [
        (project.id, "root", "project.update", {"settings": ["name"]}),
        (None, "root", "user.update", {"username": "ada", "is_staff": False}),
    ]
    assert [item["action"] for item in root.get(f"{base}/audit-log").json()["items"]] == ["project.update"]
    first = root.get("/api/v1/audit-log", {"limit": 1}).json()
    (last,) = root.get("/api/v1/audit-log", {"after": first["next"]}).json()["items"]
    assert last["action"] == "user.update"


def test_everybody_sees_and_ends_their_own_sessions() -> None:
    make_user()
    make_user("bob")
    here, there, other = (
        Browser(headers={"user-agent": name}) for name in ("Firefox", "Chromium", "Somebody else's")
    )
    here.sign_in()
    there.sign_in()
    other.sign_in(username="bob")
    listed = here.get(SESSIONS)[1]["data"]
    assert {(session["user_agent"], session["is_current"]) for session in listed} == {
        ("Firefox", True),
        ("Chromium", False),
    }
    bobs = other.get(SESSIONS)[1]["data"][0]["id"]
    assert here.send("delete", SESSIONS, {"sessions": [bobs]})[0] == 400
    theirs = next(session["id"] for session in listed if not session["is_current"])
    assert here.send("delete", SESSIONS, {"sessions": [theirs]})[0] == 200
    assert (here.username, there.username, other.username) == ("ann", None, "bob")

"""Invitations by link: made by an admin, accepted once, with an account or without; and the log of what admins did."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from labeler.accounts import adapters
from labeler.accounts.invitation_api import OPEN_TRIES
from labeler.accounts.models import AuditEntry, Invitation, Membership
from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from tests.factories import PASSWORD, make_member, make_project, make_user, signed_in
from tests.labeler.accounts.browser import AUTH, Browser, error_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: None) -> Project:
    """A project with the admin Ada."""
    found = make_project()
    make_member(found, "ada", role=Role.ADMIN)
    return found


def invite(project: Project, *, role: str = "annotator") -> dict[str, Any]:
    ada = signed_in(User.objects.get(username="ada"))
    answer = ada.post(
        f"/api/v1/projects/{project.id}/invitations", {"role": role}, content_type="application/json"
    )
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def post(client: Client, what: str, **body: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/invitations/{what}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_somebody_with_an_account_joins_once_with_the_role_of_the_invitation(project: Project) -> None:
    secret = invite(project, role="reviewer")["secret"]
    vera, bob = signed_in(make_user("vera")), signed_in(make_user("bob"))
    status, about = post(Client(), "about", secret=secret)
    assert (status, about["project_name"], about["role"], about["invited_by"]) == (
        200,
        "Gulls",
        "reviewer",
        "ada",
    )
    assert post(vera, "accept", secret=secret)[0] == 200
    assert Membership.objects.get(user__username="vera").role == "reviewer"
    for client in (vera, bob):
        status, problem = post(client, "accept", secret=secret)
        assert (status, problem["code"]) == (404, "bad_invitation")


def sign_up(browser: Browser, username: str, password: str = PASSWORD, **more: str) -> tuple[int, Any]:
    return browser.post(f"{AUTH}/auth/signup", {"username": username, "password": password, **more})


def test_somebody_without_an_account_gets_one_and_is_signed_in(project: Project) -> None:
    secret = invite(project)["secret"]
    browser, late = Browser(), Browser()
    assert sign_up(browser, "zoe")[0] == 403  # nobody knows yet that this browser holds an invitation
    for who in (browser, late):
        assert who.post("/api/v1/invitations/about", {"secret": secret})[0] == 200
    weak = sign_up(browser, "zoe", "short")
    assert (weak[0], error_codes(weak[1])) == (400, [("password", "password_too_short")])
    assert sign_up(browser, "zoe", email="Zoe@example.org")[0] == 200
    assert browser.get(f"/api/v1/projects/{project.id}")[1]["role"] == "annotator"
    zoe = User.objects.get(username="zoe")
    assert (zoe.is_staff, zoe.email) == (False, "zoe@example.org")
    assert Invitation.objects.get().accepted_by == zoe
    assert sign_up(late, "yan")[0] == 403
    assert sign_up(Browser(), "yan")[0] == 403
    assert not User.objects.filter(username="yan").exists()


def test_of_two_who_sign_up_at_once_one_joins_and_the_other_gets_no_account(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invite(project)["secret"]
    browser = Browser()
    browser.post("/api/v1/invitations/about", {"secret": secret})
    monkeypatch.setattr(adapters, "is_open", lambda *, secret: True)  # the look before the other's write
    Invitation.objects.update(accepted_at=timezone.now())
    status, problem = sign_up(browser, "zoe")
    assert (status, problem["code"]) == (404, "bad_invitation")
    assert not User.objects.filter(username="zoe").exists()
    assert browser.username is None


def test_a_name_that_is_taken_leaves_the_invitation_open(project: Project) -> None:
    secret = invite(project)["secret"]
    browser = Browser()
    browser.post("/api/v1/invitations/about", {"secret": secret})
    status, body = sign_up(browser, "ADA")
    assert (status, error_codes(body)) == (400, [("username", "username_taken")])
    assert post(Client(), "about", secret=secret)[0] == 200


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(project: Project) -> None:
    created = invite(project)
    assert created["path"] == f"/invitations/{created['secret']}"
    ada = signed_in(User.objects.get(username="ada"))
    (listed,) = ada.get(f"/api/v1/projects/{project.id}/invitations").json()["items"]
    assert set(listed) == {"id", "role", "created_at", "expires_at"}
    assert created["secret"] not in str(Invitation.objects.values())


@pytest.mark.parametrize("how", ["revoked", "expired", "archived", "wrong"])
def test_what_may_not_be_accepted_looks_unknown(project: Project, how: str) -> None:
    created = invite(project)
    secret = created["secret"]
    if how == "revoked":
        ada = signed_in(User.objects.get(username="ada"))
        url = f"/api/v1/projects/{project.id}/invitations/{created['id']}"
        assert [ada.delete(url).status_code for _ in range(2)] == [204, 404]
    elif how == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "archived":
        Project.objects.update(archived_at=timezone.now())
    else:
        secret = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    status, problem = post(signed_in(make_user("vera")), "accept", secret=secret)
    assert (status, problem["code"]) == (404, "bad_invitation")
    assert not Membership.objects.filter(user__username="vera").exists()


def test_a_member_is_raised_but_never_lowered(project: Project) -> None:
    vera = make_member(project, "vera", role=Role.REVIEWER)
    status, problem = post(signed_in(vera), "accept", secret=invite(project, role="annotator")["secret"])
    assert (status, problem["code"]) == (409, "already_member")
    assert post(signed_in(vera), "accept", secret=invite(project, role="admin")["secret"])[0] == 200
    assert Membership.objects.get(user=vera).role == "admin"


def test_trying_secrets_is_limited(project: Project) -> None:
    cache.clear()
    answers = [post(Client(), "about", secret="guess")[0] for _ in range(OPEN_TRIES + 1)]
    assert answers == [404] * OPEN_TRIES + [429]


def test_the_public_routes_ask_for_the_csrf_token(project: Project) -> None:
    client = Client(enforce_csrf_checks=True)
    status, problem = post(client, "about", secret="x")
    assert (status, problem["code"]) == (403, "csrf_failed")


def test_the_audit_log_says_who_did_what_newest_first(project: Project) -> None:
    ada = signed_in(User.objects.get(username="ada"))
    make_user("vera")
    base = f"/api/v1/projects/{project.id}"
    ada.put(f"{base}/members/vera", {"role": "viewer"}, content_type="application/json")
    ada.patch(base, {"name": "Terns"}, content_type="application/json")
    ada.delete(f"{base}/members/vera")
    first = ada.get(f"{base}/audit-log", {"limit": 2}).json()
    assert [(item["actor"], item["action"], item["detail"]) for item in first["items"]] == [
        ("ada", "member.remove", {"username": "vera"}),
        ("ada", "project.update", {"settings": ["name"]}),
    ]
    rest = ada.get(f"{base}/audit-log", {"after": first["next"]}).json()
    assert [(item["action"], item["detail"]["role"]) for item in rest["items"]] == [("member.set", "viewer")]
    assert rest["next"] is None


def test_what_fails_is_not_in_the_log(project: Project) -> None:
    ada = signed_in(User.objects.get(username="ada"))
    base = f"/api/v1/projects/{project.id}"
    assert ada.delete(f"{base}/members/ada").status_code == 409
    assert (
        ada.put(f"{base}/members/nobody", {"role": "viewer"}, content_type="application/json").status_code
        == 404
    )
    assert not AuditEntry.objects.exists()

"""API tokens: made in a session, shown once, hashed at rest, scoped, expiring, revocable."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from labeler.accounts.models import ApiToken
from labeler.accounts.permissions import Role, Scope
from labeler.accounts.services import create_token
from tests.factories import make_member, make_project, make_token, make_user, signed_in, with_token

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens"


def test_the_secret_is_shown_once_and_only_its_hash_is_kept() -> None:
    ann = make_user()
    client = signed_in(ann)
    made = client.post(TOKENS, {"name": "export script"}, content_type="application/json")
    assert made.status_code == 201
    secret = made.json()["token"]
    assert secret.startswith("lab_")
    assert len(secret) == 47  # prefix and 256 bits in base64
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in {str(value) for value in vars(row).values()}
    assert row.prefix == secret[:12]
    listed = client.get(TOKENS).json()["items"]
    assert [(token["name"], token["scope"], token["prefix"]) for token in listed] == [
        ("export script", "read", secret[:12])
    ]
    assert "token" not in listed[0]
    assert "digest" not in listed[0]


def test_two_tokens_of_one_name_differ() -> None:
    ann = make_user()
    assert make_token(ann) != make_token(ann)


def test_it_opens_the_api_without_csrf() -> None:
    project = make_project()
    ann = make_member(project, role=Role.ADMIN)
    client = with_token(make_token(ann, scope=Scope.WRITE))
    client.handler.enforce_csrf_checks = True
    assert [found["id"] for found in client.get("/api/v1/projects").json()["items"]] == [project.id]
    made = client.post(
        f"/api/v1/projects/{project.id}/classes", {"name": "gull"}, content_type="application/json"
    )
    assert made.status_code == 201


def test_a_scope_bounds_what_its_owner_may() -> None:
    project = make_project()
    ann = make_member(project, role=Role.ADMIN)
    classes = f"/api/v1/projects/{project.id}/classes"
    reader = with_token(make_token(ann, scope=Scope.READ))
    refused = reader.post(classes, {"name": "gull"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "token_scope")
    assert reader.get(classes).status_code == 200
    writer = with_token(make_token(ann, scope=Scope.WRITE))
    renamed = writer.patch(
        f"/api/v1/projects/{project.id}", {"name": "Terns"}, content_type="application/json"
    )
    assert (renamed.status_code, renamed.json()["code"]) == (403, "token_scope")
    admin = with_token(make_token(ann, scope=Scope.ADMIN))
    assert (
        admin.patch(
            f"/api/v1/projects/{project.id}", {"name": "Terns"}, content_type="application/json"
        ).json()["name"]
        == "Terns"
    )


def test_a_role_bounds_what_a_wide_scope_may() -> None:
    project = make_project()
    vera = make_member(project, "vera", role=Role.VIEWER)
    client = with_token(make_token(vera, scope=Scope.ADMIN))
    refused = client.post(
        f"/api/v1/projects/{project.id}/classes", {"name": "gull"}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_makes_and_revokes_no_tokens(scope: Scope) -> None:
    ann = make_user()
    client = with_token(make_token(ann, scope=scope))
    made = client.post(TOKENS, {"name": "child"}, content_type="application/json")
    assert (made.status_code, made.json()["code"]) == (403, "session_only")
    assert client.delete(f"{TOKENS}/{ApiToken.objects.get().id}").status_code == 403


@pytest.mark.parametrize(
    ("header", "code"),
    [("Bearer lab_wrong", "bad_token"), ("Basic YW5uOng=", "bad_scheme"), ("Bearer", "bad_token")],
)
def test_it_refuses_a_header_that_is_no_live_token(header: str, code: str) -> None:
    client = signed_in(make_user())  # a bad token is not saved by a good session
    answer = client.get("/api/v1/projects", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_it_ends_when_it_expires() -> None:
    ann = make_user()
    token, secret = create_token(
        user=ann, name="short", scope=Scope.READ, expires_at=timezone.now() + timedelta(hours=1)
    )
    client = with_token(secret)
    assert client.get("/api/v1/projects").status_code == 200
    ApiToken.objects.filter(id=token.id).update(expires_at=timezone.now())
    assert client.get("/api/v1/projects").json()["code"] == "bad_token"


@pytest.mark.parametrize(
    ("expires_at", "code"),
    [
        ("2001-01-01T00:00:00Z", "expiry_in_past"),
        ("2999-01-01T00:00:00", "invalid_input"),  # no time zone: whose midnight?
        ("soon", "invalid_input"),
    ],
)
def test_it_rejects_an_expiry_that_is_past_or_unclear(expires_at: str, code: str) -> None:
    answer = signed_in(make_user()).post(
        TOKENS, {"name": "x", "expires_at": expires_at}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_it_ends_when_revoked_and_a_second_revoking_finds_nothing() -> None:
    ann = make_user()
    token, secret = create_token(user=ann, name="x", scope=Scope.READ, expires_at=None)
    client = signed_in(ann)
    assert client.delete(f"{TOKENS}/{token.id}").status_code == 204
    assert with_token(secret).get("/api/v1/projects").json()["code"] == "bad_token"
    assert client.get(TOKENS).json()["items"] == []
    assert client.delete(f"{TOKENS}/{token.id}").status_code == 404
    assert ApiToken.objects.count() == 1  # kept for the record


def test_nobody_revokes_or_sees_the_token_of_another() -> None:
    token, secret = create_token(user=make_user(), name="x", scope=Scope.READ, expires_at=None)
    bob = signed_in(make_user("bob"))
    assert bob.get(TOKENS).json()["items"] == []
    assert bob.delete(f"{TOKENS}/{token.id}").status_code == 404
    assert with_token(secret).get("/api/v1/projects").status_code == 200


def test_it_ends_with_its_owner() -> None:
    ann = make_user()
    client = with_token(make_token(ann))
    ann.is_active = False
    ann.save()
    assert client.get("/api/v1/projects").status_code == 401


def test_it_notes_its_last_use_at_most_once_a_minute() -> None:
    client = with_token(make_token(make_user()))

    def last_used() -> datetime | None:
        return ApiToken.objects.get().last_used_at

    assert last_used() is None
    client.get("/api/v1/projects")
    first = last_used()
    assert first is not None
    client.get("/api/v1/projects")
    assert last_used() == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get("/api/v1/projects")
    second = last_used()
    assert second is not None
    assert second >= first

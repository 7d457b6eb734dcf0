"""Signing in and out with a password, as a browser does it: with the CSRF cookie and header."""

import pytest
from django.test import Client

from labeler.accounts.api import SIGN_IN_TRIES
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SESSION = "/api/v1/session"


def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def sign_in(client: Client, username: str = "ann", password: str = PASSWORD) -> tuple[int, dict[str, object]]:
    csrf = client.get(SESSION).json()["csrf_token"]
    answer = client.post(
        SESSION,
        {"username": username, "password": password},
        content_type="application/json",
        headers={"x-csrftoken": csrf},
    )
    return answer.status_code, answer.json()


def test_nobody_is_signed_in_at_first() -> None:
    answer = browser().get(SESSION).json()
    assert answer["user"] is None
    assert len(answer["csrf_token"]) == 64


def test_it_signs_in_and_the_session_survives_the_next_request() -> None:
    ann = make_user()
    client = browser()
    status, body = sign_in(client)
    assert (status, body["user"]) == (200, {"id": ann.id, "username": "ann", "is_staff": False})
    assert client.get(SESSION).json()["user"]["username"] == "ann"
    cookie = client.cookies["labeler_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_token_in_the_answer_works_for_the_next_write() -> None:
    make_user()
    client = browser()
    _, body = sign_in(client)
    answer = client.post(
        "/api/v1/tokens",
        {"name": "mine"},
        content_type="application/json",
        headers={"x-csrftoken": str(body["csrf_token"])},
    )
    assert answer.status_code == 201


def test_it_refuses_a_wrong_password_and_an_unknown_name_in_the_same_words() -> None:
    make_user()
    wrong = sign_in(browser(), password="not-the-password")
    unknown = sign_in(browser(), username="nobody")
    assert wrong == unknown
    assert (wrong[0], wrong[1]["code"]) == (401, "bad_credentials")


def test_it_refuses_a_user_who_was_deactivated() -> None:
    ann = make_user()
    client = browser()
    assert sign_in(client)[0] == 200
    ann.is_active = False
    ann.save()
    assert client.get(SESSION).json()["user"] is None
    assert sign_in(browser())[0] == 401


def test_it_refuses_to_sign_in_without_a_csrf_token() -> None:
    make_user()
    answer = browser().post(
        SESSION, {"username": "ann", "password": PASSWORD}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_signed_in_browser_cannot_write_without_a_csrf_token() -> None:
    make_user()
    client = browser()
    assert sign_in(client)[0] == 200
    answer = client.post("/api/v1/tokens", {"name": "stolen"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert client.get("/api/v1/tokens").json() == []


def test_it_stops_guessing_and_does_not_stop_others() -> None:
    make_user()
    make_user("bob")
    for _ in range(SIGN_IN_TRIES):
        assert sign_in(browser(), password="a-guess")[0] == 401
    status, body = sign_in(browser())  # even the right password now
    assert (status, body["code"]) == (429, "too_many_requests")
    assert sign_in(browser(), username="ANN")[0] == 429
    assert sign_in(browser(), username="bob")[0] == 200


def test_a_success_forgets_the_failures_before_it() -> None:
    make_user()
    for _ in range(SIGN_IN_TRIES - 1):
        sign_in(browser(), password="a-guess")
    assert sign_in(browser())[0] == 200
    assert sign_in(browser(), password="a-guess")[0] == 401


def test_the_session_gets_a_new_key_when_somebody_signs_in() -> None:
    make_user()
    make_user("bob")
    client = browser()
    sign_in(client)
    first = client.cookies["labeler_session"].value
    sign_in(client, username="bob")
    assert client.cookies["labeler_session"].value != first


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "ann"}, {"username": "a" * 151, "password": "x"}, {"username": "a\0", "password": "x"}],
)
def test_it_rejects_a_body_that_is_no_sign_in(body: dict[str, str]) -> None:
    client = browser()
    csrf = client.get(SESSION).json()["csrf_token"]
    answer = client.post(SESSION, body, content_type="application/json", headers={"x-csrftoken": csrf})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_it_signs_out_and_the_old_session_is_dead() -> None:
    make_user()
    client = browser()
    _, body = sign_in(client)
    key = client.cookies["labeler_session"].value
    answer = client.delete(SESSION, headers={"x-csrftoken": str(body["csrf_token"])})
    assert answer.status_code == 204
    assert client.get(SESSION).json()["user"] is None
    client.cookies["labeler_session"] = key
    assert client.get(SESSION).json()["user"] is None
    assert client.get("/api/v1/projects").status_code == 401

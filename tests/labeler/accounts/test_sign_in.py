"""Signing in and out with a password, as a browser does it: with the CSRF cookie and header."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client, override_settings

from labeler.settings_accounts import PASSWORD_HASHERS
from tests.factories import PASSWORD, make_user
from tests.labeler.accounts.browser import AUTH, SESSION, Browser, error_codes

pytestmark = pytest.mark.django_db
WRONG = [("password", "username_password_mismatch")]


def test_nobody_is_signed_in_at_first() -> None:
    answer = Client().get(SESSION).json()
    assert len(answer.pop("csrf_token")) == 64
    assert answer == {"user": None, "sends_email": False, "is_open_for_sign_up": False, "providers": []}


def test_it_signs_in_and_the_session_survives_the_next_request() -> None:
    ann = make_user()
    browser = Browser()
    status, body = browser.sign_in()
    assert (status, body["data"]["user"]["username"], body["meta"]) == (
        200,
        "ann",
        {"is_authenticated": True},
    )
    assert browser.get(SESSION)[1]["user"] == {"id": ann.id, "username": "ann", "is_staff": False}
    cookie = browser.client.cookies["labeler_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_an_email_address_is_as_good_as_the_name() -> None:
    EmailAddress.objects.create(user=make_user(), email="ann@example.org", primary=True, verified=True)
    browser = Browser()
    assert browser.post(f"{AUTH}/auth/login", {"email": "Ann@example.org", "password": PASSWORD})[0] == 200
    assert browser.username == "ann"


def test_it_refuses_a_wrong_password_and_an_unknown_name_in_the_same_words() -> None:
    make_user()
    wrong = Browser().sign_in(password="not-the-password")
    unknown = Browser().sign_in(username="nobody")
    assert wrong == unknown
    assert (wrong[0], error_codes(wrong[1])) == (400, WRONG)


@override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS)
def test_an_unknown_name_costs_a_hash_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda _self, password: hashed.append(password))
    Browser().sign_in(username="nobody", password="a-guess")
    assert hashed == ["a-guess"]


@override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS)
def test_passwords_are_kept_with_argon2_and_older_hashes_are_renewed() -> None:
    assert make_user("bob").password.startswith("argon2$")
    ann = make_user()
    ann.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    ann.save()
    assert Browser().sign_in()[0] == 200
    ann.refresh_from_db()
    assert ann.password.startswith("argon2$")


def test_it_refuses_a_user_who_was_deactivated() -> None:
    ann = make_user()
    browser = Browser()
    assert browser.sign_in()[0] == 200
    ann.is_active = False
    ann.save()
    assert browser.username is None
    back = Browser()
    assert back.sign_in()[0] == 401
    assert back.username is None
    assert browser.get("/api/v1/projects")[0] == 401


@pytest.mark.parametrize("path", [f"{AUTH}/auth/login", "/api/v1/session/provider"])
def test_it_refuses_to_sign_in_without_a_csrf_token(path: str) -> None:
    make_user()
    answer = Client(enforce_csrf_checks=True).post(
        path, {"username": "ann", "password": PASSWORD, "provider": "x"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_signed_in_browser_cannot_write_without_a_csrf_token() -> None:
    make_user()
    browser = Browser()
    assert browser.sign_in()[0] == 200
    answer = browser.client.post("/api/v1/tokens", {"name": "stolen"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    answer = browser.client.delete(f"{AUTH}/auth/session")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert browser.get("/api/v1/tokens") == (200, {"items": [], "next": None})


def test_an_account_is_locked_after_ten_wrong_passwords_from_wherever() -> None:
    make_user()
    make_user("bob")
    for number in range(10):
        status, body = Browser(REMOTE_ADDR=f"203.0.113.{number}").sign_in(password="a-guess")
        assert (status, error_codes(body)) == (400, WRONG)
    status, body = Browser().sign_in()  # even the right password now
    assert (status, error_codes(body)) == (400, [(None, "too_many_login_attempts")])
    assert Browser().sign_in(username="ANN")[0] == 400
    assert Browser().sign_in(username="bob")[0] == 200


def test_an_unknown_name_is_locked_like_a_known_one() -> None:
    for _ in range(10):
        Browser().sign_in(username="nobody")
    status, body = Browser().sign_in(username="nobody")
    assert (status, error_codes(body)) == (400, [(None, "too_many_login_attempts")])


def test_an_address_that_tries_many_names_is_stopped() -> None:
    make_user()
    for number in range(30):
        assert Browser(REMOTE_ADDR="203.0.113.1").sign_in(username=f"guess{number}")[0] == 400
    assert Browser(REMOTE_ADDR="203.0.113.1").sign_in()[0] == 429
    assert Browser(REMOTE_ADDR="203.0.113.2").sign_in()[0] == 200


def test_an_address_in_a_header_that_nobody_vouches_for_counts_for_nothing() -> None:
    for number in range(30):
        Browser(headers={"x-forwarded-for": f"198.51.100.{number}"}).sign_in(username=f"guess{number}")
    assert Browser(headers={"x-forwarded-for": "198.51.100.99"}).sign_in()[0] == 429


def test_a_right_password_neither_counts_nor_clears_the_wrong_ones_of_a_guesser() -> None:
    make_user()
    for _ in range(9):
        assert Browser().sign_in(password="a-guess")[0] == 400
    for _ in range(3):
        assert Browser().sign_in()[0] == 200
    Browser().sign_in(password="a-guess")
    assert error_codes(Browser().sign_in()[1]) == [(None, "too_many_login_attempts")]


def test_the_session_gets_a_new_key_when_somebody_signs_in() -> None:
    make_user()
    browser = Browser()
    browser.client.session.save()
    session = browser.client.session
    session["invitation"] = "a note of the time before"
    session.save()
    first = browser.client.cookies["labeler_session"].value
    assert browser.sign_in()[0] == 200
    assert browser.client.cookies["labeler_session"].value != first


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "ann"}, {"username": "a\0", "password": "x"}, {"username": ["ann"], "password": 3}, []],
)
def test_it_rejects_a_body_that_is_no_sign_in(body: object) -> None:
    assert Browser().post(f"{AUTH}/auth/login", body)[0] == 400


def test_it_signs_out_and_the_old_session_is_dead() -> None:
    make_user()
    browser = Browser()
    browser.sign_in()
    key = browser.client.cookies["labeler_session"].value
    # Allauth's way to say: nobody is signed in now.
    assert browser.send("delete", f"{AUTH}/auth/session")[0] == 401
    assert browser.username is None
    browser.client.cookies["labeler_session"] = key
    assert browser.username is None
    assert browser.get("/api/v1/projects")[0] == 401


def test_signing_up_is_closed_unless_the_site_is_open() -> None:
    newcomer = {"username": "newcomer", "password": PASSWORD}
    assert Browser().post(f"{AUTH}/auth/signup", newcomer)[0] == 403
    assert not User.objects.filter(username="newcomer").exists()
    with override_settings(OPEN_SIGN_UP=True):
        browser = Browser()
        assert browser.get(SESSION)[1]["is_open_for_sign_up"] is True
        assert browser.post(f"{AUTH}/auth/signup", newcomer)[0] == 200
    assert browser.username == "newcomer"
    assert browser.get("/api/v1/projects") == (200, {"items": [], "next": None})


@override_settings(OPEN_SIGN_UP=True)
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"username": "ANN", "password": PASSWORD}, ("username", "username_taken")),
        ({"username": "bob", "password": "short"}, ("password", "password_too_short")),
        ({"username": "bob", "password": "password123"}, ("password", "password_too_common")),
        ({"username": "b ob", "password": PASSWORD}, ("username", "invalid")),
        ({"username": "bob", "password": PASSWORD, "email": "bob"}, ("email", "invalid")),
    ],
)
def test_signing_up_says_what_is_wrong(body: dict[str, str], error: tuple[str, str]) -> None:
    make_user()
    status, answer = Browser().post(f"{AUTH}/auth/signup", body)
    assert (status, error_codes(answer)) == (400, [error])

"""Second factors: codes of an authenticator app, recovery codes, asking again before a change. Passkeys: tests/e2e."""

import base64
import hmac
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from pytest_django import Settings

from labeler.accounts.adapters import MfaAdapter
from tests.factories import PASSWORD, make_token, make_user, signed_in
from tests.labeler.accounts.browser import AUTH, Browser, error_codes, pending

pytestmark = pytest.mark.django_db
PERIOD_S = 30
TOTP = f"{AUTH}/account/authenticators/totp"
CODES = f"{AUTH}/account/authenticators/recovery-codes"
SECOND = f"{AUTH}/auth/2fa/authenticate"


def totp(secret: str, *, at: float) -> str:
    """RFC 6238 with SHA-1, 30 s and 6 digits."""
    counter = struct.pack(">Q", int(at) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def test_the_tests_own_codes_are_those_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp(secret, at=59) == "287082"  # RFC 6238, appendix B: 94287082
    assert totp(secret, at=1111111109) == "081804"


@pytest.fixture
def ann_with_totp(db: None) -> tuple[Browser, str]:
    """Ann's signed-in browser, and the secret of her authenticator app."""
    make_user()
    browser = Browser()
    browser.sign_in()
    status, body = browser.get(TOTP)
    assert status == 404  # none yet; the answer carries a new secret
    secret = body["meta"]["secret"]
    assert browser.post(TOTP, {"code": totp(secret, at=time.time())})[0] == 401  # who is it, again
    assert browser.post(f"{AUTH}/auth/reauthenticate", {"password": PASSWORD})[0] == 200
    assert browser.post(TOTP, {"code": totp(secret, at=time.time())})[0] == 200
    return browser, secret


def fresh_code(secret: str) -> str:
    """Of the coming period, which is accepted already: that of the present one turned the app on."""
    return totp(secret, at=time.time() + PERIOD_S)


def codes_of(browser: Browser) -> list[str]:
    found: list[str] = browser.get(CODES)[1]["data"]["unused_codes"]
    return found


def test_a_wrong_code_turns_nothing_on() -> None:
    make_user()
    browser = Browser()
    browser.sign_in()
    status, body = browser.post(TOTP, {"code": "000000"})
    assert (status, error_codes(body)) == (400, [("code", "incorrect_code")])
    assert not Authenticator.objects.exists()


def test_signing_in_then_takes_the_password_and_a_code_once(ann_with_totp: tuple[Browser, str]) -> None:
    _, secret = ann_with_totp
    browser = Browser()
    status, body = browser.sign_in()
    assert (status, pending(body), browser.username) == (401, ["mfa_authenticate"], None)
    assert browser.get("/api/v1/projects")[0] == 401
    code = fresh_code(secret)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert error_codes(browser.post(SECOND, {"code": wrong})[1]) == [("code", "incorrect_code")]
    assert browser.post(SECOND, {"code": code})[0] == 200
    assert browser.username == "ann"
    assert second_step(code) == 400  # somebody who looked over the shoulder


def second_step(code: str) -> int:
    """The answer to a code after the right password, in a browser of its own."""
    browser = Browser()
    assert pending(browser.sign_in()[1]) == ["mfa_authenticate"]
    return browser.post(SECOND, {"code": code})[0]


def test_a_used_code_is_refused_for_as_long_as_it_would_be_good(
    ann_with_totp: tuple[Browser, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code is good in three periods of 30 s; the library forgets after one, and with its cache."""
    _, secret = ann_with_totp
    now = 30 * (int(time.time()) // 30 + 10) + 1.0  # the first second of a period
    monkeypatch.setattr(time, "time", lambda: now)
    code = totp(secret, at=now + PERIOD_S)
    assert second_step(code) == 200
    for later in (1, 29, 31, 58):  # the code is good until second 89 of this
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        cache.clear()
        assert second_step(code) == 400, later
    assert second_step(totp(secret, at=now + 58 + PERIOD_S)) == 200


def test_a_code_older_than_one_used_is_refused(ann_with_totp: tuple[Browser, str]) -> None:
    _, secret = ann_with_totp
    now = time.time()
    assert second_step(totp(secret, at=now + PERIOD_S)) == 200
    assert second_step(totp(secret, at=now)) == 400


def test_the_code_that_turned_the_app_on_signs_nobody_in(ann_with_totp: tuple[Browser, str]) -> None:
    _, secret = ann_with_totp
    assert second_step(totp(secret, at=time.time())) == 400
    assert second_step(fresh_code(secret)) == 200


def test_a_code_alone_signs_nobody_in(ann_with_totp: tuple[Browser, str]) -> None:
    _, secret = ann_with_totp
    assert Browser().post(SECOND, {"code": totp(secret, at=time.time())})[0] == 401


def test_guessing_codes_is_limited(ann_with_totp: tuple[Browser, str]) -> None:
    browser = Browser()
    browser.sign_in()
    for _ in range(10):
        assert error_codes(browser.post(SECOND, {"code": "1"})[1]) == [("code", "incorrect_code")]
    assert error_codes(browser.post(SECOND, {"code": "1"})[1]) == [("code", "too_many_login_attempts")]


def test_each_recovery_code_works_once(ann_with_totp: tuple[Browser, str]) -> None:
    browser, _ = ann_with_totp
    codes = codes_of(browser)
    assert len(set(codes)) == 10
    for expected in (200, 400):
        other = Browser()
        other.sign_in()
        assert other.post(SECOND, {"code": codes[0]})[0] == expected
    assert codes_of(browser) == codes[1:]
    browser.post(CODES)
    assert not set(codes_of(browser)) & set(codes)


def test_a_reset_password_does_not_go_round_the_second_factor(ann_with_totp: tuple[Browser, str]) -> None:
    path = signed_in(make_user("root", is_staff=True)).post("/api/v1/users/ann/reset-link").json()["path"]
    key = path.removeprefix("/reset-password/")
    Browser().post(f"{AUTH}/auth/password/reset", {"key": key, "password": "another-horse-battery"})
    browser = Browser()
    status, body = browser.sign_in(password="another-horse-battery")
    assert (status, pending(body), browser.username) == (401, ["mfa_authenticate"], None)


def test_changes_ask_again_who_it_is(ann_with_totp: tuple[Browser, str]) -> None:
    browser, _ = ann_with_totp
    session = browser.client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 700} for record in session["account_authentication_methods"]
    ]
    session.save()
    status, body = browser.send("delete", TOTP)
    flows = {flow["id"] for flow in body["data"]["flows"]}
    assert (status, flows) == (401, {"reauthenticate", "mfa_reauthenticate"})
    assert browser.post(f"{AUTH}/auth/reauthenticate", {"password": "a-guess"})[0] == 400
    assert browser.post(f"{AUTH}/auth/reauthenticate", {"password": PASSWORD})[0] == 200
    assert browser.send("delete", TOTP)[0] == 200
    assert not Authenticator.objects.exists()  # the recovery codes go with the last factor
    assert Browser().sign_in()[0] == 200


def test_secrets_are_kept_encrypted_and_outlive_a_change_of_the_key(
    ann_with_totp: tuple[Browser, str], settings: Settings
) -> None:
    _, secret = ann_with_totp
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in str(list(Authenticator.objects.values("data")))
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert MfaAdapter().decrypt(kept) == secret
    settings.SECRET_KEY_FALLBACKS = []
    lost = {MfaAdapter().decrypt(kept) for _ in range(2)}
    assert len(lost) == 2  # random, so that nobody can compute a code
    assert secret not in lost


def test_site_staff_take_lost_factors_off(ann_with_totp: tuple[Browser, str]) -> None:
    root = signed_in(make_user("root", is_staff=True))
    ann = next(person for person in root.get("/api/v1/users").json()["items"] if person["username"] == "ann")
    assert ann["num_second_factors"] == 1
    assert root.delete("/api/v1/users/ann/second-factors").status_code == 204
    assert Browser().sign_in()[0] == 200
    assert [item["action"] for item in root.get("/api/v1/audit-log").json()["items"]] == [
        "user.remove_second_factors"
    ]


@pytest.mark.parametrize(
    "path", ["authenticators", "authenticators/totp", "authenticators/webauthn", "email", "providers"]
)
def test_a_token_reaches_nothing_of_the_account(path: str, ann_with_totp: tuple[Browser, str]) -> None:
    header = {"authorization": f"Bearer {make_token(User.objects.get())}"}
    answer: Any = Browser().client.get(f"{AUTH}/account/{path}", headers=header)
    assert answer.status_code == 401

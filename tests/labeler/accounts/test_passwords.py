"""Changing a password, resetting one by e-mail or by a link of site staff, and e-mail addresses."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from pytest_django import Settings

from tests.factories import PASSWORD, make_user, signed_in
from tests.labeler.accounts.browser import AUTH, SESSION, Browser, error_codes

pytestmark = pytest.mark.django_db
NEW = "another-horse-battery"


def with_email(username: str = "ann") -> User:
    user = make_user(username)
    EmailAddress.objects.create(user=user, email=f"{username}@example.org", primary=True, verified=True)
    return user


def reset(key: str, password: str = NEW) -> tuple[int, object]:
    return Browser().post(f"{AUTH}/auth/password/reset", {"key": key, "password": password})


def key_in_mail(number: int = 0) -> str:
    (link,) = re.findall(r"http://\S+", str(mail.outbox[number].body).replace("testserver\n", ""))
    path = urlsplit(str(link)).path
    assert path.startswith("/reset-password/")
    return path.removeprefix("/reset-password/")


def test_changing_it_keeps_this_session_and_ends_the_others() -> None:
    make_user()
    here, there = Browser(), Browser()
    here.sign_in()
    there.sign_in()
    body = {"current_password": PASSWORD, "new_password": NEW}
    wrong = here.post(f"{AUTH}/account/password/change", {**body, "current_password": "a-guess"})
    assert (wrong[0], error_codes(wrong[1])) == (400, [("current_password", "enter_current_password")])
    weak = here.post(f"{AUTH}/account/password/change", {**body, "new_password": "short"})
    assert (weak[0], error_codes(weak[1])) == (400, [("new_password", "password_too_short")])
    assert here.post(f"{AUTH}/account/password/change", body)[0] == 200
    assert (here.username, there.username) == ("ann", None)
    assert Browser().sign_in(password=NEW)[0] == 200
    assert Browser().sign_in(password=PASSWORD)[0] == 400


def test_a_forgotten_one_is_reset_by_mail_once() -> None:
    with_email()
    there = Browser()
    there.sign_in()
    assert Browser().post(f"{AUTH}/auth/password/request", {"email": "ann@example.org"})[0] == 200
    assert mail.outbox[0].to == ["ann@example.org"]
    key = key_in_mail()
    about = Browser().get(f"{AUTH}/auth/password/reset", **{"x-password-reset-key": key})
    assert (about[0], about[1]["data"]["user"]["username"]) == (200, "ann")
    assert reset(key)[0] == 401  # done, and signed in is nobody
    assert there.username is None
    assert Browser().sign_in(password=NEW)[0] == 200
    status, body = reset(key, "a third horse battery")
    assert (status, error_codes(body)) == (400, [("key", "invalid_password_reset")])


def test_whether_an_address_has_an_account_shows_only_in_its_own_mailbox() -> None:
    with_email()
    known = Browser().post(f"{AUTH}/auth/password/request", {"email": "ann@example.org"})
    unknown = Browser().post(f"{AUTH}/auth/password/request", {"email": "nobody@example.org"})
    assert known == unknown == (200, {"status": 200})
    assert [message.to for message in mail.outbox] == [["ann@example.org"], ["nobody@example.org"]]


def test_asking_for_mails_is_limited_by_account() -> None:
    with_email()
    answers = [
        Browser(REMOTE_ADDR=f"203.0.113.{number}").post(
            f"{AUTH}/auth/password/request", {"email": "ann@example.org"}
        )[0]
        for number in range(6)
    ]
    assert (answers, len(mail.outbox)) == ([200] * 5 + [429], 5)


def test_site_staff_hand_out_a_link_where_no_mail_goes() -> None:
    ann, root = make_user(), make_user("root", is_staff=True)
    answer = signed_in(root).post("/api/v1/users/ann/reset-link").json()
    assert answer["expires_in_hours"] == 72
    key = answer["path"].removeprefix("/reset-password/")
    assert reset(key)[0] == 401
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert reset(key)[0] == 400


@pytest.mark.parametrize("change", ["password", "sign-in"])
def test_a_reset_link_dies_when_its_account_is_used(change: str) -> None:
    ann = make_user()
    path = signed_in(make_user("root", is_staff=True)).post("/api/v1/users/ann/reset-link").json()["path"]
    if change == "password":
        ann.set_password("yet another battery")
        ann.save()
    else:
        assert Browser().sign_in()[0] == 200
    status, body = reset(path.removeprefix("/reset-password/"))
    assert (status, error_codes(body)) == (400, [("key", "invalid_password_reset")])


def test_an_address_is_added_confirmed_and_made_the_first(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    make_user()
    browser = Browser()
    browser.sign_in()
    emails = f"{AUTH}/account/email"
    assert browser.post(emails, {"email": "ann@example.org"})[0] == 200
    (address,) = browser.get(emails)[1]["data"]
    assert address == {"email": "ann@example.org", "verified": False, "primary": False}
    (link,) = re.findall(r"http://\S+/confirm-email/\S+", str(mail.outbox[0].body))
    key = unquote(link.rsplit("/", 1)[1])
    status, _ = Browser().post(f"{AUTH}/auth/email/verify", {"key": key})
    assert status == 401  # confirmed; this browser is not signed in
    assert browser.get(emails)[1]["data"][0]["verified"] is True
    assert browser.send("patch", emails, {"email": "ann@example.org", "primary": True})[0] == 200
    assert User.objects.get().email == "ann@example.org"


def test_an_address_of_somebody_else_cannot_be_added() -> None:
    with_email("bob")
    make_user()
    browser = Browser()
    browser.sign_in()
    browser.post(f"{AUTH}/account/email", {"email": "bob@example.org"})
    assert not EmailAddress.objects.filter(user__username="ann", verified=True).exists()


def test_the_page_is_told_whether_mail_goes_out(settings: Settings) -> None:
    assert Browser().get(SESSION)[1]["sends_email"] is False
    settings.EMAIL_HOST = "mail.example.org"
    assert Browser().get(SESSION)[1]["sends_email"] is True

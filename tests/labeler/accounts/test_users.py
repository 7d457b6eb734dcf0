"""Making users: argon2, strong passwords, a first admin with a random one, and no default password anywhere."""

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django import Settings

from labeler.accounts.services import create_first_admin, create_user
from labeler.errors import Conflict, InvalidInput
from tests import settings as test_settings
from tests.factories import PASSWORD, make_token, make_user, signed_in, with_token

pytestmark = pytest.mark.django_db
USERS = "/api/v1/users"


def test_passwords_are_hashed_with_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = test_settings.REAL_PASSWORD_HASHERS
    ann = create_user(username="ann", password="correct horse battery")
    assert ann.password.startswith("argon2$argon2id$")
    assert check_password("correct horse battery", ann.password)
    assert not check_password("correct horse", ann.password)


@pytest.mark.parametrize("password", ["nine-char", "password123", "constance.b1"])
def test_it_rejects_a_weak_password(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_user(username="constance.b", password=password)
    assert caught.value.code == "weak_password"
    assert not User.objects.exists()


def test_a_name_is_taken_in_any_case() -> None:
    create_user(username="Ann", password=PASSWORD)
    with pytest.raises(Conflict) as caught:
        create_user(username="ann", password=PASSWORD)
    assert caught.value.code == "username_taken"


def test_staff_create_users_who_can_sign_in() -> None:
    root = signed_in(make_user("root", is_staff=True))
    made = root.post(USERS, {"username": "ann", "password": PASSWORD}, content_type="application/json")
    assert made.status_code == 201
    assert made.json() == {"id": User.objects.get(username="ann").id, "username": "ann", "is_staff": False}
    again = root.post(USERS, {"username": "ann", "password": PASSWORD}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "username_taken")


def test_others_do_not() -> None:
    body = {"username": "bob", "password": PASSWORD}
    ann = signed_in(make_user())
    assert ann.post(USERS, body, content_type="application/json").status_code == 403
    token = with_token(make_token(make_user("root", is_staff=True)))
    assert token.post(USERS, body, content_type="application/json").json()["code"] == "session_only"


@pytest.mark.parametrize("username", ["", "with space", "a\0b", "a" * 151, "<b>"])
def test_it_rejects_a_name_that_is_none(username: str) -> None:
    root = signed_in(make_user("root", is_staff=True))
    answer = root.post(USERS, {"username": username, "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 422


def test_the_first_admin_has_a_random_password_shown_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    call_command("prepare")
    shown = capsys.readouterr().out
    admin = User.objects.get()
    password = shown.splitlines()[0].rsplit(": ", 1)[1]
    assert (admin.username, admin.is_staff) == ("admin", True)
    assert len(password) == 16  # 96 bits in base64
    assert admin.check_password(password)
    call_command("prepare")  # the second start
    assert capsys.readouterr().out == ""
    assert User.objects.get().password == admin.password


def test_two_first_admins_have_different_passwords() -> None:
    first = create_first_admin(username="admin", password=None)
    User.objects.all().delete()
    assert first != create_first_admin(username="admin", password=None)


def test_a_password_from_the_environment_is_used_and_not_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "boss")
    monkeypatch.setenv("ADMIN_PASSWORD", "a secret of the operator")
    call_command("prepare")
    assert "a secret of the operator" not in capsys.readouterr().out
    assert User.objects.get(username="boss").check_password("a secret of the operator")


def test_no_admin_is_made_where_users_are() -> None:
    make_user()
    assert create_first_admin(username="admin", password=None) is None
    assert list(User.objects.values_list("username", flat=True)) == ["ann"]

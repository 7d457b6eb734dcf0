"""Every route of django-allauth under `/api/auth/` by who calls. A route without a line here fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from labeler.accounts.permissions import Scope
from tests.factories import make_token, make_user, signed_in, with_token

ANYBODY, SIGNED_IN, NOBODY = "anybody", "signed in", "nobody: the library has it, this site does not"
BROWSER = "browser/v1"
EXPECTED = {
    "oidc/<provider_id>/login/": ANYBODY,
    "oidc/<provider_id>/login/callback/": ANYBODY,
    "openapi.json": ANYBODY,
    "openapi.yaml": ANYBODY,
    f"{BROWSER}/config": ANYBODY,
    f"{BROWSER}/auth/session": ANYBODY,
    f"{BROWSER}/auth/login": ANYBODY,
    f"{BROWSER}/auth/signup": ANYBODY,
    f"{BROWSER}/auth/code/confirm": ANYBODY,
    f"{BROWSER}/auth/email/verify": ANYBODY,
    f"{BROWSER}/auth/email/verify/resend": ANYBODY,
    f"{BROWSER}/auth/phone/verify": NOBODY,
    f"{BROWSER}/auth/phone/verify/resend": NOBODY,
    f"{BROWSER}/auth/password/request": ANYBODY,
    f"{BROWSER}/auth/password/reset": ANYBODY,
    f"{BROWSER}/auth/provider/redirect": ANYBODY,
    f"{BROWSER}/auth/provider/signup": ANYBODY,
    f"{BROWSER}/auth/provider/token": ANYBODY,
    f"{BROWSER}/auth/webauthn/login": ANYBODY,
    f"{BROWSER}/auth/2fa/authenticate": ANYBODY,
    f"{BROWSER}/auth/webauthn/authenticate": ANYBODY,
    f"{BROWSER}/auth/reauthenticate": SIGNED_IN,
    f"{BROWSER}/auth/2fa/reauthenticate": SIGNED_IN,
    f"{BROWSER}/auth/webauthn/reauthenticate": SIGNED_IN,
    f"{BROWSER}/auth/sessions": SIGNED_IN,
    f"{BROWSER}/account/authenticators": SIGNED_IN,
    f"{BROWSER}/account/authenticators/totp": SIGNED_IN,
    f"{BROWSER}/account/authenticators/recovery-codes": SIGNED_IN,
    f"{BROWSER}/account/authenticators/webauthn": SIGNED_IN,
    f"{BROWSER}/account/email": SIGNED_IN,
    f"{BROWSER}/account/password/change": SIGNED_IN,
    f"{BROWSER}/account/phone": NOBODY,
    f"{BROWSER}/account/providers": SIGNED_IN,
}
METHODS = ("get", "post", "put", "patch", "delete")
BODIES: tuple[object, ...] = (
    {},
    [],
    {"username": 3, "password": None},
    {"key": "x", "code": "x", "credential": {"id": "x"}},
)


def _paths(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/auth/"):
            yield path.removeprefix("api/auth/")


def test_every_route_has_its_line() -> None:
    found = {re.sub(r"\^\(\?P(<\w+>)[^)]*\)", r"\1", path) for path in _paths(get_resolver().url_patterns)}
    assert found == set(EXPECTED)


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(EXPECTED))
def test_a_route_lets_in_whom_the_table_says_and_survives_every_body(path: str) -> None:
    url = "/api/auth/" + path.replace("<provider_id>", "nobody")
    ann = make_user()
    strangers = [Client(), with_token(make_token(ann, scope=Scope.ADMIN))]
    for method in METHODS:
        for caller in strangers:
            status = call(caller, method, url, {}).status_code
            assert status < 500, method
            assert (status == 404) is (EXPECTED[path] == NOBODY or "nobody" in url), method
            if EXPECTED[path] == SIGNED_IN:
                assert status in {401, 405, 409}, method  # 409: nothing of that is under way
        for body in BODIES:
            status = call(signed_in(ann), method, url, body).status_code
            assert status < 500, (method, body)
            if status == 405 or method == "get":
                break


def call(client: Client, method: str, url: str, body: Any) -> Any:
    if method == "get":
        return client.get(url)
    return getattr(client, method)(url, body, content_type="application/json")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_forms_are_refused(kind: str) -> None:
    answer = Client().post("/api/auth/browser/v1/auth/login", "username=ann", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")

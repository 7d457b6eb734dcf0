"""A browser as the pages use it: the session's cookie, and the CSRF token on every write."""

from typing import Any

from django.test import Client

from tests.factories import PASSWORD

AUTH = "/api/auth/browser/v1"
SESSION = "/api/v1/session"


class Browser:
    """Calls of one browser; CSRF is enforced. `status, body = browser.post(...)`."""

    def __init__(self, **defaults: Any) -> None:
        self.client = Client(enforce_csrf_checks=True, **defaults)

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        return _answer(self.client.get(path, headers=headers))

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        csrf = self.client.get(SESSION).json()["csrf_token"]
        content = "" if body is None else body
        send = getattr(self.client, method)
        return _answer(send(path, content, content_type="application/json", headers={"x-csrftoken": csrf}))

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self.send("post", path, body)

    def sign_in(self, username: str = "ann", password: str = PASSWORD) -> tuple[int, Any]:
        return self.post(f"{AUTH}/auth/login", {"username": username, "password": password})

    @property
    def username(self) -> str | None:
        user = self.client.get(SESSION).json()["user"]
        return user and str(user["username"])


def pending(body: Any) -> list[str]:
    """Steps of signing in that wait for the person."""
    return [flow["id"] for flow in body["data"]["flows"] if flow.get("is_pending")]


def error_codes(body: Any) -> list[tuple[str | None, str]]:
    """(field, code) of each error."""
    return [(error.get("param"), error["code"]) for error in body["errors"]]


def _answer(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json() if response.content else None

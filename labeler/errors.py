"""Errors that services raise on purpose, and their one mapping to RFC 9457 problems (`labeler/api.py` installs it)."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse


class LabelerError(Exception):
    """Base of all expected errors. `code` is stable and for programs; `message` is for people."""

    status = 400
    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None, extra: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.extra = extra or {}


class NotSignedIn(LabelerError):
    """No valid session or token came with the request."""

    status = 401
    default_code = "not_signed_in"


class NotAllowed(LabelerError):
    """The caller's role or token scope does not permit this."""

    status = 403
    default_code = "not_allowed"


class NotFound(LabelerError):
    """There is no such thing, or the caller may not know that there is."""

    status = 404
    default_code = "not_found"


class Conflict(LabelerError):
    """The request does not fit the present state."""

    status = 409
    default_code = "conflict"


class NotReady(LabelerError):
    """Something that must exist first does not exist yet, such as a model."""

    status = 409
    default_code = "not_ready"


class TooLarge(LabelerError):
    """A body or a list is over its limit."""

    status = 413
    default_code = "too_large"


class InvalidInput(LabelerError):
    """A value is wrong; the message gives the value and the limit."""

    status = 422
    default_code = "invalid_input"


class Unavailable(LabelerError):
    """A service that this needs, such as the broker, does not answer. Trying again later may work."""

    status = 503
    default_code = "unavailable"


TITLES = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Invalid input",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}


def problem_response(*, status: int, detail: str, code: str, **members: Any) -> HttpResponse:
    """Build an `application/problem+json` answer (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF refusal as a problem, so that the browser client reads one error shape."""
    return problem_response(status=403, detail=f"CSRF check failed: {reason}", code="csrf_failed")

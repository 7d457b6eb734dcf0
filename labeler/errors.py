"""Errors that services raise on purpose, and their one mapping to RFC 9457 problems (`labeler/api.py` installs it)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answer = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


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


class TooManyRequests(LabelerError):
    """The same caller tried too often; the message says how long to wait."""

    status = 429
    default_code = "too_many_requests"


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
    415: "Media type not supported",
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


def on_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400, such as a host name that is not ours."""
    return problem_response(status=400, detail="The request is malformed", code="bad_request")


def on_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    return problem_response(status=403, detail="Not allowed", code="not_allowed")


def on_unknown_address(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address without a route; pages never come here, they are the browser application's."""
    return problem_response(status=404, detail=f"There is nothing at {request.path[:200]}", code="not_found")


def on_server_error(request: HttpRequest) -> HttpResponse:
    """An error outside the API's own mapping; Django has logged it."""
    return problem_response(status=500, detail="This is our fault; the log has the details", code="internal")


@sync_and_async_middleware
def problems_for_refused_methods(get_response: Any) -> Answer:
    """Middleware: the API framework answers 405 in plain text; make it a problem, keeping its `Allow` header."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            return _as_problem(request, await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        return _as_problem(request, get_response(request))

    return answer


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code != 405 or not request.path.startswith("/api/"):
        return response
    allowed = response.headers["Allow"]
    problem = problem_response(
        status=405, detail=f"{request.method} is not possible here, only {allowed}", code="method_not_allowed"
    )
    problem.headers["Allow"] = allowed
    return problem

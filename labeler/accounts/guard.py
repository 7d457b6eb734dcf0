"""In front of django-allauth's routes under `/api/auth/`: what its views cannot take is refused instead of a 500."""

import logging
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from labeler.errors import Answer, problem_response

logger = logging.getLogger(__name__)

PREFIX = "/api/auth/"
FORM_TYPES = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
# What parsers of the library raise on bodies of a wrong shape (a credential without `rawId`, a number for a name).
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


@sync_and_async_middleware
def guard_sign_in(get_response: Any) -> Answer:
    """Refuse forms (the CSRF check reads them away from the view), and malformed bodies by what they raise."""
    middleware: Any
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            return _refused(request) or await get_response(request)

        middleware = answer_async
    else:

        def answer(request: HttpRequest) -> HttpResponseBase:
            return _refused(request) or get_response(request)

        middleware = answer
    middleware.process_exception = _refused_body
    found: Answer = middleware
    return found


def _refused(request: HttpRequest) -> HttpResponse | None:
    if not request.path.startswith(PREFIX):
        return None
    if "/phone" in request.path:  # the library has routes of telephone numbers; this site knows none
        return problem_response(status=404, detail="This site does not have that", code="not_found")
    if request.content_type not in FORM_TYPES:
        return None
    detail = f"The body is {request.content_type}; only application/json is possible here"
    return problem_response(status=415, detail=detail, code="unsupported_media_type")


def _refused_body(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    if not request.path.startswith(PREFIX):
        return None
    if isinstance(exception, NotImplementedError):  # the library's routes of telephone numbers
        return problem_response(status=404, detail="This site does not have that", code="not_found")
    if isinstance(exception, MALFORMED) and request.method != "GET":
        logger.warning("body refused on %s %s", request.method, request.path, exc_info=exception)
        return problem_response(status=400, detail="The body is malformed", code="bad_request")
    return None

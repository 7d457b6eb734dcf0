"""The API: one NinjaAPI, one guard, and the one mapping of errors to RFC 9457 problems."""

import logging
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from labeler.accounts.api import router as accounts_router
from labeler.accounts.auth import authenticate_request
from labeler.accounts.invitation_api import router as invitations_router
from labeler.accounts.people_api import router as people_router
from labeler.annotations.activity_api import router as activity_router
from labeler.annotations.api import router as annotations_router
from labeler.annotations.label_import_api import router as label_import_router
from labeler.datasets.api import router as datasets_router
from labeler.datasets.import_api import router as imports_router
from labeler.datasets.saved_view_api import router as saved_views_router
from labeler.errors import LabelerError, problem_response
from labeler.exports.api import router as exports_router
from labeler.jobs.api import router as jobs_router
from labeler.lib.openapi import complete_schema
from labeler.results.api import router as results_router
from labeler.results.projections_api import router as projections_router
from labeler.results.removals_api import router as removals_router
from labeler.results.suggestions_api import router as suggestions_router
from labeler.webhooks.api import router as webhooks_router

logger = logging.getLogger(__name__)


class LabelerAPI(NinjaAPI):
    """NinjaAPI whose document also names the problems and the ways to sign in."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The OpenAPI document, completed in one place instead of at every route."""
        return complete_schema(super().get_openapi_schema(**options))


api = LabelerAPI(
    title="Labeler API",
    version="1",
    description="Label whole image datasets, read predictions and crops, export. Errors are RFC 9457 problems.",
    auth=authenticate_request,
    urls_namespace="api",
)

ROUTERS: list[Router] = [
    accounts_router,
    invitations_router,
    people_router,
    jobs_router,
    datasets_router,
    imports_router,
    saved_views_router,
    annotations_router,
    label_import_router,
    activity_router,
    results_router,
    projections_router,
    removals_router,
    suggestions_router,
    exports_router,
    webhooks_router,
]
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(LabelerError)
def on_labeler_error(request: HttpRequest, error: LabelerError) -> HttpResponse:
    return problem_response(status=error.status, detail=error.message, code=error.code, **error.extra)


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [_field_error(item) for item in error.errors]
    detail = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:3])
    return problem_response(status=422, detail=detail, code="invalid_input", errors=fields)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(status=error.status_code, detail=str(error), code="bad_request")


@api.exception_handler(AuthenticationError)
def on_authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_response(status=401, detail="Sign in, or send a token", code="not_signed_in")


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(status=404, detail=str(error) or "No such thing", code="not_found")


@api.exception_handler(TooManyFilesSent)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problem_response(status=413, detail=str(error), code="too_large")


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def on_malformed(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(status=400, detail=f"The request is malformed: {error}", code="bad_request")


@api.exception_handler(RedisTimeoutError)
@api.exception_handler(RedisConnectionError)
def on_no_broker(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("Redis does not answer: %s", error)
    return problem_response(status=503, detail="The broker does not answer; try again", code="unavailable")


@api.exception_handler(OperationalError)
def on_busy_database(request: HttpRequest, error: OperationalError) -> HttpResponse:
    logger.exception("database error")
    return problem_response(status=503, detail="The database is busy; try again", code="unavailable")


@api.exception_handler(Exception)
def on_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("unhandled error on %s %s", request.method, request.path)
    return problem_response(status=500, detail="This is our fault; the log has the details", code="internal")


def _field_error(item: dict[str, Any]) -> dict[str, str]:
    place = [str(part) for part in item["loc"] if part not in {"body", "query", "path"}]
    if len(place) > 1 and place[0] in {"body", "payload"}:
        place = place[1:]
    return {"field": ".".join(place) or "body", "message": str(item["msg"]), "code": str(item["type"])}

"""The API keeps to its own document: no 5xx, no status, type or shape that the document does not name.

Every operation is called with generated input, good and bad, twice each: with the ids as generated, and with ids of
things that exist, so that the checks reach behind the first "not found". And every operation is called by everybody:
nobody, a stranger, every role, site staff, every scope of token.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker, Settings
from schemathesis.specs.openapi import checks

from labeler.accounts.permissions import Scope
from labeler.api import api
from tests.contract.world import Caller, World, make_world
from tests.factories import make_token

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]

CSRF = "c" * 32

UNREADABLE = {  # the tool takes a tuple's `prefixItems` for an error of the document
    (checks.response_schema_conformance, "/api/v1/projects/{project_id}/images/{index}/prediction")
}

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the world lie."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _keep_media(settings: Settings, media: Path) -> None:
    settings.MEDIA_ROOT = media


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, media: Path) -> Iterator[World]:
    """A project with everything, made once; each test is rolled back to it.

    The connection stays open from one request to the next.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media):
            made = make_world()
        yield made
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_documented(case: "schemathesis.Case[Any]", world: World) -> None:
    admin = world.project.memberships.get(user__username="ada").user
    headers = {"Authorization": f"Bearer {make_token(admin, scope=Scope.ADMIN)}"}
    wanted = [check for check in CHECKS if (check, case.operation.path) not in UNREADABLE]
    case.call_and_validate(headers=headers, checks=wanted)
    known = {name: value for name, value in world.parameters.items() if name in case.path_parameters}
    if known and not case.operation.path.endswith("/aspects"):
        case.path_parameters = {**case.path_parameters, **known}
        case.call_and_validate(headers=headers, checks=wanted)


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
@schema.parametrize()
@settings(
    max_examples=2,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_everybody_is_answered_as_documented(case: "schemathesis.Case[Any]", world: World) -> None:
    wanted = [check for check in CHECKS if (check, case.operation.path) not in UNREADABLE]
    if not case.operation.path.endswith("/aspects"):
        case.path_parameters = {
            **case.path_parameters,
            **{name: value for name, value in world.parameters.items() if name in case.path_parameters},
        }
    for caller in world.callers:
        with transaction.atomic():  # each finds the world as it was
            case.call_and_validate(headers=identity(caller), checks=wanted)
            transaction.set_rollback(True)


def identity(caller: Caller) -> dict[str, str]:
    """The headers by which a caller is known: those of the token, or the session with its CSRF token."""
    if token := caller.client.defaults.get("HTTP_AUTHORIZATION"):
        return {"Authorization": str(token)}
    if caller.username is None:
        return {}
    session = caller.client.cookies["labeler_session"].value
    return {"Cookie": f"labeler_session={session}; labeler_csrf={CSRF}", "X-CSRFToken": CSRF}


@pytest.mark.django_db
def test_each_caller_is_who_it_says(world: World) -> None:
    """Otherwise the test above would be green for eleven strangers."""
    seen = {}
    for caller in world.callers:
        headers = identity(caller)
        answer = Client(enforce_csrf_checks=True).post(
            "/api/v1/projects", {}, "application/json", headers=headers
        )
        seen[caller.name] = answer.status_code
    scoped = {name for name in seen if "token" in name and not name.startswith("admin")}
    assert {name for name, status in seen.items() if status == 401} == {"anonymous"}
    assert {name for name, status in seen.items() if status == 422} == set(seen) - {"anonymous"}
    assert len(scoped) == 3


@cache
def document() -> Any:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize(("name", "operation"), operations(), ids=[name for name, _ in operations()])
def test_every_answer_has_a_described_body(name: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            component = document()["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
            assert list(component["content"]) == ["application/problem+json"]
        else:
            assert status == 204 or answer["content"], f"{name} says nothing of the body of {status}"


@pytest.mark.parametrize(("name", "operation"), operations(), ids=[name for name, _ in operations()])
def test_every_operation_says_who_may_call_it_and_what_may_go_wrong(
    name: str, operation: dict[str, Any]
) -> None:
    statuses = set(operation["responses"])
    is_public = name in {
        "GET /api/v1/session",
        "POST /api/v1/session/provider",
        "POST /api/v1/invitations/about",
    }
    assert ("security" in operation) is not is_public
    assert {500, 503} <= statuses
    assert is_public or 401 in statuses
    assert "{" not in name or {403, 404, 422} <= statuses


def test_operation_ids_are_unique_and_summaries_are_there() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for _, operation in operations())

"""Every route by every kind of caller, against the one table of permissions. A route without a line here fails."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from labeler.accounts.models import ApiToken
from labeler.accounts.permissions import Action, may, scope_allows
from labeler.api import api
from labeler.datasets.models import Import, SavedView
from tests.contract.world import Caller, World, make_world
from tests.factories import (
    PASSWORD,
)

PUBLIC, SIGNED_IN, SESSION_ONLY, STAFF = "public", "signed in", "session only", "staff"
PROJECT = "/projects/{project_id}"

EXPECTED: dict[tuple[str, str], Action | str] = {
    ("GET", "/session"): PUBLIC,
    ("POST", "/session/provider"): PUBLIC,
    ("GET", "/session/totp-picture"): SESSION_ONLY,
    ("GET", "/tokens"): SIGNED_IN,
    ("POST", "/tokens"): SESSION_ONLY,
    ("DELETE", "/tokens/{token_id}"): SESSION_ONLY,
    ("GET", "/users"): STAFF,
    ("POST", "/users"): STAFF,
    ("PATCH", "/users/{username}"): STAFF,
    ("POST", "/users/{username}/reset-link"): STAFF,
    ("DELETE", "/users/{username}/second-factors"): STAFF,
    ("GET", "/audit-log"): STAFF,
    ("GET", "/backbones"): SIGNED_IN,
    ("GET", "/event-types"): SIGNED_IN,
    ("GET", "/projects"): SIGNED_IN,
    ("POST", "/projects"): SIGNED_IN,
    ("GET", PROJECT): Action.VIEW,
    ("PATCH", PROJECT): Action.EDIT_PROJECT,
    ("DELETE", PROJECT): Action.ARCHIVE_PROJECT,
    ("POST", PROJECT + "/features"): Action.IMPORT,
    ("POST", "/invitations/about"): PUBLIC,
    ("POST", "/invitations/accept"): SESSION_ONLY,
    ("GET", PROJECT + "/invitations"): Action.EDIT_MEMBERS,
    ("POST", PROJECT + "/invitations"): Action.EDIT_MEMBERS,
    ("DELETE", PROJECT + "/invitations/{invitation_id}"): Action.EDIT_MEMBERS,
    ("GET", PROJECT + "/audit-log"): Action.EDIT_MEMBERS,
    ("GET", PROJECT + "/members"): Action.VIEW,
    ("PUT", PROJECT + "/members/{username}"): Action.EDIT_MEMBERS,
    ("DELETE", PROJECT + "/members/{username}"): Action.EDIT_MEMBERS,
    ("GET", PROJECT + "/jobs"): Action.VIEW,
    ("GET", PROJECT + "/jobs/{job_id}"): Action.VIEW,
    ("POST", PROJECT + "/jobs/{job_id}/cancel"): Action.CANCEL_JOB,
    ("GET", PROJECT + "/images"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}/thumbnail"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}/original"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}/history"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}/prediction"): Action.VIEW,
    ("GET", PROJECT + "/images/{index}/saliency"): Action.VIEW,
    ("GET", PROJECT + "/aspects"): Action.VIEW,
    ("GET", PROJECT + "/cells/{cell_px}"): Action.VIEW,
    ("GET", PROJECT + "/saved-views"): Action.VIEW,
    ("POST", PROJECT + "/saved-views"): Action.SAVE_VIEW,
    ("DELETE", PROJECT + "/saved-views/{view_id}"): Action.SAVE_VIEW,  # each their own: see its own tests
    ("GET", PROJECT + "/imports"): Action.VIEW,
    ("POST", PROJECT + "/imports"): Action.IMPORT,
    ("GET", PROJECT + "/import-sources"): Action.IMPORT,
    ("GET", PROJECT + "/import-folders"): Action.IMPORT,
    ("GET", PROJECT + "/imports/{import_id}"): Action.VIEW,
    ("DELETE", PROJECT + "/imports/{import_id}"): Action.IMPORT,
    ("GET", PROJECT + "/imports/{import_id}/files"): Action.IMPORT,
    ("POST", PROJECT + "/imports/{import_id}/files"): Action.IMPORT,
    ("POST", PROJECT + "/imports/{import_id}/start"): Action.IMPORT,
    ("GET", PROJECT + "/imports/{import_id}/entries"): Action.VIEW,
    ("GET", PROJECT + "/imports/{import_id}/chunks/{upload_id}"): Action.IMPORT,
    ("POST", PROJECT + "/imports/{import_id}/chunks/{upload_id}"): Action.IMPORT,
    ("POST", PROJECT + "/imports/{import_id}/sync"): Action.IMPORT,
    ("POST", PROJECT + "/label-imports"): Action.IMPORT,
    ("GET", PROJECT + "/classes"): Action.VIEW,
    ("POST", PROJECT + "/classes"): Action.EDIT_CLASSES,
    ("PATCH", PROJECT + "/classes/{class_id}"): Action.EDIT_CLASSES,
    ("PUT", PROJECT + "/class-order"): Action.EDIT_CLASSES,
    ("POST", PROJECT + "/classes/{class_id}/merge"): Action.EDIT_CLASSES,
    ("GET", PROJECT + "/labels"): Action.VIEW,
    ("GET", PROJECT + "/label-facts"): Action.VIEW,
    ("GET", PROJECT + "/activity"): Action.VIEW,
    ("GET", PROJECT + "/meter"): Action.VIEW,
    ("GET", PROJECT + "/annotators"): Action.VIEW,
    ("GET", PROJECT + "/image-facts"): Action.VIEW,
    ("GET", PROJECT + "/image-search"): Action.VIEW,
    ("GET", PROJECT + "/label-actions"): Action.VIEW,
    ("POST", PROJECT + "/label-actions"): Action.LABEL,
    ("POST", PROJECT + "/label-actions/{sequence}/undo"): Action.UNDO_OWN,  # that of another: see below
    ("POST", PROJECT + "/undo"): Action.UNDO_OWN,
    ("POST", PROJECT + "/redo"): Action.UNDO_OWN,
    ("GET", PROJECT + "/unreadable-images"): Action.VIEW,
    ("POST", PROJECT + "/removals"): Action.REMOVE_IMAGES,
    ("GET", PROJECT + "/removals"): Action.REMOVE_IMAGES,
    ("GET", PROJECT + "/removals/{removal_id}/images"): Action.REMOVE_IMAGES,
    ("POST", PROJECT + "/restore-images"): Action.REMOVE_IMAGES,
    ("GET", PROJECT + "/removed"): Action.VIEW,
    ("GET", PROJECT + "/map"): Action.VIEW,
    ("GET", PROJECT + "/arrays/{array_id}"): Action.VIEW,
    ("GET", PROJECT + "/models"): Action.VIEW,
    ("GET", PROJECT + "/projections"): Action.VIEW,
    ("GET", PROJECT + "/clusters"): Action.VIEW,
    ("GET", PROJECT + "/changes"): Action.VIEW,
    ("GET", PROJECT + "/models/{number}/classes/{class_id}"): Action.VIEW,
    ("GET", PROJECT + "/models/{number}/classes/{class_id}/picture"): Action.VIEW,
    ("POST", PROJECT + "/models/{number}/classes/{class_id}/picture"): Action.TRAIN,
    ("GET", PROJECT + "/models/{number}/probabilities/{class_id}"): Action.VIEW,
    ("POST", PROJECT + "/training"): Action.TRAIN,
    ("GET", PROJECT + "/crop-rates"): Action.VIEW,
    ("PUT", PROJECT + "/crop-rates"): Action.EDIT_PROJECT,
    ("GET", PROJECT + "/crop-rates/by-image"): Action.VIEW,
    ("GET", PROJECT + "/suggestions"): Action.VIEW,
    ("GET", PROJECT + "/suggestions/{class_id}"): Action.VIEW,
    ("POST", PROJECT + "/label-the-rest"): Action.LABEL,
    ("GET", PROJECT + "/next-to-label"): Action.VIEW,
    ("POST", PROJECT + "/neighbours"): Action.VIEW,
    ("POST", PROJECT + "/oddness"): Action.VIEW,
    ("GET", PROJECT + "/suspects"): Action.VIEW,
    ("GET", PROJECT + "/disagreements"): Action.VIEW,
    ("GET", PROJECT + "/export"): Action.EXPORT,
    ("GET", PROJECT + "/exports"): Action.EXPORT,
    ("POST", PROJECT + "/exports"): Action.EXPORT,
    ("GET", PROJECT + "/exports/{export_id}/file"): Action.EXPORT,
    ("DELETE", PROJECT + "/exports/{export_id}"): Action.EDIT_PROJECT,
    ("GET", PROJECT + "/webhooks"): Action.EDIT_PROJECT,
    ("POST", PROJECT + "/webhooks"): Action.EDIT_PROJECT,
    ("PATCH", PROJECT + "/webhooks/{hook_id}"): Action.EDIT_PROJECT,
    ("DELETE", PROJECT + "/webhooks/{hook_id}"): Action.EDIT_PROJECT,
    ("POST", PROJECT + "/webhooks/{hook_id}/secret"): Action.EDIT_PROJECT,
    ("DELETE", PROJECT + "/webhooks/{hook_id}/old-secret"): Action.EDIT_PROJECT,
    ("POST", PROJECT + "/webhooks/{hook_id}/test"): Action.EDIT_PROJECT,
    ("GET", PROJECT + "/webhooks/{hook_id}/deliveries"): Action.EDIT_PROJECT,
    ("POST", PROJECT + "/webhooks/{hook_id}/deliveries/{delivery_id}/send-again"): Action.EDIT_PROJECT,
}

BODIES: dict[tuple[str, str], Callable[[World], dict[str, Any]]] = {
    ("POST", "/session/provider"): lambda world: {"provider": "nobody"},
    ("POST", "/tokens"): lambda world: {"name": "x"},
    ("PATCH", "/users/{username}"): lambda world: {"is_active": False},
    ("POST", "/users"): lambda world: {"username": "newcomer", "password": PASSWORD},
    ("POST", "/projects"): lambda world: {"name": "New"},
    ("PATCH", PROJECT): lambda world: {"name": "Terns"},
    ("POST", "/invitations/about"): lambda world: {"secret": world.secret},
    ("POST", "/invitations/accept"): lambda world: {"secret": world.other_secret},
    ("POST", PROJECT + "/invitations"): lambda world: {"role": "annotator"},
    ("PUT", PROJECT + "/members/{username}"): lambda world: {"role": "annotator"},
    ("POST", PROJECT + "/imports"): lambda world: {"name": "More"},
    ("POST", PROJECT + "/classes"): lambda world: {"name": "auk"},
    ("PATCH", PROJECT + "/classes/{class_id}"): lambda world: {"name": "auk"},
    ("PUT", PROJECT + "/class-order"): lambda world: {"class_ids": [world.parameters["class_id"]]},
    ("POST", PROJECT + "/classes/{class_id}/merge"): lambda world: {
        "into_class_id": world.parameters["other_class_id"],
        "client_action_id": str(uuid.uuid4()),
    },
    ("POST", PROJECT + "/label-actions"): lambda world: {
        "class_id": world.parameters["class_id"],
        "image_indexes": [0],
        "client_action_id": str(uuid.uuid4()),
    },
    ("POST", PROJECT + "/label-actions/{sequence}/undo"): lambda world: {
        "client_action_id": str(uuid.uuid4())
    },
    ("PUT", PROJECT + "/crop-rates"): lambda world: {
        "kind": "random",
        "rates": [{"retention": 0.9, "share": 1}],
    },
    ("POST", PROJECT + "/saved-views"): lambda world: {"name": "doubtful"},
    ("POST", PROJECT + "/oddness"): lambda world: {"image_indexes": [0, 1]},
    ("POST", PROJECT + "/neighbours"): lambda world: {"image_indexes": [0]},
    ("POST", PROJECT + "/label-the-rest"): lambda world: {
        "class_id": world.parameters["class_id"],
        "precision": 0.5,
        "model_version": 1,
        "client_action_id": str(uuid.uuid4()),
    },
    ("POST", PROJECT + "/undo"): lambda world: {"client_action_id": str(uuid.uuid4())},
    ("POST", PROJECT + "/redo"): lambda world: {"client_action_id": str(uuid.uuid4())},
    ("POST", PROJECT + "/exports"): lambda world: {"format": "csv"},
    ("POST", PROJECT + "/removals"): lambda world: {
        "image_indexes": [3],
        "client_action_id": str(uuid.uuid4()),
    },
    ("POST", PROJECT + "/restore-images"): lambda world: {"image_indexes": [3]},
    ("POST", PROJECT + "/webhooks"): lambda world: {
        "url": "https://example.org/hook",
        "events": ["labels.changed"],
    },
}


def routes() -> set[tuple[str, str]]:
    """Every route of the API's own document."""
    paths = api.get_openapi_schema(path_prefix="/")["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def expected_statuses(rule: Action | str, route: tuple[str, str], caller: Caller) -> set[int]:
    """The statuses that are right for this caller, by the table."""
    done = {200, 201, 202, 204}
    if rule == PUBLIC:
        return {404} if route[1] == "/session/provider" else done  # no provider is configured
    if caller.username is None:
        return {401}
    if isinstance(rule, Action):
        if caller.role is None:
            return {404}  # a stranger may not even know that the project exists
        if route[1].endswith("/label-actions/{sequence}/undo") and caller.username != "ann":
            rule = Action.UNDO_ANY
        return done if may(caller.role, rule) and scope_allows(caller.scope, rule) else {403}
    if route[1] == "/invitations/accept" and caller.name == "site staff":
        return {409}  # an admin of every project already
    if rule == SESSION_ONLY:
        return done if caller.scope is None else {403}
    if rule == STAFF:
        return done if caller.name == "site staff" else {403}
    if route == ("POST", "/projects"):
        return done if scope_allows(caller.scope, Action.EDIT_PROJECT) else {403}
    return {404} if route[1] == "/event-types" else done


def call(world: World, caller: Caller, route: tuple[str, str]) -> Any:
    method, path = route
    token = ApiToken.objects.filter(user__username=caller.username or "stan").earliest("id")
    view = SavedView.objects.get(user__username=caller.username or "stan")
    url = "/api/v1" + path.format(**world.parameters, token_id=token.id, view_id=view.id)
    send = getattr(caller.client, method.lower())
    if path.endswith("/files") and method == "POST":
        return send(url, {"files": SimpleUploadedFile("1.jpg", b"another picture")})
    if path.endswith("/image-search"):
        url += "?text=birds"
    if path.endswith("/label-imports"):
        return send(url, {"file": SimpleUploadedFile("labels.csv", b"index,label\n0,gull\n")})
    if path.endswith("/chunks/{upload_id}"):
        url += "?path=2.jpg&offset=0&total=9"
        if method == "POST":
            return send(url, {"data": SimpleUploadedFile("piece", b"a picture")})
    if path.endswith("/sync"):  # uploads cannot be
        Import.objects.update(kind="folder", folder="/nowhere")
    if path.endswith(("/aspects", "/image-facts", "/removed")):
        url += "?count=4"
    if method == "GET":
        return send(url)
    body = BODIES[route](world) if route in BODIES else {}
    return send(url, body, content_type="application/json")


def test_every_route_has_its_line() -> None:
    assert routes() == set(EXPECTED)


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(EXPECTED), ids=" ".join)
def test_a_route_lets_in_whom_the_table_says(route: tuple[str, str]) -> None:
    world = make_world()
    for caller in world.callers:
        with transaction.atomic():  # each caller finds the world as it was
            answer = call(world, caller, route)
            transaction.set_rollback(True)
        right = expected_statuses(EXPECTED[route], route, caller)
        assert answer.status_code in right, f"{caller.name}: {answer.status_code} {answer}"

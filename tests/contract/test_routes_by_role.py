"""Every route by every kind of caller, against the one table of permissions. A route without a line here fails."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from labeler.accounts.invitations import create_invitation
from labeler.accounts.models import ApiToken
from labeler.accounts.permissions import Action, Role, Scope, may, scope_allows
from labeler.annotations.models import LabelAction, LabelClass
from labeler.api import api
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Image, Import, Project, SavedView
from labeler.datasets.saved_views import save_view
from labeler.datasets.uploads import add_upload
from labeler.exports.models import Export
from labeler.exports.schemas import ExportIn
from labeler.exports.services import request_export
from labeler.jobs.models import JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import export_path, original_path, thumbnail_path
from labeler.results.class_views import store_class_picture
from labeler.results.models import ClassPicture, StoredArray
from labeler.results.removals import remove_images
from labeler.results.services import publish_suggestions, store_array
from labeler.webhooks.models import DeliveryState, WebhookDelivery, WebhookEvent
from labeler.webhooks.services import create_webhook, send_test
from tests.factories import (
    PASSWORD,
    assign,
    make_class,
    make_member,
    make_model,
    make_project,
    make_running_job,
    make_token,
    make_user,
    signed_in,
    undo,
    with_token,
)
from worker.ml.neighbours import build_neighbour_index

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
    ("POST", PROJECT + "/webhooks/{hook_id}/test"): Action.EDIT_PROJECT,
    ("GET", PROJECT + "/webhooks/{hook_id}/deliveries"): Action.EDIT_PROJECT,
    ("POST", PROJECT + "/webhooks/{hook_id}/deliveries/{delivery_id}/send-again"): Action.EDIT_PROJECT,
}

BODIES: dict[tuple[str, str], Callable[["World"], dict[str, Any]]] = {
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


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: the client, the role in the project, and the token's scope if one is used."""

    name: str
    client: Client
    username: str | None
    role: Role | None
    scope: Scope | None = None


@dataclass(frozen=True)
class World:
    """A project in which every route has something to answer, and everybody who might call."""

    project: Project
    parameters: dict[str, Any]
    callers: list[Caller]
    secret: str  # of an invitation to the project, and to one that nobody is in
    other_secret: str


def routes() -> set[tuple[str, str]]:
    """Every route of the API's own document."""
    paths = api.get_openapi_schema(path_prefix="/")["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def make_world() -> World:
    project = make_project(num_images=12)
    people = {
        "vera": make_member(project, "vera", role=Role.VIEWER),
        "ann": make_member(project, "ann", role=Role.ANNOTATOR),
        "rita": make_member(project, "rita", role=Role.REVIEWER),
        "ada": make_member(project, "ada", role=Role.ADMIN),
        "stan": make_user("stan"),
        "root": make_user("root", is_staff=True),
    }
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    for user in people.values():
        make_token(user)
        save_view(project_id=project.id, user=user, name="mine", search="")
    for index, name in enumerate(("ann", "rita", "ada", "root")):  # one action to undo, one to redo
        assign(project, people[name], gull if index % 2 else tern, [index])
        assign(project, people[name], None, [index])
        undo(project, people[name])
    assign(project, people["stan"], gull, range(4, 11))  # as many held-out labels as a promise of 50 % needs
    model = make_model(
        project,
        [gull, tern],
        predicted=[0] * 12,
        confidence=[255] * 12,
        profiles=np.zeros((12, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
        more_arrays={
            "saliency": np.zeros((12, 2, 2, 3), dtype=np.uint8),
            "saliency_class": np.array([[gull.id, tern.id]] * 12, dtype=np.int32),
        },
    )
    heldout = np.arange(4, 11, dtype=np.int32)
    model.arrays.add(store_array(project_id=project.id, name="heldout_images", array=heldout))
    publish_set(project, gull, tern)
    store_class_picture(
        ClassPicture.objects.create(model_version=model, class_id=gull.id), png=b"a picture of gulls"
    )
    image = Image.objects.get(project=project, index=0)
    for path in (original_path(project.id, image.storage_key), thumbnail_path(project.id, image.sha256)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a picture")
    source = create_import(project_id=project.id, user=None, name="First", classes_from_folders=False)
    upload = SimpleUploadedFile("0.jpg", b"a picture")
    add_upload(import_id=source.id, project_id=project.id, path="0.jpg", file=upload)
    export = request_export(project_id=project.id, user=people["ann"], options=ExportIn())
    export_path(project.id, export.id).parent.mkdir()
    export_path(project.id, export.id).write_bytes(b"a table")
    Export.objects.update(num_bytes=7)
    invitation, secret = create_invitation(
        project_id=project.id, actor=people["ada"], role=Role.VIEWER, expires_in_days=1
    )
    _, other_secret = create_invitation(
        project_id=make_project(name="Terns").id, actor=people["root"], role=Role.VIEWER, expires_in_days=1
    )
    hook, _ = create_webhook(
        project_id=project.id,
        actor=people["ada"],
        url="https://example.org/",
        events=[WebhookEvent.MODEL_PUBLISHED],
    )
    delivery = send_test(project_id=project.id, hook_id=hook.id)
    WebhookDelivery.objects.update(state=DeliveryState.DELIVERED)
    removal = remove_images(
        project_id=project.id, user=people["ada"], image_indexes=[3], client_action_id=uuid.uuid4()
    )
    parameters = {
        "removal_id": removal.id,
        "hook_id": hook.id,
        "delivery_id": delivery.id,
        "invitation_id": invitation.id,
        "project_id": project.id,
        "export_id": export.id,
        "index": 0,
        "cell_px": 16,
        "class_id": gull.id,
        "other_class_id": tern.id,
        "number": 1,
        "username": "vera",
        "sequence": LabelAction.objects.filter(annotator=people["ann"]).earliest("sequence").sequence,
        "array_id": StoredArray.objects.earliest("id").id,
        "import_id": source.id,
        "upload_id": str(uuid.uuid4()),
        "job_id": request_job(project_id=project.id, kind=JobKind.FEATURES, user=None).id,
    }
    callers = [
        Caller("anonymous", Client(), None, None),
        Caller("stranger", signed_in(people["stan"]), "stan", None),
        Caller("viewer", signed_in(people["vera"]), "vera", Role.VIEWER),
        Caller("annotator", signed_in(people["ann"]), "ann", Role.ANNOTATOR),
        Caller("reviewer", signed_in(people["rita"]), "rita", Role.REVIEWER),
        Caller("admin", signed_in(people["ada"]), "ada", Role.ADMIN),
        Caller("site staff", signed_in(people["root"]), "root", Role.ADMIN),
        *(
            Caller(
                f"{scope.value} token of an admin",
                with_token(make_token(people["ada"], scope=scope)),
                "ada",
                Role.ADMIN,
                scope,
            )
            for scope in Scope
        ),
        Caller(
            "write token of a viewer",
            with_token(make_token(people["vera"], scope=Scope.WRITE)),
            "vera",
            Role.VIEWER,
            Scope.WRITE,
        ),
    ]
    return World(project, parameters, callers, secret, other_secret)


def publish_set(project: Project, gull: LabelClass, tern: LabelClass) -> None:
    index = build_neighbour_index(np.eye(12, dtype=np.float32))
    columns: dict[str, np.ndarray[Any, Any]] = {
        "neighbours_whole": np.frombuffer(index, dtype=np.uint8),
        "label_order": np.arange(12, dtype=np.int32),
        "suspect_image": np.array([4], dtype=np.int32),
        "suspect_label": np.array([gull.id], dtype=np.int32),
        "suspect_class": np.array([tern.id], dtype=np.int32),
        "suspect_quality": np.array([0.1], dtype=np.float32),
    }
    publish_suggestions(
        job=make_running_job(project, JobKind.SUGGESTIONS),
        fields={"label_sequence": 1, "num_images": 12, "order_kind": "diverse", "model_version": None},
        arrays=[
            store_array(project_id=project.id, name=name, array=array) for name, array in columns.items()
        ],
    )


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

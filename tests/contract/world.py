"""A project in which every route has something to answer, and everybody who might call one."""

import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from labeler.accounts.invitations import create_invitation
from labeler.accounts.permissions import Role, Scope
from labeler.annotations.models import LabelAction, LabelClass
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Image, Project
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

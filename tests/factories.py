"""Make the objects that tests of the web side need, by name. Every call makes what it says and nothing more."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.test import Client

from labeler.accounts.models import Membership
from labeler.accounts.permissions import Role, Scope
from labeler.accounts.services import create_token
from labeler.annotations import services as annotations
from labeler.annotations.classes import create_class
from labeler.annotations.models import LabelClass
from labeler.datasets.models import Image, Project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import request_job, start_job
from labeler.results.models import ModelVersion, StoredArray
from labeler.results.services import publish_model, store_array

PASSWORD = "a-long-test-password"


def make_user(username: str = "ann", *, is_staff: bool = False) -> User:
    """A user with the password `PASSWORD`."""
    return User.objects.create_user(username=username, password=PASSWORD, is_staff=is_staff)


def make_member(project: Project, username: str = "ann", *, role: Role = Role.ANNOTATOR) -> User:
    """A new user with a role in the project."""
    user = make_user(username)
    Membership.objects.create(project=project, user=user, role=role)
    return user


def make_project(*, num_images: int = 0, **fields: Any) -> Project:
    """A project of 3:2 images, no members."""
    fields = {"name": "Gulls", "backbone": "mobilenet_v2", **fields}
    project = Project.objects.create(**fields)
    add_images(project, num_images)
    return project


def add_images(project: Project, num_images: int) -> list[Image]:
    """Rows of images with the next indexes; 300 x 200 px unless changed afterwards. No files."""
    start = project.num_images
    images = Image.objects.bulk_create(
        [
            Image(
                project=project,
                index=index,
                storage_key=f"{index}.jpg",
                sha256=hashlib.sha256(f"{project.id}/{index}".encode()).hexdigest(),
                width=300,
                height=200,
                file_format="JPEG",
                num_bytes=1_000,
                path=f"birds/{index}.jpg",
            )
            for index in range(start, start + num_images)
        ]
    )
    project.num_images += num_images
    Project.objects.filter(id=project.id).update(num_images=project.num_images)
    return images


def make_class(project: Project, name: str = "gull") -> LabelClass:
    """A class with a colour and a key of its own."""
    return create_class(project_id=project.id, name=name)


def assign(
    project: Project,
    user: User,
    label_class: LabelClass | None,
    indexes: Iterable[int],
    *,
    client_action_id: uuid.UUID | None = None,
) -> annotations.ActionResult:
    """Give images a class, or clear them."""
    return annotations.assign_label(
        project_id=project.id,
        user=user,
        class_id=None if label_class is None else label_class.id,
        image_indexes=indexes,
        client_action_id=client_action_id or uuid.uuid4(),
        provenance={"gesture": "lasso"},
    )


def undo(
    project: Project, user: User, *, client_action_id: uuid.UUID | None = None
) -> annotations.ActionResult:
    """Undo the user's newest action."""
    return annotations.undo_last(
        project_id=project.id, user=user, client_action_id=client_action_id or uuid.uuid4()
    )


def redo(
    project: Project, user: User, *, client_action_id: uuid.UUID | None = None
) -> annotations.ActionResult:
    """Redo the user's newest undo."""
    return annotations.redo_last(
        project_id=project.id, user=user, client_action_id=client_action_id or uuid.uuid4()
    )


def undo_action(project: Project, user: User, sequence: int) -> annotations.ActionResult:
    """Undo one action by its sequence."""
    return annotations.undo_action(
        project_id=project.id, user=user, sequence=sequence, client_action_id=uuid.uuid4()
    )


def make_running_job(project: Project, kind: JobKind = JobKind.TRAINING) -> Job:
    """A job that a worker has claimed."""
    job = start_job(job_id=request_job(project_id=project.id, kind=kind, user=None).id)
    assert job is not None
    assert job.state == JobState.RUNNING
    return job


def make_metrics(class_ids: Sequence[int], **changes: Any) -> dict[str, Any]:
    """Metrics as a training stores them."""
    row = {"precision": 0.9, "recall": 0.8, "support": 10, "num_predicted": 9}
    return {
        "num_heldout": 20,
        "accuracy": 0.9,
        "accuracy_low": 0.7,
        "accuracy_high": 0.97,
        "ece": 0.05,
        "log_loss": 0.3,
        "per_class": [dict(row) for _ in class_ids],
        "confusion": [[10] * len(class_ids) for _ in class_ids],
        "seconds": {"head": 0.5},
        **changes,
    }


def make_model(
    project: Project,
    classes: Sequence[LabelClass],
    *,
    predicted: Sequence[int],
    confidence: Sequence[int],
    profiles: npt.NDArray[np.uint8],
    map_height: int,
    map_width: int,
    more_arrays: Mapping[str, npt.NDArray[Any]] | None = None,
    **metrics: Any,
) -> ModelVersion:
    """A published model: class position and confidence code per image, profiles (N, map_width + map_height)."""
    class_ids = [label_class.id for label_class in classes]
    columns: dict[str, npt.NDArray[Any]] = {
        "predicted_class": np.array([class_ids[position] for position in predicted], dtype=np.int32),
        "confidence": np.array(confidence, dtype=np.uint8),
        "profiles": profiles,
        "probabilities": _probabilities(predicted, confidence, num_classes=len(class_ids)),
        **(more_arrays or {}),
    }
    arrays: list[StoredArray] = [
        store_array(project_id=project.id, name=name, array=array) for name, array in columns.items()
    ]
    fields = {
        "label_sequence": project.label_sequence,
        "num_images": len(predicted),
        "num_labels": 40,
        "backbone": project.backbone,
        "input_size_px": 224,
        "saliency_method": "gradcam",
        "retention": 0.95,
        "class_ids": class_ids,
        "map_height": map_height,
        "map_width": map_width,
        "metrics": make_metrics(class_ids, **metrics),
    }
    return publish_model(job=make_running_job(project), fields=fields, arrays=arrays, projections=[])


def _probabilities(
    predicted: Sequence[int], confidence: Sequence[int], *, num_classes: int
) -> npt.NDArray[np.float16]:
    """(N, C) rows with the given largest value; the rest is shared evenly."""
    top = np.asarray(confidence, dtype=np.float64) / 255
    rows = np.repeat(((1 - top) / max(1, num_classes - 1))[:, None], num_classes, axis=1)
    rows[np.arange(len(top)), np.asarray(predicted, dtype=np.int64)] = top
    return rows.astype(np.float16)


def make_token(user: User, *, scope: Scope = Scope.READ) -> str:
    """The secret of a new token."""
    return create_token(user=user, name="a program", scope=scope, expires_at=None)[1]


def signed_in(user: User) -> Client:
    """A browser with the user's session. CSRF is not enforced; its own tests use a client that does."""
    client = Client()
    client.force_login(user)
    return client


def with_token(secret: str) -> Client:
    """A program that sends a bearer token."""
    return Client(headers={"authorization": f"Bearer {secret}"})

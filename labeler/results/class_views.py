"""What a class is to a model: its units with the images that excite them most, and its picture."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from labeler.datasets.models import Image
from labeler.errors import NotFound, NotReady
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import class_pictures_dir, write_atomically
from labeler.results.models import ClassPicture, ModelVersion
from labeler.results.selectors import UNIT_ARRAYS, get_model_array, read_array


@dataclass(frozen=True)
class ClassView:
    """A class of a model: `picture` is None until somebody asks for one; `units` by falling weight."""

    class_id: int
    picture: ClassPicture | None
    units: list[dict[str, Any]]


def get_model(*, project_id: int, number: int) -> ModelVersion:
    """One model version of a project."""
    model = ModelVersion.objects.filter(project_id=project_id, number=number).first()
    if model is None:
        raise NotFound(f"Project {project_id} has no model {number}", code="no_such_model")
    return model


def get_class_view(*, project_id: int, number: int, class_id: int) -> ClassView:
    """Units and picture of one class.

    Raises:
        NotFound: no such model, or it does not know the class.
    """
    model = _model_of_class(project_id=project_id, number=number, class_id=class_id)
    picture = ClassPicture.objects.filter(model_version=model, class_id=class_id).first()
    return ClassView(class_id, picture, _units(model, class_id))


def read_class_picture(*, project_id: int, number: int, class_id: int) -> bytes:
    """The PNG of a class.

    Raises:
        NotFound: no such model or class.
        NotReady: nobody has asked for the picture, or it is not drawn yet.
    """
    model = _model_of_class(project_id=project_id, number=number, class_id=class_id)
    picture = ClassPicture.objects.filter(model_version=model, class_id=class_id).exclude(path="").first()
    if picture is None:
        raise NotReady(f"Class {class_id} of model {number} has no picture yet", code="no_class_picture")
    path = class_pictures_dir(project_id) / picture.path
    if not path.exists():
        raise NotFound(f"The picture of class {class_id} is missing from storage", code="file_missing")
    return path.read_bytes()


@transaction.atomic
def request_class_picture(*, project_id: int, number: int, class_id: int, user: User | None) -> Job | None:
    """Ask for the picture of a class; None when it is drawn already. Requests made meanwhile share a job.

    Raises:
        NotFound: no such model or class.
        NotReady: the model's classifier is gone, so nothing can be drawn from it.
    """
    model = _model_of_class(project_id=project_id, number=number, class_id=class_id)
    if model.job_id is None:
        raise NotReady(f"The classifier of model {number} is not kept", code="no_classifier")
    picture, _ = ClassPicture.objects.get_or_create(model_version=model, class_id=class_id)
    if picture.path:
        return None
    return request_job(project_id=project_id, kind=JobKind.CLASS_PICTURE, user=user)


def list_undrawn_pictures(*, project_id: int) -> list[ClassPicture]:
    """Pictures that somebody asked for and that are not there, in the order of asking."""
    pictures = ClassPicture.objects.filter(model_version__project_id=project_id, path="")
    return list(pictures.select_related("model_version"))


def store_class_picture(picture: ClassPicture, *, png: bytes) -> None:
    """Write a drawn picture to storage, then note it."""
    name = f"{picture.model_version.number}-{picture.class_id}-{uuid.uuid4().hex}.png"
    write_atomically(class_pictures_dir(picture.model_version.project_id) / name, png)
    ClassPicture.objects.filter(id=picture.id).update(path=name)


def discard_class_picture(picture: ClassPicture) -> None:
    """Forget a request that cannot be met."""
    ClassPicture.objects.filter(id=picture.id, path="").delete()


def _model_of_class(*, project_id: int, number: int, class_id: int) -> ModelVersion:
    model = get_model(project_id=project_id, number=number)
    if class_id not in model.class_ids:
        raise NotFound(f"Model {number} does not know class {class_id}", code="class_not_in_model")
    return model


def _units(model: ModelVersion, class_id: int) -> list[dict[str, Any]]:
    """Units of a class without images that were removed since; none for a model older than they."""
    if not model.arrays.filter(name="unit_channel").exists():
        return []
    row = model.class_ids.index(class_id)
    channel, weight, images, activation = (
        read_array(get_model_array(model=model, name=name))[row] for name in UNIT_ARRAYS
    )
    removed = set(
        Image.objects.filter(
            project_id=model.project_id, index__in=images.ravel().tolist(), removed_at__isnull=False
        ).values_list("index", flat=True)
    )
    return [
        {
            "channel": int(channel[unit]),
            "weight": float(weight[unit]),
            "images": [
                {"index": int(index), "activation": float(value)}
                for index, value in zip(images[unit], activation[unit], strict=True)
                if int(index) not in removed
            ],
        }
        for unit in range(len(channel))
        if channel[unit] >= 0
    ]

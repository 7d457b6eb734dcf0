"""Writes of results: publishing a model version or a projection is one transaction, done by the job that owns it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ForeignObjectRel, Max, Q
from django.utils import timezone

from labeler.annotations.selectors import count_training_labels
from labeler.annotations.training_policy import note_training_labels
from labeler.datasets.models import Image, Project
from labeler.errors import Conflict, NotReady
from labeler.jobs import events
from labeler.jobs.models import Job, JobKind
from labeler.jobs.schemas import ModelPublished, ProjectionPublished
from labeler.jobs.services import is_owned, request_job
from labeler.lib.files import arrays_dir, write_atomically
from labeler.results.models import ModelVersion, Projection, StoredArray, SuggestionSet, View
from labeler.results.selectors import get_latest_projection, is_of_present_network, read_array
from labeler.webhooks.models import WebhookEvent
from labeler.webhooks.services import notify


@dataclass(frozen=True)
class NewProjection:
    """A layout; `array` and `cluster_array` are already stored. `is_early`: shown until the finished one comes."""

    view: View
    array: StoredArray
    parameters: dict[str, Any]
    quality: dict[str, float | None]
    aligned_to: Projection | None
    clusters: Sequence[dict[str, Any]] = ()
    cluster_array: StoredArray | None = None
    is_early: bool = False

    @property
    def stored_arrays(self) -> list[StoredArray]:
        """All that was stored for it."""
        return [self.array] if self.cluster_array is None else [self.array, self.cluster_array]


def store_array(*, project_id: int, name: str, array: npt.NDArray[Any]) -> StoredArray:
    """Write an array to storage and note it. Nobody sees it before something published refers to it."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    file_name = f"{name}-{uuid.uuid4().hex}.bin"
    write_atomically(arrays_dir(project_id) / file_name, little.tobytes())
    return StoredArray.objects.create(
        project_id=project_id,
        name=name,
        path=file_name,
        dtype=array.dtype.name,
        shape=list(array.shape),
    )


@transaction.atomic
def publish_model(
    *,
    job: Job,
    fields: Mapping[str, Any],
    arrays: list[StoredArray],
    projections: list[NewProjection],
    tuned_by_job: int | None = None,
) -> ModelVersion:
    """Publish a model version with all that was made from it.

    `tuned_by_job`: whose network its features come from; the project's features come from there from now on.

    Raises:
        Conflict: the job was cancelled, or another attempt runs it now; nothing is published.
    """
    _require_owner(job)
    project = Project.objects.select_for_update().get(id=job.project_id)
    last = ModelVersion.objects.filter(project=project).aggregate(last=Max("number"))["last"]
    model = ModelVersion.objects.create(project=project, number=(last or 0) + 1, job=job, **fields)
    model.arrays.set(arrays)
    if is_of_present_network(model, project):  # else the settings changed meanwhile
        Project.objects.filter(id=project.id).update(tuned_by_job=tuned_by_job)
    for new in projections:
        _create_projection(project, new, model=model, num_images=model.num_images)
    request_missing_places(project.id)
    events.publish(project.id, ModelPublished(number=model.number))
    notify(
        project_id=project.id,
        event=WebhookEvent.MODEL_PUBLISHED,
        data={"number": model.number, "accuracy": model.metrics.get("accuracy")},
    )
    return model


@transaction.atomic
def publish_projection(
    *, job: Job, new: NewProjection, num_images: int, model: ModelVersion | None = None
) -> Projection:
    """Publish a layout that was made while images come in, or a better one of a model. Errors as `publish_model`."""
    _require_owner(job)
    project = Project.objects.select_for_update().get(id=job.project_id)
    projection = _create_projection(project, new, model=model, num_images=num_images)
    if not new.is_early:
        request_missing_places(project.id)
    return projection


def delete_arrays(arrays: Iterable[StoredArray]) -> None:
    """Remove arrays that were stored for a publishing that did not happen."""
    for array in arrays:
        with transaction.atomic():
            path = arrays_dir(array.project_id) / array.path
            array.delete()
            transaction.on_commit(partial(path.unlink, missing_ok=True))


def delete_unpublished_arrays(*, older_than: timedelta = timedelta(hours=6)) -> int:
    """Remove arrays and files of arrays that nothing published refers to: a worker was lost before it published.

    Args:
        older_than: younger ones may belong to a publishing that goes on.

    Returns:
        How many arrays and files went.
    """
    limit = timezone.now() - older_than
    unused = StoredArray.objects.filter(created_at__lt=limit)
    for relation in StoredArray._meta.get_fields(include_hidden=True):  # whatever table refers to arrays
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            name = relation.field.name
            used = relation.related_model._default_manager.filter(**{f"{name}__isnull": False})
            unused = unused.exclude(id__in=used.values(name))
    arrays = list(unused)
    delete_arrays(arrays)
    num_files = 0
    for folder in arrays_dir(0).parent.parent.glob("*/arrays"):
        known = set(StoredArray.objects.filter(project_id=folder.parent.name).values_list("path", flat=True))
        for path in folder.glob("*.bin"):
            if path.name not in known and path.stat().st_mtime < limit.timestamp():
                path.unlink(missing_ok=True)
                num_files += 1
    return len(arrays) + num_files


@transaction.atomic
def publish_suggestions(*, job: Job, fields: Mapping[str, Any], arrays: list[StoredArray]) -> SuggestionSet:
    """Publish what helps people choose images; the newest is used. Errors as `publish_model`."""
    _require_owner(job)
    published = SuggestionSet.objects.create(project_id=job.project_id, job=job, **fields)
    published.arrays.set(arrays)
    return published


@transaction.atomic
def request_training(*, project_id: int, user: User | None) -> Job:
    """Queue a training now, whatever the thresholds. A queued one is returned as it is.

    Raises:
        NotReady: fewer than two classes have labels that somebody looked at.
    """
    counts = [count for count in count_training_labels(project_id=project_id).values() if count]
    if len(counts) < 2:
        raise NotReady(
            f"{len(counts)} classes have labels; a classifier needs at least 2", code="too_few_classes"
        )
    note_training_labels(project_id=project_id, num_labels=sum(counts))
    return request_job(project_id=project_id, kind=JobKind.TRAINING, user=user)


def request_missing_places(project_id: int) -> Job | None:
    """Queue a layout if an image has no place in the one that is shown: it was removed when that was made, and is back.
    Images that cannot be read have no place either, and wait for no layout.

    The caller holds the project's lock: images are restored either before a layout is published or after it, and both
    look here.
    """
    removed = Image.objects.filter(
        Q(removed_at__isnull=False) | Q(read_failure__isnull=False), project_id=project_id
    )
    gone = np.fromiter(removed.values_list("index", flat=True), dtype=np.int64)
    for view in View:
        shown = get_latest_projection(project_id=project_id, view=view)
        if shown is None:
            continue
        holes = np.flatnonzero(np.isnan(read_array(shown.array)).any(axis=1))
        if len(np.setdiff1d(holes, gone)):
            return request_job(project_id=project_id, kind=JobKind.PROJECTION, user=None)
    return None


def _create_projection(
    project: Project, new: NewProjection, *, model: ModelVersion | None, num_images: int
) -> Projection:
    projection = Projection.objects.create(
        project=project,
        view=new.view,
        model_version=model,
        aligned_to=new.aligned_to,
        array=new.array,
        num_images=num_images,
        parameters=new.parameters,
        quality=new.quality,
        is_early=new.is_early,
        clusters=list(new.clusters),
        cluster_array=new.cluster_array,
    )
    events.publish(project.id, ProjectionPublished(view=new.view.value, num_images=num_images))
    return projection


def _require_owner(job: Job) -> None:
    if not is_owned(job_id=job.id, attempt=job.num_attempts):
        raise Conflict(f"Job {job.id} is no longer run by this attempt", code="job_lost")

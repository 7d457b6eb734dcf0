"""Taking images out of a project and bringing them back: nothing is deleted, and their indexes stay theirs.

It moves images, the counts of labels, and the need for a place on the map. Both are one transaction under the project's
row lock, as label actions are: an action meets an image in the project or out of it, never between.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from labeler.accounts.audit import record
from labeler.annotations.label_rows import ImageRow, add_to_counts, load_images, update_images
from labeler.annotations.packing import pack_indexes
from labeler.annotations.training_policy import request_training_if_due
from labeler.datasets.models import Image, ImportEntry, Outcome, Project, Removal
from labeler.datasets.read_failures import forget_read_failures
from labeler.datasets.selectors import get_import, list_removed_indexes
from labeler.datasets.services import lock_project
from labeler.errors import Conflict, NotFound
from labeler.jobs import events
from labeler.jobs.schemas import ImagesRemoved, ImagesRestored
from labeler.results.services import request_missing_places
from labeler.webhooks.models import WebhookEvent
from labeler.webhooks.services import notify


@dataclass(frozen=True)
class Restored:
    """The images that came back, and how many of them have a label."""

    image_indexes: list[int]
    num_labelled: int


@transaction.atomic
def remove_images(
    *, project_id: int, user: User, image_indexes: Sequence[int], client_action_id: UUID
) -> Removal:
    """Take images out of the project; those that are out already are passed over. Labels are kept and not counted.

    Idempotent by `client_action_id`: sent again it returns the first removal and changes nothing.

    Raises:
        InvalidInput: an index without an image.
        Conflict: somebody else used this `client_action_id`.
    """
    project = lock_project(project_id)
    repeated = Removal.objects.filter(project=project, client_action_id=client_action_id).first()
    if repeated is not None:
        if repeated.removed_by_id != user.id:
            raise Conflict(f"client_action_id {client_action_id} is in use", code="client_action_id_taken")
        return repeated
    images = [image for image in load_images(project, list(set(image_indexes))) if not image.is_removed]
    removal = Removal.objects.create(
        project=project,
        removed_by=user,
        image_indexes=pack_indexes(image.image_index for image in images),
        num_labelled=_count_labelled(images),
        client_action_id=client_action_id,
    )
    if images:
        update_images([image.id for image in images], removed_at=timezone.now(), removal=removal)
        _move_counts(project, images, sign=-1)
        record(
            project_id=project.id,
            actor=user,
            action="images.remove",
            removal=removal.id,
            num_images=len(images),
            num_labelled=removal.num_labelled,
        )
        events.publish(project.id, ImagesRemoved(num_images=len(images), by=user.username))
        _notify(project, WebhookEvent.IMAGES_REMOVED, num_images=len(images))
    return removal


@transaction.atomic
def restore_images(
    *,
    project_id: int,
    user: User,
    image_indexes: Sequence[int] | None = None,
    removal_id: int | None = None,
    import_id: int | None = None,
) -> Restored:
    """Bring removed images back with their labels: chosen ones, those of one removal, those that an import met again as
    duplicates, or all. Images that are in the project are passed over, so the same request again changes nothing.

    Where a layout was made without them, a job that gives them places is queued.

    Raises:
        InvalidInput: an index without an image.
        NotFound: no such removal or import.
    """
    project = lock_project(project_id)
    if image_indexes is None:
        images = _removed_rows(project, removal_id=removal_id, import_id=import_id)
    else:
        images = [image for image in load_images(project, list(set(image_indexes))) if image.is_removed]
    restored = Restored([image.image_index for image in images], _count_labelled(images))
    if images:
        update_images([image.id for image in images], removed_at=None, removal=None)
        forget_read_failures(project_id=project.id, image_indexes=restored.image_indexes)  # tried again
        _move_counts(project, images, sign=1)
        record(
            project_id=project.id,
            actor=user,
            action="images.restore",
            num_images=len(images),
            num_labelled=restored.num_labelled,
        )
        events.publish(project.id, ImagesRestored(num_images=len(images), by=user.username))
        _notify(project, WebhookEvent.IMAGES_RESTORED, num_images=len(images))
        request_missing_places(project.id)
        request_training_if_due(project.id)
    return restored


def get_removed_mask(*, project_id: int, count: int) -> npt.NDArray[np.uint8]:
    """1 where one of the first `count` images was removed, else 0."""
    mask = np.zeros(count, dtype=np.uint8)
    mask[list_removed_indexes(project_id=project_id, num_images=count)] = 1
    return mask


def list_removals(*, project_id: int, after: int | None, limit: int) -> list[dict[str, Any]]:
    """Removals with an id below `after` of which images are still out, newest first; one more than `limit` tells of a
    next page. The counts are of images that are still out.
    """
    removed = Image.objects.filter(project_id=project_id, removed_at__isnull=False, removal__isnull=False)
    if after is not None:
        removed = removed.filter(removal_id__lt=after)
    counts = removed.values("removal_id").annotate(
        num_images=Count("id"), num_labelled=Count("resolved_class_id")
    )
    rows = list(counts.order_by("-removal_id")[: limit + 1])
    removals = Removal.objects.select_related("removed_by").in_bulk([row["removal_id"] for row in rows])
    return [
        {
            "id": row["removal_id"],
            "removed_by": _name(removals[row["removal_id"]].removed_by),
            "created_at": removals[row["removal_id"]].created_at,
            "num_images": row["num_images"],
            "num_labelled": row["num_labelled"],
        }
        for row in rows
    ]


def list_removed_images(*, project_id: int, removal_id: int, after: int | None, limit: int) -> list[Image]:
    """Images of one removal that are still out, with an index above `after`; one more than `limit` where there are.

    Raises:
        NotFound: no such removal.
    """
    _get_removal(project_id, removal_id)
    images = Image.objects.filter(project_id=project_id, removal_id=removal_id, removed_at__isnull=False)
    later = images if after is None else images.filter(index__gt=after)
    return list(later.order_by("index")[: limit + 1])


def _removed_rows(project: Project, *, removal_id: int | None, import_id: int | None) -> list[ImageRow]:
    removed = Image.objects.filter(project=project, removed_at__isnull=False)
    if removal_id is not None:
        _get_removal(project.id, removal_id)
        removed = removed.filter(removal_id=removal_id)
    if import_id is not None:
        source = get_import(project_id=project.id, import_id=import_id)
        met = ImportEntry.objects.filter(source_import=source, outcome=Outcome.DUPLICATE)
        removed = removed.filter(id__in=met.values("image_id"))
    rows = removed.order_by("index").values_list("id", "index", "resolved_class_id")
    return [ImageRow(*row, is_removed=True) for row in rows]


def _move_counts(project: Project, images: Sequence[ImageRow], *, sign: int) -> None:
    """Count images and their labels out (`sign` -1) or in (1) again.

    Growth since the last training is a ratio and stays what it was: taking images out, or back in, is no new label.
    """
    num_before = project.num_labelled
    by_class = Counter(image.class_id for image in images)
    add_to_counts({class_id: sign * count for class_id, count in by_class.items()})
    project.num_labelled += sign * _count_labelled(images)
    project.num_removed -= sign * len(images)
    project.removal_sequence += 1
    project.last_activity_at = timezone.now()
    if num_before:
        at_training = project.num_labels_at_training * project.num_labelled / num_before
        project.num_labels_at_training = round(at_training)
    project.save(
        update_fields=[
            "num_labelled",
            "num_removed",
            "removal_sequence",
            "num_labels_at_training",
            "last_activity_at",
        ]
    )


def _count_labelled(images: Sequence[ImageRow]) -> int:
    return sum(image.class_id is not None for image in images)


def _notify(project: Project, event: WebhookEvent, *, num_images: int) -> None:
    data = {"num_images": num_images, "num_removed": project.num_removed}
    notify(project_id=project.id, event=event, data=data)


def _get_removal(project_id: int, removal_id: int) -> Removal:
    found = Removal.objects.filter(project_id=project_id, id=removal_id).first()
    if found is None:
        raise NotFound(f"Project {project_id} has no removal {removal_id}", code="no_such_removal")
    return found


def _name(user: User | None) -> str | None:
    return None if user is None else user.username

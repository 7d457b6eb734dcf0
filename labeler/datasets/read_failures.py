"""Images whose originals cannot be read: noted by the worker that met them, until a later attempt succeeds."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeler.datasets.models import Image, ReadFailure

MAX_REASON_CHARS = 500
_CHUNK = 500


@transaction.atomic
def note_read_failures(*, project_id: int, reasons: Mapping[int, str]) -> None:
    """Note why images, by index, cannot be read; a reason noted before is replaced."""
    indexes = sorted(reasons)
    for start in range(0, len(indexes), _CHUNK):
        images = Image.objects.filter(project_id=project_id, index__in=indexes[start : start + _CHUNK])
        ReadFailure.objects.bulk_create(
            [
                ReadFailure(
                    image_id=image_id, reason=reasons[index][:MAX_REASON_CHARS], noted_at=timezone.now()
                )
                for image_id, index in images.values_list("id", "index")
            ],
            update_conflicts=True,
            unique_fields=["image"],
            update_fields=["reason", "noted_at"],
        )


def forget_read_failures(*, project_id: int, image_indexes: Sequence[int]) -> int:
    """Take back what was noted of these images: they could be read, or are to be tried again; how many."""
    if not ReadFailure.objects.filter(image__project_id=project_id).exists():
        return 0
    num_forgotten = 0
    for start in range(0, len(image_indexes), _CHUNK):
        chunk = list(image_indexes[start : start + _CHUNK])
        noted = ReadFailure.objects.filter(image__project_id=project_id, image__index__in=chunk)
        num_forgotten += noted.delete()[0]
    return num_forgotten


def read_failures(*, project_id: int) -> QuerySet[ReadFailure]:
    """Images that cannot be read, by index; those that were removed do not count."""
    noted = ReadFailure.objects.filter(image__project_id=project_id, image__removed_at__isnull=True)
    return noted.select_related("image").order_by("image__index")


def list_read_failures(*, project_id: int, after: int | None, limit: int) -> list[ReadFailure]:
    """Failures of images with an index above `after`; one more than `limit` where there are."""
    noted = read_failures(project_id=project_id)
    return list((noted if after is None else noted.filter(image__index__gt=after))[: limit + 1])

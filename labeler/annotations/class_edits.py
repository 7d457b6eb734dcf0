"""Writes that concern several classes at once: their order, and merging one into another."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from labeler.annotations import selectors
from labeler.annotations.models import LabelClass
from labeler.annotations.services import ActionResult, assign_label
from labeler.datasets.models import Image
from labeler.datasets.services import lock_project
from labeler.errors import Conflict, InvalidInput
from labeler.jobs import events
from labeler.jobs.schemas import ClassesChanged


@dataclass(frozen=True)
class MergeResult:
    """The class that was merged, archived now, and the action that moved its images; None when it had none."""

    source: LabelClass
    action: ActionResult | None


@transaction.atomic
def order_classes(*, project_id: int, class_ids: Sequence[int]) -> list[LabelClass]:
    """Put classes in this order; those not named follow in the order they have.

    Raises:
        InvalidInput: a class is named twice, or is not of this project.
    """
    lock_project(project_id)
    classes = {found.id: found for found in LabelClass.objects.filter(project_id=project_id)}
    if len(set(class_ids)) != len(class_ids):
        raise InvalidInput("A class is named twice in the order", code="class_named_twice")
    unknown = [class_id for class_id in class_ids if class_id not in classes]
    if unknown:
        raise InvalidInput(f"Project {project_id} has no class {unknown[0]}", code="no_such_class")
    named = set(class_ids)
    rest = [found for found in classes.values() if found.id not in named]
    ordered = [classes[class_id] for class_id in class_ids] + rest
    for position, found in enumerate(ordered):
        found.position = position
    LabelClass.objects.bulk_update(ordered, ["position"])
    events.publish(project_id, ClassesChanged())
    return ordered


@transaction.atomic
def merge_class(
    *, project_id: int, class_id: int, into_class_id: int, user: User, client_action_id: UUID
) -> MergeResult:
    """Give every image of one class the other class, as one action that can be undone, and archive the first. Removed
    images too.

    What others gave stays in the log under their names; where labels are compared, the merged class counts as the
    one it went into until it is brought back. The same `client_action_id` again changes nothing.

    Raises:
        NotFound: no such class.
        InvalidInput: a class into itself.
        Conflict: either class is archived.
    """
    lock_project(project_id)
    source = selectors.get_class(project_id=project_id, class_id=class_id)
    target = selectors.get_class(project_id=project_id, class_id=into_class_id)
    if source.id == target.id:
        raise InvalidInput(f"The class {source.name!r} cannot go into itself", code="same_class")
    is_repeated = source.merged_into_id == target.id and source.archived_at is not None
    archived = next((found for found in (source, target) if found.archived_at is not None), None)
    if archived is not None and not is_repeated:
        raise Conflict(f"The class {archived.name!r} is archived", code="class_archived")
    images = Image.objects.filter(project_id=project_id, resolved_class_id=source.id)
    indexes = list(images.values_list("index", flat=True))
    action = None
    if indexes:
        action = assign_label(
            project_id=project_id,
            user=user,
            class_id=target.id,
            image_indexes=indexes,
            client_action_id=client_action_id,
            provenance={"gesture": "merge"},
            with_removed=True,  # else a restored image would come back with the archived class
        )
    source.refresh_from_db()
    if not is_repeated:
        source.archived_at, source.merged_into = timezone.now(), target
        source.save(update_fields=["archived_at", "merged_into"])
        events.publish(project_id, ClassesChanged())
    return MergeResult(source=source, action=action)

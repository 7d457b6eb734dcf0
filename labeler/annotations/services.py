"""Writes of labels. The log of actions is append-only; labels and resolved classes follow from it.

A label action, in one transaction under the project's row lock: give it the next sequence; note what each image
had; write the annotator's labels; resolve each image's class (the latest label of anybody wins); count.
An undo puts back what each image had, with its age, except images that somebody labelled since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from labeler.annotations import selectors
from labeler.annotations.label_rows import (
    ImageRow,
    State,
    load_images,
    load_states,
    load_states_of,
    write_classes,
    write_states,
)
from labeler.annotations.models import (
    LABELLING_KINDS,
    ActionKind,
    LabelAction,
)
from labeler.annotations.packing import (
    CLEARED,
    pack_class_ids,
    pack_indexes,
    pack_sequences,
    unpack_class_ids,
    unpack_indexes,
    unpack_sequences,
)
from labeler.annotations.training_policy import request_training_if_due
from labeler.datasets.models import Project
from labeler.datasets.services import lock_project
from labeler.errors import Conflict
from labeler.jobs import events
from labeler.jobs.schemas import LabelChange, LabelsChanged
from labeler.webhooks.services import notify_labels_changed

MAX_INDEXES_IN_EVENT = 5_000


@dataclass(frozen=True)
class ActionResult:
    """A stored action, the classes its images have now, the images that an undo left alone, and those that were
    removed from the project before they could be labelled.
    """

    action: LabelAction
    changes: list[LabelChange]
    skipped: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


@transaction.atomic
def assign_label(
    *,
    project_id: int,
    user: User,
    class_id: int | None,
    image_indexes: Iterable[int],
    client_action_id: UUID,
    provenance: dict[str, Any],
    is_accepted: bool = False,
    only_unlabelled: bool = False,
    with_removed: bool = False,
) -> ActionResult:
    """Give images a class, or clear them (`class_id` None), as one action. Idempotent by `client_action_id`.

    Images that were removed from the project are left out and are the result's `removed`, unless `with_removed`.
    `is_accepted`: the class is what a model proposed. `only_unlabelled` leaves out images that somebody has labelled
    by now; they are the result's `skipped`.

    Raises:
        NotFound: no such class.
        Conflict: the class is archived, all of the images were removed, or somebody else used this
            `client_action_id`.
        InvalidInput: an index without an image.
    """
    project = lock_project(project_id)
    repeated = _find_repeated(project, user=user, client_action_id=client_action_id)
    if repeated is not None:
        return repeated
    if class_id is not None:
        label_class = selectors.get_class(project_id=project_id, class_id=class_id)
        if label_class.archived_at is not None:
            raise Conflict(f"The class {label_class.name!r} is archived", code="class_archived")
    given = load_images(project, list(set(image_indexes)))
    here = [image for image in given if with_removed or not image.is_removed]
    _require_one(given, here)
    images = [image for image in here if not (only_unlabelled and image.class_id is not None)]
    left_out = {"skipped": _indexes_without(here, images), "removed": _indexes_without(given, here)}
    before = load_states_of(user, images)
    state = State(CLEARED if class_id is None else class_id, project.label_sequence + 1)
    write_states({image.id: state for image in images}, project=project, user=user)
    action = _append(
        project,
        user=user,
        kind=_labelling_kind(class_id, is_accepted=is_accepted),
        images=images,
        before=before,
        client_action_id=client_action_id,
        num_changed=write_classes(project, images, {image.id: class_id for image in images}),
        label_class_id=class_id,
        provenance={**provenance, **{name: indexes for name, indexes in left_out.items() if indexes}},
    )
    shown = [image.image_index for image in images if not image.is_removed]
    changes = [LabelChange(class_id=class_id, image_indexes=shown)]
    return _announce(project, ActionResult(action=action, changes=changes, **left_out))


@transaction.atomic
def undo_action(*, project_id: int, user: User, sequence: int, client_action_id: UUID) -> ActionResult:
    """Take back one labelling action, whoever made it (the caller checks that `user` may).

    Raises:
        Conflict: it is undone already, or is itself an undo.
    """
    project = lock_project(project_id)
    repeated = _find_repeated(project, user=user, client_action_id=client_action_id)
    if repeated is not None:
        return repeated
    target = selectors.get_action(project_id=project_id, sequence=sequence)
    if target.kind not in LABELLING_KINDS:
        raise Conflict(f"Action {sequence} is an {target.kind}; undo what it undid", code="not_undoable")
    if target.undone_by_id is not None:
        raise Conflict(f"Action {sequence} is undone already", code="already_undone")
    return _take_back(project, target, user=user, kind=ActionKind.UNDO, client_action_id=client_action_id)


@transaction.atomic
def undo_last(*, project_id: int, user: User, client_action_id: UUID) -> ActionResult:
    """Take back the user's own newest action that stands."""
    project = lock_project(project_id)
    repeated = _find_repeated(project, user=user, client_action_id=client_action_id)
    if repeated is not None:
        return repeated
    target = selectors.get_last_undoable(project_id=project_id, user=user)
    if target is None:
        raise Conflict("You have nothing to undo here", code="nothing_to_undo")
    return _take_back(project, target, user=user, kind=ActionKind.UNDO, client_action_id=client_action_id)


@transaction.atomic
def redo_last(*, project_id: int, user: User, client_action_id: UUID) -> ActionResult:
    """Take back the user's own newest undo, unless they labelled anything since."""
    project = lock_project(project_id)
    repeated = _find_repeated(project, user=user, client_action_id=client_action_id)
    if repeated is not None:
        return repeated
    target = selectors.get_last_redoable(project_id=project_id, user=user)
    if target is None:
        raise Conflict("You have nothing to redo here", code="nothing_to_redo")
    return _take_back(project, target, user=user, kind=ActionKind.REDO, client_action_id=client_action_id)


def _take_back(
    project: Project, target: LabelAction, *, user: User, kind: ActionKind, client_action_id: UUID
) -> ActionResult:
    owner = target.annotator if target.undoes is None else target.undoes.annotator  # whose labels they are
    images = load_images(project, unpack_indexes(bytes(target.image_indexes)))
    labels = load_states(images)
    restored, expected = _restored_states(target), _expected_sequences(target)
    before: dict[int, State] = {}
    after: dict[int, State] = {}
    classes: dict[int, int | None] = {}
    for image in images:
        here = labels.get(image.id, {})
        own = here.get(owner.pk, State())
        others = max(
            (state for who, state in here.items() if who != owner.pk),
            key=lambda state: state.sequence,
            default=State(),
        )
        if own.sequence != expected[image.image_index] or others.sequence > target.sequence:
            continue  # somebody labelled it since
        before[image.id], after[image.id] = own, restored[image.image_index]
        classes[image.id] = max(after[image.id], others, key=lambda state: state.sequence).resolved_class_id
    touched = [image for image in images if image.id in after]
    skipped = [image.image_index for image in images if image.id not in after]
    write_states(after, project=project, user=owner)
    action = _append(
        project,
        user=user,
        kind=kind,
        images=touched,
        before=before,
        client_action_id=client_action_id,
        num_changed=write_classes(project, touched, classes),
        undoes=target,
        provenance={"skipped": skipped} if skipped else {},
    )
    LabelAction.objects.filter(id=target.id).update(undone_by=action)
    if kind is ActionKind.REDO and target.undoes_id is not None:
        LabelAction.objects.filter(id=target.undoes_id).update(undone_by=None)
    changes = _group_changes(touched, classes)
    return _announce(project, ActionResult(action=action, changes=changes, skipped=skipped))


def _labelling_kind(class_id: int | None, *, is_accepted: bool) -> ActionKind:
    if class_id is None:
        return ActionKind.CLEAR
    return ActionKind.ACCEPT if is_accepted else ActionKind.ASSIGN


def _restored_states(target: LabelAction) -> dict[int, State]:
    """What each image had before the target, by image index."""
    indexes = unpack_indexes(bytes(target.image_indexes))
    class_ids = unpack_class_ids(bytes(target.previous_class_ids))
    sequences = unpack_sequences(bytes(target.previous_sequences))
    return dict(zip(indexes, map(State, class_ids, sequences), strict=True))


def _expected_sequences(target: LabelAction) -> dict[int, int]:
    """By image index, the sequence that a label has if its annotator did not touch it since.

    After an assign or a clear that is the action's own; after an undo it is what the undone action had found.
    """
    if target.undoes is None:
        return dict.fromkeys(unpack_indexes(bytes(target.image_indexes)), target.sequence)
    return {index: state.sequence for index, state in _restored_states(target.undoes).items()}


def _group_changes(images: Sequence[ImageRow], classes: Mapping[int, int | None]) -> list[LabelChange]:
    """What the images have now, those left out that were removed: nobody sees them."""
    groups: dict[int | None, list[int]] = {}
    for image in images:
        if not image.is_removed:
            groups.setdefault(classes[image.id], []).append(image.image_index)
    return [LabelChange(class_id=class_id, image_indexes=members) for class_id, members in groups.items()]


def _require_one(given: Sequence[ImageRow], here: Sequence[ImageRow]) -> None:
    """Refuse an action of which nothing would be left, so that nobody takes it for done."""
    if given and not here:
        which = f"Image {given[0].image_index} was" if len(given) == 1 else f"All {len(given)} images were"
        raise Conflict(f"{which} removed from the project", code="images_removed")


def _indexes_without(images: Sequence[ImageRow], kept: Sequence[ImageRow]) -> list[int]:
    if len(images) == len(kept):
        return []
    there = {image.id for image in kept}
    return [image.image_index for image in images if image.id not in there]


def _find_repeated(project: Project, *, user: User, client_action_id: UUID) -> ActionResult | None:
    action = (
        LabelAction.objects.filter(project=project, client_action_id=client_action_id)
        .select_related("annotator", "undoes")
        .first()
    )
    if action is None:
        return None
    if action.annotator_id != user.id:
        raise Conflict(f"client_action_id {client_action_id} is in use", code="client_action_id_taken")
    indexes = unpack_indexes(bytes(action.image_indexes))
    changes = selectors.get_changes(project_id=project.id, indexes=indexes)
    left_out = {name: action.provenance.get(name, []) for name in ("skipped", "removed")}
    return ActionResult(action=action, changes=changes, **left_out)


def _append(
    project: Project,
    *,
    user: User,
    kind: ActionKind,
    images: Sequence[ImageRow],
    before: Mapping[int, State],
    client_action_id: UUID,
    num_changed: int,
    provenance: dict[str, Any],
    label_class_id: int | None = None,
    undoes: LabelAction | None = None,
) -> LabelAction:
    project.label_sequence += 1
    project.last_activity_at = timezone.now()
    project.save(update_fields=["label_sequence", "num_labelled", "last_activity_at"])
    return LabelAction.objects.create(
        project=project,
        sequence=project.label_sequence,
        annotator=user,
        kind=kind,
        label_class_id=label_class_id,
        image_indexes=pack_indexes(image.image_index for image in images),
        previous_class_ids=pack_class_ids(before[image.id].class_id for image in images),
        previous_sequences=pack_sequences(before[image.id].sequence for image in images),
        num_changed=num_changed,
        client_action_id=client_action_id,
        undoes=undoes,
        provenance=provenance,
    )


def _announce(project: Project, result: ActionResult) -> ActionResult:
    action = result.action
    num_indexes = sum(len(change.image_indexes) for change in result.changes)
    events.publish(
        project.id,
        LabelsChanged(
            sequence=action.sequence,
            annotator=action.annotator.username,
            kind=action.kind,
            client_action_id=action.client_action_id,
            changes=result.changes if num_indexes <= MAX_INDEXES_IN_EVENT else None,
        ),
    )
    notify_labels_changed(project_id=project.id, sequence=action.sequence)
    request_training_if_due(project.id)
    return result

"""Reads of classes, actions and labels."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet

from labeler.annotations.models import LABELLING_KINDS, ActionKind, Label, LabelAction, LabelClass
from labeler.annotations.packing import holds_index, resolved_column
from labeler.datasets.models import Image, Project
from labeler.errors import NotFound
from labeler.jobs.schemas import LabelChange

T = TypeVar("T")
BEFORE = ("previous_class_ids", "previous_sequences")  # columns that only an undo reads
QUERY_CHUNK = 5_000  # bound variables in one statement


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a list into pieces that fit one SQL statement."""
    for start in range(0, len(values), QUERY_CHUNK):
        yield values[start : start + QUERY_CHUNK]


def list_classes(*, project_id: int, with_archived: bool = False) -> QuerySet[LabelClass]:
    """Classes of a project in their order."""
    classes = LabelClass.objects.filter(project_id=project_id)
    return classes if with_archived else classes.filter(archived_at__isnull=True)


def get_class(*, project_id: int, class_id: int) -> LabelClass:
    """One class of a project, archived or not."""
    found = LabelClass.objects.filter(project_id=project_id, id=class_id).first()
    if found is None:
        raise NotFound(f"Project {project_id} has no class {class_id}", code="no_such_class")
    return found


def get_labels(*, project_id: int) -> tuple[int, bytes]:
    """Sequence of the last action, and the resolved class id of every image as int32 bytes; 0 = none, or removed.

    The sequence is read first: labels may be newer than it, never older, so a client that then catches up
    from it misses nothing.
    """
    project = Project.objects.only("label_sequence", "num_images").get(id=project_id)
    pairs = (
        Image.objects.filter(
            project_id=project_id,
            index__lt=project.num_images,
            resolved_class__isnull=False,
            removed_at__isnull=True,
        )
        .values_list("index", "resolved_class_id")
        .iterator(chunk_size=10_000)
    )
    column = resolved_column(((index, class_id or 0) for index, class_id in pairs), count=project.num_images)
    return project.label_sequence, column.tobytes()


def list_actions(*, project_id: int, after: int, limit: int) -> list[LabelAction]:
    """Actions with a sequence above `after`, in order, one more than `limit` when there are more."""
    actions = LabelAction.objects.filter(project_id=project_id, sequence__gt=after)
    actions = actions.select_related("annotator", "undoes").defer(
        *BEFORE, *(f"undoes__{name}" for name in BEFORE)
    )
    return list(actions.order_by("sequence")[: limit + 1])


def get_action(*, project_id: int, sequence: int) -> LabelAction:
    """One action of a project by its sequence."""
    action = (
        LabelAction.objects.filter(project_id=project_id, sequence=sequence)
        .select_related("annotator", "undoes")
        .first()
    )
    if action is None:
        raise NotFound(f"Project {project_id} has no label action {sequence}", code="no_such_action")
    return action


def get_last_undoable(*, project_id: int, user: User) -> LabelAction | None:
    """The user's newest labelling action that stands."""
    return (
        LabelAction.objects.filter(
            project_id=project_id,
            annotator=user,
            kind__in=LABELLING_KINDS,
            undone_by__isnull=True,
        )
        .order_by("-sequence")
        .first()
    )


def get_last_redoable(*, project_id: int, user: User) -> LabelAction | None:
    """The user's newest undo that stands and was not followed by a new assign or clear of theirs."""
    mine = LabelAction.objects.filter(project_id=project_id, annotator=user).order_by("-sequence")
    last_label = mine.filter(kind__in=LABELLING_KINDS).values_list("sequence", flat=True).first() or 0
    # Read from there on only: an annotator of a million actions may never have undone one.
    return mine.filter(kind=ActionKind.UNDO, undone_by__isnull=True, sequence__gt=last_label).first()


def list_history(*, project_id: int, index: int) -> list[LabelAction]:
    """Actions that touched one image, newest first. Reads the log backwards, at most its last 5,000 actions."""
    actions = (
        LabelAction.objects.filter(project_id=project_id)
        .select_related("annotator", "undoes")
        .defer(*BEFORE, *(f"undoes__{name}" for name in BEFORE))
        .order_by("-sequence")[:5_000]
    )
    return [action for action in actions if holds_index(bytes(action.image_indexes), index)]


def list_unseen_images(*, project_id: int) -> set[int]:
    """Indexes of images whose every label came from "label the rest", which nobody looked at.

    A model is neither trained nor measured on them: it would only be told that it agrees with itself.
    """
    rest = _rest_sequences(project_id)
    if not rest:
        return set()
    labels = Label.objects.filter(project_id=project_id, label_class__isnull=False)
    unseen = labels.filter(sequence__in=rest).values_list("image__index", flat=True)
    seen = labels.exclude(sequence__in=rest).filter(image__labels__sequence__in=rest)
    return set(unseen) - set(seen.values_list("image__index", flat=True))


def count_training_labels(*, project_id: int) -> dict[int, int]:
    """Labels of each active class, by its id, that a model is trained or measured on: all but unseen ones."""
    classes = list_classes(project_id=project_id)
    rest = _rest_sequences(project_id)
    if not rest:
        return dict(classes.values_list("id", "num_labels"))
    given = Label.objects.filter(image=OuterRef("pk"), label_class__isnull=False)
    seen = Image.objects.filter(
        Exists(given.exclude(sequence__in=rest)), resolved_class__in=classes, removed_at__isnull=True
    )
    counts = dict(seen.values_list("resolved_class").annotate(Count("pk")).order_by())
    return {class_id: counts.get(class_id, 0) for class_id in classes.values_list("id", flat=True)}


def _rest_sequences(project_id: int) -> list[int]:
    """Sequences of the "label the rest" actions. Few: each is one action for a class."""
    actions = LabelAction.objects.filter(
        project_id=project_id, kind=ActionKind.ACCEPT, provenance__gesture="rest"
    )
    return list(actions.values_list("sequence", flat=True))


def get_changes(*, project_id: int, indexes: Sequence[int]) -> list[LabelChange]:
    """The classes that the given images have now, grouped; removed ones are left out."""
    groups: dict[int | None, list[int]] = defaultdict(list)
    for chunk in chunks(indexes):
        images = Image.objects.filter(project_id=project_id, index__in=chunk, removed_at__isnull=True)
        for index, class_id in images.values_list("index", "resolved_class_id"):
            groups[class_id].append(index)
    return [
        LabelChange(class_id=class_id, image_indexes=sorted(members)) for class_id, members in groups.items()
    ]


def list_recent_actions(
    *, project_id: int, before: int | None, annotator: str | None, limit: int
) -> list[LabelAction]:
    """Actions newest first with a sequence below `before`, one more than `limit` when there are more."""
    actions = LabelAction.objects.filter(project_id=project_id).select_related("annotator", "undoes")
    if before is not None:
        actions = actions.filter(sequence__lt=before)
    if annotator is not None:
        actions = actions.filter(annotator__username=annotator)
    without = actions.defer(*BEFORE, *(f"undoes__{name}" for name in (*BEFORE, "image_indexes")))
    return list(without.order_by("-sequence")[: limit + 1])


def list_annotators(*, project_id: int) -> QuerySet[User]:
    """Everybody who acted in the project."""
    return User.objects.filter(
        id__in=LabelAction.objects.filter(project_id=project_id).values("annotator_id")
    )

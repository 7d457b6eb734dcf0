"""Rebuild labels, resolved classes and counts from the log of actions alone, and compare them with what is stored.

Steps: replay every action in order of sequence, holding each against what it says it found; resolve each image by its
latest label; list the differences from the tables. An empty list is the proof that the log is the truth.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from labeler.annotations.models import ActionKind, Label, LabelAction, LabelClass
from labeler.annotations.packing import (
    CLEARED,
    NO_LABEL,
    unpack_class_ids,
    unpack_indexes,
    unpack_sequences,
)
from labeler.datasets.models import Image, Project

MAX_DIFFERENCES = 1_000

Key = tuple[int, int]  # annotator id, image index
State = tuple[int, int]  # class id, `NO_LABEL` or `CLEARED`; sequence of the action that set it
NOTHING: State = (NO_LABEL, 0)


@dataclass
class Replay:
    """What the log adds up to so far."""

    labels: dict[Key, State] = field(default_factory=dict)
    # Action id -> what each image had before.
    found: dict[int, dict[int, State]] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)  # action id -> annotator whose labels it moves
    is_undone: dict[int, bool] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    last_sequence: int = 0

    def apply(self, action: LabelAction) -> None:
        """Take the next action of the log."""
        if action.sequence != self.last_sequence + 1:
            self.differences.append(f"action {action.sequence} follows action {self.last_sequence}")
        self.last_sequence = action.sequence
        indexes = unpack_indexes(bytes(action.image_indexes))
        owner = action.annotator_id if action.undoes_id is None else self.owners[action.undoes_id]
        self.owners[action.id] = owner
        self.found[action.id] = {index: self.labels.get((owner, index), NOTHING) for index in indexes}
        self._compare_found(action, indexes)
        for index in indexes:
            state = self._new_state(action, index)
            if state[0] == NO_LABEL:
                self.labels.pop((owner, index), None)
            else:
                self.labels[owner, index] = state
        self._note_undone(action)

    def resolved(self) -> dict[int, int]:
        """Class id of each labelled image by its index: the latest label of anybody."""
        latest: dict[int, State] = {}
        for (_, index), state in self.labels.items():
            if state[1] > latest.get(index, NOTHING)[1]:
                latest[index] = state
        return {index: class_id for index, (class_id, _) in latest.items() if class_id != CLEARED}

    def _new_state(self, action: LabelAction, index: int) -> State:
        if action.undoes_id is not None:
            return self.found[action.undoes_id][index]
        return (CLEARED if action.label_class_id is None else action.label_class_id, action.sequence)

    def _compare_found(self, action: LabelAction, indexes: list[int]) -> None:
        noted = zip(
            unpack_class_ids(bytes(action.previous_class_ids)),
            unpack_sequences(bytes(action.previous_sequences)),
            strict=True,
        )
        for index, state in zip(indexes, noted, strict=True):
            if state != self.found[action.id][index]:
                self.differences.append(
                    f"action {action.sequence} says image {index} had {state}, "
                    f"the log says {self.found[action.id][index]}"
                )

    def _note_undone(self, action: LabelAction) -> None:
        self.is_undone[action.id] = False
        if action.undoes_id is None:
            return
        self.is_undone[action.undoes_id] = True
        undone = action.undoes
        if action.kind == ActionKind.REDO and undone is not None and undone.undoes_id is not None:
            self.is_undone[undone.undoes_id] = False


@transaction.atomic
def find_differences(*, project_id: int) -> list[str]:
    """Compare the stored labels of a project with its log; one line a difference, at most `MAX_DIFFERENCES`."""
    project = Project.objects.select_for_update().get(id=project_id)  # nobody labels meanwhile
    replay = Replay()
    actions = LabelAction.objects.filter(project=project).select_related("undoes").order_by("sequence")
    for action in actions.iterator(chunk_size=200):
        replay.apply(action)
    differences = [
        *replay.differences,
        *_compare_undone(actions.iterator(chunk_size=200), replay),
        *_compare_labels(project, replay),
        *_compare_images(project, replay),
        *_compare_counts(project, replay),
    ]
    return differences[:MAX_DIFFERENCES]


def _compare_undone(actions: Iterable[LabelAction], replay: Replay) -> Iterator[str]:
    for action in actions:
        if (action.undone_by_id is not None) != replay.is_undone[action.id]:
            yield f"action {action.sequence} is stored as undone by {action.undone_by_id}, the log says otherwise"


def _compare_labels(project: Project, replay: Replay) -> Iterator[str]:
    rows = Label.objects.filter(project=project).values_list(
        "annotator_id", "image__index", "label_class_id", "sequence"
    )
    stored = {
        (annotator, index): (CLEARED if class_id is None else class_id, sequence)
        for annotator, index, class_id, sequence in rows
    }
    for key in sorted(stored.keys() | replay.labels.keys()):
        if stored.get(key) != replay.labels.get(key):
            yield (
                f"label of image {key[1]} by annotator {key[0]}: stored {stored.get(key)}, "
                f"log {replay.labels.get(key)}"
            )


def _compare_images(project: Project, replay: Replay) -> Iterator[str]:
    resolved = replay.resolved()
    images = Image.objects.filter(project=project).values_list("index", "resolved_class_id")
    for index, class_id in images.order_by("index"):
        if class_id != resolved.get(index):
            yield f"class of image {index}: stored {class_id}, log {resolved.get(index)}"


def _compare_counts(project: Project, replay: Replay) -> Iterator[str]:
    gone = Image.objects.filter(project=project, removed_at__isnull=False)
    removed = set(gone.values_list("index", flat=True))
    resolved = {index: class_id for index, class_id in replay.resolved().items() if index not in removed}
    counts = Counter(resolved.values())
    for label_class in LabelClass.objects.filter(project=project).order_by("id"):
        if label_class.num_labels != counts[label_class.id]:
            yield (
                f"labels of class {label_class.name!r}: stored {label_class.num_labels}, "
                f"log {counts[label_class.id]}"
            )
    if project.num_removed != len(removed):
        yield f"removed images: stored {project.num_removed}, there are {len(removed)}"
    if project.num_labelled != len(resolved):
        yield f"labelled images: stored {project.num_labelled}, log {len(resolved)}"
    if project.label_sequence != replay.last_sequence:
        yield f"last sequence: stored {project.label_sequence}, log {replay.last_sequence}"

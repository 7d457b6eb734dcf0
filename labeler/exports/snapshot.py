"""Everybody's labels as they stood after one label action.

Start from the labels of now and walk the log backwards: every action keeps what it found, so putting that back, newest
action first, ends at the state before it. The labels are read before the log; an action that comes between the two
is in the log and is taken back all the same, so no lock is needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.annotations.models import Label, LabelAction
from labeler.annotations.packing import CLEARED, NO_LABEL

READ_CHUNK = 10_000


@dataclass(frozen=True)
class AnnotatorLabels:
    """One person's labels of N images: class id, `NO_LABEL` or `CLEARED`, and the sequence that set it; both (N,)."""

    class_id: npt.NDArray[np.int64]
    sequence: npt.NDArray[np.int64]


@dataclass(frozen=True)
class LabelSnapshot:
    """Labels of N images after the action `sequence`, by user id, and what they add up to: the latest of each image.

    `class_id` is 0 where there is no label; `decided_by` is the user id whose label it is, 0 where there is none.
    """

    sequence: int
    labels: dict[int, AnnotatorLabels]
    class_id: npt.NDArray[np.int64]
    decided_by: npt.NDArray[np.int64]
    decided_at: npt.NDArray[np.int64]

    def annotations(self, index: int) -> Iterator[tuple[int, int, int]]:
        """(user id, class id, sequence) of each person's standing label of one image, oldest first."""
        found = [
            (user_id, int(labels.class_id[index]), int(labels.sequence[index]))
            for user_id, labels in self.labels.items()
            if labels.class_id[index] > 0
        ]
        yield from sorted(found, key=lambda row: row[2])


def take_snapshot(*, project_id: int, sequence: int, num_images: int) -> LabelSnapshot:
    """The labels of the first `num_images` images after the action `sequence`, which must exist."""
    labels = _labels_now(project_id=project_id, num_images=num_images)
    newer = (
        LabelAction.objects.filter(project_id=project_id, sequence__gt=sequence)
        .order_by("-sequence")
        .values_list(
            "annotator_id",
            "undoes__annotator_id",
            "undoes__undoes__annotator_id",
            "image_indexes",
            "previous_class_ids",
            "previous_sequences",
        )
    )
    for annotator, undone, redone, *packed in newer.iterator(chunk_size=100):
        owner = redone or undone or annotator  # whose labels the action moved
        _put_back(_of(labels, owner, num_images), packed, num_images=num_images)
    return _resolve(labels, sequence=sequence, num_images=num_images)


def _labels_now(*, project_id: int, num_images: int) -> dict[int, AnnotatorLabels]:
    labels: dict[int, AnnotatorLabels] = {}
    rows = Label.objects.filter(project_id=project_id, image__index__lt=num_images).values_list(
        "annotator_id", "image__index", "label_class_id", "sequence"
    )
    for annotator, index, class_id, sequence in rows.iterator(chunk_size=READ_CHUNK):
        mine = _of(labels, annotator, num_images)
        mine.class_id[index] = CLEARED if class_id is None else class_id
        mine.sequence[index] = sequence
    return labels


def _of(labels: dict[int, AnnotatorLabels], user_id: int, num_images: int) -> AnnotatorLabels:
    if user_id not in labels:
        labels[user_id] = AnnotatorLabels(
            np.full(num_images, NO_LABEL, dtype=np.int64), np.zeros(num_images, dtype=np.int64)
        )
    return labels[user_id]


def _put_back(labels: AnnotatorLabels, packed: Sequence[bytes | memoryview], *, num_images: int) -> None:
    indexes = np.frombuffer(bytes(packed[0]), dtype="<u4").astype(np.int64)
    class_ids = np.frombuffer(bytes(packed[1]), dtype="<i4").astype(np.int64)
    sequences = np.frombuffer(bytes(packed[2]), dtype="<u8").astype(np.int64)
    inside = indexes < num_images
    labels.class_id[indexes[inside]] = class_ids[inside]
    labels.sequence[indexes[inside]] = sequences[inside]


def _resolve(labels: dict[int, AnnotatorLabels], *, sequence: int, num_images: int) -> LabelSnapshot:
    class_id = np.zeros(num_images, dtype=np.int64)
    decided_by = np.zeros(num_images, dtype=np.int64)
    decided_at = np.zeros(num_images, dtype=np.int64)
    for user_id, mine in labels.items():
        later = mine.sequence > decided_at
        class_id[later], decided_at[later], decided_by[later] = (
            mine.class_id[later],
            mine.sequence[later],
            user_id,
        )
    cleared = class_id <= 0
    class_id[cleared], decided_by[cleared], decided_at[cleared] = 0, 0, 0
    return LabelSnapshot(sequence, labels, class_id, decided_by, decided_at)

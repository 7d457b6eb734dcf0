"""The labels that a model is trained on: resolved classes of active classes at one moment, and which are set aside."""

from dataclasses import dataclass

import numpy as np
from django.db import transaction

from labeler.annotations.models import LabelClass
from labeler.annotations.selectors import list_classes, list_unseen_images
from labeler.annotations.training_policy import note_training_labels
from labeler.datasets.models import Image, Project
from worker.ml.errors import NotEnoughLabels
from worker.ml.head import heldout_mask
from worker.ml.types import BoolArray, IntArray

_HASH_DIGITS = 15  # of the sha256 in hexadecimal: 60 bits


@dataclass(frozen=True)
class TrainingData:
    """Labels of n images at `sequence`.

    `image_index` (n,) and `class_index` (n,) say which image has which of `classes`; `heldout` (n,) which labels
    are only measured on.
    """

    sequence: int
    classes: tuple[LabelClass, ...]
    image_index: IntArray
    class_index: IntArray
    heldout: BoolArray

    @property
    def class_ids(self) -> list[int]:
        """Class id of each class index."""
        return [label_class.id for label_class in self.classes]


def read_training_data(project_id: int) -> TrainingData:
    """Labels as they are now, but those that nobody looked at. Classes without a label are left out.

    Raises:
        NotEnoughLabels: fewer than two active classes have labels.
    """
    with transaction.atomic():
        # The lock keeps label actions out for the two reads, so that labels and sequence belong together.
        project = Project.objects.select_for_update().get(id=project_id)
        classes = list(list_classes(project_id=project_id))
        rows = list(
            Image.objects.filter(project_id=project_id, resolved_class__in=classes, removed_at__isnull=True)
            .order_by("index")
            .values_list("index", "resolved_class_id", "sha256")
        )
        unseen = list_unseen_images(project_id=project_id)
        rows = [row for row in rows if row[0] not in unseen]
        note_training_labels(project_id=project_id, num_labels=len(rows))
    labelled = {class_id for _, class_id, _ in rows}
    used = tuple(label_class for label_class in classes if label_class.id in labelled)
    if len(used) < 2:
        raise NotEnoughLabels(f"{len(used)} classes have labels; a classifier needs at least 2")
    position = {label_class.id: number for number, label_class in enumerate(used)}
    class_index = np.array([position[class_id] for _, class_id, _ in rows], dtype=np.int64)
    keys = [int(sha256[:_HASH_DIGITS], 16) for _, _, sha256 in rows]
    return TrainingData(
        sequence=project.label_sequence,
        classes=used,
        image_index=np.array([index for index, _, _ in rows], dtype=np.int64),
        class_index=class_index,
        heldout=without_starving(heldout_mask(keys), class_index),
    )


def only_known(data: TrainingData, is_known: BoolArray) -> TrainingData:
    """The labels of images that have features; classes of which none is left go too.

    Args:
        data: labels of n images.
        is_known: (N,) which of the project's first images have features; N is above every labelled index.

    Raises:
        NotEnoughLabels: fewer than two classes are left.
    """
    kept = is_known[data.image_index]
    if kept.all():
        return data
    used, class_index = np.unique(data.class_index[kept], return_inverse=True)
    if len(used) < 2:
        raise NotEnoughLabels(
            f"{len(used)} classes have labels of images that can be read; a classifier needs at least 2"
        )
    return TrainingData(
        sequence=data.sequence,
        classes=tuple(data.classes[number] for number in used),
        image_index=data.image_index[kept],
        class_index=class_index.astype(np.int64),
        heldout=without_starving(data.heldout[kept], class_index),
    )


def without_starving(heldout: BoolArray, class_index: IntArray) -> BoolArray:
    """Give the held-out labels of a class back to training where chance set all of them aside.

    Which labels are set aside depends on the pictures alone, so it is the same for every version; a class of very few
    labels could be left with none to learn from.
    """
    kept = np.bincount(class_index[~heldout], minlength=int(class_index.max(initial=-1)) + 1)
    starved = kept[class_index] == 0
    result: BoolArray = heldout & ~starved
    return result

"""What is known of every image's label beyond its class: who gave it, when, and how many people agree."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from labeler.annotations.models import Label, LabelAction, LabelClass
from labeler.datasets.models import Project

COLUMNS = ("annotator_id", "num_annotators", "num_agreeing", "labelled_at_s")


def get_label_facts(*, project_id: int) -> tuple[int, npt.NDArray[np.int32]]:
    """Sequence of the last action, and int32 (4, N): annotator of the label that counts (0 = none), people who gave
    the image a class, how many of them gave the class that counts, and when (seconds since 1970; 0 = no label).

    The time is that of the action, which an undo brings back. A class merged into another counts as that one.
    """
    project = Project.objects.only("label_sequence", "num_images").get(id=project_id)
    facts = np.zeros((len(COLUMNS), project.num_images), dtype="<i4")
    annotators, totals, agreeing, times = facts
    seconds_of = _action_times(project_id)
    for index, annotator_id, class_id, sequence in _newest_first(project_id, project.num_images):
        if annotators[index] == 0:
            annotators[index] = annotator_id
            times[index] = seconds_of.get(sequence, 0)
        totals[index] += 1
        agreeing[index] += class_id > 0
    return project.label_sequence, facts


def merged_classes(*, project_id: int) -> dict[int, int]:
    """Class id -> the class that it stands for now: itself, or the end of its chain of merges."""
    into = dict(LabelClass.objects.filter(project_id=project_id).values_list("id", "merged_into_id"))
    return {class_id: _end_of_chain(class_id, into) for class_id in into}


def _newest_first(project_id: int, num_images: int) -> Iterable[tuple[int, int, int, int]]:
    """(index, annotator, 1 where the class is the one that counts else 0, sequence), newest label first.

    An image that was cleared by the newest label counts as without any.
    """
    stands_for = merged_classes(project_id=project_id)
    rows = (
        Label.objects.filter(
            project_id=project_id, image__index__lt=num_images, image__removed_at__isnull=True
        )
        .order_by("-sequence")
        .values_list("image__index", "annotator_id", "label_class_id", "sequence", "image__resolved_class_id")
        .iterator(chunk_size=10_000)
    )
    for index, annotator_id, class_id, sequence, resolved_id in rows:
        if class_id is None or resolved_id is None:
            continue
        yield index, annotator_id, int(stands_for[class_id] == stands_for[resolved_id]), sequence


def _action_times(project_id: int) -> dict[int, int]:
    rows = LabelAction.objects.filter(project_id=project_id).values_list("sequence", "created_at")
    return {
        sequence: int(created_at.timestamp()) for sequence, created_at in rows.iterator(chunk_size=10_000)
    }


def _end_of_chain(class_id: int, into: Mapping[int, int | None]) -> int:
    seen = {class_id}
    while (following := into.get(class_id)) is not None and following not in seen:
        class_id = following
        seen.add(class_id)
    return class_id

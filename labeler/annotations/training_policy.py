"""When labels start a training by themselves: the project's policy, asked after every label action and every training.

- Every active class has `labels_per_class_to_train` labels: train, then again with `retrain_percent` more.
- Before that, if the project allows a provisional model: train from `provisional_labels_per_class` on, then each time
  the labels have doubled.
- Never, if the project trains on request only.

Requests coalesce: a queued training takes later labels along (`request_job`). What counts as new is counted from the
moment a training reads its labels (`note_training_labels`), so labels made while it runs are counted for the next.
"""

from collections.abc import Sequence

from labeler.annotations import selectors
from labeler.datasets.models import Project
from labeler.jobs.models import JobKind
from labeler.jobs.services import request_job

PROVISIONAL_GROWTH_PERCENT = 100
MIN_CLASSES = 2


def request_training_if_due(project_id: int) -> None:
    """Queue a training when the project's policy says so."""
    project = Project.objects.get(id=project_id)
    counts = list(selectors.list_classes(project_id=project_id).values_list("num_labels", flat=True))
    if not is_training_due(project, counts):
        return
    note_training_labels(project_id=project_id, num_labels=sum(counts))
    request_job(project_id=project_id, kind=JobKind.TRAINING, user=None)


def is_training_due(project: Project, counts: Sequence[int]) -> bool:
    """Whether so many labels in each active class start a training under the project's policy."""
    if not project.trains_by_itself or len(counts) < MIN_CLASSES:
        return False
    if min(counts) >= project.labels_per_class_to_train:
        growth_percent = project.retrain_percent
    elif project.provisional_labels_per_class and min(counts) >= project.provisional_labels_per_class:
        growth_percent = PROVISIONAL_GROWTH_PERCENT
    else:
        return False
    # Integers, so that 120 % of 5 is 6.
    return sum(counts) * 100 >= (100 + growth_percent) * project.num_labels_at_training


def note_training_labels(*, project_id: int, num_labels: int) -> None:
    """Remember how many labels a training has taken along; growth is counted from there."""
    Project.objects.filter(id=project_id).update(num_labels_at_training=num_labels)

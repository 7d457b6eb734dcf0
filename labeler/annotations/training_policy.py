"""When labels start a training by themselves: the project's policy, asked after every label action and every training.

- Every active class has `labels_per_class_to_train` labels, or, if the project allows a provisional model, already
  `provisional_labels_per_class`: train, then again with `retrain_percent` more.
- Never, if the project trains on request only.

Labels given by "label the rest" do not count until somebody looks at the image again: a model is not trained on them
either, so a training that they caused would learn nothing new.

Requests coalesce: a queued training takes later labels along (`request_job`). What counts as new is counted from the
moment a training reads its labels (`note_training_labels`), so labels made while it runs are counted for the next.
"""

from collections.abc import Sequence

from labeler.annotations import selectors
from labeler.datasets.models import Project
from labeler.jobs.models import JobKind
from labeler.jobs.services import request_job

MIN_CLASSES = 2


def request_training_if_due(project_id: int) -> None:
    """Queue a training when the project's policy says so."""
    project = Project.objects.get(id=project_id)
    with_unseen = list(selectors.list_classes(project_id=project_id).values_list("num_labels", flat=True))
    # Fewer are never due earlier; exact counts cost a look at each.
    if not is_training_due(project, with_unseen):
        return
    counts = list(selectors.count_training_labels(project_id=project_id).values())
    if not is_training_due(project, counts):
        return
    note_training_labels(project_id=project_id, num_labels=sum(counts))
    request_job(project_id=project_id, kind=JobKind.TRAINING, user=None)


def is_training_due(project: Project, counts: Sequence[int]) -> bool:
    """Whether so many labels to train on in each active class start a training under the project's policy."""
    if not project.trains_by_itself or len(counts) < MIN_CLASSES:
        return False
    enough = project.labels_per_class_to_train
    if min(counts) < min(enough, project.provisional_labels_per_class or enough):
        return False
    # Integers, so that 120 % of 5 is 6.
    return sum(counts) * 100 >= (100 + project.retrain_percent) * project.num_labels_at_training


def note_training_labels(*, project_id: int, num_labels: int) -> None:
    """Remember how many labels a training has taken along; growth is counted from there."""
    Project.objects.filter(id=project_id).update(num_labels_at_training=num_labels)

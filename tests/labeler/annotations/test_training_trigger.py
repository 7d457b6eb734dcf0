"""When labels start a training by themselves: every class has enough, then again with 20 % more."""

import uuid
from collections.abc import Iterable

import pytest
from django.contrib.auth.models import User

from labeler.annotations.classes import update_class
from labeler.annotations.models import LabelClass
from labeler.annotations.selectors import count_training_labels
from labeler.annotations.services import assign_label
from labeler.annotations.training_policy import is_training_due, note_training_labels
from labeler.datasets.models import Project
from labeler.errors import NotReady
from labeler.jobs import services
from labeler.jobs.models import Job, JobKind
from labeler.results.services import request_training
from tests.factories import assign, make_class, make_member, make_project, undo

pytestmark = pytest.mark.django_db


def num_trainings() -> int:
    return Job.objects.filter(kind=JobKind.TRAINING).count()


def finish_training() -> None:
    job = services.start_job(job_id=Job.objects.latest("id").id)
    assert job is not None
    services.succeed_job(job_id=job.id, attempt=job.num_attempts)


def test_it_waits_until_every_class_has_its_labels() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=3)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, range(10))
    assign(project, ann, tern, [10, 11])
    assert num_trainings() == 0
    assign(project, ann, tern, [12])
    assert num_trainings() == 1
    assert Job.objects.get().requested_by is None


def test_one_class_alone_starts_nothing() -> None:
    project = make_project(num_images=5, labels_per_class_to_train=2)
    assign(project, make_member(project), make_class(project), range(5))
    assert num_trainings() == 0


def test_archived_classes_do_not_count() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern, auk = (make_class(project, name) for name in ("gull", "tern", "auk"))
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [2, 3])
    assert num_trainings() == 0  # the auk has none
    update_class(project_id=project.id, class_id=auk.id, changes={"is_archived": True})
    assign(project, ann, tern, [4])
    assert num_trainings() == 1


def test_the_next_comes_with_twenty_percent_more() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, range(3))
    assign(project, ann, tern, [3, 4])  # 5 labels
    assert num_trainings() == 1
    finish_training()
    assign(project, ann, gull, [0])  # labelled already: nothing grew
    assert num_trainings() == 1
    assign(project, ann, gull, [5])  # 6 labels are exactly 120 % of 5
    assert num_trainings() == 2
    finish_training()
    assign(project, ann, gull, [6])  # 7 are less than 120 % of 6
    assert num_trainings() == 2
    assign(project, ann, gull, [7])
    assert num_trainings() == 3


def test_a_queued_training_takes_later_labels_along() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [2, 3])
    assign(project, ann, gull, range(4, 20))
    assert num_trainings() == 1


def test_labels_that_were_undone_do_not_count() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    undo(project, ann)
    assign(project, ann, tern, [2, 3])
    assert num_trainings() == 0


def test_an_undo_that_brings_labels_back_counts() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, None, [0])
    assign(project, ann, tern, [2, 3])
    assert num_trainings() == 0
    undo(project, ann)
    undo(project, ann)
    assert num_trainings() == 0  # two gulls, no terns


def make_policy(**fields: object) -> Project:
    return Project(labels_per_class_to_train=100, **fields)


@pytest.mark.parametrize(
    ("counts", "at_last", "is_due"),
    [
        ([10, 10], 0, True),  # the first provisional model
        ([10, 9], 0, False),
        ([30, 9], 0, False),
        ([11, 12], 20, False),
        ([12, 12], 20, True),  # 20 % more
        ([9, 90], 20, False),  # a class that was added since is below
        ([99, 99], 165, True),
        ([100, 100], 170, False),  # the threshold of a model that is not provisional changes nothing
        ([120, 119], 200, False),
        ([120, 120], 200, True),
    ],
)
def test_a_provisional_model_comes_early_and_the_next_with_twenty_percent_more(
    counts: list[int], at_last: int, is_due: bool
) -> None:
    assert is_training_due(make_policy(num_labels_at_training=at_last), counts) is is_due


def test_fewer_labels_than_a_provisional_model_wants_may_be_enough() -> None:
    assert is_training_due(Project(labels_per_class_to_train=2), [2, 2])


def test_a_project_may_do_without_provisional_models() -> None:
    project = make_policy(provisional_labels_per_class=None)
    assert not is_training_due(project, [99, 99])
    assert is_training_due(project, [100, 100])


def test_a_project_may_ask_for_more_growth_or_train_on_request_only() -> None:
    assert not is_training_due(make_policy(retrain_percent=50, num_labels_at_training=200), [149, 150])
    assert is_training_due(make_policy(retrain_percent=50, num_labels_at_training=200), [150, 150])
    assert not is_training_due(make_policy(trains_by_itself=False), [500, 500])


def test_labels_given_between_the_request_and_the_training_are_not_counted_twice() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, tern, [2, 3])
    assign(project, ann, gull, range(4, 14))  # 14 labels; the training is still queued
    note_training_labels(project_id=project.id, num_labels=14)  # it reads them when it starts
    finish_training()
    assign(project, ann, gull, [14])
    assert num_trainings() == 1
    assign(project, ann, gull, [15, 16])  # 17 of 14
    assert num_trainings() == 2


def label_rest(project: Project, user: User, label_class: LabelClass, indexes: Iterable[int]) -> None:
    assign_label(
        project_id=project.id,
        user=user,
        class_id=label_class.id,
        image_indexes=indexes,
        client_action_id=uuid.uuid4(),
        provenance={"gesture": "rest"},
        is_accepted=True,
    )


def test_labels_that_nobody_looked_at_start_no_training_until_somebody_does() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1, 2])
    assign(project, ann, tern, [3, 4])
    assert num_trainings() == 1
    finish_training()
    label_rest(project, ann, gull, range(5, 20))
    assert num_trainings() == 1  # 20 labels, but still 5 to train on
    assert count_training_labels(project_id=project.id) == {gull.id: 3, tern.id: 2}
    gull.refresh_from_db()
    assert gull.num_labels == 18
    assign(project, make_member(project, "bea"), tern, [5])  # somebody looked, and saw a tern: 6 of 5
    assert count_training_labels(project_id=project.id) == {gull.id: 3, tern.id: 3}
    assert num_trainings() == 2


def test_a_class_of_labels_that_nobody_looked_at_is_not_enough_for_a_first_training() -> None:
    project = make_project(num_images=20, labels_per_class_to_train=2)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    label_rest(project, ann, gull, [0, 1, 2])
    assign(project, ann, tern, [3, 4])
    assert num_trainings() == 0
    with pytest.raises(NotReady, match="1 classes have labels"):
        request_training(project_id=project.id, user=None)
    undo(project, ann)
    undo(project, ann)
    assert count_training_labels(project_id=project.id) == {gull.id: 0, tern.id: 0}

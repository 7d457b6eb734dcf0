"""Labels as they stood after any action: the log walked backwards gives what the log walked forwards gives."""

import random

import pytest
from django.contrib.auth.models import User

from labeler.annotations.models import LabelAction
from labeler.annotations.packing import CLEARED
from labeler.annotations.replay import Replay
from labeler.datasets.models import Project
from labeler.errors import Conflict, InvalidInput, NotFound
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportIn
from labeler.exports.snapshot import LabelSnapshot, take_snapshot
from tests.factories import (
    add_images,
    assign,
    make_class,
    make_member,
    make_project,
    redo,
    undo,
    undo_action,
)

pytestmark = pytest.mark.django_db
NUM_IMAGES = 7


def replayed(project: Project, sequence: int) -> Replay:
    replay = Replay()
    actions = LabelAction.objects.filter(project=project, sequence__lte=sequence).order_by("sequence")
    for action in actions.select_related("undoes"):
        replay.apply(action)
    return replay


def labels_of(snapshot: LabelSnapshot) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (user, index): (int(labels.class_id[index]), int(labels.sequence[index]))
        for user, labels in snapshot.labels.items()
        for index in range(len(labels.class_id))
        if labels.class_id[index] != 0
    }


def act_at_random(project: Project, people: list[User], *, seed: int, num_actions: int) -> None:
    rng = random.Random(seed)
    classes = [make_class(project, name) for name in ("gull", "tern", "auk")]
    for _ in range(num_actions):
        person = rng.choice(people)
        members = rng.sample(range(NUM_IMAGES), rng.randint(1, NUM_IMAGES))
        try:
            match rng.randrange(6):
                case 0:
                    assign(project, person, None, members)
                case 1:
                    undo(project, person)
                case 2:
                    redo(project, person)
                case 3:
                    undo_action(project, person, rng.randint(1, 10))
                case _:
                    assign(project, person, rng.choice(classes), members)
        except (Conflict, NotFound):
            pass  # nothing to undo or redo just now, or not there yet


@pytest.mark.parametrize("seed", range(6))
def test_every_sequence_is_what_the_log_says_forwards(seed: int) -> None:
    project = make_project(num_images=NUM_IMAGES)
    people = [make_member(project, name) for name in ("ann", "bob", "cleo")]
    act_at_random(project, people, seed=seed, num_actions=40)
    project.refresh_from_db()
    assert project.label_sequence > 10
    for sequence in range(project.label_sequence + 1):
        replay = replayed(project, sequence)
        snapshot = take_snapshot(project_id=project.id, sequence=sequence, num_images=NUM_IMAGES)
        assert labels_of(snapshot) == replay.labels
        resolved = {index: int(class_id) for index, class_id in enumerate(snapshot.class_id) if class_id}
        assert resolved == replay.resolved()


def test_clearing_hides_an_older_label_and_names_nobody() -> None:
    project = make_project(num_images=2)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull = make_class(project)
    assign(project, ann, gull, [0])
    assign(project, bob, None, [0])
    snapshot = take_snapshot(project_id=project.id, sequence=2, num_images=2)
    assert snapshot.class_id.tolist() == [0, 0]
    assert snapshot.decided_by.tolist() == [0, 0]
    assert int(snapshot.labels[bob.pk].class_id[0]) == CLEARED
    assert list(snapshot.annotations(0)) == [(ann.pk, gull.id, 1)]


def test_images_that_came_later_are_not_in_it() -> None:
    project = make_project(num_images=2)
    ann, gull = make_member(project), make_class(project)
    assign(project, ann, gull, [1])
    add_images(project, 3)
    assign(project, ann, gull, [0, 4])
    rows = list(open_source(project_id=project.id, options=ExportIn(sequence=1, num_images=2)).rows())
    assert [(row.image.index, row.label) for row in rows] == [(0, None), (1, "gull")]


@pytest.mark.parametrize(("options", "told"), [({"sequence": 9}, "9"), ({"num_images": 8}, "8")])
def test_it_refuses_what_the_project_has_not_reached(options: dict[str, int], told: str) -> None:
    project = make_project(num_images=3)
    with pytest.raises(InvalidInput, match=told):
        open_source(project_id=project.id, options=ExportIn.model_validate(options))

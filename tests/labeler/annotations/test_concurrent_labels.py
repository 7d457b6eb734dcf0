"""Several people label at the same moment: no action is lost, none appears twice, the sequence has no gaps."""

import uuid

import pytest

from labeler.annotations.models import LabelAction
from labeler.annotations.replay import find_differences
from labeler.annotations.services import ActionResult
from tests.factories import assign, make_class, make_member, make_project, undo
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sequence_is_dense_and_the_log_adds_up() -> None:
    project = make_project(num_images=40)
    people = [make_member(project, name) for name in ("ann", "bob", "cleo", "dan")]
    classes = [make_class(project, name) for name in ("gull", "tern")]

    def work(number: int) -> int:
        person = people[number]
        for turn in range(5):
            assign(project, person, classes[(number + turn) % 2], range(turn * 4, turn * 4 + 20))
            if turn % 2:
                undo(project, person)
        return number

    assert run_together(work, range(4)) == [0, 1, 2, 3]
    sequences = list(LabelAction.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, 4 * 7 + 1))
    assert find_differences(project_id=project.id) == []


def test_one_request_sent_many_times_at_once_is_one_action() -> None:
    project = make_project(num_images=4)
    ann = make_member(project)
    gull = make_class(project)
    action_id = uuid.uuid4()
    results = run_together(lambda _: assign(project, ann, gull, [0, 1], client_action_id=action_id), range(6))
    assert {result.action.sequence for result in results if isinstance(result, ActionResult)} == {1}
    assert [result for result in results if isinstance(result, Exception)] == []
    assert LabelAction.objects.count() == 1
    gull.refresh_from_db()
    assert gull.num_labels == 2


def test_one_undo_sent_many_times_at_once_is_one_undo() -> None:
    project = make_project(num_images=4)
    ann = make_member(project)
    gull = make_class(project)
    assign(project, ann, gull, [0])
    assign(project, ann, gull, [1])
    action_id = uuid.uuid4()
    results = run_together(lambda _: undo(project, ann, client_action_id=action_id), range(6))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert LabelAction.objects.count() == 3
    gull.refresh_from_db()
    assert gull.num_labels == 1

"""Random gestures of three people against a reference in plain Python: labels, classes, counts, skips, errors.

The reference knows no packed arrays, no tables and no sequences of SQL: a list of entries and dictionaries.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from labeler.annotations.models import Label, LabelClass
from labeler.annotations.replay import find_differences
from labeler.annotations.selectors import get_labels
from labeler.annotations.services import ActionResult, undo_action
from labeler.errors import Conflict
from tests.factories import assign, make_class, make_project, redo, undo

NUM_IMAGES = 5
NOTHING = ("nothing", 0)
PEOPLE = st.sampled_from(["ann", "bob", "rita"])
INDEXES = st.sets(st.integers(0, NUM_IMAGES - 1), min_size=1)
CLASSES = st.sampled_from(["gull", "tern"])


@dataclass
class Entry:
    """One line of the reference log. `before`: what the owner's label was on each image that it moved."""

    sequence: int
    person: str
    kind: str
    owner: str
    before: dict[int, tuple[str, int]]
    undoes: "Entry | None" = None
    is_undone: bool = False
    skipped: list[int] = field(default_factory=list)


class Reference:
    """What the log of gestures should add up to."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self.labels: dict[tuple[str, int], tuple[str, int]] = {}

    def label_of(self, person: str, image: int) -> tuple[str, int]:
        return self.labels.get((person, image), NOTHING)

    def give(self, person: str, name: str, images: set[int]) -> Entry:
        entry = Entry(
            len(self.log) + 1,
            person,
            "give",
            person,
            {image: self.label_of(person, image) for image in images},
        )
        self.log.append(entry)
        for image in images:
            self.labels[person, image] = (name, entry.sequence)
        return entry

    def take_back(self, person: str, target: Entry) -> Entry:
        found = target.undoes.before if target.undoes else {}  # what a redo must still find there
        skipped = []
        for image in target.before:
            expected = found[image][1] if target.undoes else target.sequence
            others = [
                sequence
                for (owner, other), (_, sequence) in self.labels.items()
                if other == image and owner != target.owner
            ]
            if self.label_of(target.owner, image)[1] != expected or max(others, default=0) > target.sequence:
                skipped.append(image)
        moved = {image: self.label_of(target.owner, image) for image in target.before if image not in skipped}
        kind = "redo" if target.kind == "undo" else "undo"
        entry = Entry(len(self.log) + 1, person, kind, target.owner, moved, target, skipped=sorted(skipped))
        for image in moved:
            if target.before[image] == NOTHING:
                self.labels.pop((target.owner, image), None)
            else:
                self.labels[target.owner, image] = target.before[image]
        target.is_undone = True
        if target.undoes:
            target.undoes.is_undone = False
        self.log.append(entry)
        return entry

    def last_to_undo(self, person: str) -> Entry | None:
        mine = [entry for entry in self.log if entry.person == person and entry.kind == "give"]
        return next((entry for entry in reversed(mine) if not entry.is_undone), None)

    def last_to_redo(self, person: str) -> Entry | None:
        for entry in reversed(self.log):
            if entry.person == person and entry.kind == "give":
                return None
            if entry.person == person and entry.kind == "undo" and not entry.is_undone:
                return entry
        return None

    def classes(self) -> list[str | None]:
        result: list[str | None] = []
        for image in range(NUM_IMAGES):
            here = [label for (_, other), label in self.labels.items() if other == image]
            name = max(here, key=lambda label: label[1], default=NOTHING)[0]
            result.append(name if name in {"gull", "tern"} else None)
        return result


class Gestures(RuleBasedStateMachine):
    """Does every gesture to the services and to the reference, and compares after each."""

    def __init__(self) -> None:
        super().__init__()
        self.project = make_project(num_images=NUM_IMAGES, labels_per_class_to_train=100)
        self.people = {name: User.objects.get_or_create(username=name)[0] for name in ("ann", "bob", "rita")}
        self.by_name = {name: make_class(self.project, name) for name in ("gull", "tern")}
        self.reference = Reference()
        self.last_request: tuple[Any, ...] | None = None

    @rule(person=PEOPLE, name=CLASSES, images=INDEXES)
    def give_a_class(self, person: str, name: str, images: set[int]) -> None:
        request = (self.people[person], self.by_name[name], sorted(images), uuid.uuid4())
        self.check(self._assign(*request), self.reference.give(person, name, images))
        self.last_request = request

    @rule(person=PEOPLE, images=INDEXES)
    def clear(self, person: str, images: set[int]) -> None:
        request = (self.people[person], None, sorted(images), uuid.uuid4())
        self.check(self._assign(*request), self.reference.give(person, "cleared", images))
        self.last_request = request

    @precondition(lambda self: self.last_request is not None)
    @rule()
    def send_the_last_request_again(self) -> None:
        assert self.last_request is not None
        before = self.project.label_sequence
        assert self._assign(*self.last_request).action.sequence <= len(self.reference.log)
        self.project.refresh_from_db()
        assert self.project.label_sequence == before

    @rule(person=PEOPLE)
    def undo_own(self, person: str) -> None:
        target = self.reference.last_to_undo(person)
        if target is None:
            with pytest.raises(Conflict, match="nothing to undo"):
                undo(self.project, self.people[person])
            return
        self.check(undo(self.project, self.people[person]), self.reference.take_back(person, target))

    @rule(person=PEOPLE)
    def redo_own(self, person: str) -> None:
        target = self.reference.last_to_redo(person)
        if target is None:
            with pytest.raises(Conflict, match="nothing to redo"):
                redo(self.project, self.people[person])
            return
        self.check(redo(self.project, self.people[person]), self.reference.take_back(person, target))

    @precondition(lambda self: self.reference.log)
    @rule(person=PEOPLE, data=st.data())
    def undo_any(self, person: str, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(self.reference.log), label="action")

        def do() -> ActionResult:
            return undo_action(
                project_id=self.project.id,
                user=self.people[person],
                sequence=target.sequence,
                client_action_id=uuid.uuid4(),
            )

        if target.kind != "give" or target.is_undone:
            with pytest.raises(Conflict):
                do()
            return
        self.check(do(), self.reference.take_back(person, target))

    def check(self, result: ActionResult, entry: Entry) -> None:
        """Compare the answer of one gesture."""
        assert result.action.sequence == entry.sequence
        assert result.skipped == entry.skipped
        now = self.reference.classes()
        changed = {index: change.class_id for change in result.changes for index in change.image_indexes}
        assert changed == {index: self._id_of(now[index]) for index in entry.before}

    @invariant()
    def everything_is_equal(self) -> None:
        self.project.refresh_from_db()
        expected = self.reference.classes()
        sequence, data = get_labels(project_id=self.project.id)
        stored = [int.from_bytes(data[at : at + 4], "little") or None for at in range(0, len(data), 4)]
        assert stored == [self._id_of(name) for name in expected]
        assert sequence == self.project.label_sequence == len(self.reference.log)
        rows = Label.objects.filter(project=self.project).values_list(
            "annotator__username", "image__index", "label_class__name", "sequence"
        )
        assert {(who, image): (name or "cleared", age) for who, image, name, age in rows} == (
            self.reference.labels
        )
        counts = Counter(name for name in expected if name)
        stored_counts = dict(
            LabelClass.objects.filter(project=self.project).values_list("name", "num_labels")
        )
        assert stored_counts == {"gull": counts["gull"], "tern": counts["tern"]}
        assert self.project.num_labelled == counts.total()
        assert find_differences(project_id=self.project.id) == []

    def _assign(
        self, user: User, label_class: LabelClass | None, images: list[int], action_id: uuid.UUID
    ) -> ActionResult:
        return assign(self.project, user, label_class, images, client_action_id=action_id)

    def _id_of(self, name: str | None) -> int | None:
        return self.by_name[name].id if name else None


@pytest.mark.django_db
def test_any_order_of_gestures_adds_up_as_in_the_reference() -> None:
    run_state_machine_as_test(
        Gestures,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

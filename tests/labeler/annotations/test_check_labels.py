"""`manage.py check_labels`: the log alone rebuilds the labels; damage of any kind is found and named."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from labeler.annotations.models import Label, LabelAction, LabelClass
from labeler.annotations.packing import pack_class_ids
from labeler.annotations.replay import find_differences
from labeler.datasets.models import Image, Project
from tests.factories import assign, make_class, make_member, make_project, redo, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Two annotators who agree, disagree, clear, undo and redo."""
    project = make_project(num_images=6)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1, 2, 3])
    assign(project, bob, tern, [2, 3, 4])
    assign(project, bob, None, [0])
    undo(project, ann)
    undo(project, bob)
    redo(project, bob)
    assign(project, ann, tern, [1])
    undo(project, ann)
    return project


def test_a_log_that_adds_up_has_no_differences(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_labels")
    assert capsys.readouterr().out == f"project {project.id}: 8 actions give 3 labelled images\n"


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda: Label.objects.filter(image__index=4).delete(), "label of image 4 by annotator"),
        (lambda: Label.objects.filter(image__index=4).update(sequence=1), "label of image 4 by annotator"),
        (lambda: Image.objects.filter(index=4).update(resolved_class=None), "class of image 4: stored None"),
        (
            lambda: LabelClass.objects.filter(name="tern").update(num_labels=9),
            "labels of class 'tern': stored 9",
        ),
        (lambda: Project.objects.update(num_labelled=9), "labelled images: stored 9, log 3"),
        (lambda: Project.objects.update(label_sequence=9), "last sequence: stored 9, log 8"),
        (lambda: LabelAction.objects.filter(sequence=8).update(sequence=9), "action 9 follows action 7"),
        (
            lambda: LabelAction.objects.filter(sequence=7).update(undone_by=None),
            "action 7 is stored as undone",
        ),
        (
            lambda: LabelAction.objects.filter(sequence=3).update(previous_class_ids=pack_class_ids([77])),
            "action 3 says image 0 had (77, 0), the log says (0, 0)",
        ),
    ],
)
def test_damage_is_found(project: Project, damage: Callable[[], object], expected: str) -> None:
    damage()
    differences = find_differences(project_id=project.id)
    assert any(difference.startswith(expected) for difference in differences), differences
    with pytest.raises(CommandError, match=f"{len(differences)} differences"):
        call_command("check_labels", project=project.id)


def test_a_project_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="There is no project 12345"):
        call_command("check_labels", project=12345)

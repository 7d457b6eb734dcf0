"""The activity page: the log newest first, labels per second, agreement, and the facts of each label."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from labeler.accounts.permissions import Role
from labeler.annotations.activity import IDLE_S
from labeler.annotations.models import LabelAction
from labeler.datasets.models import Project
from tests.factories import assign, make_class, make_member, make_project, signed_in, undo

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def get(project: Project, path: str, username: str = "vera") -> Any:
    client = signed_in(make_member(project, username, role=Role.VIEWER))
    answer = client.get(f"/api/v1/projects/{project.id}/{path}")
    assert answer.status_code == 200, answer.content
    return answer


def place(sequence: int, seconds: float, *, seconds_shown: float = 0.0, gesture: str = "lasso") -> None:
    """Set when an action happened and how it came about."""
    provenance = {"gesture": gesture, "seconds_shown": seconds_shown}
    found = LabelAction.objects.filter(sequence=sequence)
    found.update(created_at=START + timedelta(seconds=seconds), provenance=provenance)


def test_the_log_comes_newest_first_in_pages() -> None:
    project = make_project(num_images=9)
    ann, bea = make_member(project), make_member(project, "bea")
    gull = make_class(project)
    assign(project, ann, gull, range(8))
    assign(project, bea, None, [2])
    undo(project, bea)
    first = get(project, "activity?limit=2").json()
    assert [item["sequence"] for item in first["items"]] == [3, 2]
    assert first["next"] == 2
    taken_back, cleared = first["items"]
    assert (taken_back["kind"], taken_back["undoes"], taken_back["is_undone"]) == ("undo", 2, False)
    assert (cleared["annotator"], cleared["is_undone"], cleared["class_id"]) == ("bea", True, None)
    (last,) = get(project, "activity?after=2", "vic").json()["items"]
    assert last["num_images"] == 8
    assert last["first_image_indexes"] == [0, 1, 2, 3, 4, 5]
    assert (last["gesture"], last["class_id"]) == ("lasso", gull.id)
    assert [item["sequence"] for item in get(project, "activity?annotator=ann", "vin").json()["items"]] == [1]


def test_speed_counts_gaps_as_work_until_they_are_pauses() -> None:
    project = make_project(num_images=100)
    ann = make_member(project)
    gull = make_class(project)
    for start in range(0, 50, 10):
        assign(project, ann, gull, range(start, start + 10))
    place(1, 0, seconds_shown=4)
    place(2, 10, seconds_shown=3)
    place(3, 30)
    place(4, 30 + IDLE_S + 1, seconds_shown=5)  # after a pause: only the time that the selection was shown
    place(5, 500, gesture="import")
    (row,) = get(project, "meter").json()["annotators"]
    assert row["num_given"] == 40
    assert row["active_s"] == 4 + 10 + 20 + 5
    assert row["labels_per_s"] == pytest.approx(40 / 39)
    assert row["days"] == [{"day": "2026-11-20", "num_labels": 40}]


def test_what_was_undone_is_not_given() -> None:
    project = make_project(num_images=10)
    ann = make_member(project)
    assign(project, ann, make_class(project), range(6))
    undo(project, ann)
    (row,) = get(project, "meter").json()["annotators"]
    assert (row["num_given"], row["num_undone"], row["num_actions"]) == (0, 1, 2)


def test_agreement_is_krippendorffs_alpha_and_cohens_kappa() -> None:
    project = make_project(num_images=12)
    ann, bea = make_member(project), make_member(project, "bea")
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, range(6))
    assign(project, ann, tern, range(6, 10))
    assign(project, bea, gull, [0, 1, 2, 3, 4, 6])
    assign(project, bea, tern, [5, 7, 8, 9])
    agreement = get(project, "meter").json()["agreement"]
    assert (agreement["num_images"], agreement["num_unanimous"]) == (10, 8)
    # 20 values: 12 gull, 8 tern; 2 of 10 units differ. 1 - 19 * (2 * 2) / (400 - 144 - 64)
    assert agreement["alpha"] == pytest.approx(1 - 19 * 4 / 192)
    (pair,) = agreement["pairs"]
    assert (pair["first"], pair["second"], pair["num_images"], pair["num_same"]) == ("ann", "bea", 10, 8)
    assert pair["kappa"] == pytest.approx((0.8 - 0.52) / (1 - 0.52))


def test_agreement_by_chance_alone_has_no_value() -> None:
    project = make_project(num_images=2)
    ann, bea = make_member(project), make_member(project, "bea")
    gull = make_class(project)
    assert get(project, "meter").json()["agreement"] == {
        "num_images": 0,
        "num_unanimous": 0,
        "alpha": None,
        "pairs": [],
    }
    for who in (ann, bea):
        assign(project, who, gull, [0, 1])
    agreement = get(project, "meter", "vic").json()["agreement"]
    assert (agreement["num_unanimous"], agreement["alpha"]) == (2, None)


def test_label_facts_tell_who_gave_the_label_that_counts_and_who_agrees() -> None:
    project = make_project(num_images=5)
    ann, bea = make_member(project), make_member(project, "bea")
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, [0, 1, 2])
    assign(project, bea, gull, [1])
    assign(project, bea, tern, [2])
    assign(project, ann, gull, [4])
    assign(project, bea, None, [4])
    place(1, 0)
    place(2, 60)
    place(3, 90)
    answer = get(project, "label-facts")
    assert answer["X-Array-Shape"] == "4,5"
    assert answer["X-Label-Sequence"] == "5"
    facts = np.frombuffer(answer.content, dtype="<i4").reshape(4, 5)
    start = int(START.timestamp())
    assert facts.tolist() == [
        [ann.id, bea.id, bea.id, 0, 0],
        [1, 2, 2, 0, 0],
        [1, 2, 1, 0, 0],
        [start, start + 60, start + 90, 0, 0],
    ]


def test_a_merged_class_agrees_with_the_one_it_went_into() -> None:
    project = make_project(num_images=1)
    ann, bea = make_member(project), make_member(project, "bea")
    gull, tern = make_class(project), make_class(project, "tern")
    assign(project, ann, gull, [0])
    body = {"into_class_id": tern.id, "client_action_id": "6b9a1f7e-52a5-4a52-94a7-25c0f7a6a1d1"}
    url = f"/api/v1/projects/{project.id}/classes/{gull.id}/merge"
    assert signed_in(bea).post(url, json.dumps(body), content_type="application/json").status_code == 200
    facts = np.frombuffer(get(project, "label-facts").content, dtype="<i4").reshape(4, 1)
    assert facts[:3, 0].tolist() == [bea.id, 2, 2]


def test_annotators_are_those_who_labelled() -> None:
    project = make_project(num_images=1)
    bea, ann = make_member(project, "bea"), make_member(project)
    make_member(project, "idle")
    gull = make_class(project)
    assign(project, bea, gull, [0])
    assign(project, ann, gull, [0])
    assert get(project, "annotators").json()["items"] == [
        {"id": ann.id, "username": "ann"},
        {"id": bea.id, "username": "bea"},
    ]

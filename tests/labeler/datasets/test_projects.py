"""Projects: settings that are checked, features made anew when they must be, archiving, and what a card shows."""

from typing import Any

import numpy as np
import pytest

from labeler.accounts.models import Membership
from labeler.accounts.permissions import Role, Scope
from labeler.datasets import services
from labeler.datasets.models import Backbone, Project
from labeler.errors import InvalidInput
from labeler.jobs.models import JobKind, JobState
from tests.factories import (
    make_class,
    make_member,
    make_model,
    make_project,
    make_token,
    make_user,
    signed_in,
    with_token,
)
from worker.ml.saliency import CONTRAST_METHODS, METHODS, NETWORK_METHODS

pytestmark = pytest.mark.django_db
JSON = "application/json"


def report(*rows: tuple[str, bool, bool]) -> None:
    """Store backbones as (name, has weights, is the default)."""
    services.report_backbones(
        [
            {
                "name": name,
                "title": name.title(),
                "channels": 512,
                "licence": "BSD-3-Clause",
                "megabytes": 10.0,
                "speed_class": "fast",
                "fit_for_cpu": True,
                "is_available": is_available,
                "is_downloadable": not is_available,
                "is_default": is_default,
                "detail": "",
            }
            for name, is_available, is_default in rows
        ]
    )


def test_who_makes_a_project_is_its_admin_and_it_has_the_defaults() -> None:
    ann = make_user()

    answer = signed_in(ann).post("/api/v1/projects", {"name": " Gulls "}, content_type=JSON)

    body = answer.json()
    assert (answer.status_code, body["name"], body["role"]) == (201, "Gulls", "admin")
    assert (body["input_size_px"], body["labels_per_class_to_train"]) == (224, 100)
    assert (body["saliency_method"], body["retention"], body["weights_message"]) == ("labeler", 0.95, None)
    assert Membership.objects.get(project_id=body["id"]).user == ann


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("input_size_px", 100),
        ("input_size_px", 672),
        ("labels_per_class_to_train", 1),
        ("retention", 0),
        ("retention", 1.01),
        ("saliency_method", "guess"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(field: str, value: Any) -> None:
    answer = signed_in(make_user()).post(
        "/api/v1/projects", {"name": "Gulls", field: value}, content_type=JSON
    )

    assert answer.status_code == 422
    assert not Project.objects.exists()


def test_a_token_needs_the_scope_to_make_projects() -> None:
    client = with_token(make_token(make_user(), scope=Scope.WRITE))

    answer = client.post("/api/v1/projects", {"name": "Gulls"}, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (403, "token_scope")


def test_every_method_that_a_project_may_choose_is_one_that_the_worker_has() -> None:
    assert set(services.SALIENCY_METHODS) == {*METHODS, *CONTRAST_METHODS, *NETWORK_METHODS}


def test_an_unknown_backbone_is_refused_once_workers_have_reported() -> None:
    report(("bundled", True, True))

    with pytest.raises(InvalidInput, match="There is no backbone 'vgg'; known: bundled"):
        services.create_project(user=make_user(), name="Gulls", backbone="vgg")


@pytest.mark.parametrize(
    ("rows", "default"),
    [
        ([("bundled", True, True), ("resnet34", True, False)], "bundled"),
        ([("bundled", True, False), ("resnet34", False, True)], "resnet34"),
        ([], "bundled"),
    ],
)
def test_the_default_backbone_is_the_workers_choice_or_the_one_that_ships(
    rows: list[tuple[str, bool, bool]], default: str
) -> None:
    report(*rows)

    answer = signed_in(make_user()).post("/api/v1/projects", {"name": "Gulls"}, content_type=JSON)

    assert answer.json()["backbone"] == default


@pytest.mark.parametrize(("backbone", "num_jobs"), [("resnet34", 1), ("bundled", 0)])
def test_weights_that_are_missing_are_fetched_before_images_come(backbone: str, num_jobs: int) -> None:
    report(("bundled", True, True), ("resnet34", False, False))

    project = services.create_project(user=make_user(), name="Gulls", backbone=backbone)

    assert project.jobs.filter(kind=JobKind.FEATURES, state=JobState.QUEUED).count() == num_jobs


def test_an_empty_project_that_changes_to_missing_weights_fetches_them() -> None:
    report(("bundled", True, True), ("resnet34", False, False))
    project = make_project(backbone="bundled")

    services.update_project(project_id=project.id, changes={"backbone": "resnet34"})

    assert project.jobs.filter(kind=JobKind.FEATURES, state=JobState.QUEUED).count() == 1


def test_asking_for_features_twice_queues_one_job() -> None:
    project = make_project()
    client = signed_in(make_member(project, role=Role.ADMIN))

    answers = [client.post(f"/api/v1/projects/{project.id}/features") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[0].json()["kind"] == "features"
    assert client.post("/api/v1/projects/999/features").status_code == 404


def test_a_report_replaces_the_one_before_in_its_order() -> None:
    report(("a", True, True), ("b", True, True))
    report(("c", True, True), ("a", False, True))

    answer = signed_in(make_user()).get("/api/v1/backbones")

    assert [(row["name"], row["is_available"]) for row in answer.json()] == [("c", True), ("a", False)]
    assert Backbone.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({"backbone": "resnet18"}, True),
        ({"input_size_px": 320}, True),
        ({"backbone": "mobilenet_v2"}, False),
        ({"retention": 0.8}, False),
    ],
)
def test_another_backbone_or_size_makes_the_features_anew(changes: dict[str, Any], is_due: bool) -> None:
    project = make_project(num_images=3)
    client = signed_in(make_member(project, role=Role.ADMIN))

    answer = client.patch(f"/api/v1/projects/{project.id}", changes, content_type=JSON)

    assert answer.status_code == 200
    queued = project.jobs.filter(kind=JobKind.FEATURES, state=JobState.QUEUED)
    assert queued.exists() == is_due


@pytest.mark.parametrize(
    ("changes", "num_images", "is_due"),
    [
        ({"projection_embedding": "classes"}, 3, True),
        ({"projection_uses_labels": True}, 3, True),
        ({"projection_embedding": "looks", "projection_uses_labels": False}, 3, False),
        ({"projection_uses_labels": True}, 0, False),
        ({"projection_uses_labels": True, "input_size_px": 320}, 3, False),  # new features bring a layout
    ],
)
def test_other_options_of_the_map_lay_it_out_anew(
    changes: dict[str, Any], num_images: int, is_due: bool
) -> None:
    project = make_project(num_images=num_images)
    admin = make_member(project, role=Role.ADMIN)

    answer = signed_in(admin).patch(f"/api/v1/projects/{project.id}", changes, content_type=JSON)

    assert answer.status_code == 200
    queued = project.jobs.filter(kind=JobKind.PROJECTION, state=JobState.QUEUED, requested_by=admin)
    assert queued.exists() == is_due


def test_fields_left_out_stay() -> None:
    project = make_project(name="Gulls", retention=0.7)
    client = signed_in(make_member(project, role=Role.ADMIN))

    body = client.patch(f"/api/v1/projects/{project.id}", {"name": "Terns"}, content_type=JSON).json()

    assert (body["name"], body["retention"], body["backbone"]) == ("Terns", 0.7, "mobilenet_v2")


def test_an_archived_project_is_out_of_sight_and_still_there() -> None:
    project = make_project(num_images=2)
    client = signed_in(make_member(project, role=Role.ADMIN))

    assert client.delete(f"/api/v1/projects/{project.id}").status_code == 204

    assert client.get("/api/v1/projects").json() == {"items": [], "next": None}
    assert client.get(f"/api/v1/projects/{project.id}").status_code == 404
    assert client.delete(f"/api/v1/projects/{project.id}").status_code == 404
    assert project.images.count() == 2


def test_the_list_has_own_projects_the_newest_first() -> None:
    first, second, foreign = make_project(name="A"), make_project(name="B"), make_project(name="C")
    ann = make_member(first)
    Membership.objects.create(project=second, user=ann, role=Role.VIEWER)
    listed = signed_in(ann).get("/api/v1/projects").json()["items"]
    by_staff = signed_in(make_user("root", is_staff=True)).get("/api/v1/projects").json()["items"]

    assert [(row["name"], row["role"]) for row in listed] == [("B", "viewer"), ("A", "annotator")]
    assert {row["id"] for row in by_staff} == {first.id, second.id, foreign.id}


def test_a_card_shows_the_latest_model_and_its_change() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    classes = [make_class(project, "gull"), make_class(project, "tern")]
    one: dict[str, Any] = {
        "predicted": [0],
        "confidence": [255],
        "profiles": np.full((1, 5), 255, dtype=np.uint8),
        "map_height": 3,
        "map_width": 2,
    }
    make_model(project, classes, **one, accuracy=0.5)
    make_model(project, classes, **one, accuracy=0.75)

    model = signed_in(ann).get(f"/api/v1/projects/{project.id}").json()["model"]

    assert (model["number"], model["accuracy"], model["accuracy_change"]) == (2, 0.75, 0.25)


def test_what_the_worker_says_of_weights_is_shown_until_it_is_empty() -> None:
    project = make_project()
    client = signed_in(make_member(project))

    services.set_weights_message(project_id=project.id, message="No weights; put a file there")
    assert (
        client.get(f"/api/v1/projects/{project.id}").json()["weights_message"]
        == "No weights; put a file there"
    )
    services.set_weights_message(project_id=project.id, message="")
    assert client.get(f"/api/v1/projects/{project.id}").json()["weights_message"] is None

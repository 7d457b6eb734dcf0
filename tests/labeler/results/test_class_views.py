"""What a class is to a model: its units and its picture."""

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from labeler.accounts.permissions import Role
from labeler.datasets.models import Image, Project
from labeler.jobs.models import Job, JobKind
from labeler.results.class_views import list_undrawn_pictures, store_class_picture
from labeler.results.models import ModelVersion
from tests.factories import make_class, make_member, make_model, make_project, signed_in

pytestmark = pytest.mark.django_db


def make_modelled(*, has_units: bool = True) -> Project:
    """Three images and a model of gulls and terns; gulls have one unit, terns two."""
    project = make_project(num_images=3)
    units = {
        "unit_channel": np.array([[7, -1], [4, 2]], dtype=np.int32),
        "unit_weight": np.array([[0.5, 0], [0.75, 0.25]], dtype=np.float32),
        "unit_image": np.array([[[2, 0], [0, 0]], [[1, 2], [0, 1]]], dtype=np.int32),
        "unit_activation": np.array([[[3, 1], [0, 0]], [[9, 8], [7, 6]]], dtype=np.float32),
    }
    make_model(
        project,
        [make_class(project, "gull"), make_class(project, "tern")],
        predicted=[0, 1, 1],
        confidence=[255, 255, 255],
        profiles=np.zeros((3, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
        more_arrays=units if has_units else {},
    )
    return project


def member(project: Project, role: Role = Role.ANNOTATOR) -> Client:
    return signed_in(make_member(project, "mia", role=role))


def url(project: Project, name: str, *, number: int = 1) -> str:
    return f"/api/v1/projects/{project.id}/models/{number}/classes/{project.classes.get(name=name).id}"


def test_it_gives_the_units_of_a_class_with_their_strongest_images() -> None:
    project = make_modelled()

    body = member(project, Role.VIEWER).get(url(project, "tern")).json()

    assert body["units"] == [
        {
            "channel": 4,
            "weight": 0.75,
            "images": [{"index": 1, "activation": 9}, {"index": 2, "activation": 8}],
        },
        {
            "channel": 2,
            "weight": 0.25,
            "images": [{"index": 0, "activation": 7}, {"index": 1, "activation": 6}],
        },
    ]
    assert (body["is_asked_for"], body["picture_url"]) == (False, None)


def test_a_class_may_have_fewer_units_and_removed_images_are_left_out() -> None:
    project = make_modelled()
    Image.objects.filter(project=project, index=2).update(removed_at=timezone.now())

    body = member(project).get(url(project, "gull")).json()

    assert body["units"] == [{"channel": 7, "weight": 0.5, "images": [{"index": 0, "activation": 1}]}]


def test_a_model_from_before_units_has_none() -> None:
    project = make_modelled(has_units=False)
    assert member(project).get(url(project, "gull")).json()["units"] == []


def test_a_picture_is_asked_for_drawn_and_read() -> None:
    project = make_modelled()
    mia = member(project)

    asked = mia.post(url(project, "gull") + "/picture")

    assert (asked.status_code, asked.json()["kind"], asked.json()["state"]) == (
        202,
        "class_picture",
        "queued",
    )
    assert mia.get(url(project, "gull")).json()["is_asked_for"] is True
    early = mia.get(url(project, "gull") + "/picture")
    assert (early.status_code, early.json()["code"]) == (409, "no_class_picture")

    (picture,) = list_undrawn_pictures(project_id=project.id)
    store_class_picture(picture, png=b"a drawing")

    shown = mia.get(mia.get(url(project, "gull")).json()["picture_url"])
    assert (shown.status_code, shown["Content-Type"], shown.content) == (200, "image/png", b"a drawing")
    assert mia.get(url(project, "tern")).json()["picture_url"] is None
    assert list_undrawn_pictures(project_id=project.id) == []


def test_asking_twice_and_for_two_classes_makes_one_job_and_a_drawn_one_needs_none() -> None:
    project = make_modelled()
    mia = member(project)
    first = mia.post(url(project, "gull") + "/picture").json()["id"]

    assert mia.post(url(project, "gull") + "/picture").json()["id"] == first
    assert mia.post(url(project, "tern") + "/picture").json()["id"] == first
    assert Job.objects.filter(kind=JobKind.CLASS_PICTURE).count() == 1
    assert len(list_undrawn_pictures(project_id=project.id)) == 2

    for picture in list_undrawn_pictures(project_id=project.id):
        store_class_picture(picture, png=b"a drawing")
    assert mia.post(url(project, "gull") + "/picture").status_code == 204


def test_a_viewer_may_look_but_not_ask() -> None:
    project = make_modelled()
    assert member(project, Role.VIEWER).post(url(project, "gull") + "/picture").status_code == 403


def test_there_is_no_such_model_or_class() -> None:
    project = make_modelled()
    make_class(project, "auk")
    mia = member(project)

    no_model = mia.get(url(project, "gull", number=2))
    no_class = mia.post(url(project, "auk") + "/picture")

    assert (no_model.status_code, no_model.json()["code"]) == (404, "no_such_model")
    assert (no_class.status_code, no_class.json()["code"]) == (404, "class_not_in_model")


def test_a_model_whose_classifier_is_gone_cannot_draw() -> None:
    project = make_modelled()
    ModelVersion.objects.filter(project=project).update(job=None)

    answer = member(project).post(url(project, "gull") + "/picture")

    assert (answer.status_code, answer.json()["code"]) == (409, "no_classifier")

"""The list of model versions, and asking for a training by hand."""

from typing import Any

import numpy as np
import pytest

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from labeler.jobs.models import Job, JobKind
from tests.factories import assign, make_class, make_member, make_model, make_project, signed_in

pytestmark = pytest.mark.django_db


def train(project: Project, **metrics: Any) -> None:
    classes = list(project.classes.order_by("id"))
    profiles = np.zeros((2, 5), dtype=np.uint8)
    make_model(
        project,
        classes,
        predicted=[0, 0],
        confidence=[255, 255],
        profiles=profiles,
        map_height=2,
        map_width=3,
        **metrics,
    )
    Job.objects.filter(project=project).delete()


def test_it_lists_versions_newest_first_with_their_measures() -> None:
    project = make_project(num_images=2)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    train(project)
    train(project, accuracy=None, accuracy_low=None, accuracy_high=None, num_heldout=0)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    newest, first = vera.get(f"/api/v1/projects/{project.id}/models").json()["items"]
    assert (newest["number"], newest["accuracy"], newest["num_heldout"]) == (2, None, 0)
    assert (first["number"], first["accuracy"], first["accuracy_low"], first["accuracy_high"]) == (
        1,
        0.9,
        0.7,
        0.97,
    )
    assert first["per_class"] == [
        {"class_id": gull.id, "precision": 0.9, "recall": 0.8, "support": 10, "num_predicted": 9},
        {"class_id": tern.id, "precision": 0.9, "recall": 0.8, "support": 10, "num_predicted": 9},
    ]
    assert first["confusion"] == [[10, 10], [10, 10]]
    assert first["expected_calibration_error"] == 0.05
    assert first["seconds"] == {"head": 0.5}


def test_the_project_shows_its_latest_model_and_the_gain() -> None:
    project = make_project(num_images=2)
    make_class(project, "gull")
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    url = f"/api/v1/projects/{project.id}"
    assert vera.get(url).json()["model"] is None
    train(project, accuracy=0.75)
    assert vera.get(url).json()["model"]["accuracy_change"] is None
    train(project, accuracy=0.875)
    model = vera.get(url).json()["model"]
    assert (model["number"], model["accuracy"], model["accuracy_change"]) == (2, 0.875, 0.125)
    train(project, accuracy=None)
    assert vera.get(url).json()["model"]["accuracy_change"] is None


def test_a_training_can_be_asked_for_before_the_threshold() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    assign(project, ann, make_class(project, "gull"), [0])
    assign(project, ann, make_class(project, "tern"), [1])
    answer = signed_in(ann).post(f"/api/v1/projects/{project.id}/training")
    assert answer.status_code == 202
    job = Job.objects.get()
    assert (answer.json()["id"], job.kind, job.requested_by) == (job.id, JobKind.TRAINING, ann)
    again = signed_in(ann).post(f"/api/v1/projects/{project.id}/training")
    assert (again.status_code, again.json()["id"]) == (202, job.id)


def test_one_labelled_class_is_too_few() -> None:
    project = make_project(num_images=2)
    ann = make_member(project)
    assign(project, ann, make_class(project, "gull"), [0, 1])
    make_class(project, "tern")
    answer = signed_in(ann).post(f"/api/v1/projects/{project.id}/training")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_few_classes")
    assert answer.json()["detail"] == "1 classes have labels; a classifier needs at least 2"
    assert not Job.objects.exists()


def test_a_viewer_may_not() -> None:
    project = make_project()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    assert vera.post(f"/api/v1/projects/{project.id}/training").status_code == 403

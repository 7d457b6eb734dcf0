"""What the latest model says of one image."""

import numpy as np
import pytest

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from tests.factories import add_images, make_class, make_member, make_model, make_project, signed_in

pytestmark = pytest.mark.django_db


def project_with_model() -> Project:
    """Two images; the saliency of the first sits in the left column and the lower row of a 2 x 3 map."""
    project = make_project(num_images=2)
    make_model(
        project,
        [make_class(project, "gull"), make_class(project, "tern")],
        predicted=[1, 0],
        confidence=[204, 255],
        profiles=np.array([[255, 0, 0, 0, 255], [0, 0, 0, 0, 0]], dtype=np.uint8),
        map_height=2,
        map_width=3,
    )
    return project


def test_it_gives_class_confidence_box_and_profile() -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    body = vera.get(f"/api/v1/projects/{project.id}/images/0/prediction?retention=1").json()
    tern = project.classes.get(name="tern")
    assert (body["model_version"], body["class_id"], body["confidence"]) == (1, tern.id, 0.8)
    assert (body["profile_x"], body["profile_y"]) == ([255, 0, 0], [0, 255])
    # Mass 1, 0, 0 at x = 1/6, 1/2, 5/6, linear between the centres: gone at 1/2. Along y 0, 1 at 1/4, 3/4.
    assert body["box"] == pytest.approx([0, 0.25, 0.5, 1], abs=1e-6)
    assert body["retention"] == 1


def test_a_smaller_retention_gives_a_box_within() -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    url = f"/api/v1/projects/{project.id}/images/0/prediction"
    wide, narrow = (vera.get(f"{url}?retention={share}").json()["box"] for share in (0.95, 0.5))
    assert wide[0] < narrow[0] < narrow[2] < wide[2]
    assert wide[1] < narrow[1] < narrow[3] < wide[3]
    assert vera.get(url).json()["box"] == wide  # 0.95 unless said


def test_an_image_without_saliency_has_the_whole_as_its_box() -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    body = vera.get(f"/api/v1/projects/{project.id}/images/1/prediction").json()
    assert body["box"] == [0, 0, 1, 1]


def test_there_is_no_model_yet() -> None:
    project = make_project(num_images=1)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    answer = vera.get(f"/api/v1/projects/{project.id}/images/0/prediction")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_prediction")


def test_the_model_has_not_seen_an_image_that_came_later() -> None:
    project = project_with_model()
    project.refresh_from_db()
    add_images(project, 1)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    answer = vera.get(f"/api/v1/projects/{project.id}/images/2/prediction")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_prediction")


@pytest.mark.parametrize("index", [-1, 2, 10**30])
def test_there_is_no_such_image(index: int) -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    assert vera.get(f"/api/v1/projects/{project.id}/images/{index}/prediction").status_code == 404


@pytest.mark.parametrize("retention", ["0", "1.01", "-1", "nan", "inf", "x"])
def test_it_rejects_a_retention_outside_0_to_1(retention: str) -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    answer = vera.get(f"/api/v1/projects/{project.id}/images/0/prediction?retention={retention}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_it_gives_the_likeliest_classes_the_largest_first() -> None:
    project = project_with_model()
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    body = vera.get(f"/api/v1/projects/{project.id}/images/0/prediction").json()
    gull, tern = project.classes.get(name="gull"), project.classes.get(name="tern")
    assert [entry["class_id"] for entry in body["probabilities"]] == [tern.id, gull.id]
    assert [entry["probability"] for entry in body["probabilities"]] == pytest.approx([0.8, 0.2], abs=1e-3)

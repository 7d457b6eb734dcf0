"""The saliency map of one image, to lay over the picture."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from tests.factories import add_images, make_class, make_member, make_model, make_project, signed_in

pytestmark = pytest.mark.django_db

CODES = np.arange(2 * 2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 2, 3)  # image, class, 2 rows, 3 columns


def project_with_maps(*, has_maps: bool = True) -> Project:
    """Two images, maps of two of the three classes: image 0 is a tern, then a gull; image 1 the other way round."""
    project = make_project(num_images=2)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    make_class(project, "auk")
    maps: dict[str, npt.NDArray[Any]] = {
        "saliency": CODES,
        "saliency_class": np.array([[tern.id, gull.id], [gull.id, tern.id]], dtype=np.int32),
    }
    make_model(
        project,
        [gull, tern],
        predicted=[1, 0],
        confidence=[204, 255],
        profiles=np.zeros((2, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
        more_arrays=maps if has_maps else {},
    )
    return project


def viewer(project: Project) -> Client:
    return signed_in(make_member(project, "vera", role=Role.VIEWER))


def test_it_gives_the_map_of_the_predicted_class_with_its_shape_and_the_classes_that_have_one() -> None:
    project = project_with_maps()
    gull, tern = project.classes.get(name="gull"), project.classes.get(name="tern")

    answer = viewer(project).get(f"/api/v1/projects/{project.id}/images/0/saliency")

    assert (answer.status_code, answer.content) == (200, CODES[0, 0].tobytes())
    assert (answer["X-Array-Dtype"], answer["X-Array-Shape"]) == ("uint8", "2,3")
    assert (answer["X-Class-Id"], answer["X-Class-Ids"]) == (str(tern.id), f"{tern.id},{gull.id}")
    assert (answer["X-Model-Version"], answer["Cache-Control"]) == ("1", "no-store")


@pytest.mark.parametrize(("name", "place"), [("gull", 0), ("tern", 1)])
def test_it_gives_the_map_of_another_class(name: str, place: int) -> None:
    project = project_with_maps()
    class_id = project.classes.get(name=name).id

    answer = viewer(project).get(f"/api/v1/projects/{project.id}/images/1/saliency?class_id={class_id}")

    assert (answer.status_code, answer.content) == (200, CODES[1, place].tobytes())


def test_a_class_without_a_map_is_not_found_and_the_answer_says_which_have_one() -> None:
    project = project_with_maps()
    gull, tern, auk = (project.classes.get(name=name).id for name in ("gull", "tern", "auk"))

    answer = viewer(project).get(f"/api/v1/projects/{project.id}/images/0/saliency?class_id={auk}")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_saliency_of_class")
    assert answer.json()["detail"] == (
        f"Image 0 has no saliency map of class {auk}; there are maps of classes {tern}, {gull}"
    )


def test_a_model_from_before_these_maps_says_what_to_do() -> None:
    project = project_with_maps(has_maps=False)

    answer = viewer(project).get(f"/api/v1/projects/{project.id}/images/0/saliency")

    assert (answer.status_code, answer.json()["code"]) == (409, "no_saliency")
    assert "the next training brings them" in answer.json()["detail"]


def test_there_is_no_model_or_it_has_not_seen_the_image() -> None:
    project = project_with_maps()
    project.refresh_from_db()
    add_images(project, 1)

    answer = viewer(project).get(f"/api/v1/projects/{project.id}/images/2/saliency")

    assert (answer.status_code, answer.json()["code"]) == (409, "no_prediction")


def test_there_is_no_such_image() -> None:
    project = project_with_maps()
    assert viewer(project).get(f"/api/v1/projects/{project.id}/images/9/saliency").status_code == 404


def test_the_prediction_says_which_classes_have_a_map_and_the_manifest_leaves_the_maps_out() -> None:
    project = project_with_maps()
    gull, tern = project.classes.get(name="gull").id, project.classes.get(name="tern").id
    vera = viewer(project)

    prediction = vera.get(f"/api/v1/projects/{project.id}/images/1/prediction").json()
    manifest = vera.get(f"/api/v1/projects/{project.id}/map").json()

    assert prediction["saliency_class_ids"] == [gull, tern]
    assert [array["name"] for array in manifest["arrays"]] == [
        "aspect", "crop_rates", "predicted_class", "confidence", "profiles",
    ]  # fmt: skip

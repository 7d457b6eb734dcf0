"""More like this, from one image or a selection."""

import uuid
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from labeler.jobs.models import JobKind
from labeler.results.removals import remove_images
from labeler.results.services import publish_suggestions, store_array
from tests.factories import make_member, make_project, make_running_job, signed_in
from worker.ml.neighbours import build_neighbour_index

pytestmark = pytest.mark.django_db

# directions of six images, in degrees: two kinds, at about 0 and about 90
DEGREES = np.array([0, 2, 10, 90, 95, 80])


def make_indexed(degrees: npt.NDArray[np.int64] = DEGREES) -> Project:
    project = make_project(num_images=len(degrees) + 1)  # the last one came after the index
    angles = np.radians(degrees)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    array = np.frombuffer(build_neighbour_index(rows), dtype=np.uint8)
    publish_suggestions(
        job=make_running_job(project, JobKind.SUGGESTIONS),
        fields={
            "label_sequence": 0,
            "num_images": len(degrees),
            "order_kind": "diverse",
            "model_version": None,
        },
        arrays=[store_array(project_id=project.id, name="neighbours_whole", array=array)],
    )
    return project


def ask(project: Project, **body: Any) -> Any:
    client = signed_in(make_member(project, f"user of {project.id} {body}"[:150]))
    return client.post(
        f"/api/v1/projects/{project.id}/neighbours", body, content_type="application/json"
    ).json()


def test_images_like_one_image_come_nearest_first_without_itself() -> None:
    found = ask(make_indexed(), image_indexes=[0], num=2)
    assert found["image_indexes"] == [1, 2]
    assert found["similarity"][0] > found["similarity"][1]


def test_a_selection_of_two_kinds_finds_both() -> None:
    found = ask(make_indexed(), image_indexes=[0, 3], num=4)
    assert found["image_indexes"][:2] in ([1, 4], [4, 1])
    assert sorted(found["image_indexes"]) == [1, 2, 4, 5]


def test_removed_images_are_left_out_and_leave_their_places_to_the_next() -> None:
    project = make_indexed()
    ada = make_member(project, "ada", role=Role.ADMIN)
    remove_images(project_id=project.id, user=ada, image_indexes=[1, 2], client_action_id=uuid.uuid4())
    assert ask(project, image_indexes=[4], num=2)["image_indexes"] == [3, 5]
    assert len(ask(project, image_indexes=[0], num=2)["image_indexes"]) == 2
    assert sorted(ask(project, image_indexes=[0], num=6)["image_indexes"]) == [3, 4, 5]


def test_images_without_an_index_are_not_ready() -> None:
    project = make_indexed()
    assert ask(project, image_indexes=[6])["code"] == "no_suggestions"
    assert ask(project, image_indexes=[0], view="crop")["code"] == "no_suggestions"
    assert ask(make_project(name="Empty"), image_indexes=[0])["code"] == "no_suggestions"


def test_a_selection_may_hold_images_that_came_later() -> None:
    assert ask(make_indexed(), image_indexes=[0, 6], num=1)["image_indexes"] == [1]


def test_an_index_below_zero_is_refused() -> None:
    assert ask(make_indexed(), image_indexes=[-1])["code"] == "invalid_input"


def measure(project: Project, *image_indexes: int, **body: Any) -> Any:
    client = signed_in(make_member(project, f"user {image_indexes} {body}"[:150]))
    body = {"image_indexes": image_indexes, **body}
    return client.post(f"/api/v1/projects/{project.id}/oddness", body, content_type="application/json")


def test_oddness_is_the_distance_from_the_middle_of_the_nearer_half() -> None:
    # Of 0, 2, 10 and 90 degrees the two nearest to the mean of all are 10 and 2 degrees: their middle is at 6. The
    # opposite directions are there so that the index, which centres its rows, leaves them as they are.
    project = make_indexed(np.array([0, 2, 10, 90, 180, 182, 190, 270]))
    answer = measure(project, 3, 0, 1, 2)
    expected = 2 * np.sin(np.radians(np.array([84, 6, 4, 4]) / 2))
    assert answer["X-Array-Shape"] == "4"
    assert np.frombuffer(answer.content, dtype="<f4") == pytest.approx(expected, abs=2e-3)  # kept as float16


def test_one_image_is_its_own_middle_and_one_without_an_embedding_is_not_known() -> None:
    answer = np.frombuffer(measure(make_indexed(), 6, 4).content, dtype="<f4")
    assert np.isnan(answer[0])
    assert answer[1] == pytest.approx(0, abs=2e-2)  # the root of a float16's rounding


def test_oddness_without_an_index_is_not_known() -> None:
    project = make_indexed()
    for answer in (measure(project, 6, 7), measure(project, 0, 1, view="crop")):
        assert np.isnan(np.frombuffer(answer.content, dtype="<f4")).tolist() == [True, True]


def test_oddness_of_an_image_below_0_is_refused() -> None:
    project = make_indexed()
    assert measure(project, -1, 0).json()["detail"] == "Image indexes start at 0, got -1"

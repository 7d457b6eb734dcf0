"""What the API says of layouts: quality, clusters with a suggested class, and what changed between two versions."""

import uuid
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from django.utils import timezone

from labeler.accounts.permissions import Role
from labeler.annotations.models import LabelClass
from labeler.datasets.models import Image, Project
from labeler.results.changes import get_changes, lost_neighbours
from labeler.results.models import ModelVersion, Projection, View
from labeler.results.removals import remove_images
from labeler.results.services import store_array
from tests.factories import assign, make_class, make_member, make_model, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db

SIX_IN_A_ROW = np.array([[k, 0] for k in range(6)], dtype=np.float32)


def make_layout(project: Project, places: npt.NDArray[np.float32], **fields: Any) -> Projection:
    """A finished whole-image layout, unless said otherwise."""
    array = store_array(project_id=project.id, name="layout", array=places)
    return Projection.objects.create(
        project=project, array=array, num_images=len(places), **{"view": View.WHOLE, **fields}
    )


def make_version(
    project: Project, classes: list[LabelClass], predicted: list[int], confidence: list[int]
) -> ModelVersion:
    profiles = np.zeros((len(predicted), 5), dtype=np.uint8)
    return make_model(
        project,
        classes,
        predicted=predicted,
        confidence=confidence,
        profiles=profiles,
        map_height=2,
        map_width=3,
    )


def read(project: Project, path: str) -> Any:
    user = make_member(project, "reader of " + path.split("?", maxsplit=1)[0])
    answer = signed_in(user).get(f"/api/v1/projects/{project.id}/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def with_clusters(
    project: Project, places: npt.NDArray[np.float32], cluster_of_image: list[int]
) -> Projection:
    array = store_array(
        project_id=project.id, name="clusters", array=np.array(cluster_of_image, dtype=np.int32)
    )
    clusters = [
        {"num_images": cluster_of_image.count(k), "outline": [[k, 0], [k + 1, 0], [k, 1]]}
        for k in range(max(cluster_of_image) + 1)
    ]
    return make_layout(project, places, cluster_array=array, clusters=clusters)


def test_clusters_suggest_what_most_of_their_images_are_labelled_or_predicted() -> None:
    project = make_project(num_images=6)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    made = with_clusters(project, SIX_IN_A_ROW, [0, 0, 0, 0, 1, -1])
    make_version(project, [gull, tern], [0, 1, 1, 1, 0, 0], [250] * 6)
    assign(project, make_member(project, "ann"), gull, [1, 4])

    answer = read(project, "clusters?view=whole")

    assert answer["projection"] == made.id
    assert answer["cluster_of_image"]["shape"] == [6]
    first, second = answer["clusters"]
    assert first == {  # predicted gull, labelled gull, twice predicted tern: half each, the first class wins
        "cluster": 0,
        "num_images": 4,
        "num_unlabelled": 3,
        "class_id": gull.id,
        "class_share": 0.5,
        "outline": [[0, 0], [1, 0], [0, 1]],
    }
    assert (second["class_id"], second["class_share"], second["num_unlabelled"]) == (gull.id, 1.0, 0)


def test_without_model_and_labels_clusters_suggest_nothing() -> None:
    project = make_project(num_images=6)
    with_clusters(project, SIX_IN_A_ROW, [0, 0, 0, 1, 1, 1])
    assert [entry["class_id"] for entry in read(project, "clusters")["clusters"]] == [None, None]


def test_clusters_count_no_removed_images_and_go_with_their_last() -> None:
    project = make_project(num_images=6)
    ada = make_member(project, "ada", role=Role.ADMIN)
    with_clusters(project, SIX_IN_A_ROW, [0, 0, 0, 0, 1, 1])
    remove_images(project_id=project.id, user=ada, image_indexes=[0, 4, 5], client_action_id=uuid.uuid4())
    (only,) = read(project, "clusters")["clusters"]
    assert (only["cluster"], only["num_images"], only["num_unlabelled"]) == (0, 3, 3)


def test_a_minority_suggests_nothing() -> None:
    project = make_project(num_images=6)
    gull = make_class(project, "gull")
    with_clusters(project, SIX_IN_A_ROW, [0] * 6)
    assign(project, make_member(project, "ann"), gull, [0, 1])
    (only,) = read(project, "clusters")["clusters"]
    assert (only["class_id"], only["num_unlabelled"]) == (None, 4)


def test_early_layouts_have_no_say() -> None:
    project = make_project(num_images=6)
    finished = with_clusters(project, SIX_IN_A_ROW[:5], [0, 0, 0, 1, 1])
    make_layout(project, SIX_IN_A_ROW, is_early=True)
    assert read(project, "clusters")["projection"] == finished.id
    assert [made["id"] for made in read(project, "projections")["items"]] == [finished.id]


def test_without_a_layout_there_are_no_clusters() -> None:
    nothing: dict[str, Any] = {"projection": None, "cluster_of_image": None, "clusters": []}
    assert read(make_project(num_images=3), "clusters?view=crop") == nothing


def test_layouts_are_listed_with_quality_and_parameters() -> None:
    project = make_project(num_images=6)
    model = make_version(project, [make_class(project, "gull")], [0] * 6, [255] * 6)
    quality = {"trustworthiness": 0.97, "median_displacement": None}
    parameters = {"seed": 3, "input": {"digest": "ab"}}
    make_layout(project, SIX_IN_A_ROW, quality=quality, parameters=parameters, model_version=model)
    (made,) = read(project, "projections")["items"]
    assert (made["quality"], made["parameters"]) == (quality, parameters)
    assert (made["view"], made["model_version"], made["num_images"]) == ("whole", 1, 6)


def two_versions(project: Project) -> tuple[LabelClass, LabelClass]:
    """Image 0 goes from gull to tern and moves from one end of the row to the other; image 2 is removed."""
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    moved = SIX_IN_A_ROW.copy()
    moved[0] = [6, 0]
    for predicted, places in (([0, 0, 0, 1, 1, 1], SIX_IN_A_ROW), ([1, 0, 1, 1, 1, 1], moved)):
        model = make_version(project, [gull, tern], predicted, [255] * 6)
        make_layout(project, places, model_version=model)
    Image.objects.filter(project=project, index=2).update(removed_at=timezone.now())
    return gull, tern


def test_what_changed_most_comes_first_with_its_places() -> None:
    project = make_project(num_images=6)
    gull, tern = two_versions(project)

    answer = read(project, "changes?view=whole&by=class")

    assert (answer["from_version"], answer["to_version"]) == (1, 2)
    assert (answer["num_compared"], answer["num_class_changed"]) == (5, 1)
    assert answer["median_moved"] == 0
    (only,) = answer["items"]
    assert (only["index"], only["class_id_before"], only["class_id"]) == (0, gull.id, tern.id)
    assert only["class_shift"] == pytest.approx(1)
    assert (only["place_before"], only["place"]) == ([0, 0], [6, 0])
    assert only["moved"] == pytest.approx(6 / np.sqrt(35 / 12))  # radius of six in a row


def shaped(**options: Any) -> dict[str, Any]:
    """Parameters of a layout, as the worker keeps them."""
    return {"input": {"embedding": "looks", "uses_labels": False, **options}}


@pytest.mark.parametrize("options", [{"embedding": "classes"}, {"uses_labels": True}])
def test_maps_of_different_options_are_compared_by_class_only(options: dict[str, Any]) -> None:
    project = make_project(num_images=6)
    two_versions(project)
    later = ModelVersion.objects.get(project=project, number=2)
    make_layout(project, SIX_IN_A_ROW, model_version=later, parameters=shaped(**options))

    answer = read(project, "changes?view=whole")

    assert (answer["are_places_compared"], answer["median_moved"]) == (False, None)
    assert answer["num_class_changed"] == 1
    (only,) = answer["items"]
    assert (only["index"], only["place"]) == (0, [0, 0])
    assert [only[name] for name in ("lost_neighbours", "moved", "place_before")] == [None] * 3
    by_neighbours = get_changes(
        project_id=project.id,
        view=View.WHOLE,
        from_version=None,
        to_version=None,
        by="neighbourhood",
        limit=6,
    )
    assert [item["index"] for item in by_neighbours["items"]] == [0]


def test_of_several_maps_the_one_of_the_same_options_is_compared_with() -> None:
    project = make_project(num_images=6)
    two_versions(project)
    before, later = ModelVersion.objects.filter(project=project).order_by("number")
    make_layout(project, 9 - SIX_IN_A_ROW, model_version=before, parameters=shaped(embedding="classes"))
    make_layout(project, SIX_IN_A_ROW + 1, model_version=later, parameters=shaped())

    answer = read(project, "changes?view=whole&by=class")

    assert answer["are_places_compared"] is True
    (only,) = answer["items"]
    assert (only["place_before"], only["place"]) == ([0, 0], [1, 1])


def test_one_version_has_nothing_to_be_compared_with() -> None:
    project = make_project(num_images=6)
    make_version(project, [make_class(project, "gull")], [0] * 6, [255] * 6)
    answer = read(project, "changes")
    assert (answer["from_version"], answer["to_version"], answer["items"]) == (None, None, [])


def test_versions_that_do_not_fit_are_refused() -> None:
    project = make_project(num_images=6)
    two_versions(project)
    client = signed_in(make_member(project, "ann"))
    url = f"/api/v1/projects/{project.id}/changes"
    assert client.get(f"{url}?from_version=2&to_version=1").status_code == 422
    assert client.get(f"{url}?to_version=9").status_code == 404
    assert client.get(f"{url}?limit=501").status_code == 422
    stranger = signed_in(make_user("stan"))
    assert stranger.get(url).status_code == 404


def test_lost_neighbours_by_hand() -> None:
    line = np.array([[k, 0] for k in range(100)], dtype=np.float64)
    after = line.copy()
    after[0] = [99.5, 0]  # its 15 neighbours 1..15 are far away now
    lost = lost_neighbours(line, after, rows=np.array([0, 50, 20]))
    assert lost.tolist() == [1, 0, 0]
    assert lost_neighbours(line[:1], after[:1], rows=np.array([0])).tolist() == [0]

"""Reading images: pages, thumbnails, originals, aspect codes and thumbnail cells."""

import math

import numpy as np
import pytest
from django.test import Client

from labeler.datasets.models import Image, Project
from labeler.lib.files import cells_path, original_path, thumbnail_path, write_atomically
from tests.factories import add_images, make_class, make_member, make_project, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project(num_images=5)


@pytest.fixture
def client(project: Project) -> Client:
    return signed_in(make_member(project))


def write_cells(project: Project, *, num_cells: int) -> None:
    """16 px cells filled with their index."""
    write_atomically(cells_path(project.id, 16), b"".join(bytes([index]) * 128 for index in range(num_cells)))


def test_images_come_in_pages_by_index(project: Project, client: Client) -> None:
    first = client.get(f"/api/v1/projects/{project.id}/images", {"limit": 2}).json()
    last = client.get(f"/api/v1/projects/{project.id}/images", {"limit": 3, "after": first["next"]}).json()

    assert [image["index"] for image in first["items"]] == [0, 1]
    assert ([image["index"] for image in last["items"]], last["next"]) == ([2, 3, 4], None)


def test_an_image_says_what_it_is_and_its_class(project: Project, client: Client) -> None:
    gull = make_class(project)
    Image.objects.filter(project=project, index=3).update(resolved_class=gull)

    image = client.get(f"/api/v1/projects/{project.id}/images/3").json()

    assert (image["path"], image["width"], image["height"], image["class_id"]) == (
        "birds/3.jpg",
        300,
        200,
        gull.id,
    )


def test_there_is_no_image_beyond_the_last(project: Project, client: Client) -> None:
    assert client.get(f"/api/v1/projects/{project.id}/images/5").status_code == 404


def test_thumbnail_and_original_are_sent_so_that_a_browser_runs_nothing_in_them(
    project: Project, client: Client
) -> None:
    image = Image.objects.get(project=project, index=1)
    write_atomically(thumbnail_path(project.id, image.sha256), b"small")
    write_atomically(original_path(project.id, image.storage_key), b"<script>large</script>")

    thumbnail = client.get(f"/api/v1/projects/{project.id}/images/1/thumbnail")
    original = client.get(f"/api/v1/projects/{project.id}/images/1/original")

    assert (b"".join(thumbnail), thumbnail["Content-Type"]) == (b"small", "image/webp")
    assert "immutable" in thumbnail["Cache-Control"]
    assert (b"".join(original), original["Content-Type"]) == (b"<script>large</script>", "image/jpeg")
    assert original["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in original["Content-Security-Policy"]


def test_files_that_are_missing_from_storage_are_not_found(project: Project, client: Client) -> None:
    for name in ("thumbnail", "original"):
        assert client.get(f"/api/v1/projects/{project.id}/images/1/{name}").status_code == 404


def test_aspects_are_codes_in_index_order(project: Project, client: Client) -> None:
    Image.objects.filter(project=project, index=1).update(width=100, height=400)
    Image.objects.filter(project=project, index=2).update(width=5000, height=10)

    answer = client.get(f"/api/v1/projects/{project.id}/aspects", {"count": 4})

    landscape = round(64 * math.log2(1.5)) + 128
    assert landscape == 165
    assert list(answer.content) == [landscape, 0, 255, landscape]
    assert (answer["X-Array-Dtype"], answer["X-Array-Shape"]) == ("uint8", "4")


def test_more_aspects_than_images_are_refused(project: Project, client: Client) -> None:
    assert client.get(f"/api/v1/projects/{project.id}/aspects", {"count": 6}).status_code == 422


def test_a_range_of_cells_has_as_many_as_are_stored(project: Project, client: Client) -> None:
    write_cells(project, num_cells=5)

    answer = client.get(f"/api/v1/projects/{project.id}/cells/16", {"start": 3, "count": 10})

    assert np.frombuffer(answer.content, dtype=np.uint8).reshape(-1, 128)[:, 0].tolist() == [3, 4]


def test_a_cell_that_is_half_written_is_not_sent(project: Project, client: Client) -> None:
    write_atomically(cells_path(project.id, 16), bytes(128 + 60))

    answer = client.get(f"/api/v1/projects/{project.id}/cells/16")

    assert len(answer.content) == 128


def test_chosen_cells_come_in_the_order_asked_for(project: Project, client: Client) -> None:
    write_cells(project, num_cells=5)

    answer = client.get(f"/api/v1/projects/{project.id}/cells/16", {"indexes": "4,0,4"})

    assert np.frombuffer(answer.content, dtype=np.uint8).reshape(-1, 128)[:, 0].tolist() == [4, 0, 4]


@pytest.mark.parametrize(
    ("indexes", "code"),
    [
        ("5", "no_such_cell"),
        ("-1", "no_such_cell"),
        ("a", "invalid_input"),
        (",".join(["0"] * 513), "invalid_input"),
    ],
)
def test_cells_that_cannot_be_given_are_refused(
    project: Project, client: Client, indexes: str, code: str
) -> None:
    write_cells(project, num_cells=5)

    answer = client.get(f"/api/v1/projects/{project.id}/cells/16", {"indexes": indexes})

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_there_are_no_cells_of_other_sizes(project: Project, client: Client) -> None:
    assert client.get(f"/api/v1/projects/{project.id}/cells/32").status_code == 404


def test_images_that_come_in_later_do_not_change_the_indexes_before(project: Project, client: Client) -> None:
    before = client.get(f"/api/v1/projects/{project.id}/images").json()["items"]

    add_images(project, 2)

    assert client.get(f"/api/v1/projects/{project.id}/images").json()["items"][:5] == before

"""Reading labels: the array, the log with its pages, the history of one image."""

import pytest

from labeler.accounts.permissions import Role
from tests.factories import assign, make_class, make_member, make_project, redo, signed_in, undo

pytestmark = pytest.mark.django_db


def test_the_array_is_little_endian_int32_with_its_sequence() -> None:
    project = make_project(num_images=3)
    ann = make_member(project)
    gull = make_class(project)
    assign(project, ann, gull, [2])
    answer = signed_in(ann).get(f"/api/v1/projects/{project.id}/labels")
    assert answer.content == bytes(8) + gull.id.to_bytes(4, "little")
    assert answer["Content-Type"] == "application/octet-stream"
    assert (answer["X-Array-Dtype"], answer["X-Array-Shape"]) == ("int32", "3")
    assert answer["X-Label-Sequence"] == "1"
    assert answer["Cache-Control"] == "no-store"


def test_a_project_without_images_has_an_empty_array() -> None:
    project = make_project()
    answer = signed_in(make_member(project)).get(f"/api/v1/projects/{project.id}/labels")
    assert (answer.content, answer["X-Array-Shape"], answer["X-Label-Sequence"]) == (b"", "0", "0")


def test_a_client_that_was_away_reads_on_after_its_sequence() -> None:
    project = make_project(num_images=5)
    ann = make_member(project)
    gull = make_class(project)
    for index in range(5):
        assign(project, ann, gull, [index])
    client = signed_in(ann)
    url = f"/api/v1/projects/{project.id}/label-actions"
    first = client.get(f"{url}?after=1&limit=2").json()
    assert [item["sequence"] for item in first["items"]] == [2, 3]
    assert first["items"][0]["changes"] == [{"class_id": gull.id, "image_indexes": [1]}]
    assert first["next"] == 3
    last = client.get(f"{url}?after=3&limit=2").json()
    assert ([item["sequence"] for item in last["items"]], last["next"]) == ([4, 5], None)
    assert client.get(f"{url}?after=5").json() == {"items": [], "next": None}
    assert client.get(f"{url}?after={10**30}").json() == {"items": [], "next": None}


def test_a_page_of_large_actions_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.annotations.api.MAX_IMAGES_PER_PAGE", 5)
    project = make_project(num_images=4)
    ann = make_member(project)
    gull = make_class(project)
    for _ in range(3):
        assign(project, ann, gull, [0, 1, 2, 3])
    page = signed_in(ann).get(f"/api/v1/projects/{project.id}/label-actions").json()
    assert ([item["sequence"] for item in page["items"]], page["next"]) == ([1], 1)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "after=x"])
def test_it_rejects_a_page_that_is_none(query: str) -> None:
    project = make_project()
    answer = signed_in(make_member(project)).get(f"/api/v1/projects/{project.id}/label-actions?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_the_history_of_an_image_is_newest_first_and_its_own() -> None:
    project = make_project(num_images=3)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0, 1])
    assign(project, ann, gull, [2])
    assign(project, bob, tern, [1])
    undo(project, bob)
    redo(project, bob)
    vera = signed_in(make_member(project, "vera", role=Role.VIEWER))
    history = vera.get(f"/api/v1/projects/{project.id}/images/1/history").json()
    assert [(item["sequence"], item["annotator"], item["kind"], item["undoes"]) for item in history] == [
        (5, "bob", "redo", 4),
        (4, "bob", "undo", 3),
        (3, "bob", "assign", None),
        (1, "ann", "assign", None),
    ]
    assert {tuple(item["image_indexes"]) for item in history} == {(1,)}


@pytest.mark.parametrize("index", [3, -1])
def test_an_image_that_is_not_there_has_no_history(index: int) -> None:
    project = make_project(num_images=3)
    url = f"/api/v1/projects/{project.id}/images/{index}/history"
    assert signed_in(make_member(project)).get(url).status_code == 404

"""An interrupted upload: what is here is told, a request sent twice counts once, and it can be discarded."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Import
from labeler.lib.files import upload_dir
from tests.factories import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(db: None) -> Import:
    """An open import."""
    project = make_project()
    return create_import(project_id=project.id, user=None, name="x", classes_from_folders=False)


@pytest.fixture
def client(source: Import) -> Client:
    """The browser of an admin."""
    return signed_in(make_member(source.project, "ada", role=Role.ADMIN))


def url(source: Import, rest: str = "") -> str:
    return f"/api/v1/projects/{source.project_id}/imports/{source.id}{rest}"


def send(client: Client, source: Import, files: dict[str, bytes], ids: list[str] | None = None) -> Any:
    body: dict[str, Any] = {
        "files": [SimpleUploadedFile("x", content) for content in files.values()],
        "paths": list(files),
    }
    return client.post(url(source, "/files"), {**body, "upload_ids": ids} if ids else body)


def listed(client: Client, source: Import, **query: int) -> Any:
    return client.get(url(source, "/files"), query).json()


def test_what_is_here_is_told_by_the_page_with_half_files_first(source: Import, client: Client) -> None:
    send(client, source, {"a.jpg": b"one", "b/c.jpg": b"three"})
    key = uuid.uuid4()
    half = {"path": "big.zip", "offset": 0, "total": 10}
    piece = SimpleUploadedFile("piece", b"abcd")
    client.post(url(source, f"/chunks/{key}"), {"data": piece}, query_params=half)

    rows = [
        {"path": "big.zip", "num_bytes": 10, "received": 4, "upload_id": str(key)},
        {"path": "a.jpg", "num_bytes": 3, "received": 3, "upload_id": None},
        {"path": "b/c.jpg", "num_bytes": 5, "received": 5, "upload_id": None},
    ]
    assert listed(client, source) == {"items": rows, "next": None}
    first = listed(client, source, limit=2)
    assert first["items"] == rows[:2]
    assert listed(client, source, limit=2, after=first["next"]) == {"items": rows[2:], "next": None}


def test_a_file_sent_again_under_its_id_counts_once(source: Import, client: Client) -> None:
    ids = [str(uuid.uuid4()), str(uuid.uuid4())]
    for _ in range(2):
        assert send(client, source, {"a.jpg": b"one", "b.jpg": b"two"}, ids).status_code == 200
    # Without an id it is another file.
    assert send(client, source, {"a.jpg": b"one"}).json()["num_files"] == 3
    assert [row["path"] for row in listed(client, source)["items"]] == ["a.jpg", "b.jpg", "a.jpg"]


@pytest.mark.parametrize(
    ("ids", "told"), [(["x"], "no UUID"), ([str(uuid.uuid4())] * 2, "2 upload_ids for 1")]
)
def test_ids_that_do_not_fit_are_refused(source: Import, client: Client, ids: list[str], told: str) -> None:
    answer = send(client, source, {"a.jpg": b"one"}, ids)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert listed(client, source)["items"] == []


def test_an_upload_whose_path_was_never_written_is_not_told(source: Import, client: Client) -> None:
    send(client, source, {"a.jpg": b"one", "b.jpg": b"two"})
    (upload_dir(source.project_id, source.id) / "00000000.path").unlink()
    assert [row["path"] for row in listed(client, source)["items"]] == ["b.jpg"]


def test_discarding_removes_the_import_and_its_files(
    source: Import, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    send(client, source, {"a.jpg": b"one"})
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(url(source)).status_code == 204
    assert not upload_dir(source.project_id, source.id).exists()
    assert client.delete(url(source)).status_code == 404


def test_a_started_import_cannot_be_discarded(source: Import, client: Client) -> None:
    send(client, source, {"a.jpg": b"one"})
    client.post(url(source, "/start"))
    answer = client.delete(url(source))
    assert (answer.status_code, answer.json()["code"]) == (409, "import_started")
    assert client.get(url(source)).json()["state"] == "started"

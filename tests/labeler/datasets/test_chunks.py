"""A large file comes in pieces, each of which may be lost, repeated or interrupted."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from labeler.accounts.permissions import Role
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Import
from labeler.lib.files import upload_dir
from tests.factories import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db
CONTENT = b"abcdefghij"


@pytest.fixture
def source(db: None) -> Import:
    """An open import."""
    project = make_project()
    return create_import(project_id=project.id, user=None, name="x", classes_from_folders=False)


@pytest.fixture
def client(source: Import) -> Client:
    """The browser of an admin."""
    return signed_in(make_member(source.project, "ada", role=Role.ADMIN))


def send(
    client: Client,
    source: Import,
    key: uuid.UUID,
    start: int,
    end: int,
    *,
    total: int = 10,
    path: str = "a/b.zip",
) -> Any:
    url = f"/api/v1/projects/{source.project_id}/imports/{source.id}/chunks/{key}"
    query = f"?path={path}&offset={start}&total={total}"
    return client.post(url + query, {"data": SimpleUploadedFile("piece", CONTENT[start:end])})


def received(client: Client, source: Import, key: uuid.UUID) -> int:
    url = f"/api/v1/projects/{source.project_id}/imports/{source.id}/chunks/{key}"
    found: int = client.get(url, {"total": 10}).json()["received"]
    return found


def stored(source: Import) -> dict[str, bytes]:
    folder = upload_dir(source.project_id, source.id)
    return {
        path.read_text(): path.with_suffix(".data").read_bytes() for path in sorted(folder.glob("*.path"))
    }


def test_pieces_add_up_to_the_file_and_the_last_one_adds_it_to_the_import(
    source: Import, client: Client
) -> None:
    key = uuid.uuid4()
    for start, end in ((0, 4), (4, 8)):
        assert send(client, source, key, start, end).json() == {"received": end, "total": 10}
    assert stored(source) == {}
    assert received(client, source, key) == 8
    assert send(client, source, key, 8, 10).json() == {"received": 10, "total": 10}
    assert stored(source) == {"a/b.zip": CONTENT}
    source.refresh_from_db()
    assert source.num_files == 1


def test_a_piece_that_comes_twice_counts_once_also_after_the_end(source: Import, client: Client) -> None:
    key = uuid.uuid4()
    for start, end in ((0, 4), (0, 4), (2, 8), (4, 10), (4, 10), (0, 4)):
        assert send(client, source, key, start, end).status_code == 200
    assert stored(source) == {"a/b.zip": CONTENT}
    assert received(client, source, key) == 10
    source.refresh_from_db()
    assert source.num_files == 1


def test_a_gap_is_refused_and_told_where_to_go_on(source: Import, client: Client) -> None:
    key = uuid.uuid4()
    send(client, source, key, 0, 3)
    answer = send(client, source, key, 5, 8)
    assert (answer.status_code, answer.json()["code"], answer.json()["received"]) == (409, "gap", 3)


def test_two_files_come_side_by_side(source: Import, client: Client) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    send(client, source, first, 0, 5, path="1.jpg")
    send(client, source, second, 0, 10, path="2.jpg")
    send(client, source, first, 5, 10, path="1.jpg")
    assert stored(source) == {"2.jpg": CONTENT, "1.jpg": CONTENT}


def test_limits_hold_for_the_whole_file(source: Import, client: Client, settings: Settings) -> None:
    settings.MAX_IMPORT_FILE_BYTES = 9
    answer = send(client, source, uuid.uuid4(), 0, 3, path="x.jpg")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    beyond = send(client, source, uuid.uuid4(), 8, 10, total=9, path="x.jpg")
    assert (beyond.status_code, beyond.json()["code"]) == (422, "beyond_end")


def test_a_started_import_takes_no_pieces(source: Import, client: Client) -> None:
    Import.objects.update(state="started")
    answer = send(client, source, uuid.uuid4(), 0, 4)
    assert (answer.status_code, answer.json()["code"]) == (409, "import_started")

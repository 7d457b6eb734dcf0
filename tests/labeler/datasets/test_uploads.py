"""Uploading files to an import and starting it, over the API."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.datasets.import_services import clean_up_import
from labeler.datasets.models import Import, ImportState, Project
from labeler.datasets.services import clean_relative_path
from labeler.errors import InvalidInput
from labeler.lib.files import upload_dir
from tests.factories import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db


def make_admin(project: Project) -> Client:
    return signed_in(make_member(project, "ada", role=Role.ADMIN))


def open_import(client: Client, project: Project) -> int:
    answer = client.post(
        f"/api/v1/projects/{project.id}/imports", {"name": "Gulls"}, content_type="application/json"
    )
    assert answer.status_code == 201
    return int(answer.json()["id"])


def send(client: Client, project: Project, import_id: int, files: dict[str, bytes], **data: Any) -> Any:
    parts = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return client.post(f"/api/v1/projects/{project.id}/imports/{import_id}/files", {"files": parts, **data})


def stored(project: Project, import_id: int) -> list[tuple[str, str, bytes]]:
    folder = upload_dir(project.id, import_id)
    return [
        (path.stem, path.read_text(), path.with_suffix(".data").read_bytes())
        for path in sorted(folder.glob("*.path"))
    ]


def test_files_are_stored_under_numbers_with_their_relative_paths_beside_them() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)

    answer = send(
        client, project, import_id, {"1.jpg": b"one", "2.jpg": b"two"}, paths=["a/1.jpg", "../b/2.jpg"]
    )

    assert answer.json() == {"num_files": 2, "num_received": 2}
    assert stored(project, import_id) == [("00000000", "a/1.jpg", b"one"), ("00000001", "b/2.jpg", b"two")]


def test_a_second_request_adds_to_the_first() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)
    send(client, project, import_id, {"1.jpg": b"one"})

    answer = send(client, project, import_id, {"1.jpg": b"other"})

    assert answer.json() == {"num_files": 2, "num_received": 1}
    assert [row[1:] for row in stored(project, import_id)] == [("1.jpg", b"one"), ("1.jpg", b"other")]


def test_starting_closes_the_import_and_queues_its_job() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)
    send(client, project, import_id, {"1.jpg": b"one"})

    answer = client.post(f"/api/v1/projects/{project.id}/imports/{import_id}/start")

    assert (answer.status_code, answer.json()["kind"], answer.json()["state"]) == (200, "import", "queued")
    source = Import.objects.get(id=import_id)
    assert (source.state, source.job_id) == (ImportState.STARTED, answer.json()["id"])
    late = send(client, project, import_id, {"2.jpg": b"two"})
    assert (late.status_code, late.json()["code"]) == (409, "import_started")
    twice = client.post(f"/api/v1/projects/{project.id}/imports/{import_id}/start")
    assert (twice.status_code, twice.json()["code"]) == (409, "import_started")


def test_an_import_without_files_cannot_start() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)

    answer = client.post(f"/api/v1/projects/{project.id}/imports/{import_id}/start")

    assert (answer.status_code, answer.json()["code"]) == (422, "empty_import")


def test_a_file_over_the_limit_is_refused_with_the_limit(settings: Any) -> None:
    settings.MAX_IMPORT_FILE_BYTES = 3
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)

    answer = send(client, project, import_id, {"1.jpg": b"four"})

    assert (answer.status_code, answer.json()["detail"]) == (413, "'1.jpg' has 4 bytes; the limit is 3")
    assert stored(project, import_id) == []


def test_each_file_needs_one_path_or_none_has_one() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)

    answer = send(client, project, import_id, {"1.jpg": b"one", "2.jpg": b"two"}, paths=["1.jpg"])

    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "1 paths for 2 files; send one for each, in order",
    )


def test_an_import_of_another_project_is_not_found() -> None:
    project, other = make_project(), make_project(name="Terns")
    client = make_admin(project)
    import_id = open_import(client, project)

    answer = send(client, other, import_id, {"1.jpg": b"one"})

    assert answer.status_code in {403, 404}
    assert stored(project, import_id) == []


def test_entries_are_paged_and_filtered_by_outcome() -> None:
    project = make_project()
    client = make_admin(project)
    source = Import.objects.get(id=open_import(client, project))
    for number in range(3):
        source.entries.create(path=f"{number}.txt", outcome="rejected", reason="not an image")
    source.entries.create(path="4.jpg", outcome="duplicate", reason="known")
    base = f"/api/v1/projects/{project.id}/imports/{source.id}/entries"

    page = client.get(f"{base}?outcome=rejected&limit=2").json()
    rest = client.get(f"{base}?outcome=rejected&limit=2&after={page['next']}").json()

    assert [entry["path"] for entry in page["items"]] == ["0.txt", "1.txt"]
    assert [entry["path"] for entry in rest["items"]] == ["2.txt"]
    assert rest["next"] is None
    assert rest["items"][0]["reason"] == "not an image"


def test_cleaning_up_removes_the_uploads_of_that_import_only() -> None:
    project = make_project()
    client = make_admin(project)
    first, second = open_import(client, project), open_import(client, project)
    for import_id in (first, second):
        send(client, project, import_id, {"1.jpg": b"one"})
    client.post(f"/api/v1/projects/{project.id}/imports/{first}/start")
    job_id = Import.objects.get(id=first).job_id
    assert job_id is not None

    clean_up_import(job_id)

    assert not upload_dir(project.id, first).exists()
    assert len(stored(project, second)) == 1


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("a/b.jpg", "a/b.jpg"),
        ("/etc/../x.jpg", "etc/x.jpg"),
        ("C:\\photos\\x.jpg", "photos/x.jpg"),
        ("a/\x00b\n.jpg", "a/b.jpg"),
        ("über/né.jpg", "über/né.jpg"),
    ],
)
def test_paths_are_cleaned_for_display(given: str, clean: str) -> None:
    assert clean_relative_path(given) == clean


@pytest.mark.parametrize("given", ["", "..", "/", "\x00", "x" * 1025])
def test_a_path_of_which_nothing_is_left_or_too_much_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput):
        clean_relative_path(given)


def test_an_upload_is_streamed_whole() -> None:
    project = make_project()
    client = make_admin(project)
    import_id = open_import(client, project)
    # Over the memory limit of one upload: it comes from a temporary file.
    content = bytes(range(256)) * 40_000

    answer = client.post(
        f"/api/v1/projects/{project.id}/imports/{import_id}/files", {"files": _named(content, "big.jpg")}
    )

    assert answer.status_code == 200
    assert stored(project, import_id)[0][2] == content


def _named(content: bytes, name: str) -> io.BytesIO:
    stream = io.BytesIO(content)
    stream.name = name
    return stream

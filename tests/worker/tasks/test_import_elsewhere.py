"""Imports of manifests over a real HTTP server, of a bucket on a real S3 server, of server folders; and re-syncs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.contrib.auth.models import User
from django.test import Client
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from labeler.accounts.models import Membership
from labeler.accounts.permissions import Role
from labeler.annotations.models import Label
from labeler.datasets.models import Image, Import, ImportEntry, Project
from labeler.jobs.models import Job
from tests.factories import signed_in
from tests.local_server import serving_folder
from tests.worker.tasks.builders import get_ann, make_photo_project, picture_bytes, run, start, store_uploads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(tmp_path: Path, settings: Settings) -> Iterator[str]:
    """A server of three pictures in the operator's own network."""
    folder = tmp_path / "served"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(picture_bytes(number))
    settings.IMPORT_PRIVATE_HOSTS = ["127.0.0.1"]
    with serving_folder(folder) as address:
        yield address


@pytest.fixture
def s3(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an S3 server with the bucket `birds`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{port}"
    settings.IMPORT_BUCKETS = ["birds"]
    client = boto3.client("s3", endpoint_url=settings.S3_ENDPOINT_URL)
    client.create_bucket(Bucket="birds")
    yield client
    server.stop()


def make_project_of_admin() -> tuple[Project, Client]:
    project = make_photo_project()
    ann: User = get_ann()
    Membership.objects.create(project=project, user=ann, role=Role.ADMIN)
    return project, signed_in(ann)


def open_import(project: Project, client: Client, **body: Any) -> Import:
    answer = client.post(
        f"/api/v1/projects/{project.id}/imports", {"name": "x", **body}, content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
    return Import.objects.get(id=answer.json()["id"])


def sync(project: Project, client: Client, source: Import) -> str:
    answer = client.post(f"/api/v1/projects/{project.id}/imports/{source.id}/sync")
    assert answer.status_code == 201, answer.content
    assert answer.json()["syncs_id"] == source.id
    return run(Job.objects.get(id=answer.json()["job_id"])).summary


def outcomes() -> dict[str, tuple[str, str]]:
    return {
        entry.path: (entry.outcome, entry.reason)
        for entry in ImportEntry.objects.order_by("source_import", "id")
    }


def test_a_manifest_brings_pictures_and_labels(host: str) -> None:
    project, client = make_project_of_admin()
    source = open_import(project, client, is_manifest=True)
    rows = [
        {"url": f"{host}/0.jpg", "label": "gull"},
        {"url": f"{host}/1.jpg", "path": "sea/one.jpg", "label": "tern"},
        {"url": f"{host}/2.jpg"},
        {"url": f"{host}/missing.jpg"},
        {"url": "http://169.254.169.254/latest/meta-data", "path": "stolen.jpg"},
        {"url": "file:///etc/passwd", "path": "passwd"},
    ]
    store_uploads(source, {"list.jsonl": "\n".join(map(json.dumps, rows)).encode()})
    job = run(start(source))
    assert job.summary == "3 added, 0 duplicates, 3 rejected"
    found = outcomes()
    assert found["missing.jpg"] == ("rejected", "the server answers 404 File not found")
    assert found["stolen.jpg"][1] == "the host '169.254.169.254' is not among IMPORT_URL_HOSTS"
    assert found["passwd"][1] == "'file:///etc/passwd' is no http or https address"
    labels = Label.objects.values_list("image__path", "label_class__name")
    assert dict(labels) == {"0.jpg": "gull", "sea/one.jpg": "tern"}


def test_a_csv_manifest_works_and_one_without_addresses_is_refused(host: str) -> None:
    project, client = make_project_of_admin()
    source = open_import(project, client, is_manifest=True)
    store_uploads(
        source, {"a.csv": f"image_url,class\n{host}/0.jpg,gull\n".encode(), "b.csv": b"name,class\nx,gull\n"}
    )
    assert run(start(source)).summary == "1 added, 0 duplicates, 1 rejected"
    assert outcomes()["b.csv"][1] == "not a manifest: 'b.csv' has no column url or image_url or image"


def test_a_bucket_is_read_below_its_prefix_and_synced_for_what_is_new_or_changed(s3: Any) -> None:
    for key, seed in (("set/gull/a.jpg", 1), ("set/tern/b.jpg", 2), ("other/c.jpg", 3)):
        s3.put_object(Bucket="birds", Key=key, Body=picture_bytes(seed))
    s3.put_object(Bucket="birds", Key="set/gull/", Body=b"")
    s3.put_object(Bucket="birds", Key="set/readme.txt", Body=b"no picture")
    project, client = make_project_of_admin()
    source = open_import(project, client, bucket="birds", prefix="set/", classes_from_folders=True)
    assert run(start(source)).summary == "2 added, 0 duplicates, 1 rejected"
    assert set(Label.objects.values_list("image__path", "label_class__name")) == {
        ("gull/a.jpg", "gull"),
        ("tern/b.jpg", "tern"),
    }
    assert sync(project, client, source) == "0 added, 0 duplicates, 0 rejected, 3 unchanged"
    s3.put_object(Bucket="birds", Key="set/gull/d.jpg", Body=picture_bytes(4))
    s3.put_object(Bucket="birds", Key="set/tern/b.jpg", Body=picture_bytes(5))
    assert sync(project, client, source) == "2 added, 0 duplicates, 0 rejected, 2 unchanged"
    assert sync(project, client, source) == "0 added, 0 duplicates, 0 rejected, 4 unchanged"
    assert Image.objects.count() == 4


def test_a_bucket_that_is_not_there_fails_with_a_reason(s3: Any, settings: Settings) -> None:
    settings.IMPORT_BUCKETS = ["gone"]
    project, client = make_project_of_admin()
    job = run(start(open_import(project, client, bucket="gone")))
    assert (job.state, job.error_code) == ("failed", "bucket_unreadable")
    assert "gone" in job.error_message


def test_only_named_buckets_and_folders_inside_the_roots_are_taken(
    settings: Settings, tmp_path: Path
) -> None:
    root = tmp_path / "photos"
    (root / "set").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (root / "way-out").symlink_to(tmp_path / "secret")
    settings.IMPORT_ROOTS, settings.IMPORT_BUCKETS = [root], ["birds"]
    project, client = make_project_of_admin()

    def ask(**body: Any) -> tuple[int, str]:
        answer = client.post(f"/api/v1/projects/{project.id}/imports", body, content_type="application/json")
        return answer.status_code, answer.json().get("code", "")

    assert ask(folder=str(root / "set")) == (201, "")
    assert ask(bucket="birds") == (201, "")
    assert ask(bucket="others") == (403, "bucket_not_allowed")
    for folder in (tmp_path / "secret", root / "set" / ".." / ".." / "secret", root / "way-out", tmp_path):
        assert ask(folder=str(folder)) == (403, "folder_not_allowed")
    assert ask(folder=str(root / "nothing")) == (422, "no_such_folder")
    assert ask(folder=str(root), is_manifest=True) == (422, "invalid_input")


def sync_of_what_went_and_came_back(
    folder: Path, project: Project, client: Client, source: Import
) -> list[str]:
    """A file is told once as gone; its image stays, and is known when the file comes back."""
    data = (folder / "a.jpg").read_bytes()
    (folder / "a.jpg").unlink()
    summaries = [sync(project, client, source) for _ in range(2)]
    gone = Import.objects.get(num_gone=1)
    (entry,) = gone.entries.filter(outcome="gone")
    assert entry.image is not None
    assert (entry.path, entry.image.path, gone.num_unchanged) == ("a.jpg", "a.jpg", 1)
    (folder / "a.jpg").write_bytes(data)
    return summaries + [sync(project, client, source) for _ in range(2)]


def test_a_folder_is_synced_and_uploads_are_not(settings: Settings, tmp_path: Path) -> None:
    settings.IMPORT_ROOTS = [tmp_path]
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture_bytes(1))
    project, client = make_project_of_admin()
    source = open_import(project, client, folder=str(folder))
    job = start(source)
    busy = client.post(f"/api/v1/projects/{project.id}/imports/{source.id}/sync")
    assert (busy.status_code, busy.json()["code"]) == (409, "sync_running")
    assert run(job).summary == "1 added, 0 duplicates, 0 rejected"
    (folder / "b.jpg").write_bytes(picture_bytes(2))
    assert sync(project, client, source) == "1 added, 0 duplicates, 0 rejected, 1 unchanged"
    assert sync_of_what_went_and_came_back(folder, project, client, source) == [
        "0 added, 0 duplicates, 0 rejected, 1 unchanged, 1 no longer there",
        "0 added, 0 duplicates, 0 rejected, 1 unchanged",
        "0 added, 1 duplicates, 0 rejected, 1 unchanged",
        "0 added, 0 duplicates, 0 rejected, 2 unchanged",
    ]
    assert ImportEntry.objects.filter(path="a.jpg").latest("id").outcome == "duplicate"
    assert project.images.filter(removed_at__isnull=True).count() == 2
    upload = open_import(project, client)
    answer = client.post(f"/api/v1/projects/{project.id}/imports/{upload.id}/sync")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_syncable")

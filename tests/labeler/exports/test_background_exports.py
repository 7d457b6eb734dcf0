"""Exports made by a job: asked for, made by the worker, downloaded, removed."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.exports.models import Export
from labeler.exports.schemas import ExportIn
from labeler.exports.services import MAX_EXPORTS_KEPT, request_export
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import cancel_job
from labeler.lib.files import export_path
from tests.factories import assign, make_member, make_project, signed_in
from tests.labeler.exports.pictures import PictureProject, make_picture_project
from worker.tasks.by_name import run_export

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators"),
]
SentTasks = list[tuple[str, list[Any], str]]


@pytest.fixture
def given(db: None) -> PictureProject:
    """Six pictures with labels and a model."""
    return make_picture_project()


def ask(client: Client, given: PictureProject, **options: Any) -> dict[str, Any]:
    answer = client.post(
        f"/api/v1/projects/{given.project.id}/exports",
        {"format": "imagefolder", **options},
        content_type="application/json",
    )
    assert answer.status_code == 202, answer.content
    found: dict[str, Any] = answer.json()
    return found


def listed(client: Client, given: PictureProject) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/v1/projects/{given.project.id}/exports").json()["items"]
    return found


def download(client: Client, given: PictureProject, export_id: int) -> Any:
    return client.get(f"/api/v1/projects/{given.project.id}/exports/{export_id}/file")


def test_a_job_makes_the_file_as_things_were_when_it_was_asked_for(
    given: PictureProject, sent_tasks: SentTasks
) -> None:
    client = signed_in(make_member(given.project, "vera", role=Role.VIEWER))
    wanted = given.export("imagefolder")
    sent_tasks.clear()
    asked = ask(client, given, retention=1)
    assert (asked["num_bytes"], asked["job"]["state"], asked["created_by"]) == (None, "queued", "vera")
    assert sent_tasks == [("run_export", [asked["job"]["id"]], "cpu")]
    assign(given.project, given.ann, given.tern, [0, 4, 5])
    run_export(asked["job"]["id"])

    (export,) = listed(client, given)
    assert (export["job"]["state"], export["num_bytes"]) == ("succeeded", len(wanted))
    assert export["options"]["sequence"] == 3
    answer = cast(StreamingHttpResponse, download(client, given, export["id"]))
    assert b"".join(cast(Any, answer)) == wanted
    assert answer["Content-Disposition"] == 'attachment; filename="mowen-gulls-3-imagefolder.zip"'
    assert answer["Content-Length"] == str(len(wanted))
    assert (Job.objects.get(kind=JobKind.EXPORT).done, Job.objects.get(kind=JobKind.EXPORT).total) == (6, 6)


def test_two_exports_at_once_are_two_files(given: PictureProject) -> None:
    client = signed_in(given.ann)
    first, second = ask(client, given), ask(client, given, format="csv")
    assert first["job"]["id"] != second["job"]["id"]
    for export in (first, second):
        run_export(export["job"]["id"])
    assert [export["name"] for export in listed(client, given)] == [
        "mowen-gulls-3.csv",
        "mowen-gulls-3-imagefolder.zip",
    ]


def test_a_failed_export_leaves_no_half_file(given: PictureProject) -> None:
    client = signed_in(given.ann)
    asked = ask(client, given)
    for path in (export_path(given.project.id, 0).parent.parent / "originals").rglob("*.jpg"):
        path.unlink()
    run_export(asked["job"]["id"])
    job = Job.objects.get(id=asked["job"]["id"])
    assert (job.state, job.error_code) == (JobState.FAILED, "file_missing")
    assert list(export_path(given.project.id, 0).parent.iterdir()) == []
    answer = download(client, given, asked["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "export_not_ready")


def test_a_cancelled_export_does_not_run(given: PictureProject) -> None:
    client = signed_in(given.ann)
    asked = ask(client, given)
    cancel_job(job_id=asked["job"]["id"], project_id=given.project.id)
    run_export(asked["job"]["id"])
    assert listed(client, given)[0]["num_bytes"] is None


def test_an_export_killed_half_way_starts_again(given: PictureProject) -> None:
    client = signed_in(given.ann)
    asked = ask(client, given)
    half = export_path(given.project.id, asked["id"]).with_suffix(".part")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half a zip")
    run_export(asked["job"]["id"])
    body = b"".join(cast(Any, download(client, given, asked["id"])))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert len(archive.namelist()) == 5
    assert not half.exists()


def test_an_admin_removes_an_export_with_its_file(given: PictureProject) -> None:
    ada = signed_in(make_member(given.project, "ada", role=Role.ADMIN))
    asked = ask(ada, given)
    run_export(asked["job"]["id"])
    path: Path = export_path(given.project.id, asked["id"])
    assert path.exists()
    url = f"/api/v1/projects/{given.project.id}/exports/{asked['id']}"
    assert signed_in(given.ann).delete(url).status_code == 403
    assert ada.delete(url).status_code == 204
    assert not path.exists()
    assert ada.delete(url).status_code == 404
    assert listed(ada, given) == []


def test_only_the_newest_are_kept(given: PictureProject) -> None:
    for _ in range(MAX_EXPORTS_KEPT + 2):
        request_export(project_id=given.project.id, user=given.ann, options=ExportIn())
    assert Export.objects.count() == MAX_EXPORTS_KEPT


def test_crops_before_the_first_model_are_refused() -> None:
    project = make_project(num_images=1)
    client = signed_in(make_member(project))
    for options in ({"format": "imagefolder", "pictures": "cropped"}, {"format": "yolo_detect"}):
        answer = client.post(
            f"/api/v1/projects/{project.id}/exports", options, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "no_model")


def test_many_pictures_are_not_streamed_but_text_is(
    given: PictureProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.exports.api.MAX_PICTURES_STREAMED", 5)
    client = signed_in(given.ann)
    url = f"/api/v1/projects/{given.project.id}/export"
    answer = client.get(url, {"format": "imagefolder"})
    assert (answer.status_code, answer.json()["code"]) == (413, "export_in_background")
    for options in ({"format": "coco"}, {"format": "voc", "pictures": "none"}):
        assert client.get(url, options).status_code == 200


def test_the_headers_of_a_stream_say_how_to_get_it_again(given: PictureProject) -> None:
    client = signed_in(given.ann)
    url = f"/api/v1/projects/{given.project.id}/export"
    first = cast(StreamingHttpResponse, client.get(url, {"format": "jsonl"}))
    body = b"".join(cast(Any, first))
    pins = {
        "sequence": first["X-Label-Sequence"],
        "model_version": first["X-Model-Version"],
        "num_images": first["X-Num-Images"],
    }
    assert pins == {"sequence": "3", "model_version": "1", "num_images": "6"}
    assign(given.project, given.ann, None, [0, 1, 2])
    again = client.get(url, {"format": "jsonl", **pins})
    assert b"".join(cast(Any, again)) == body
    assert json.loads(body.splitlines()[0])["label"] == "gull"

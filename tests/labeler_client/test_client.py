"""The client against a real server: import a folder, wait, label by rule, predictions, exports, a data frame."""

import csv
import io
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from labeler.accounts.permissions import Role, Scope
from labeler.datasets.models import Project as ProjectRow
from labeler.jobs.models import Job as JobRow
from labeler.jobs.services import cancel_job
from labeler_client import JobFailed, Labeler, LabelerProblem, client
from tests.factories import make_member, make_token, make_user
from tests.labeler.exports.pictures import make_picture_project
from tests.worker.tasks.builders import run, write_pictures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def labeler(live_server: LiveServer) -> Any:
    """A client with a token of scope admin of Zoe, who is site staff."""
    zoe = make_user("zoe", is_staff=True)
    with Labeler(live_server.url, token=make_token(zoe, scope=Scope.ADMIN)) as found:
        yield found


def run_import(job_id: int) -> None:
    """Be the worker."""
    run(JobRow.objects.get(id=job_id))


def test_a_folder_is_imported_labelled_by_rule_and_read_as_a_frame(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    folder = write_pictures(tmp_path / "photos", num_images=5)
    (folder / "notes.txt").write_text("no picture")
    project = labeler.create_project("Birds", backbone="bundled")
    monkeypatch.setattr(client, "FILES_PER_REQUEST", 2)

    started = project.import_folder(folder)
    assert started.info["state"] == "queued"
    run_import(started.id)
    assert started.wait()["summary"] == "5 added, 0 duplicates, 1 rejected"
    assert [entry["path"] for entry in started.entries(outcome="rejected")] == ["notes.txt"]

    counts = project.label_by(lambda image: "wide" if image["index"] < 3 else None)
    assert counts == {"wide": 3}
    frame = project.to_dataframe(columns=["index", "label", "annotator"])
    assert frame["label"].tolist()[:3] == ["wide"] * 3
    assert frame["label"].isna().tolist() == [False] * 3 + [True] * 2
    assert set(frame["annotator"].dropna()) == {"zoe"}
    assert frame.index.tolist() == [0, 1, 2, 3, 4]


def test_a_large_file_goes_in_pieces(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pictures(tmp_path / "photos", num_images=2)
    monkeypatch.setattr(client, "CHUNK_BYTES", 100)
    project = labeler.create_project("Birds", backbone="bundled")
    started = project.import_folder(folder, classes_from_folders=True)
    run_import(started.id)
    assert started.wait()["summary"] == "2 added, 0 duplicates, 0 rejected"
    assert len(project.classes()) == 2


def test_predictions_and_exports_come_to_the_caller(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make_picture_project()
    project = labeler.project(given.project.id)
    assert project.prediction(0, retention=1.0)["box"] == [0.0, 0.25, 0.5, 1.0]
    path = project.export(tmp_path / "labels.csv", format="csv", retention=1, columns=["index", "label"])
    rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
    assert rows[:2] == [["index", "label"], ["0", "gull"]]

    monkeypatch.setattr("labeler.exports.api.MAX_PICTURES_STREAMED", 1)
    monkeypatch.setattr(time, "sleep", lambda _: run_export_jobs())
    zipped = project.export(tmp_path / "set.zip", format="imagefolder", retention=1)
    assert zipped.read_bytes() == given.export("imagefolder")


def run_export_jobs() -> None:
    """Be the worker while the client waits."""
    from worker.tasks.by_name import run_export  # noqa: PLC0415  # registers the tasks

    for job in JobRow.objects.filter(kind="export", state="queued"):
        run_export(job.id)


def test_a_label_sent_twice_counts_once_and_none_clears(labeler: Labeler) -> None:
    given = make_picture_project()
    project = labeler.project(given.project.id)
    action_id = uuid.uuid4()
    first, second = (project.label([4], "gull", action_id=action_id) for _ in range(2))
    assert first["sequence"] == second["sequence"] == 4
    assert project.label([4], None)["kind"] == "clear"


def test_images_are_removed_listed_and_restored(labeler: Labeler) -> None:
    given = make_picture_project()
    project = labeler.project(given.project.id)
    action_id = uuid.uuid4()
    first, again = (project.remove_images([0, 2], action_id=action_id) for _ in range(2))
    assert first == again
    assert (first["image_indexes"], first["num_labelled"], first["removed_by"]) == ([0, 2], 2, "zoe")
    assert [image["index"] for image in project.images()][:2] == [1, 3]
    assert [row["num_images"] for row in project.removals()] == [2]
    assert project.restore_images([2, 3]) == [2]
    assert project.restore_images() == [0]
    assert list(project.removals()) == []


def test_a_refusal_is_a_problem_with_its_code(live_server: LiveServer, tmp_path: Path) -> None:
    given = make_picture_project()
    vera = make_member(given.project, "vera", role=Role.VIEWER)
    with Labeler(live_server.url, token=make_token(vera)) as reader:
        with pytest.raises(LabelerProblem, match="may not label") as caught:
            reader.project(given.project.id).label([0], None)
        assert (caught.value.status, caught.value.code) == (403, "not_allowed")
        target = tmp_path / "x.csv"
        with pytest.raises(LabelerProblem, match="404 no_such_model"):
            reader.project(given.project.id).export(target, sequence=0, model_version=9)
        assert not target.exists()
    with (
        pytest.raises(LabelerProblem, match="401 bad_token"),
        Labeler(live_server.url, token="x") as stranger,
    ):
        stranger.projects()


def test_a_cancelled_job_raises(labeler: Labeler, tmp_path: Path) -> None:
    project = labeler.create_project("Birds", backbone="bundled")
    started = project.import_folder(write_pictures(tmp_path / "photos", num_images=1))
    cancel_job(job_id=started.id, project_id=ProjectRow.objects.get().id)
    with pytest.raises(JobFailed, match="cancelled"):
        started.wait()


def test_a_webhook_gets_a_new_secret(labeler: Labeler) -> None:
    project = labeler.create_project("Birds", backbone="bundled")
    body = {"url": "https://example.org/hook", "events": ["model.published"]}
    made = labeler.request("POST", f"/projects/{project.id}/webhooks", json=body)

    secret = project.rotate_webhook_secret(made["id"])

    assert secret.startswith("whsec_")
    assert secret != made["secret"]
    assert [row["old_secret_until"] is None for row in project.webhooks()] == [False]
    project.end_old_webhook_secret(made["id"])
    assert [row["old_secret_until"] is None for row in project.webhooks()] == [True]

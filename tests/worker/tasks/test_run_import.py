"""Imports: every file ends as added, duplicate or rejected; what was done is not done again; folders become labels."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture

from labeler.annotations.models import LabelAction, LabelClass
from labeler.annotations.selectors import get_labels
from labeler.datasets.models import Image, Import, ImportEntry, ImportKind
from labeler.datasets.selectors import read_cell_range
from labeler.jobs.models import JobKind, JobState
from labeler.jobs.selectors import has_active_job
from labeler.jobs.services import cancel_job
from labeler.lib.files import original_path, thumbnail_path, upload_dir
from tests.factories import assign, make_class
from tests.worker.tasks.builders import (
    get_ann,
    import_folder,
    make_photo_project,
    picture_bytes,
    run,
    run_all,
    start,
    upload,
    write_pictures,
    zip_bytes,
)
from worker.ml.atlas import decode_cells, psnr
from worker.ml.images import decode_image, squash
from worker.tasks import importing, running

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(source: Import) -> dict[str, str]:
    return dict(ImportEntry.objects.filter(source_import=source).values_list("path", "outcome"))


def counts(source: Import) -> tuple[int, int, int, int]:
    source.refresh_from_db()
    return source.num_files, source.num_added, source.num_duplicate, source.num_rejected


def labels(project_id: int, count: int) -> list[int]:
    _, column = get_labels(project_id=project_id)
    return [int(class_id) for class_id in np.frombuffer(column, dtype="<i4")[:count]]


def test_a_picture_is_stored_with_thumbnail_and_cells_under_its_hash() -> None:
    project = make_photo_project()
    content = picture_bytes(1, size_hw=(300, 600))
    source = upload(project, {"birds/1.jpg": content})

    job = run(start(source))

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "1 added, 0 duplicates, 0 rejected")
    image = Image.objects.get(project=project)
    sha256 = hashlib.sha256(content).hexdigest()
    assert (image.index, image.path, image.sha256) == (0, "birds/1.jpg", sha256)
    assert (image.width, image.height, image.file_format, image.num_bytes) == (600, 300, "JPEG", len(content))
    assert original_path(project.id, image.storage_key).read_bytes() == content
    with Picture.open(thumbnail_path(project.id, sha256)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (256, 128))
    for cell_px, num_bytes in ((16, 128), (64, 2048)):
        cell = np.frombuffer(
            read_cell_range(project_id=project.id, cell_px=cell_px, start=0, count=1), dtype=np.uint8
        )
        assert cell.shape == (num_bytes,)
        drawn = decode_cells(cell[None], cell_px=cell_px)[0]
        assert psnr(drawn, squash(decode_image(content), cell_px)) > 25


def test_every_file_of_a_mixed_upload_has_an_outcome_and_a_reason() -> None:
    project = make_photo_project()
    good = picture_bytes(1)
    files = {
        "good.jpg": good,
        "truncated.jpg": picture_bytes(2)[:900],
        "really_a.png.jpg": picture_bytes(3, kind="PNG"),
        "copy.jpg": good,
        "notes.txt": b"hello",
        "empty.jpg": b"",
        "more.zip": zip_bytes({"in/4.jpg": picture_bytes(4), "../evil.jpg": b"x", "again.jpg": good}),
    }
    source = upload(project, files)

    job = run(start(source))

    assert outcomes(source) == {
        "good.jpg": "added",
        "truncated.jpg": "rejected",
        "really_a.png.jpg": "added",
        "copy.jpg": "duplicate",
        "notes.txt": "rejected",
        "empty.jpg": "rejected",
        "in/4.jpg": "added",
        "../evil.jpg": "rejected",
        "again.jpg": "duplicate",
    }
    assert counts(source) == (9, 3, 2, 4)
    assert job.summary == "3 added, 2 duplicates, 4 rejected"
    reasons = dict(ImportEntry.objects.filter(source_import=source).values_list("path", "reason"))
    assert reasons["truncated.jpg"].startswith("the JPEG data is truncated or damaged")
    assert reasons["notes.txt"].startswith("not an image of a supported format")
    assert reasons["empty.jpg"] == "the file is empty"
    assert reasons["copy.jpg"] == "The project has this picture already"
    assert Image.objects.get(path="really_a.png.jpg").file_format == "PNG"
    first = ImportEntry.objects.get(source_import=source, path="copy.jpg").image
    assert first is not None
    assert first.path == "good.jpg"


def test_a_picture_over_the_pixel_limit_is_rejected(settings: Any) -> None:
    settings.MAX_IMAGE_PIXELS = 60 * 90 - 1
    source = upload(make_photo_project(), {"big.png": picture_bytes(1, size_hw=(60, 90), kind="PNG")})

    run(start(source))

    entry = ImportEntry.objects.get(source_import=source)
    assert (entry.outcome, entry.reason) == ("rejected", "90x60 = 5400 pixels are over the limit of 5399")


def test_uploaded_files_are_removed_when_the_import_has_ended() -> None:
    source = upload(make_photo_project(), {"1.jpg": picture_bytes(1)})

    run(start(source))

    assert not upload_dir(source.project_id, source.id).exists()


def test_a_server_folder_is_read_in_place(tmp_path: Path) -> None:
    project = make_photo_project()
    folder = write_pictures(tmp_path / "set", num_images=4)

    source = import_folder(project, folder)

    assert list(Image.objects.order_by("index").values_list("path", flat=True)) == [
        "disc/000.jpg",
        "disc/002.jpg",
        "star/001.jpg",
        "star/003.jpg",
    ]
    assert counts(source) == (4, 4, 0, 0)
    assert len(list(folder.rglob("*.jpg"))) == 4


def test_a_folder_that_is_gone_fails_the_import_with_a_reason(tmp_path: Path) -> None:
    source = import_folder(make_photo_project(), tmp_path / "gone")

    assert source.job is not None
    assert (source.job.state, source.job.error_code) == (JobState.FAILED, "no_such_folder")


def test_hidden_files_are_ignored_and_the_summary_says_so() -> None:
    source = upload(make_photo_project(), {"1.jpg": picture_bytes(1), ".DS_Store": b"x"})

    job = run(start(source))

    assert job.summary == "1 added, 0 duplicates, 0 rejected, 1 hidden or system files ignored"
    assert counts(source) == (1, 1, 0, 0)


def test_an_import_that_was_cut_off_goes_on_where_its_entries_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = make_photo_project()
    folder = write_pictures(tmp_path / "set", num_images=7)
    monkeypatch.setattr(importing, "BATCH_FILES", 3)
    written: list[int] = []
    real = importing._write

    def write(source: Import, batch: Any) -> int:
        if len(written) == 2:
            raise KeyboardInterrupt  # as good as a kill: nothing after this runs
        written.append(real(source, batch))
        return written[-1]

    monkeypatch.setattr(importing, "_write", write)
    source = make_source(project, folder)
    job = start(source)
    with pytest.raises(KeyboardInterrupt):
        run(job)
    assert counts(source) == (7, 6, 0, 0)
    first_six = list(Image.objects.order_by("index").values_list("index", "sha256"))

    monkeypatch.setattr(importing, "_write", real)
    job.__class__.objects.filter(id=job.id).update(state=JobState.QUEUED)  # what the sweep does
    assert run(job).state == JobState.SUCCEEDED

    assert counts(source) == (7, 7, 0, 0)
    assert list(Image.objects.order_by("index").values_list("index", "sha256"))[:6] == first_six
    assert list(Image.objects.order_by("index").values_list("index", flat=True)) == list(range(7))


def make_source(project: Any, folder: Path, *, classes_from_folders: bool = False) -> Import:
    return Import.objects.create(
        project=project,
        name="set",
        kind=ImportKind.FOLDER,
        folder=str(folder),
        created_by=get_ann(),
        classes_from_folders=classes_from_folders,
    )


def test_a_cancelled_import_keeps_what_is_in_and_removes_its_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_photo_project()
    source = upload(project, {f"{number}.jpg": picture_bytes(number) for number in range(4)})
    monkeypatch.setattr(importing, "BATCH_FILES", 2)
    monkeypatch.setattr(running, "REPORT_EVERY_S", 0.0)
    job = start(source)
    real = importing._write

    def write(written_source: Import, batch: Any) -> int:
        cancel_job(job_id=job.id, project_id=project.id)
        return real(written_source, batch)

    monkeypatch.setattr(importing, "_write", write)

    assert run(job).state == JobState.CANCELLED
    project.refresh_from_db()
    assert project.num_images == 2
    assert has_active_job(project_id=project.id, kind=JobKind.FEATURES)
    assert not upload_dir(project.id, source.id).exists()


def test_folders_become_classes_and_labels_with_provenance(tmp_path: Path) -> None:
    project = make_photo_project()
    folder = write_pictures(tmp_path / "set", num_images=4)
    (folder / "top.jpg").write_bytes(picture_bytes(50))

    import_folder(project, folder, classes_from_folders=True)

    classes = {label_class.name: label_class.id for label_class in LabelClass.objects.all()}
    assert set(classes) == {"disc", "star"}
    disc, star = classes["disc"], classes["star"]
    assert labels(project.id, 5) == [0, disc, disc, star, star]  # the top folder is no class
    actions = LabelAction.objects.order_by("sequence")
    assert [(action.annotator.username, action.provenance) for action in actions] == [
        ("ann", {"gesture": "import"})
    ] * 2


def test_a_resumed_import_repeats_no_label_action(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    project = make_photo_project()
    folder = write_pictures(tmp_path / "set", num_images=6)
    monkeypatch.setattr(importing, "BATCH_FILES", 2)
    real = importing._label
    calls: list[int] = []

    def label(source: Import, names: Any) -> None:
        real(source, names)
        calls.append(len(names))
        if len(calls) == 2:
            raise KeyboardInterrupt  # inside the transaction: the batch and its labels both go

    monkeypatch.setattr(importing, "_label", label)
    source = make_source(project, folder, classes_from_folders=True)
    job = start(source)
    with pytest.raises(KeyboardInterrupt):
        run(job)
    assert counts(source)[1] == 2
    assert LabelAction.objects.count() == 1

    monkeypatch.setattr(importing, "_label", real)
    job.__class__.objects.filter(id=job.id).update(state=JobState.QUEUED)
    run(job)

    disc, star = LabelClass.objects.order_by("name")
    assert labels(project.id, 6) == [disc.id] * 3 + [star.id] * 3
    assert (disc.num_labels, star.num_labels) == (3, 3)
    assert LabelAction.objects.count() == 4  # batches of two: disc, disc + star, star


def test_folders_label_known_pictures_that_have_no_label_and_leave_others_alone(tmp_path: Path) -> None:
    project = make_photo_project()
    folder = write_pictures(tmp_path / "set", num_images=4)
    import_folder(project, folder)
    other = make_class(project, "other")
    assign(project, get_ann(), other, [0])

    source = import_folder(project, folder, classes_from_folders=True)

    assert counts(source) == (4, 0, 4, 0)
    classes = {label_class.name: label_class.id for label_class in LabelClass.objects.all()}
    assert labels(project.id, 4) == [other.id, classes["disc"], classes["star"], classes["star"]]


def test_folders_that_differ_in_case_only_are_one_class(tmp_path: Path) -> None:
    project = make_photo_project()
    existing = make_class(project, "Disc")

    import_folder(project, write_pictures(tmp_path / "set", num_images=2), classes_from_folders=True)

    assert list(LabelClass.objects.order_by("id").values_list("name", flat=True)) == ["Disc", "star"]
    assert labels(project.id, 1) == [existing.id]


def test_classes_are_all_there_before_the_first_label_so_that_no_training_starts_early(
    tmp_path: Path, sent_tasks: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH_FILES", 2)
    project = make_photo_project(labels_per_class_to_train=2)

    import_folder(
        project, write_pictures(tmp_path / "set", num_images=6, num_classes=3), classes_from_folders=True
    )

    assert [name for name, _, _ in sent_tasks].count("run_training") == 1
    training = project.jobs.get(kind=JobKind.TRAINING)
    assert training.state == JobState.QUEUED
    project.refresh_from_db()
    assert project.num_labels_at_training == 6


def test_an_import_asks_for_features(sent_tasks: list[Any]) -> None:
    project = make_photo_project()

    run(start(upload(project, {"1.jpg": picture_bytes(1)})))

    assert [(name, queue) for name, _, queue in sent_tasks] == [
        ("run_import", "cpu"),
        ("run_features", "gpu"),
    ]


def test_an_import_without_one_picture_asks_for_nothing(sent_tasks: list[Any]) -> None:
    run(start(upload(make_photo_project(), {"1.jpg": b"no picture"})))

    assert [name for name, _, _ in sent_tasks] == ["run_import"]


def test_features_that_failed_during_an_import_are_asked_for_once_more_at_its_end(
    settings: Any, monkeypatch: pytest.MonkeyPatch, sent_tasks: list[Any]
) -> None:
    settings.WEIGHTS_DOWNLOAD = False
    project = make_photo_project(backbone="resnet34")
    monkeypatch.setattr(importing, "BATCH_FILES", 1)
    source = upload(project, {f"{number}.jpg": picture_bytes(number) for number in range(4)})
    real = importing._write

    def write_and_let_the_features_fail(written_source: Import, batch: Any) -> int:
        num_written = real(written_source, batch)
        sent_tasks[:] = [message for message in sent_tasks if message[0] == "run_features"]
        run_all(sent_tasks)
        return num_written

    monkeypatch.setattr(importing, "_write", write_and_let_the_features_fail)

    run(start(source))

    jobs = project.jobs.filter(kind=JobKind.FEATURES).order_by("id")
    assert [job.state for job in jobs] == [JobState.FAILED, JobState.QUEUED]

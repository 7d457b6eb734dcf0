"""Writes of imports: open one from any kind of source, add files to it whole or in chunks, start it, sync it again."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from labeler.datasets import selectors
from labeler.datasets.models import Import, ImportKind, ImportState
from labeler.datasets.services import ARCHIVE_SUFFIXES, clean_relative_path, touch_project
from labeler.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooLarge
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import upload_dir

TAKES_FILES = (ImportKind.UPLOAD, ImportKind.MANIFEST)
MAX_CHUNK_BYTES = 64 * 2**20
ABANDONED_AFTER = timedelta(hours=24)


@transaction.atomic
def create_import(
    *,
    project_id: int,
    user: User | None,
    name: str,
    classes_from_folders: bool,
    folder: str = "",
    bucket: str = "",
    prefix: str = "",
    is_manifest: bool = False,
    syncs: Import | None = None,
) -> Import:
    """Open an import: uploads or manifests, which files are added to, or a server folder or bucket, read in place."""
    kind = ImportKind.MANIFEST if is_manifest else ImportKind.UPLOAD
    if folder or bucket:
        kind = ImportKind.FOLDER if folder else ImportKind.BUCKET
    return Import.objects.create(
        project_id=project_id,
        name=name,
        created_by=user,
        classes_from_folders=classes_from_folders,
        kind=kind,
        folder=folder,
        bucket=bucket,
        prefix=prefix,
        syncs=syncs,
    )


def add_upload(*, import_id: int, project_id: int, path: str, file: "UploadedFile[Any]") -> None:
    """Store one uploaded file of an open import under a safe name; its relative path is kept beside it.

    The upload folder holds pairs `<number>.data` and `<number>.path`. Names never come from the client, so
    a hostile path cannot leave the folder.

    Raises:
        Conflict: the import has started.
        TooLarge: the file is over `MAX_IMPORT_FILE_BYTES` (archives: `MAX_IMPORT_TOTAL_BYTES`).
    """
    clean = _checked_upload(import_id, project_id, path, num_bytes=file.size or 0)
    folder = upload_dir(project_id, import_id)
    folder.mkdir(parents=True, exist_ok=True)
    number = _next_number(import_id)
    data = folder / f"{number:08d}.data"
    with data.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    (folder / f"{number:08d}.path").write_text(clean, encoding="utf-8")


@transaction.atomic
def start_import(*, import_id: int, project_id: int, user: User | None) -> Job:
    """Close an import for files and queue its job."""
    source = Import.objects.select_for_update().filter(id=import_id, project_id=project_id).first()
    if source is None:
        raise NotFound(f"Project {project_id} has no import {import_id}")
    if source.state != ImportState.OPEN:
        raise Conflict(f"Import {import_id} has started already", code="import_started")
    if source.kind in TAKES_FILES and source.num_files == 0:
        raise InvalidInput("The import has no files", code="empty_import")
    job = request_job(project_id=project_id, kind=JobKind.IMPORT, user=user)
    source.state = ImportState.STARTED
    source.job = job
    source.save(update_fields=["state", "job"])
    touch_project(project_id)
    return job


def clean_up_import(job_id: int) -> None:
    """Remove the uploaded files of an import whose job has ended, in whatever way."""
    for source in Import.objects.filter(job_id=job_id):
        shutil.rmtree(upload_dir(source.project_id, source.id), ignore_errors=True)


def add_chunk(
    *, import_id: int, project_id: int, upload_id: UUID, path: str, offset: int, total: int, data: bytes
) -> int:
    """Store the next piece of a file that comes in pieces; return how many bytes of it are here.

    A piece sent twice, or a file that is complete already, changes nothing: who lost the answer sends again. Whoever
    comes back later asks with `count_received` where to go on.

    Raises:
        Conflict: the import has started, or the piece would leave a gap; `received` says where to go on.
        TooLarge: the file is over its limit.
        InvalidInput: the piece reaches beyond the end.
    """
    clean = _checked_upload(import_id, project_id, path, num_bytes=total)
    if offset + len(data) > total:
        raise InvalidInput(f"bytes {offset} to {offset + len(data)} of a file of {total}", code="beyond_end")
    folder = upload_dir(project_id, import_id)
    folder.mkdir(parents=True, exist_ok=True)
    part, done = folder / f"{upload_id}.part", folder / f"{upload_id}.done"
    with transaction.atomic():
        Import.objects.select_for_update().get(id=import_id)  # one piece at a time
        if done.exists():
            return total
        received = part.stat().st_size if part.exists() else 0
        if offset > received:
            raise Conflict(
                f"{received} bytes are here; the piece starts at {offset}",
                code="gap",
                extra={"received": received},
            )
        with part.open("r+b" if part.exists() else "wb") as out:
            out.seek(offset)
            out.write(data)
            out.truncate(max(received, offset + len(data)))
            out.flush()
            os.fsync(out.fileno())
        received = part.stat().st_size
        if received == total:
            number = _next_number(import_id)
            part.rename(folder / f"{number:08d}.data")
            (folder / f"{number:08d}.path").write_text(clean, encoding="utf-8")
            done.touch()
    return received


def count_received(*, import_id: int, project_id: int, upload_id: UUID, total: int) -> int:
    """How many bytes of a file that comes in pieces are here."""
    selectors.get_import(project_id=project_id, import_id=import_id)
    folder = upload_dir(project_id, import_id)
    if (folder / f"{upload_id}.done").exists():
        return total
    part = folder / f"{upload_id}.part"
    return part.stat().st_size if part.exists() else 0


@transaction.atomic
def sync_import(*, import_id: int, project_id: int, user: User) -> Import:
    """Read a folder or bucket again, for what is new or changed since; starts at once.

    Raises:
        Conflict: uploads cannot be read again, or a sync of this source is still going on.
    """
    found = selectors.get_import(project_id=project_id, import_id=import_id)
    if found.kind in TAKES_FILES:
        raise Conflict("An upload cannot be synced; import the files again", code="not_syncable")
    first = found.syncs or found
    going_on = Import.objects.filter(project_id=project_id, syncs=first, job__finished_at__isnull=True)
    if going_on.exists() or (first.job is not None and first.job.finished_at is None):
        raise Conflict(f"Import {first.id} is being read now", code="sync_running")
    again = create_import(
        project_id=project_id,
        user=user,
        name=first.name,
        classes_from_folders=first.classes_from_folders,
        folder=first.folder,
        bucket=first.bucket,
        prefix=first.prefix,
        syncs=first,
    )
    start_import(import_id=again.id, project_id=project_id, user=user)
    again.refresh_from_db()
    return again


def delete_abandoned_uploads(*, after: timedelta = ABANDONED_AFTER) -> int:
    """Remove imports that got no file for so long and were never started, and files that an ended import left behind.

    Returns:
        How many imports were cleaned.
    """
    limit = timezone.now() - after
    num_cleaned = 0
    for source in Import.objects.filter(state=ImportState.OPEN, created_at__lt=limit):
        folder = upload_dir(source.project_id, source.id)
        if folder.exists() and folder.stat().st_mtime >= limit.timestamp():
            continue  # files still come
        # Whoever starts it at this moment wins: the row is then no longer open, and its files stay.
        if Import.objects.filter(id=source.id, state=ImportState.OPEN).delete()[0]:
            shutil.rmtree(folder, ignore_errors=True)
            num_cleaned += 1
    ended = Import.objects.filter(state=ImportState.STARTED, job__finished_at__lt=limit)
    for source in ended.filter(job__finished_at__gte=limit - 7 * after):
        folder = upload_dir(source.project_id, source.id)
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            num_cleaned += 1
    return num_cleaned


def resolve_import_folder(folder: str) -> Path:
    """A server folder that exists, for people who are on the server anyway."""
    path = Path(folder).expanduser().resolve()
    if not path.is_dir():
        raise InvalidInput(f"{folder!r} is not a folder", code="no_such_folder")
    return path


def allowed_import_folder(folder: str) -> Path:
    """A server folder inside `IMPORT_ROOTS`, links followed first. One outside is told like one that is not there.

    Raises:
        NotAllowed: it is in none of the roots.
        InvalidInput: it is inside, and no folder.
    """
    path = Path(folder).expanduser().resolve()
    if not any(path.is_relative_to(root.resolve()) for root in settings.IMPORT_ROOTS):
        raise NotAllowed(f"{folder!r} is in none of the folders of IMPORT_ROOTS", code="folder_not_allowed")
    return resolve_import_folder(str(path))


def allowed_bucket(bucket: str) -> str:
    """A bucket named in `IMPORT_BUCKETS`.

    Raises:
        NotAllowed: it is not.
    """
    if bucket not in settings.IMPORT_BUCKETS:
        raise NotAllowed(f"The bucket {bucket!r} is not among IMPORT_BUCKETS", code="bucket_not_allowed")
    return bucket


def _checked_upload(import_id: int, project_id: int, path: str, *, num_bytes: int) -> str:
    """The path to show, if a file of that size may be added to the import."""
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    if source.kind not in TAKES_FILES:
        raise Conflict(f"Import {import_id} reads a {source.kind}; it takes no files", code="takes_no_files")
    if source.state != ImportState.OPEN:
        raise Conflict(f"Import {import_id} has started; make another one", code="import_started")
    clean = clean_relative_path(path)
    is_archive = clean.lower().endswith(ARCHIVE_SUFFIXES)
    limit = settings.MAX_IMPORT_TOTAL_BYTES if is_archive else settings.MAX_IMPORT_FILE_BYTES
    if num_bytes > limit:
        raise TooLarge(f"{clean!r} has {num_bytes} bytes; the limit is {limit}")
    return clean


@transaction.atomic
def _next_number(import_id: int) -> int:
    locked = Import.objects.select_for_update().get(id=import_id)
    number = locked.num_files
    locked.num_files = number + 1
    locked.save(update_fields=["num_files"])
    return number

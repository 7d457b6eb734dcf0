"""Writes of imports: open one from any kind of source, start it, sync it again, discard it."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from labeler.datasets import selectors
from labeler.datasets.models import Import, ImportKind, ImportState
from labeler.datasets.services import touch_project
from labeler.datasets.uploads import TAKES_FILES
from labeler.errors import Conflict, InvalidInput, NotFound
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import upload_dir

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


@transaction.atomic
def discard_import(*, import_id: int, project_id: int) -> None:
    """Remove an import that was never started, and the files that were added to it.

    Raises:
        Conflict: it has started; its images are in the project.
    """
    source = Import.objects.select_for_update().filter(id=import_id, project_id=project_id).first()
    if source is None:
        raise NotFound(f"Project {project_id} has no import {import_id}")
    if source.state != ImportState.OPEN:
        raise Conflict(
            f"Import {import_id} has started; it can no longer be discarded", code="import_started"
        )
    source.delete()
    transaction.on_commit(lambda: shutil.rmtree(upload_dir(project_id, import_id), ignore_errors=True))


def clean_up_import(job_id: int) -> None:
    """Remove the uploaded files of an import whose job has ended, in whatever way."""
    for source in Import.objects.filter(job_id=job_id):
        shutil.rmtree(upload_dir(source.project_id, source.id), ignore_errors=True)


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
        if folder.exists() and _last_written(folder) >= limit.timestamp():
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


def _last_written(folder: Path) -> float:
    """When a file was last added to an upload folder or a piece to one of its files, in seconds since 1970."""
    written = [folder, *(folder / "parts").glob("*.part")]
    return max(path.stat().st_mtime for path in written if path.exists())

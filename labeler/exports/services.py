"""Writes of exports: ask for one, make its file, remove it."""

import os
from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction

from labeler.errors import NotFound
from labeler.exports import selectors
from labeler.exports.formats import FORMATS, check_source, file_name
from labeler.exports.models import Export
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportIn
from labeler.jobs import events
from labeler.jobs.models import Job, JobKind
from labeler.jobs.schemas import ExportReady
from labeler.jobs.services import request_job
from labeler.lib.files import export_path
from labeler.webhooks.models import WebhookEvent
from labeler.webhooks.services import notify

MAX_EXPORTS_KEPT = 20


@transaction.atomic
def request_export(*, project_id: int, user: User, options: ExportIn) -> Export:
    """Pin an export as things are now, and queue the job that makes its file. The oldest beyond a number go.

    Raises:
        InvalidInput, NotFound, NotReady: as `open_source` and `check_source`.
    """
    source = open_source(project_id=project_id, options=options)
    check_source(source)
    job = request_job(project_id=project_id, kind=JobKind.EXPORT, user=user)
    export = Export.objects.create(
        project_id=project_id,
        job=job,
        name=file_name(source),
        options=source.options.dict(),
        created_by=user,
    )
    for old in Export.objects.filter(project_id=project_id).order_by("-id")[MAX_EXPORTS_KEPT:]:
        delete_export(project_id=project_id, export_id=old.id)
    return export


@transaction.atomic
def delete_export(*, project_id: int, export_id: int) -> None:
    """Remove an export and its file."""
    export = selectors.get_export(project_id=project_id, export_id=export_id)
    path = export_path(project_id, export.id)
    export.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def make_file(*, job: Job, on_progress: Callable[[int, int], None]) -> str:
    """Write the file of the job's export beside its place, rename it, and say so. `on_progress` gets (done, total).

    Raises:
        NotFound: the export was removed meanwhile.
    """
    export = Export.objects.filter(job=job).first()
    if export is None:
        raise NotFound(f"Job {job.id} belongs to no export")
    opened = open_source(project_id=job.project_id, options=ExportIn(**export.options))
    source = replace(opened, on_progress=on_progress)
    path = export_path(job.project_id, export.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    try:
        with beside.open("wb") as file:
            for piece in FORMATS[source.options.format].write(source):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        num_bytes = beside.stat().st_size
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _announce(export, num_bytes=num_bytes)
    return f"{export.name}, {num_bytes:,} bytes"


@transaction.atomic
def _announce(export: Export, *, num_bytes: int) -> None:
    if not Export.objects.filter(id=export.id).update(num_bytes=num_bytes):
        export_path(export.project_id, export.id).unlink(missing_ok=True)
        raise NotFound(f"Export {export.id} was removed while it was made")
    events.publish(export.project_id, ExportReady(export_id=export.id, name=export.name))
    notify(
        project_id=export.project_id,
        event=WebhookEvent.EXPORT_READY,
        data={"export_id": export.id, "name": export.name, "num_bytes": num_bytes},
    )

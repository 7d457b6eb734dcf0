"""Reads of exports made in the background."""

from pathlib import Path

from django.db.models import QuerySet

from labeler.errors import NotFound, NotReady
from labeler.exports.models import Export
from labeler.lib.files import export_path


def list_exports(*, project_id: int) -> QuerySet[Export]:
    """Exports of a project, newest first."""
    return Export.objects.filter(project_id=project_id).select_related("job", "created_by")


def get_export(*, project_id: int, export_id: int) -> Export:
    """One export of a project."""
    found = list_exports(project_id=project_id).filter(id=export_id).first()
    if found is None:
        raise NotFound(f"Project {project_id} has no export {export_id}")
    return found


def get_export_file(export: Export) -> Path:
    """Where the file of a finished export lies.

    Raises:
        NotReady: its job has not ended well.
        NotFound: the file is gone from storage.
    """
    if export.num_bytes is None:
        state = "gone" if export.job is None else export.job.state
        raise NotReady(f"Export {export.id} has no file; its job is {state}", code="export_not_ready")
    path = export_path(export.project_id, export.id)
    if not path.exists():
        raise NotFound(f"The file of export {export.id} is missing from storage", code="file_missing")
    return path

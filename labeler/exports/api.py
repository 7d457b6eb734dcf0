"""Routes of exports."""

from typing import Annotated

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.text import slugify
from ninja import Query, Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets.selectors import get_project
from labeler.exports.csv_format import write_csv
from labeler.exports.jsonl_format import write_jsonl
from labeler.exports.rows import iter_rows
from labeler.exports.schemas import ExportFormat
from labeler.lib.openapi import binary_body
from labeler.lib.streaming import stream_pieces

router = Router(tags=["exports"])

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSONL: "application/jsonl; charset=utf-8",
}


@router.get(
    "/projects/{project_id}/export",
    summary="Stream every image with label, prediction and weak box",
    openapi_extra=binary_body(*CONTENT_TYPES.values()),
)
def export(
    request: HttpRequest,
    project_id: int,
    format: ExportFormat = ExportFormat.CSV,
    retention: Annotated[float | None, Query(gt=0, le=1)] = None,
) -> StreamingHttpResponse:
    get_caller(request).require(project_id, Action.EXPORT)
    project = get_project(project_id=project_id)
    rows = iter_rows(project_id=project_id, retention=project.retention if retention is None else retention)
    body = write_csv(rows) if format is ExportFormat.CSV else write_jsonl(rows)
    name = f"{slugify(project.name) or 'project'}-{project.label_sequence}.{format.value}"
    return StreamingHttpResponse(
        stream_pieces(body),
        content_type=CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )

"""Routes of exports: streamed at once, or made by a job and downloaded."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.errors import TooLarge
from labeler.exports import selectors, services
from labeler.exports.formats import FORMATS, check_source, file_name
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportFormat, ExportIn, ExportOut, Pictures
from labeler.lib.openapi import binary_body, may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page
from labeler.lib.streaming import file_response, stream_pieces

router = Router(tags=["exports"])

MAX_PICTURES_STREAMED = 2_000
_PINNED = {
    "X-Label-Sequence": "the label action whose labels these are",
    "X-Model-Version": "the model whose predictions and boxes these are; 0: none",
    "X-Num-Images": "images below this index were considered",
}
_MEDIA_TYPES = sorted({form.content_type for form in FORMATS.values()})


@router.get(
    "/projects/{project_id}/export",
    summary="Stream labels, predictions and weak boxes in one of the formats",
    description=(
        "The headers say what the export is pinned to; the same `sequence`, `model_version` and `num_images` give the "
        "same bytes again, while no image is removed or restored. "
        f"More than {MAX_PICTURES_STREAMED} pictures: make a background export."
    ),
    openapi_extra={
        "responses": {
            **binary_body(*_MEDIA_TYPES, headers=_PINNED)["responses"],
            **may_answer(409, 413)["responses"],
        }
    },
)
def export(request: HttpRequest, project_id: int, options: Query[ExportIn]) -> StreamingHttpResponse:
    get_caller(request).require(project_id, Action.EXPORT)
    source = open_source(project_id=project_id, options=options)
    check_source(source)
    form = FORMATS[source.options.format]
    with_pictures = form.has_pictures and source.options.pictures is not Pictures.NONE
    num_pictures = source.num_images - len(source.removed)
    if with_pictures and num_pictures > MAX_PICTURES_STREAMED:
        raise TooLarge(
            f"{num_pictures} pictures; at most {MAX_PICTURES_STREAMED} are streamed. POST to "
            f"/projects/{project_id}/exports makes the file in the background",
            code="export_in_background",
        )
    return StreamingHttpResponse(
        stream_pieces(form.write(source)),
        content_type=form.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(source)}"',
            "Cache-Control": "no-store",
            "X-Label-Sequence": str(source.options.sequence),
            "X-Model-Version": str(source.options.model_version),
            "X-Num-Images": str(source.options.num_images),
        },
    )


@router.get(
    "/projects/{project_id}/exports", response=Page[ExportOut], summary="Background exports, newest first"
)
def list_exports(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.EXPORT)
    return newest_first_page(selectors.list_exports(project_id=project_id), after=after, limit=limit)


@router.post(
    "/projects/{project_id}/exports", response={202: ExportOut}, summary="Make an export in the background"
)
def create_export(request: HttpRequest, project_id: int, body: ExportIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EXPORT)
    return Status(202, services.request_export(project_id=project_id, user=caller.user, options=body))


@router.get(
    "/projects/{project_id}/exports/{export_id}/file",
    summary="The file of a finished export",
    openapi_extra={"responses": {**binary_body(*_MEDIA_TYPES)["responses"], **may_answer(409)["responses"]}},
)
def download_export(request: HttpRequest, project_id: int, export_id: int) -> StreamingHttpResponse:
    get_caller(request).require(project_id, Action.EXPORT)
    found = selectors.get_export(project_id=project_id, export_id=export_id)
    return file_response(
        selectors.get_export_file(found),
        content_type=FORMATS[ExportFormat(found.options["format"])].content_type,
        headers={"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"},
    )


@router.delete(
    "/projects/{project_id}/exports/{export_id}",
    response={204: None},
    summary="Remove an export and its file",
)
def delete_export(request: HttpRequest, project_id: int, export_id: int) -> Any:
    get_caller(request).require(project_id, Action.EDIT_PROJECT)
    services.delete_export(project_id=project_id, export_id=export_id)
    return Status(204, None)

"""Routes of imports: open, add files whole or in pieces, start, sync again, and how each file ended."""

from operator import itemgetter
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets import import_services, import_sources, selectors, uploads
from labeler.datasets.models import Outcome
from labeler.datasets.schemas import (
    ChunkIn,
    ChunkOut,
    EntryOut,
    FileSize,
    FolderListOut,
    ImportIn,
    ImportOut,
    ImportSourcesOut,
    UploadedFileOut,
    UploadOut,
)
from labeler.errors import InvalidInput, TooLarge
from labeler.jobs.schemas import JobOut
from labeler.lib.openapi import form_fields, may_answer
from labeler.lib.pages import (
    DEFAULT_PAGE_SIZE,
    MAX_CURSOR,
    Cursor,
    Page,
    PageLimit,
    newest_first_page,
    page_of_rows,
)
from labeler.lib.text import PRINTABLE

router = Router(tags=["imports"])


@router.get("/projects/{project_id}/imports", response=Page[ImportOut], summary="Imports, newest first")
def list_imports(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return newest_first_page(selectors.list_imports(project_id=project_id), after=after, limit=limit)


@router.get("/projects/{project_id}/imports/{import_id}", response=ImportOut, summary="One import")
def get_import(request: HttpRequest, project_id: int, import_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return selectors.get_import(project_id=project_id, import_id=import_id)


@router.get(
    "/projects/{project_id}/import-sources",
    response=ImportSourcesOut,
    summary="Which folders, buckets and hosts imports may read on this site, and the limits of one import",
)
def get_import_sources(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    return {**import_sources.describe_sources(), "max_chunk_bytes": uploads.MAX_CHUNK_BYTES}


@router.get(
    "/projects/{project_id}/import-folders",
    response=FolderListOut,
    summary="Browse the server's folders that may be imported",
    description="Without `path`: the folders of IMPORT_ROOTS.",
)
def list_import_folders(
    request: HttpRequest,
    project_id: int,
    path: Annotated[str, Query(max_length=4096, pattern=PRINTABLE)] = "",
) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    return import_sources.list_folders(path)


@router.post("/projects/{project_id}/imports", response={201: ImportOut}, summary="Open an import")
def create_import(request: HttpRequest, project_id: int, body: ImportIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    source = import_services.create_import(
        project_id=project_id,
        user=caller.user,
        name=body.name,
        classes_from_folders=body.classes_from_folders,
        folder=str(import_sources.allowed_import_folder(body.folder)) if body.folder else "",
        bucket=import_sources.allowed_bucket(body.bucket) if body.bucket else "",
        prefix=body.prefix,
        is_manifest=body.is_manifest,
    )
    return Status(201, source)


@router.post(
    "/projects/{project_id}/imports/{import_id}/files",
    response=UploadOut,
    summary="Add files, zip or tar archives, or manifests to an open import",
    description=(
        "Relative paths come as `paths`, one for each file, in order; so may UUIDs as `upload_ids`: a file sent again "
        "under its id counts once. Archives are unpacked by the worker."
    ),
    openapi_extra=form_fields(
        paths="relative path of each file, in order",
        upload_ids="UUID of each file, in order; may be left out",
    ),
)
def add_files(request: HttpRequest, project_id: int, import_id: int, files: File[list[UploadedFile]]) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    names, upload_ids = _upload_names(request, files), _upload_ids(request, files)
    for name, file, upload_id in zip(names, files, upload_ids, strict=True):
        uploads.add_upload(
            import_id=import_id, project_id=project_id, path=name, file=file, upload_id=upload_id
        )
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    return {"num_files": source.num_files, "num_received": len(files)}


@router.post("/projects/{project_id}/imports/{import_id}/start", response=JobOut, summary="Start an import")
def start_import(request: HttpRequest, project_id: int, import_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    return import_services.start_import(import_id=import_id, project_id=project_id, user=caller.user)


@router.delete(
    "/projects/{project_id}/imports/{import_id}",
    response={204: None},
    summary="Discard an import that was never started, with its files",
)
def discard_import(request: HttpRequest, project_id: int, import_id: int) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    import_services.discard_import(import_id=import_id, project_id=project_id)
    return Status(204, None)


@router.get(
    "/projects/{project_id}/imports/{import_id}/files",
    response=Page[UploadedFileOut],
    summary="Which files of an open import are here, so that a sender can go on",
    description="Files that still come in pieces are on the first page, with their `upload_id`.",
)
def list_files(
    request: HttpRequest,
    project_id: int,
    import_id: int,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    page = page_of_rows(
        uploads.list_uploads(source=source, after=after, limit=limit), limit=limit, cursor=itemgetter(0)
    )
    return {**page, "items": [about for _, about in page["items"]]}


@router.get(
    "/projects/{project_id}/imports/{import_id}/entries",
    response=Page[EntryOut],
    summary="How each file ended",
)
def list_entries(
    request: HttpRequest,
    project_id: int,
    import_id: int,
    outcome: Outcome | None = None,
    after: Annotated[int, Query(ge=0, le=MAX_CURSOR)] = 0,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    entries = selectors.list_entries(import_id=source.id, outcome=outcome, after=after, limit=limit)
    return page_of_rows(entries, limit=limit, cursor=lambda entry: entry.id)


@router.get(
    "/projects/{project_id}/imports/{import_id}/chunks/{upload_id}",
    response=ChunkOut,
    summary="How much of a file that comes in pieces is here",
)
def get_chunks(
    request: HttpRequest, project_id: int, import_id: int, upload_id: UUID, total: FileSize
) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    received = uploads.count_received(
        import_id=import_id, project_id=project_id, upload_id=upload_id, total=total
    )
    return {"received": received, "total": total}


@router.post(
    "/projects/{project_id}/imports/{import_id}/chunks/{upload_id}",
    response=ChunkOut,
    summary="Send the next piece of a large file; send it again if the answer was lost",
    openapi_extra=may_answer(409),
)
def add_chunk(
    request: HttpRequest,
    project_id: int,
    import_id: int,
    upload_id: UUID,
    options: Query[ChunkIn],
    data: File[UploadedFile],
) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    if (data.size or 0) > uploads.MAX_CHUNK_BYTES:
        raise TooLarge(f"A piece of {data.size} bytes; the limit is {uploads.MAX_CHUNK_BYTES}")
    received = uploads.add_chunk(
        import_id=import_id,
        project_id=project_id,
        upload_id=upload_id,
        path=options.path,
        offset=options.offset,
        total=options.total,
        data=data.read(),
    )
    return {"received": received, "total": options.total}


@router.post(
    "/projects/{project_id}/imports/{import_id}/sync",
    response={201: ImportOut},
    summary="Read a folder or bucket again for what is new or changed",
)
def sync_import(request: HttpRequest, project_id: int, import_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    return Status(
        201, import_services.sync_import(import_id=import_id, project_id=project_id, user=caller.user)
    )


def _upload_names(request: HttpRequest, files: list[UploadedFile]) -> list[str]:
    """Relative paths come as repeated `paths` form fields, since browsers and Django strip folders from file names."""
    names = request.POST.getlist("paths")
    if names and len(names) != len(files):
        raise InvalidInput(f"{len(names)} paths for {len(files)} files; send one for each, in order")
    return names or [file.name or "unnamed" for file in files]


def _upload_ids(request: HttpRequest, files: list[UploadedFile]) -> list[UUID | None]:
    ids = request.POST.getlist("upload_ids")
    if not ids:
        return [None] * len(files)
    if len(ids) != len(files):
        raise InvalidInput(f"{len(ids)} upload_ids for {len(files)} files; send one for each, in order")
    try:
        return [UUID(text) for text in ids]
    except ValueError as error:
        raise InvalidInput("upload_ids holds something that is no UUID") from error

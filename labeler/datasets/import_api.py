"""Routes of imports: open, add files whole or in pieces, start, sync again, and how each file ended."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets import import_services, selectors
from labeler.datasets.models import Outcome
from labeler.datasets.schemas import ChunkIn, ChunkOut, EntryPage, FileSize, ImportIn, ImportOut, UploadOut
from labeler.errors import InvalidInput, TooLarge
from labeler.jobs.schemas import JobOut
from labeler.lib.openapi import form_field, may_answer

router = Router(tags=["imports"])

Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/projects/{project_id}/imports", response=list[ImportOut], summary="Imports, newest first")
def list_imports(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return selectors.list_imports(project_id=project_id)[:100]


@router.post("/projects/{project_id}/imports", response={201: ImportOut}, summary="Open an import")
def create_import(request: HttpRequest, project_id: int, body: ImportIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    source = import_services.create_import(
        project_id=project_id,
        user=caller.user,
        name=body.name,
        classes_from_folders=body.classes_from_folders,
        folder=str(import_services.allowed_import_folder(body.folder)) if body.folder else "",
        bucket=import_services.allowed_bucket(body.bucket) if body.bucket else "",
        prefix=body.prefix,
        is_manifest=body.is_manifest,
    )
    return Status(201, source)


@router.post(
    "/projects/{project_id}/imports/{import_id}/files",
    response=UploadOut,
    summary="Add files, zip or tar archives, or manifests to an open import",
    description="Relative paths come as `paths`, one for each file, in order. Archives are unpacked by the worker.",
    openapi_extra=form_field("paths", "relative path of each file, in order"),
)
def add_files(request: HttpRequest, project_id: int, import_id: int, files: File[list[UploadedFile]]) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    names = _upload_names(request, files)
    for name, file in zip(names, files, strict=True):
        import_services.add_upload(import_id=import_id, project_id=project_id, path=name, file=file)
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    return {"num_files": source.num_files, "num_received": len(files)}


@router.post("/projects/{project_id}/imports/{import_id}/start", response=JobOut, summary="Start an import")
def start_import(request: HttpRequest, project_id: int, import_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    return import_services.start_import(import_id=import_id, project_id=project_id, user=caller.user)


@router.get(
    "/projects/{project_id}/imports/{import_id}/entries", response=EntryPage, summary="How each file ended"
)
def list_entries(
    request: HttpRequest,
    project_id: int,
    import_id: int,
    outcome: Outcome | None = None,
    after: int = 0,
    limit: Limit = 100,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    source = selectors.get_import(project_id=project_id, import_id=import_id)
    entries = selectors.list_entries(import_id=source.id, outcome=outcome, after=after, limit=limit)
    page = entries[:limit]
    return {"items": page, "next": page[-1].id if len(entries) > limit else None}


@router.get(
    "/projects/{project_id}/imports/{import_id}/chunks/{upload_id}",
    response=ChunkOut,
    summary="How much of a file that comes in pieces is here",
)
def get_chunks(
    request: HttpRequest, project_id: int, import_id: int, upload_id: UUID, total: FileSize
) -> Any:
    get_caller(request).require(project_id, Action.IMPORT)
    received = import_services.count_received(
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
    if (data.size or 0) > import_services.MAX_CHUNK_BYTES:
        raise TooLarge(f"A piece of {data.size} bytes; the limit is {import_services.MAX_CHUNK_BYTES}")
    received = import_services.add_chunk(
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

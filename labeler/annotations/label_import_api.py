"""Route that brings labels of other tools into a project."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.annotations.label_files import LabelFileFormat
from labeler.annotations.label_import import import_labels
from labeler.errors import TooLarge

router = Router(tags=["annotations"])

MAX_LABEL_FILE_BYTES = 256 * 2**20


class LabelImportOut(Schema):
    """Rows of the file, images labelled, and what had no place: rows without exactly one picture, unknown people."""

    num_rows: int
    num_labelled: int
    num_not_found: int
    not_found: list[str]
    new_classes: list[str]
    unknown_authors: list[str]
    sequences: list[int]


@router.post(
    "/projects/{project_id}/label-imports",
    response=LabelImportOut,
    summary="Label images as a file says: CSV, JSON Lines, COCO, Label Studio or FiftyOne",
    description=(
        "Pictures are found by sha256, path, or the end of a path. Labels of members become theirs; those of others "
        "become yours, with the name in the provenance. `dry_run` only says what would happen."
    ),
)
def import_label_file(
    request: HttpRequest,
    project_id: int,
    file: File[UploadedFile],
    format: LabelFileFormat = LabelFileFormat.AUTO,
    dry_run: bool = False,
) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    if (file.size or 0) > MAX_LABEL_FILE_BYTES:
        raise TooLarge(f"The label file has {file.size} bytes; the limit is {MAX_LABEL_FILE_BYTES}")
    return import_labels(
        project_id=project_id,
        user=caller.user,
        content=file.read(),
        name=file.name or "",
        format=format,
        dry_run=dry_run,
    )

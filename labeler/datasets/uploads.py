"""Files added to an open import, whole or in pieces, and what of them is here, so that a sender can go on.

An upload folder holds pairs `<number>.data` and `<number>.path`; names never come from the client, so a hostile path
cannot leave the folder. `parts/` holds, by the client's upload id, files that still come in pieces (`.part`, with what
they will be in `.json`) and marks of those that are complete (`.done`), by which a repeated request changes nothing.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from labeler.datasets import selectors
from labeler.datasets.models import Import, ImportKind, ImportState
from labeler.datasets.services import ARCHIVE_SUFFIXES, clean_relative_path
from labeler.errors import Conflict, InvalidInput, TooLarge
from labeler.lib.files import upload_dir, write_atomically

TAKES_FILES = (ImportKind.UPLOAD, ImportKind.MANIFEST)
MAX_CHUNK_BYTES = 64 * 2**20


def add_upload(
    *, import_id: int, project_id: int, path: str, file: "UploadedFile[Any]", upload_id: UUID | None = None
) -> None:
    """Store one uploaded file of an open import; its relative path is kept beside it.

    A second request with the same `upload_id` changes nothing: who lost the answer sends again.

    Raises:
        Conflict: the import has started.
        TooLarge: the file is over `MAX_IMPORT_FILE_BYTES` (archives: `MAX_IMPORT_TOTAL_BYTES`).
    """
    clean = _checked_upload(import_id, project_id, path, num_bytes=file.size or 0)
    folder = upload_dir(project_id, import_id)
    done = _parts(project_id, import_id) / f"{upload_id}.done"
    if upload_id is not None and done.exists():
        return
    number = _next_number(import_id)
    data = folder / f"{number:08d}.data"
    with data.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    (folder / f"{number:08d}.path").write_text(clean, encoding="utf-8")
    if upload_id is not None:
        done.touch()


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
    folder, parts = upload_dir(project_id, import_id), _parts(project_id, import_id)
    part, about, done = (parts / f"{upload_id}.{suffix}" for suffix in ("part", "json", "done"))
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
        if not about.exists():
            write_atomically(about, json.dumps({"path": clean, "num_bytes": total}).encode())
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
            about.unlink()
    return received


def count_received(*, import_id: int, project_id: int, upload_id: UUID, total: int) -> int:
    """How many bytes of a file that comes in pieces are here."""
    selectors.get_import(project_id=project_id, import_id=import_id)
    parts = upload_dir(project_id, import_id) / "parts"
    if (parts / f"{upload_id}.done").exists():
        return total
    part = parts / f"{upload_id}.part"
    return part.stat().st_size if part.exists() else 0


def list_uploads(*, source: Import, after: int | None, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Files of an import that are here, each with its number, those above `after`; at most one more than `limit`.

    Files that still come in pieces have number 0 and come first; there are never more of them than a sender has going.
    """
    folder = upload_dir(source.project_id, source.id)
    found = [(0, about) for about in list_parts(folder / "parts")] if after is None else []
    for number in range(after or 0, source.num_files):
        if len(found) > limit:
            break
        path, data = folder / f"{number:08d}.path", folder / f"{number:08d}.data"
        if path.exists():  # without it the upload was cut off, and never acknowledged
            size = data.stat().st_size
            about = {
                "path": path.read_text(encoding="utf-8"),
                "num_bytes": size,
                "received": size,
                "upload_id": None,
            }
            found.append((number + 1, about))
    return found


def list_parts(parts: Path) -> list[dict[str, Any]]:
    """Files of which some bytes have come: path, num_bytes, received, upload_id."""
    found = []
    for path in sorted(parts.glob("*.json")):
        part = path.with_suffix(".part")
        received = part.stat().st_size if part.exists() else 0
        found.append({**json.loads(path.read_bytes()), "received": received, "upload_id": path.stem})
    return found


def _parts(project_id: int, import_id: int) -> Path:
    parts = upload_dir(project_id, import_id) / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    return parts


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

"""Where imports may read from on the server's side: folders, buckets and hosts that the operator allows."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings

from labeler.errors import InvalidInput, NotAllowed

MAX_FOLDERS_LISTED = 1000


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
    if not any(path.is_relative_to(root) for root in _roots()):
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


def list_folders(folder: str) -> dict[str, Any]:
    """A folder inside `IMPORT_ROOTS` as the browser of folders shows it; the roots themselves when none is named.

    Links and hidden folders are left out, as an import leaves them out.

    Raises:
        NotAllowed: it is in none of the roots.
        InvalidInput: it is no folder, or cannot be read.
    """
    if not folder:
        roots = _roots()
        shown = [{"name": str(root), "path": str(root)} for root in roots]
        return {"path": "", "parent": None, "folders": shown, "num_folders": len(roots), "num_files": 0}
    path = allowed_import_folder(folder)
    names, num_files = _scan(path)
    return {
        "path": str(path),
        "parent": "" if path in _roots() else str(path.parent),
        "folders": [{"name": name, "path": str(path / name)} for name in names[:MAX_FOLDERS_LISTED]],
        "num_folders": len(names),
        "num_files": num_files,
    }


def describe_sources() -> dict[str, Any]:
    """What imports may read on this site, and how much."""
    return {
        "folders": [str(root) for root in _roots()],
        "buckets": list(settings.IMPORT_BUCKETS),
        "url_hosts": [*settings.IMPORT_URL_HOSTS, *settings.IMPORT_PRIVATE_HOSTS],
        "max_file_bytes": settings.MAX_IMPORT_FILE_BYTES,
        "max_total_bytes": settings.MAX_IMPORT_TOTAL_BYTES,
        "max_entries": settings.MAX_IMPORT_ENTRIES,
    }


def _roots() -> list[Path]:
    return [root.resolve() for root in settings.IMPORT_ROOTS]


def _scan(path: Path) -> tuple[list[str], int]:
    """Names of the subfolders in order, and the number of files beside them."""
    names: list[str] = []
    num_files = 0
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    names.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    num_files += 1
    except OSError as error:
        raise InvalidInput(
            f"The folder cannot be read: {error.strerror}", code="unreadable_folder"
        ) from error
    printable = [name for name in names if name.isprintable()]  # others could not be asked for either
    return sorted(printable, key=lambda name: (name.casefold(), name)), num_files

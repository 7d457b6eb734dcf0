"""What an import holds: uploads, a folder of the server, addresses, a bucket, and archives in the first two.

First everything is listed, so that each file has one path and a place in a fixed order and a resumed import meets the
same ones; then the contents are read one file at a time. Names from outside are only ever shown, never opened: uploads
lie under numbers, and members of archives are read by their position.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from labeler.datasets.services import RejectedFile, clean_relative_path
from labeler.datasets.uploads import list_parts
from labeler.errors import InvalidInput
from worker.tasks.import_archives import is_archive, list_archive, read_members
from worker.tasks.import_listing import FoundFile, Limits, Listing, is_hidden, is_litter, shown_name
from worker.tasks.import_remote import read_remote


def list_uploads(folder: Path, *, limits: Limits) -> Listing:
    """Uploaded pairs `<number>.data` and `<number>.path`, in the order in which they came; archives are looked into.

    An upload cut off before its path was written leaves data alone and was never acknowledged: it does not count.
    One that came in pieces, and not all of them, is refused.
    """
    listing = Listing()
    for about in list_parts(folder / "parts"):
        listing.reject(about["path"], f"{about['received']} of {about['num_bytes']} bytes arrived")
    for name_file in sorted(folder.glob("*.path")):
        path = name_file.read_text(encoding="utf-8")
        _add(listing, path, name_file.with_suffix(".data"), limits=limits)
    return listing


def list_folder(folder: Path, *, limits: Limits) -> Listing:
    """Files below a folder in the order of their paths; archives are looked into; links out of it are not followed."""
    listing = Listing()
    root = folder.resolve()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            location = Path(parent) / name
            raw = location.relative_to(folder).as_posix()
            try:
                path = clean_relative_path(raw)
            except InvalidInput as error:
                listing.reject(shown_name(raw), error.message)
                continue
            if location.is_symlink() and not location.resolve().is_relative_to(root):
                listing.reject(path, "a link out of the folder")
                continue
            _add(listing, path, location, limits=limits)
    return listing


def read_files(
    files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    """Contents of files in order, one at a time; for one that cannot be read, the reason.

    Members of an archive follow one another, as the listings give them: the archive is then opened once.
    """
    for (is_remote, archive), group in groupby(files, key=_source_of):
        members = list(group)
        if is_remote:
            yield from read_remote(members, limits=limits)
        elif archive is not None:
            yield from read_members(archive, members, limits=limits)
        else:
            for file in members:
                yield file, _read_plain(file, limits=limits)


def _source_of(file: FoundFile) -> tuple[bool, Path | None]:
    return bool(file.url), file.location if file.member is not None else None


def _add(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    try:
        status = location.stat()
    except OSError as error:
        listing.reject(path, f"cannot be read: {error.strerror}")
        return
    if not stat.S_ISREG(status.st_mode):  # a socket or pipe would block the reader for ever
        listing.reject(path, "not a regular file")
    elif not is_archive(path) or is_litter(path) or is_hidden(path):
        listing.add(FoundFile(path, location, signature=f"{status.st_mtime_ns}-{status.st_size}"))
    else:
        list_archive(listing, path, location, limits=limits)


def _read_plain(file: FoundFile, *, limits: Limits) -> bytes | RejectedFile:
    assert file.location is not None
    try:
        num_bytes = file.location.stat().st_size
        if num_bytes > limits.max_file_bytes:
            return RejectedFile(file.path, f"{num_bytes} bytes; the limit is {limits.max_file_bytes}")
        return file.location.read_bytes()
    except OSError as error:
        return RejectedFile(file.path, f"cannot be read: {error.strerror}")

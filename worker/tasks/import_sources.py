"""What an import holds: uploaded files, a folder on the server, and the members of zip archives in either.

First everything is listed, so that each file has one path and a place in a fixed order and a resumed import meets the
same ones; then the contents are read one file at a time. Names from outside are only ever shown, never opened: uploads
lie under numbers, and members of archives are read by their position.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from labeler.datasets.services import MAX_PATH_CHARS, RejectedFile, clean_relative_path
from labeler.errors import InvalidInput

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif"}
)
ARCHIVE_SUFFIX = ".zip"
LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini"})
MAX_COMPRESSION_RATIO = 200.0
RATIO_MATTERS_FROM_BYTES = 2**20  # below this a high ratio is harmless, and common in drawings
_ENCRYPTED_BIT = 0x1
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Limits:
    """How much one import may bring. An archive over a total is refused whole, a file over its own limit alone."""

    max_file_bytes: int
    max_total_bytes: int
    max_entries: int


@dataclass(frozen=True)
class FoundFile:
    """A file to import: the path that people see, unique within the import, and where its bytes are."""

    path: str
    location: Path
    member: int | None = None  # position in the archive at `location`; None: the file itself


@dataclass
class Listing:
    """All that an import holds. `num_ignored` counts litter of operating systems, which nobody meant to import."""

    files: list[FoundFile] = field(default_factory=list)
    rejected: list[RejectedFile] = field(default_factory=list)
    num_ignored: int = 0
    total_bytes: int = 0
    _paths: set[str] = field(default_factory=set)

    def add(self, path: str, *, location: Path, member: int | None = None) -> None:
        """Note a file, unless its name says that it is hidden or litter."""
        if _is_litter(path):
            self.num_ignored += 1
        elif _is_hidden(path):
            self.reject(path, "hidden file")
        else:
            self.files.append(FoundFile(self._unique(path), location, member))

    def reject(self, path: str, reason: str) -> None:
        """Note a file that cannot be imported."""
        self.rejected.append(RejectedFile(self._unique(path), reason))

    def _unique(self, path: str) -> str:
        """The path, with a number before its suffix if two files of one import are called the same."""
        unique, number = path, 1
        while unique in self._paths:
            number += 1
            pure = PurePosixPath(path)
            unique = str(pure.with_name(f"{pure.stem} ({number}){pure.suffix}"))
        self._paths.add(unique)
        return unique


def list_uploads(folder: Path, *, limits: Limits) -> Listing:
    """Uploaded pairs `<number>.data` and `<number>.path`, in the order in which they came; zips are looked into.

    An upload cut off before its path was written leaves data alone and was never acknowledged: it does not count.
    """
    listing = Listing()
    for name_file in sorted(folder.glob("*.path")):
        path = name_file.read_text(encoding="utf-8")
        _add(listing, path, name_file.with_suffix(".data"), limits=limits)
    return listing


def list_folder(folder: Path, *, limits: Limits) -> Listing:
    """Files below a folder in the order of their paths; zips are looked into; links to folders are not followed."""
    listing = Listing()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            location = Path(parent) / name
            raw = location.relative_to(folder).as_posix()
            try:
                path = clean_relative_path(raw)
            except InvalidInput as error:
                listing.reject(_shown(raw), error.message)
                continue
            _add(listing, path, location, limits=limits)
    return listing


def read_files(
    files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    """Contents of files in order, one at a time; for one that cannot be read, the reason.

    Members of an archive must follow one another, as `list_uploads` and `list_folder` give them: the archive is then
    opened once.
    """
    archive: zipfile.ZipFile | None = None
    opened: Path | None = None
    try:
        for file in files:
            if file.member is None:
                yield file, _read_plain(file, limits=limits)
                continue
            if opened != file.location:
                if archive is not None:
                    archive.close()
                archive, opened = zipfile.ZipFile(file.location), file.location
            assert archive is not None
            yield file, _read_member(archive, file, limits=limits)
    finally:
        if archive is not None:
            archive.close()


def has_image_suffix(path: str) -> bool:
    """True when a name ends as images do."""
    return PurePosixPath(path).suffix.lower() in IMAGE_SUFFIXES


def folder_name(path: str) -> str:
    """Name of the folder that a file lies in; empty at the top."""
    return PurePosixPath(path).parent.name


def _add(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    if not stat.S_ISREG(location.stat().st_mode):  # a socket or pipe would block the reader for ever
        listing.reject(path, "not a regular file")
    elif not path.lower().endswith(ARCHIVE_SUFFIX) or _is_litter(path) or _is_hidden(path):
        listing.add(path, location=location)
    else:
        _add_archive(listing, path, location, limits=limits)


def _add_archive(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(location) as archive:
            members = archive.infolist()
    except _ZIP_ERRORS as error:
        listing.reject(path, f"not a readable zip archive: {error}")
        return
    total = sum(member.file_size for member in members)
    if len(listing.files) + len(members) > limits.max_entries:
        listing.reject(
            path, f"an archive of {len(members)} entries; an import holds at most {limits.max_entries}"
        )
    elif listing.total_bytes + total > limits.max_total_bytes:
        listing.reject(
            path, f"an archive of {total} bytes unpacked; an import holds at most {limits.max_total_bytes}"
        )
    else:
        listing.total_bytes += total
        for position, member in enumerate(members):
            if not member.is_dir():
                _add_member(listing, member, location=location, position=position, limits=limits)


def _add_member(
    listing: Listing, member: zipfile.ZipInfo, *, location: Path, position: int, limits: Limits
) -> None:
    shown = _shown(member.filename)
    reason = _reason_against(member, limits=limits)
    if reason is not None and not _is_litter(shown):
        listing.reject(shown, reason)
        return
    try:
        path = clean_relative_path(member.filename)
    except InvalidInput as error:
        listing.reject(shown, error.message)
        return
    listing.add(path, location=location, member=position)


def _reason_against(member: zipfile.ZipInfo, *, limits: Limits) -> str | None:
    """Why a member must not be unpacked, as far as the archive's directory tells."""
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/"):
        return "its name points outside the archive"
    if name.lower().endswith(ARCHIVE_SUFFIX):
        return "an archive inside an archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a symbolic link"
    if member.flag_bits & _ENCRYPTED_BIT:
        return "encrypted"
    if member.file_size > limits.max_file_bytes:
        return f"{member.file_size} bytes; the limit is {limits.max_file_bytes}"
    ratio = member.file_size / max(1, member.compress_size)
    if member.file_size > RATIO_MATTERS_FROM_BYTES and ratio > MAX_COMPRESSION_RATIO:
        return (
            f"compressed {ratio:.0f} times, more than any picture; the limit is {MAX_COMPRESSION_RATIO:.0f}"
        )
    return None


def _read_plain(file: FoundFile, *, limits: Limits) -> bytes | RejectedFile:
    try:
        num_bytes = file.location.stat().st_size
        if num_bytes > limits.max_file_bytes:
            return RejectedFile(file.path, f"{num_bytes} bytes; the limit is {limits.max_file_bytes}")
        return file.location.read_bytes()
    except OSError as error:
        return RejectedFile(file.path, f"cannot be read: {error.strerror}")


def _read_member(archive: zipfile.ZipFile, file: FoundFile, *, limits: Limits) -> bytes | RejectedFile:
    assert file.member is not None
    try:
        with archive.open(archive.infolist()[file.member]) as stream:
            data = stream.read(limits.max_file_bytes + 1)
    except _ZIP_ERRORS as error:
        return RejectedFile(file.path, f"damaged in its archive: {error}")
    if len(data) > limits.max_file_bytes:
        return RejectedFile(
            file.path, f"more bytes than its archive says; the limit is {limits.max_file_bytes}"
        )
    return data


def _is_litter(path: str) -> bool:
    """Files that operating systems leave: resource forks, folder settings, and hidden files that are no pictures."""
    parts = PurePosixPath(path).parts
    name = parts[-1].lower()
    if "__MACOSX" in parts or name.startswith("._") or name in LITTER_NAMES:
        return True
    return _is_hidden(path) and not has_image_suffix(path)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def _shown(name: str) -> str:
    """A name as it is shown beside its reason: printable, of a length that fits."""
    printable = "".join(char for char in name.replace("\\", "/") if char.isprintable())
    return printable[:MAX_PATH_CHARS] or "(no name)"

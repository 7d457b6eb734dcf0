"""Zip and tar archives: their members are listed without unpacking, and read by position, one at a time.

A name in an archive is only ever shown. What a directory says of sizes is checked again while bytes are read.
"""

import lzma
import stat
import tarfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from labeler.datasets.services import ARCHIVE_SUFFIXES, RejectedFile, clean_relative_path
from labeler.errors import InvalidInput
from worker.tasks.import_listing import FoundFile, Limits, Listing, is_litter, shown_name

ZIP, TAR = "zip", "tar"
MAX_COMPRESSION_RATIO = 200.0
RATIO_MATTERS_FROM_BYTES = 2**20  # below this a high ratio is harmless, and common in drawings
_ENCRYPTED_BIT = 0x1
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
MAX_TAR_HEADER_BYTES = 2**20
TAR_ERRORS = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, OverflowError)


class _BoundedTarInfo(tarfile.TarInfo):
    """Refuses long-name and PAX headers that would be read into memory whole, whatever their size."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if not self.isreg() and not self.isdir() and self.size > MAX_TAR_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {self.size} bytes; the limit is {MAX_TAR_HEADER_BYTES}")
        found: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]  # not in the stubs
        return found


class _StreamedZip(zipfile.ZipFile):
    """Hands out each entry of the directory as it is read, and keeps none: they are 600 bytes a file.

    With nothing kept, newer Pythons' own check for entries that overlap (bombs that unpack the same bytes many times)
    finds nothing to compare; what bounds such an archive here is the limit on the sizes that it declares together, and
    that no member may unpack to more than it declares.
    """

    def __init__(self, path: Path, note: Callable[[zipfile.ZipInfo], None]) -> None:
        self._note = note
        super().__init__(path)

    def _RealGetContents(self) -> None:  # noqa: N802  # the library's own step, not in the stubs
        self.filelist, self.NameToInfo = _Handed(self._note), _Forgetful()
        super()._RealGetContents()  # type: ignore[misc]


class _Handed(list[zipfile.ZipInfo]):
    def __init__(self, note: Callable[[zipfile.ZipInfo], None]) -> None:
        super().__init__()
        self._note = note

    def append(self, info: zipfile.ZipInfo) -> None:
        self._note(info)


class _Forgetful(dict[str, zipfile.ZipInfo]):
    def __setitem__(self, name: str, info: zipfile.ZipInfo) -> None:
        """Nothing is looked up by name."""


class _Places:
    """Where the wanted members of a zip lie: what reading one takes of its directory entry, in 48 bytes."""

    _FIELDS = ("header_offset", "compress_size", "file_size", "CRC", "flag_bits", "compress_type")

    def __init__(self, files: Sequence[FoundFile]) -> None:
        self._files = files
        self._numbers = array("q")
        self._names: dict[int, str] = {}  # of those that the archive calls otherwise than we do
        self._position = 0
        self._num_met = 0

    def note(self, info: zipfile.ZipInfo) -> None:
        """Keep an entry if it is that of the next wanted file; files come in the order of their positions."""
        if self._num_met < len(self._files) and self._files[self._num_met].member == self._position:
            values = (getattr(info, field) for field in self._FIELDS)
            # Absurd numbers stay absurd: clamped to what the array holds.
            self._numbers.extend(min(max(value, -1), 2**63 - 1) for value in values)
            if info.orig_filename != self._files[self._num_met].path:
                self._names[self._num_met] = info.orig_filename
            self._num_met += 1
        self._position += 1

    def member(self, number: int) -> zipfile.ZipInfo | None:
        """The entry of a wanted file again, as far as `ZipFile.open` looks at it; None if the archive lacks it."""
        if number >= self._num_met:
            return None
        info = zipfile.ZipInfo(self._names.get(number, self._files[number].path))
        values = self._numbers[number * len(self._FIELDS) : (number + 1) * len(self._FIELDS)]
        for field, value in zip(self._FIELDS, values, strict=True):
            setattr(info, field, value)
        return info


def is_archive(path: str) -> bool:
    """True when a name ends as archives do."""
    return path.lower().endswith(ARCHIVE_SUFFIXES)


def list_archive(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    """Add the members of an archive; one over the limits is refused whole."""
    if path.lower().endswith(".zip"):
        _list_zip(listing, path, location, limits=limits)
    else:
        _list_tar(listing, path, location, limits=limits)


def read_members(
    path: Path, files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    """Contents of members of one archive, in their order."""
    if files[0].archive == ZIP:
        yield from _read_zip(path, files, limits=limits)
    else:
        yield from _read_tar(path, files, limits=limits)


def _list_zip(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    found = Listing()
    num_entries = total = 0

    def note(member: zipfile.ZipInfo) -> None:
        nonlocal num_entries, total
        position, num_entries, total = num_entries, num_entries + 1, total + member.file_size
        fits = (
            len(listing.files) + num_entries <= limits.max_entries
            and listing.total_bytes + total <= limits.max_total_bytes
        )
        if fits and not member.is_dir():
            _add_member(found, member, location=location, position=position, limits=limits)

    try:
        _StreamedZip(location, note).close()
    except ZIP_ERRORS as error:
        listing.reject(path, f"not a readable zip archive: {error}")
        return
    if len(listing.files) + num_entries > limits.max_entries:
        listing.reject(
            path, f"an archive of {num_entries} entries; an import holds at most {limits.max_entries}"
        )
    elif listing.total_bytes + total > limits.max_total_bytes:
        listing.reject(
            path, f"an archive of {total} bytes unpacked; an import holds at most {limits.max_total_bytes}"
        )
    else:
        listing.total_bytes += total
        listing.take(found)


def _add_member(
    listing: Listing, member: zipfile.ZipInfo, *, location: Path, position: int, limits: Limits
) -> None:
    shown = shown_name(member.filename)
    reason = _reason_against(member, limits=limits)
    if reason is not None and not is_litter(shown):
        listing.reject(shown, reason)
        return
    try:
        path = clean_relative_path(member.filename)
    except InvalidInput as error:
        listing.reject(shown, error.message)
        return
    listing.add(FoundFile(path, location, position, ZIP, signature=f"{member.CRC:08x}-{member.file_size}"))


def _list_tar(listing: Listing, path: str, location: Path, *, limits: Limits) -> None:
    """Headers are spread over a tar, so that all of it is unpacked once to list it; nothing of it is kept."""
    found = Listing()
    num_entries = total = 0
    num_packed_bytes = location.stat().st_size
    try:
        with tarfile.open(location, "r:*", tarinfo=_BoundedTarInfo) as archive:
            for position, member in enumerate(archive):
                num_entries += 1
                total += member.size
                if len(listing.files) + num_entries > limits.max_entries:
                    listing.reject(path, f"an archive of more than {limits.max_entries} entries")
                    return
                if listing.total_bytes + total > limits.max_total_bytes:
                    listing.reject(path, f"an archive of more than {limits.max_total_bytes} bytes unpacked")
                    return
                if total > RATIO_MATTERS_FROM_BYTES and total > MAX_COMPRESSION_RATIO * num_packed_bytes:
                    listing.reject(path, f"compressed more than {MAX_COMPRESSION_RATIO:.0f} times")
                    return
                if not member.isdir():
                    _add_tar_member(found, member, location=location, position=position, limits=limits)
                archive.members = []  # type: ignore[attr-defined]  # it keeps every header otherwise
    except TAR_ERRORS as error:
        listing.reject(path, f"not a readable tar archive: {error}")
        return
    listing.total_bytes += total
    listing.take(found)


def _add_tar_member(
    listing: Listing, member: tarfile.TarInfo, *, location: Path, position: int, limits: Limits
) -> None:
    shown = shown_name(member.name)
    reason = _reason_against_tar(member, limits=limits)
    if reason is not None and not is_litter(shown):
        listing.reject(shown, reason)
        return
    try:
        path = clean_relative_path(member.name)
    except InvalidInput as error:
        listing.reject(shown, error.message)
        return
    listing.add(FoundFile(path, location, position, TAR, signature=f"{int(member.mtime)}-{member.size}"))


def _reason_against_tar(member: tarfile.TarInfo, *, limits: Limits) -> str | None:
    name = member.name.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/"):
        return "its name points outside the archive"
    if is_archive(name):
        return "an archive inside an archive"
    if member.issym() or member.islnk():
        return "a symbolic link" if member.issym() else "a hard link"
    if not member.isreg() or member.issparse():
        return "not a regular file"
    if member.size > limits.max_file_bytes:
        return f"{member.size} bytes; the limit is {limits.max_file_bytes}"
    return None


def _reason_against(member: zipfile.ZipInfo, *, limits: Limits) -> str | None:
    """Why a member must not be unpacked, as far as the archive's directory tells."""
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/"):
        return "its name points outside the archive"
    if is_archive(name):
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


def _read_zip(
    path: Path, files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    places = _Places(files)
    with _StreamedZip(path, places.note) as archive:
        for number, file in enumerate(files):
            info = places.member(number)
            if info is None:
                yield file, RejectedFile(file.path, "missing from its archive")
            else:
                yield file, _read_member(archive, info, file, limits=limits)


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: FoundFile, *, limits: Limits
) -> bytes | RejectedFile:
    try:
        with archive.open(info) as stream:
            data = stream.read(limits.max_file_bytes + 1)
    except ZIP_ERRORS as error:
        return RejectedFile(file.path, f"damaged in its archive: {error}")
    if len(data) > limits.max_file_bytes:
        return RejectedFile(
            file.path, f"more bytes than its archive says; the limit is {limits.max_file_bytes}"
        )
    return data


def _read_tar(
    path: Path, files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    """One pass over the archive; what follows damage is refused, each file with the reason."""
    waiting = iter(files)
    file = next(waiting, None)
    try:
        with tarfile.open(path, "r:*", tarinfo=_BoundedTarInfo) as archive:
            for position, member in enumerate(archive):
                archive.members = []  # type: ignore[attr-defined]
                if file is None:
                    return
                if position == file.member:
                    stream = archive.extractfile(member)
                    data = b"" if stream is None else stream.read(limits.max_file_bytes + 1)
                    yield file, data
                    file = next(waiting, None)
        reason = "missing from its archive"
    except TAR_ERRORS as error:
        reason = f"damaged in its archive: {error}"
    while file is not None:
        yield file, RejectedFile(file.path, reason)
        file = next(waiting, None)

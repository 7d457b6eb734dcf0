"""The picture files of an export, and their names: from outside come only letters that every file system takes."""

import io
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from PIL import Image as Picture
from PIL import ImageOps

from labeler.errors import Conflict, NotFound
from labeler.exports.rows import ExportRow
from labeler.exports.schemas import Pictures
from labeler.lib.files import original_path
from labeler.lib.pictures import UnreadableImage, shown_picture

MAX_STEM_CHARS = 80
JPEG_QUALITY = 95
_LOSSLESS = frozenset({"PNG", "BMP", "TIFF", "GIF"})
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_JPEG_MODES = frozenset({"L", "RGB"})
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = frozenset({"con", "prn", "aux", "nul"})


def is_wanted(row: ExportRow, kind: Pictures) -> bool:
    """False for an image that has no crop: no model has seen it."""
    return kind is not Pictures.CROPPED or row.box is not None


def picture_bytes(row: ExportRow, kind: Pictures) -> bytes:
    """The file as it came, or its crop at the row's box: PNG where the original loses nothing, JPEG otherwise.

    Raises:
        NotFound: the file is gone from storage.
        Conflict: the file is damaged, and its crop is wanted.
    """
    if kind is Pictures.WHOLE:
        return _path(row).read_bytes()
    assert row.box is not None
    is_lossless = row.image.file_format in _LOSSLESS
    return _encode(_upright(row, is_lossless=is_lossless).crop(row.box), is_lossless=is_lossless)


def jpeg_bytes(row: ExportRow) -> bytes:
    """The picture as JPEG, for readers that know no other format: the file as it came if it is one.

    Raises:
        NotFound: the file is gone from storage.
        Conflict: the file is damaged, and no JPEG.
    """
    if row.image.file_format == "JPEG":
        return picture_bytes(row, Pictures.WHOLE)
    return _encode(_upright(row, is_lossless=False), is_lossless=False)


def picture_name(row: ExportRow, kind: Pictures) -> str:
    """A file name of its own for each image of a project: its index, and what the file was called."""
    suffix = PurePosixPath(row.image.storage_key).suffix
    if kind is Pictures.CROPPED:
        suffix = ".png" if row.image.file_format in _LOSSLESS else ".jpg"
    stem = safe_name(PurePosixPath(row.image.path).stem)[:MAX_STEM_CHARS].strip(" .")
    stem = "_".join(stem.split())  # lists of names are split at spaces by many readers
    return f"{row.image.index:06d}-{stem}{suffix}"


def folder_names(names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """A folder name for each class id; no two are the same, in any case of letters."""
    taken: set[str] = set()
    folders: dict[int, str] = {}
    for class_id, name in names:
        folder, number = safe_name(name), 1
        while folder.casefold() in taken:
            number += 1
            folder = f"{safe_name(name)} ({number})"
        taken.add(folder.casefold())
        folders[class_id] = folder
    return folders


def safe_name(name: str) -> str:
    """A name without separators, control characters and what Windows refuses."""
    clean = _UNSAFE.sub("_", name).strip(" .")
    return f"_{clean}" if not clean or clean.casefold() in _RESERVED else clean


def _path(row: ExportRow) -> Path:
    path = original_path(row.image.project_id, row.image.storage_key)
    if not path.exists():
        raise NotFound(f"The file of image {row.image.index} is missing from storage", code="file_missing")
    return path


def _upright(row: ExportRow, *, is_lossless: bool) -> Picture.Image:
    """The samples as they are, with their colour profile, where the format to come holds them; as shown otherwise."""
    path = _path(row)
    try:
        with Picture.open(path) as picture:
            if picture.mode in (_PNG_MODES if is_lossless else _JPEG_MODES):
                return ImageOps.exif_transpose(picture)
        return shown_picture(path)
    except (UnreadableImage, OSError, SyntaxError, ValueError) as error:  # Pillow's, of damaged files
        raise Conflict(
            f"The file of image {row.image.index} cannot be read: {error}", code="file_unreadable"
        ) from error


def _encode(picture: Picture.Image, *, is_lossless: bool) -> bytes:
    buffer = io.BytesIO()
    if is_lossless:
        picture.save(buffer, "PNG")
    else:
        profile = picture.info.get("icc_profile")
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, icc_profile=profile)
    return buffer.getvalue()

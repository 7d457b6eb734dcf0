"""The picture files of an export, and their names: from outside come only letters that every file system takes."""

import io
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

import numpy as np
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from labeler.errors import NotFound
from labeler.exports.rows import ExportRow
from labeler.exports.schemas import Pictures
from labeler.lib.files import original_path

MAX_STEM_CHARS = 80
JPEG_QUALITY = 95
_LOSSLESS = frozenset({"PNG", "BMP", "TIFF", "GIF"})
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = frozenset({"con", "prn", "aux", "nul"})


def is_wanted(row: ExportRow, kind: Pictures) -> bool:
    """False for an image that has no crop: no model has seen it."""
    return kind is not Pictures.CROPPED or row.box is not None


def picture_bytes(row: ExportRow, kind: Pictures) -> bytes:
    """The file as it came, or its crop at the row's box: PNG where the original loses nothing, JPEG otherwise.

    Raises:
        NotFound: the file is gone from storage.
    """
    path = original_path(row.image.project_id, row.image.storage_key)
    if not path.exists():
        raise NotFound(f"The file of image {row.image.index} is missing from storage", code="file_missing")
    if kind is Pictures.WHOLE:
        return path.read_bytes()
    assert row.box is not None
    with Picture.open(path) as picture:
        crop = _storable(ImageOps.exif_transpose(picture)).crop(row.box)
    return _encode(crop, is_lossless=row.image.file_format in _LOSSLESS)


def jpeg_bytes(row: ExportRow) -> bytes:
    """The upright picture as JPEG: the file as it came if it is one, for readers that know no other format."""
    if row.image.file_format == "JPEG":
        return picture_bytes(row, Pictures.WHOLE)
    with Picture.open(io.BytesIO(picture_bytes(row, Pictures.WHOLE))) as picture:
        return _encode(_storable(ImageOps.exif_transpose(picture)), is_lossless=False)


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


def _storable(picture: Picture.Image) -> Picture.Image:
    """As PNG and JPEG hold pictures: ink becomes sRGB as its colour profile says, wide and float samples 8 bits."""
    if picture.mode == "CMYK":
        return _ink_to_srgb(picture)
    if picture.mode in {"I", "F"}:
        samples = np.asarray(picture, dtype=np.float64)
        low, high, white = samples.min(), samples.max(), 1.0 if picture.mode == "F" else 65535.0
        if low < 0 or high > white:  # no agreed white: stretched, as on the map
            samples, white = samples - low, high - low
        return Picture.fromarray(np.rint(samples * 255 / white).astype(np.uint8))
    return picture


def _ink_to_srgb(picture: Picture.Image) -> Picture.Image:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info.get("icc_profile", b"")))
        rgb = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        assert rgb is not None  # only of a change in place
    except (ImageCms.PyCMSError, OSError):
        rgb = picture.convert("RGB")
    rgb.info.pop("icc_profile", None)
    return rgb


def _encode(crop: Picture.Image, *, is_lossless: bool) -> bytes:
    """PNG or JPEG; a colour profile goes along where the samples are still those that it speaks of."""
    buffer = io.BytesIO()
    if is_lossless:
        crop.save(buffer, "PNG")
    else:
        profile = crop.info.get("icc_profile") if crop.mode in {"RGB", "RGBA", "P"} else None
        crop.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, icc_profile=profile)
    return buffer.getvalue()

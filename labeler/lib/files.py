"""Where files live under `DATA_DIR`, and writing them so that a crash never leaves half a file."""

import os
import uuid
from pathlib import Path

from django.conf import settings


def project_dir(project_id: int) -> Path:
    """Folder of everything stored for one project."""
    return Path(settings.MEDIA_ROOT) / "projects" / str(project_id)


def originals_dir(project_id: int) -> Path:
    """Folder of a project's images as they came."""
    return project_dir(project_id) / "originals"


def original_path(project_id: int, storage_key: str) -> Path:
    """An imported image as it came."""
    return originals_dir(project_id) / storage_key


def thumbnail_path(project_id: int, sha256: str) -> Path:
    """The 256 px WebP of an image."""
    return project_dir(project_id) / "thumbnails" / sha256[:2] / f"{sha256}.webp"


def cells_path(project_id: int, cell_px: int) -> Path:
    """The flat file of BC1 cells of one size; image i starts at i * bytes_per_cell."""
    return project_dir(project_id) / "cells" / f"{cell_px}.bc1"


def upload_dir(project_id: int, import_id: int) -> Path:
    """Uploaded files of one import, kept until its job has ended."""
    return project_dir(project_id) / "uploads" / str(import_id)


def features_dir(project_id: int, backbone: str, input_size_px: int) -> Path:
    """Feature shards of one backbone at one input size."""
    return project_dir(project_id) / "features" / f"{backbone}-{input_size_px}"


def arrays_dir(project_id: int) -> Path:
    """Published immutable arrays."""
    return project_dir(project_id) / "arrays"


def export_path(project_id: int, export_id: int) -> Path:
    """The file of a background export; its name for people is in the database."""
    return project_dir(project_id) / "exports" / f"{export_id}.bin"


def class_pictures_dir(project_id: int) -> Path:
    """Drawn pictures of classes, of all model versions."""
    return project_dir(project_id) / "class-pictures"


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: readers see the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def bytes_per_cell(cell_px: int) -> int:
    """BC1 stores 4x4 pixels in 8 bytes."""
    return cell_px * cell_px // 2


CELL_SIZES_PX = (16, 64)

"""Where files live, and writing them whole or not at all."""

import os
from pathlib import Path

import pytest

from labeler.lib import files


def test_a_write_replaces_the_file_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "array.bin"
    files.write_atomically(path, b"old")
    files.write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in path.parent.iterdir()] == ["array.bin"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "array.bin"
    files.write_atomically(path, b"old")

    def full_disk(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space left"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["array.bin"]


def test_a_bc1_cell_has_half_a_byte_a_pixel() -> None:
    assert [files.bytes_per_cell(cell_px) for cell_px in files.CELL_SIZES_PX] == [128, 2048]


def test_folders_are_below_the_project(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    project = tmp_path / "projects" / "7"
    assert files.original_path(7, "x.jpg") == project / "originals" / "x.jpg"
    assert files.thumbnail_path(7, "ab12") == project / "thumbnails" / "ab" / "ab12.webp"
    assert files.cells_path(7, 16) == project / "cells" / "16.bc1"
    assert files.upload_dir(7, 3) == project / "uploads" / "3"
    assert files.features_dir(7, "resnet18", 224) == project / "features" / "resnet18-224"
    assert files.arrays_dir(7) == project / "arrays"

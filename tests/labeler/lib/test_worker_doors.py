"""The web side's doors into `worker.ml` must not bring torch along."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
HEAVY = ("torch", "torchvision", "umap", "numba", "sklearn", "cv2", "faiss")


def _loaded_by(code: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))",
        ],
        cwd=REPOSITORY,
        env={**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "labeler.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("door", ["labeler.lib.boxes", "labeler.lib.pictures"])
def test_a_door_loads_nothing_heavy(door: str, tmp_path: Path) -> None:
    assert _loaded_by(f"import {door}", tmp_path) == set()


def test_the_whole_web_process_loads_nothing_heavy(tmp_path: Path) -> None:
    assert _loaded_by("import labeler.asgi, labeler.urls", tmp_path) == set()


def test_the_probe_would_notice(tmp_path: Path) -> None:
    assert _loaded_by("import sys; sys.modules['torch'] = sys", tmp_path) == {"torch"}

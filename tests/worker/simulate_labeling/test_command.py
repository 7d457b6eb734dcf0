"""`manage.py simulate_labeling` on generated pictures: a process of its own on a scratch database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.product import REPOSITORY
from tests.worker.tasks.builders import write_pictures


def run(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "labeler.settings",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(REPOSITORY / "manage.py"), "simulate_labeling", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.slow
def test_it_writes_the_curve_of_each_strategy_and_touches_no_project(tmp_path: Path) -> None:
    pictures = write_pictures(tmp_path / "set" / "images", num_images=30, num_classes=2).parent
    report_file = tmp_path / "report.json"
    done = run(
        str(pictures),
        *("--json", str(report_file), "--backbone", "bundled", "--input-size", "96"),
        *("--strategy", "loop", "--strategy", "one_by_one"),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(report_file.read_text())
    assert (report["num_images"], report["backbone"]) == (30, "bundled")
    assert set(report["strategies"]) == {"loop", "one_by_one"}
    assert report["gestures_at_98"] == report["strategies"]["loop"]["gestures_at_98"]
    assert report["strategies"]["one_by_one"]["gestures_at_98"] == 30
    gestures = [point[0] for point in report["strategies"]["loop"]["curve"]]
    assert gestures == sorted(gestures)
    assert not (tmp_path / "data" / "db.sqlite3").exists()


def test_a_wrong_option_is_refused_with_its_limit(tmp_path: Path) -> None:
    assert "is not a folder" in run(str(tmp_path / "none"), folder=tmp_path).stderr
    wrong = run(str(tmp_path), "--purity", "1.5", folder=tmp_path)
    assert "--purity is above 0 and at most 1, got 1.5" in wrong.stderr

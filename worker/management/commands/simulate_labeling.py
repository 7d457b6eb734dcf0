"""`manage.py simulate_labeling DATA --json FILE`: how many gestures until 98 % of the images are right."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from labeler.lib.env import numba_cache_dir

SCRATCH_SETTINGS = "worker.simulate_labeling.settings"
STRATEGY_NAMES = (  # those of `strategies`, which loads torch
    "loop",
    "loop_all_shown",
    "loop_without_crops",
    "lasso_only",
    "active_order",
    "random_order",
    "one_by_one",
)


class Command(BaseCommand):
    """Label a dataset with an oracle, in a project of its own that nobody else sees."""

    help = (
        "Label images/<class>/ of a folder with an oracle through the product's own services, by several "
        "strategies, in a scratch database; write gestures, labels and accuracy. Your projects are not touched."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The dataset, the oracle, and what to run."""
        parser.add_argument("data", type=Path, help="folder with images/<class>/, or of class folders")
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument("--annotator", choices=["oracle"], default="oracle")
        parser.add_argument(
            "--strategy", choices=STRATEGY_NAMES, action="append", help="may be repeated; all"
        )
        parser.add_argument("--purity", type=float, default=0.95, help="least purity of an outline as it is")
        parser.add_argument(
            "--error-rate", type=float, default=0.02, help="slips at the border of an outline"
        )
        parser.add_argument("--backbone", default=None, help="the product's default if left out")
        parser.add_argument("--input-size", type=int, default=224, metavar="PX")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *_: Any, **options: Any) -> None:
        """Start this command again on a scratch database, or do the work if this is that."""
        _check(options)
        if os.environ.get("DJANGO_SETTINGS_MODULE") != SCRATCH_SETTINGS:
            self._run_in_scratch()
            return
        call_command("migrate", verbosity=0)
        from worker.simulate_labeling.report import simulate  # noqa: PLC0415  # loads torch

        folder = options["data"] / "images" if (options["data"] / "images").is_dir() else options["data"]
        report = simulate(
            folder,
            strategies=options["strategy"] or list(STRATEGY_NAMES),
            purity=options["purity"],
            error_rate=options["error_rate"],
            backbone=options["backbone"],
            input_size_px=options["input_size"],
            seed=options["seed"],
            tell=self.stdout.write,
            on_report=lambda report: _write(options["json"], report),
        )
        _write(options["json"], report)

    def _run_in_scratch(self) -> None:
        with tempfile.TemporaryDirectory(prefix="labeler-simulation-") as folder:
            weights = os.pathsep.join(str(path) for path in settings.WEIGHTS_DIRS)
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": SCRATCH_SETTINGS,
                "DATA_DIR": folder,
                "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
                "LABELER_WEIGHTS_DIR": weights,
                "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
                "NUMBA_CACHE_DIR": str(numba_cache_dir()),
            }
            done = subprocess.run([sys.executable, *sys.argv], env=environment, check=False)
        if done.returncode:
            raise CommandError(f"The simulation ended with code {done.returncode}")


def _check(options: dict[str, Any]) -> None:
    if not options["data"].is_dir():
        raise CommandError(f"{options['data']} is not a folder")
    if not 0 < options["purity"] <= 1:
        raise CommandError(f"--purity is above 0 and at most 1, got {options['purity']}")
    if not 0 <= options["error_rate"] < 1:
        raise CommandError(f"--error-rate is at least 0 and below 1, got {options['error_rate']}")


def _write(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None:
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")

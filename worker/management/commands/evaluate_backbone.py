"""`manage.py evaluate_backbone DATA --backbone NAME --weights-dir DIR --json FILE`."""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandError

from worker.evaluate_backbone import evaluate_backbone, read_labelled_set
from worker.ml.backbones import BACKBONES, load_backbone
from worker.ml.errors import MLError
from worker.ml.weights import find_weights


class Command(BaseCommand):
    """Measure a backbone on a folder with images and an index.csv."""

    help = "Measure a backbone on a labelled folder: neighbours, a 20-label head, R@50, images per second."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One folder, one backbone."""
        parser.add_argument("data", type=Path, help="folder with images/<label>/ and index.csv")
        parser.add_argument("--backbone", choices=list(BACKBONES), required=True)
        parser.add_argument("--weights-dir", type=Path, action="append", default=[], help="may be repeated")
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument("--threads", type=int, default=None, help="of torch; all cores by default")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *_: Any, **options: Any) -> None:
        """Load, measure, print, write."""
        if options["threads"] is not None:
            if options["threads"] < 1:
                raise CommandError(f"--threads is at least 1, got {options['threads']}")
            torch.set_num_threads(options["threads"])
        try:
            labelled = read_labelled_set(options["data"])
            weights = find_weights(options["backbone"], options["weights_dir"])
            backbone = load_backbone(
                options["backbone"], weights_path=weights.path, preprocessing=weights.preprocessing
            )
            megabytes = weights.path.stat().st_size / 1e6
            report = evaluate_backbone(labelled, backbone, megabytes=megabytes, seed=options["seed"])
        except MLError as error:
            raise CommandError(error.message) from error
        text = json.dumps(report.to_json(), indent=2)
        if options["json"]:
            options["json"].write_text(text + "\n", encoding="utf-8")
        self.stdout.write(text)

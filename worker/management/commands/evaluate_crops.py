"""`manage.py evaluate_crops DATA` or `--synthetic`: how well crops keep the object, on any folder with true boxes."""

import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from worker.evaluate_crops import (
    MethodMaps,
    Settings,
    draw_contact_sheet,
    evaluate_embeddings,
    evaluate_method,
    method_maps,
    prepare,
)
from worker.evaluate_crops.box_rules import BOX_CHOICES, DEFAULT_TOP_K
from worker.evaluate_crops.report import embedding_table, method_table
from worker.ml.backbones import BACKBONES
from worker.ml.boxes import TIGHT_RETENTION
from worker.ml.errors import MLError
from worker.ml.saliency import CONTRAST_METHODS, METHODS, NETWORK_METHODS
from worker.ml.synthetic import write_dataset
from worker.ml.types import Progress

ALL_METHODS = "all"
SYNTHETIC_IMAGES = 320
SYNTHETIC_CLASSES = 8
SYNTHETIC_SEED = 11


class Command(BaseCommand):
    """Train on the training split with class labels only, score the test split, print a table."""

    help = (
        "Measure crops on a folder with true boxes (index.csv, Pascal VOC XML or COCO JSON). "
        "The boxes are for measuring: training sees class labels only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("data", type=Path, nargs="?", help="folder of images with true boxes")
        parser.add_argument(
            "--synthetic",
            action="store_true",
            help=f"instead of a folder: {SYNTHETIC_IMAGES} generated pictures of {SYNTHETIC_CLASSES} classes",
        )
        parser.add_argument(
            "--method",
            action="append",
            choices=[ALL_METHODS, *METHODS, *CONTRAST_METHODS, *NETWORK_METHODS],
            help=f"saliency method, repeatable; '{ALL_METHODS}' = every closed-form one (default: gradcam)",
        )
        parser.add_argument("--backbone", choices=list(BACKBONES), default="mobilenet_v2")
        parser.add_argument("--size", type=int, default=224, help="input side in pixels (default 224)")
        parser.add_argument(
            "--native", action="store_true", help="near original resolution, bucketed by shape, not squashed"
        )
        parser.add_argument(
            "--labels-per-class", type=int, default=100, help="training images a class; 0 = all (default 100)"
        )
        parser.add_argument(
            "--box",
            choices=BOX_CHOICES,
            default="percentile",
            help="box rule: quantile range, 20 %% threshold, automatic threshold, extent of what is positive, "
            "the rule of the method's paper, tight and loose pair, hull of the likeliest classes' boxes",
        )
        parser.add_argument("--retention", type=float, default=0.95, help="of quantile boxes, in (0, 1]")
        parser.add_argument(
            "--tight-retention", type=float, default=TIGHT_RETENTION, help="of the tight box of a pair"
        )
        parser.add_argument(
            "--top-k", type=int, default=DEFAULT_TOP_K, help="classes of --box top_k (default %(default)s)"
        )
        parser.add_argument(
            "--ten-views", action="store_true", help="average ten views (methods that differentiate)"
        )
        parser.add_argument("--finetune", choices=["last_stage", "whole"], help="train the backbone too")
        parser.add_argument("--adl", action="store_true", help="finetune with attention dropout")
        parser.add_argument("--bfloat16", action="store_true", help="run the network in half precision")
        parser.add_argument(
            "--embeddings", action="store_true", help="also ask whether crops help recognition"
        )
        parser.add_argument(
            "--weights-dir",
            type=Path,
            action="append",
            help="folder with weights, repeatable (default: the server's own folders, LABELER_WEIGHTS_DIR first)",
        )
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument(
            "--contact-sheet", type=Path, help="write a picture of test images and boxes here"
        )
        parser.add_argument("--batch-size", type=int, default=16)
        parser.add_argument("--device", default="cpu")
        parser.add_argument("--threads", type=int, help="threads of the network (default: torch's choice)")

    def handle(self, **options: Any) -> None:
        """Run; expected failures become one clear line."""
        if options["threads"] is not None:
            torch.set_num_threads(options["threads"])
        try:
            with _data_folder(options) as folder:
                self._evaluate({**options, "data": folder})
        except MLError as error:
            raise CommandError(error.message) from error

    def _evaluate(self, options: dict[str, Any]) -> None:
        names = _method_names(options["method"])
        with _Bar(quiet=options["verbosity"] == 0) as bar:
            prepared = prepare(_settings(options, names), on_progress=bar.show)
            maps: dict[str, MethodMaps] = {}
            reports = []
            for done, name in enumerate(names):
                bar.show(Progress(f"method {name}", done, len(names)))
                maps[name] = method_maps(prepared, name, ten_views=options["ten_views"])
                report = evaluate_method(
                    prepared,
                    name,
                    maps=maps[name],
                    box=options["box"],
                    retention=options["retention"],
                    tight_retention=options["tight_retention"],
                    top_k=options["top_k"],
                )
                if options["embeddings"] and name not in NETWORK_METHODS:
                    report["embeddings"] = evaluate_embeddings(
                        prepared, name, retention=options["retention"], on_progress=bar.show
                    )
                reports.append(report)
        self._print(reports)
        if options["contact_sheet"] is not None:
            draw_contact_sheet(prepared, maps, options["contact_sheet"], retention=options["retention"])
        if options["json"] is not None:
            document = reports[0] if len(reports) == 1 else {**reports[0], "reports": reports}
            options["json"].write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    def _print(self, reports: list[dict[str, Any]]) -> None:
        first = reports[0]
        self.stdout.write(
            f"{first['data']}: {first['num_train']} training and {first['num_test']} test images of "
            f"{first['num_classes']} classes; {first['backbone']}, {first['box']} boxes, retention {first['retention']}"
        )
        expects = first["preprocessing"]
        self.stdout.write(
            f"The weights expect mean {expects['mean']}, deviation {expects['std']}, padding {expects['padding']}"
        )
        self.stdout.write(method_table(reports))
        for report in reports:
            if "tight" in report:
                tight = report["tight"]
                self.stdout.write(
                    f"{report['method']}, tight boxes at {tight['retention']}: recall {tight['recall']:.3f}, "
                    f"area removed {tight['reduction']:.3f}, precision {tight['precision']:.3f}, IoU {tight['iou']:.3f}"
                )
            if "embeddings" in report:
                self.stdout.write(f"\nrecognition with crops of {report['method']}")
                self.stdout.write(embedding_table(report["embeddings"]))


@contextmanager
def _data_folder(options: dict[str, Any]) -> Iterator[Path]:
    """The folder that was named, or a generated set that is removed afterwards."""
    if (options["data"] is None) != options["synthetic"]:
        raise CommandError("Name a folder, or --synthetic; one of the two")
    if not options["synthetic"]:
        yield options["data"]
        return
    with tempfile.TemporaryDirectory(prefix="synthetic-") as scratch:
        folder = Path(scratch) / "synthetic"
        write_dataset(folder, num_images=SYNTHETIC_IMAGES, num_classes=SYNTHETIC_CLASSES, seed=SYNTHETIC_SEED)
        yield folder


class _Bar:
    """A progress bar that starts anew at each stage."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def show(self, progress: Progress) -> None:
        """Move the bar to where the computation is."""
        if self._bar is None or progress.stage != self._stage:
            self._close()
            self._stage = progress.stage
            self._bar = tqdm(total=progress.total, desc=progress.stage, disable=self._quiet, leave=False)
        self._bar.n = progress.done
        self._bar.refresh()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _method_names(given: list[str] | None) -> list[str]:
    every = [*METHODS, *CONTRAST_METHODS]
    names = [name for item in given or ["gradcam"] for name in (every if item == ALL_METHODS else [item])]
    return list(dict.fromkeys(names))


def _settings(options: dict[str, Any], method_names: list[str]) -> Settings:
    if options["adl"] and options["finetune"] is None:
        raise CommandError("--adl needs --finetune last_stage or --finetune whole")
    if options["labels_per_class"] < 0 or options["batch_size"] < 1:
        raise CommandError(
            f"--labels-per-class must be >= 0 and --batch-size >= 1; "
            f"got {options['labels_per_class']}, {options['batch_size']}"
        )
    return Settings(
        data=options["data"],
        weights_dirs=tuple(options["weights_dir"] or settings.WEIGHTS_DIRS),
        backbone=options["backbone"],
        size_px=options["size"],
        labels_per_class=options["labels_per_class"] or None,
        native=options["native"],
        batch_size=options["batch_size"],
        device=options["device"],
        finetune=options["finetune"],
        adl=options["adl"],
        bfloat16=options["bfloat16"],
        contrast=any(name in CONTRAST_METHODS for name in method_names),
    )

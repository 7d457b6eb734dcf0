"""Real photographs for tests that want them. None is part of the project: they are read where a folder of them lies."""

import csv
import os
from pathlib import Path

_BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data"


def list_real_images(name: str, *, num_classes: int, num_images: int) -> list[Path]:
    """The first images of the first classes of a set, the same number of each class; [] where the set is not at hand.

    Sets are looked for in `LABELER_REAL_IMAGES`, then in `../shared/data` beside the project. A set has
    `images/<class>/*.jpg` and an `index.csv` with the columns `file` and `label`.
    """
    folder = Path(os.environ.get("LABELER_REAL_IMAGES", _BESIDE_THE_PROJECT)) / name
    if not (folder / "index.csv").is_file():
        return []
    with (folder / "index.csv").open(newline="") as file:
        rows = {row["file"]: row["label"] for row in csv.DictReader(file)}
    chosen = sorted(set(rows.values()))[:num_classes]
    per_class = num_images // num_classes
    found: list[Path] = []
    for label in chosen:
        files = sorted(file for file, of in rows.items() if of == label)[:per_class]
        found.extend(folder / file for file in files)
    return found

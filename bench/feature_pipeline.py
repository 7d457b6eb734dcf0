"""How busy the feature pipeline keeps the network, and what an import costs beside Pillow's decoding.

Started by `bench.loop` in a process with the threads of a worker. The pipeline reads, decodes and squashes in one
thread ahead of the network, which has one thread too, then pools and packs the maps. `wall`: images a second, of which
the pipeline's over the bare network's says how busy that is where another core is free. `cpu`: images a processor
second of all threads, which says what one core alone would do.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from labeler.lib.files import CELL_SIZES_PX
from worker.ml.atlas import encode_cell
from worker.ml.backbones import load_backbone
from worker.ml.features import iter_features, load_squashed
from worker.ml.images import decode_with_info, encode_thumbnail, squash
from worker.ml.map_groups import ContrastTap
from worker.ml.synthetic import write_dataset
from worker.ml.weights import find_weights

NUM_PHOTOS = 192
SIDE_PX, BATCH_SIZE = 224, 16


def main() -> None:
    """Measure in turns, and write medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--photos", type=Path, help="a folder of JPEGs; without it pictures are generated")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    photos = options.photos
    if photos is None:
        photos = options.json.parent / "photos"
        write_dataset(photos, num_images=NUM_PHOTOS, num_classes=4, seed=0)
    paths = sorted(photos.rglob("*.jpg"))[:NUM_PHOTOS]
    options.json.write_text(json.dumps(measure(paths, repeats=options.repeats)))


def measure(paths: Sequence[Path], *, repeats: int) -> dict[str, Any]:
    """Images a second of each step, medians of `repeats` rounds in which the steps take turns; and ratios."""
    weights = find_weights("bundled", [])
    backbone = load_backbone("bundled", weights_path=weights.path, preprocessing=weights.preprocessing)
    tap = ContrastTap(backbone)
    pictures = np.stack([load_squashed(path, size_px=SIDE_PX) for path in paths])

    def network() -> None:
        for start in range(0, len(pictures), BATCH_SIZE):
            tap.maps(pictures[start : start + BATCH_SIZE])
        tap.take()

    def whole_pipeline() -> None:
        for _ in iter_features(
            tap,
            paths,
            load=lambda path: load_squashed(path, size_px=SIDE_PX),
            batch_size=BATCH_SIZE,
            num_decoders=1,
        ):
            pass
        tap.take()

    def pillow() -> None:
        for path in paths:
            Image.open(path).convert("RGB").load()

    steps: dict[str, Callable[[], object]] = {
        "network": network,
        "pipeline": whole_pipeline,
        "pillow": pillow,
        "import": lambda: _import(paths),
    }
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            wall, cpu = time.perf_counter(), time.process_time()
            step()
            rates[name].append(
                (len(paths) / (time.perf_counter() - wall), len(paths) / (time.process_time() - cpu))
            )
    medians = {
        name: dict(zip(("wall", "cpu"), np.median(found, axis=0).tolist(), strict=True))
        for name, found in rates.items()
    }
    return {
        "num_images": len(paths),
        "images_per_s": medians,
        "pipeline_over_network": _ratio(rates["pipeline"], rates["network"]),
        "import_over_pillow": _ratio(rates["import"], rates["pillow"]),
    }


def _ratio(rates: list[tuple[float, float]], others: list[tuple[float, float]]) -> dict[str, float]:
    """Median of the rounds' own ratios: what disturbs the machine disturbs both halves of a round."""
    wall, cpu = np.median(np.array(rates) / np.array(others), axis=0)
    return {"wall": round(float(wall), 4), "cpu": round(float(cpu), 4)}


def _import(paths: Sequence[Path]) -> None:
    """What an import does to each picture: hash, decode, thumbnail, both cells; no files, no database."""
    for path in paths:
        content = path.read_bytes()
        hashlib.sha256(content).hexdigest()
        decoded = decode_with_info(content, target_px=512)
        encode_thumbnail(decoded.image)
        for cell_px in CELL_SIZES_PX:
            encode_cell(squash(decoded.image, cell_px))


if __name__ == "__main__":
    main()

"""Layouts beside plain `umap.UMAP()` (and openTSNE and PaCMAP where installed): time, quality, movement.

For each count everything runs in one process, one after the other, on the same features; fresh starts run in processes
of their own. Times are wall seconds with processor seconds beside them (`_cpu_s`), which a busy machine disturbs less.

    python -m bench.projection --json projection.json --counts 1000 10000
    python -m bench.projection --features features.npy --labels labels.npy --counts 10000
    python -m bench.projection --large 1000000

Without `--features` they are made up: 20 classes of 3 groups each, 24 hidden dimensions bent into channels.
"""

import argparse
import importlib
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from worker.ml.projection.alignment import align_to, displacement
from worker.ml.projection.fit import (
    CROP_ANCHOR,
    CROP_EPOCHS,
    CROP_LIMIT,
    WARM_LIMIT,
    Projection,
    fit_projection,
)
from worker.ml.projection.large import fit_large_projection
from worker.ml.projection.placing import place_new
from worker.ml.projection.quality import neighbour_purity, trustworthiness_and_continuity
from worker.ml.types import FloatArray, IntArray

DEFAULT_COUNTS = (1_000, 10_000)
NUM_CLASSES, NUM_GROUPS, HIDDEN = 20, 3, 24
NUM_NEW = 1_000
QUALITY_SAMPLE = 2_000
STRONG_SHARE, STRONG_NOISE, SLIGHT_NOISE = 0.1, 0.3, 0.03
"""A retrain: a tenth of the rows change much, the others a little; in standard deviations of the features."""
BLOCK_ROWS = 65_536

_Result = TypeVar("_Result")
Row = dict[str, Any]


def made_up(num: int, *, channels: int, seed: int = 0) -> tuple[FloatArray, IntArray]:
    """Features (num, channels) of groups that overlap a little, and their classes."""
    fixed, random = np.random.default_rng(7), np.random.default_rng(seed)
    centres = 2 * fixed.normal(size=(NUM_CLASSES, 1, HIDDEN))
    centres = centres + 0.8 * fixed.normal(size=(NUM_CLASSES, NUM_GROUPS, HIDDEN))
    bend = fixed.normal(size=(HIDDEN, 64)).astype(np.float32) / 5
    spread = fixed.normal(size=(64, channels)).astype(np.float32) / 2
    class_index = random.integers(0, NUM_CLASSES, num)
    hidden = centres[class_index, random.integers(0, NUM_GROUPS, num)]
    hidden = (hidden + 0.6 * random.normal(size=(num, HIDDEN))).astype(np.float32)
    return np.maximum(np.tanh(hidden @ bend) @ spread, 0), class_index


def retrained(features: FloatArray, *, seed: int = 1) -> FloatArray:
    """The features as another model sees them."""
    random = np.random.default_rng(seed)
    noise = np.where(random.random(len(features)) < STRONG_SHARE, STRONG_NOISE, SLIGHT_NOISE)
    scale = features.std(axis=0) * noise[:, None]
    return np.asarray(features + scale * random.normal(size=features.shape), dtype=np.float32)


def timed(call: Callable[[], _Result]) -> tuple[_Result, float, float]:
    """What a call returns, with its wall and processor seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def measure_ours(features: FloatArray, class_index: IntArray) -> tuple[Row, Projection]:
    """Cold, warm, crops from whole, and new images among the others; the kernels are loaded before."""
    fit_projection(features[:200])
    first_seen: list[float] = []
    started = time.perf_counter()
    cold, cold_s, cold_cpu_s = timed(
        lambda: fit_projection(features, on_layout=lambda _: first_seen.append(time.perf_counter() - started))
    )
    changed = retrained(features)
    warm, warm_s, warm_cpu_s = timed(lambda: fit_projection(changed, init=cold.layout, limit=WARM_LIMIT))
    crop = fit_projection(
        changed,
        init=cold.layout,
        anchor=CROP_ANCHOR,
        limit=CROP_LIMIT,
        num_epochs=CROP_EPOCHS,
        learning_rate=1.0,
    )
    new = min(NUM_NEW, len(features) // 2)
    placed, transform_s, transform_cpu_s = timed(
        lambda: place_new(features[-new:], features[:-new], cold.layout[:-new])
    )
    per_thousand = NUM_NEW / new
    return {
        "cold_s": cold_s,
        "cold_cpu_s": cold_cpu_s,
        "quick_s": first_seen[0],
        "warm_s": warm_s,
        "warm_cpu_s": warm_cpu_s,
        "warm_of_cold": warm_cpu_s / cold_cpu_s,
        "transform_1000_s": transform_s * per_thousand,
        "transform_1000_cpu_s": transform_cpu_s * per_thousand,
        "transform_displacement": displacement_of(placed, cold.layout, rows=slice(-new, None)),
        "displacement_warm": warm.quality.median_displacement,
        "displacement_crop": crop.quality.median_displacement,
        **quality_of(features, class_index, cold.layout),
        "warm_trustworthiness": quality_of(changed, class_index, warm.layout)["trustworthiness"],
    }, cold


def measure_plain(features: FloatArray, class_index: IntArray, ours: FloatArray) -> Row:
    """`umap.UMAP()` as it comes: first in this process, and again on changed features, which shows how far it jumps."""
    import umap  # noqa: PLC0415 - the peer, two seconds

    plain, plain_s, plain_cpu_s = timed(lambda: umap.UMAP().fit_transform(features))
    again, again_s, again_cpu_s = timed(lambda: umap.UMAP().fit_transform(retrained(features)))
    quality = quality_of(features, class_index, plain)
    return {
        "plain_umap_s": plain_s,
        "plain_umap_cpu_s": plain_cpu_s,
        "plain_umap_compiled_s": again_s,
        "plain_umap_compiled_cpu_s": again_cpu_s,
        **{f"plain_{name}": value for name, value in quality.items()},
        "displacement_cold": displacement(align_to(again, plain, may_mirror=True), plain)[0],
    }


def measure_peers(features: FloatArray, class_index: IntArray) -> Row:
    """openTSNE and PaCMAP as they come, where installed."""
    peers: dict[str, Callable[[Any], Any]] = {
        "openTSNE": lambda peer: peer.TSNE(n_jobs=1, random_state=0).fit(features),
        "pacmap": lambda peer: peer.PaCMAP(random_state=0).fit_transform(features),
    }
    found: Row = {}
    for name, run in peers.items():
        try:
            peer = importlib.import_module(name)
        except ImportError:
            found[name] = None
            continue
        layout, wall, cpu = timed(lambda run=run, peer=peer: np.asarray(run(peer), dtype=np.float32))  # type: ignore[misc]
        found[name] = {"s": wall, "cpu_s": cpu, **quality_of(features, class_index, layout)}
    return found


def quality_of(features: FloatArray, class_index: IntArray, layout: FloatArray) -> Row:
    """Trustworthiness, continuity and purity among the rows that have a class."""
    trust, continuity = trustworthiness_and_continuity(features, layout, sample=QUALITY_SAMPLE)
    labelled = class_index >= 0
    purity = neighbour_purity(layout[labelled], class_index[labelled])
    return {"trustworthiness": trust, "continuity": continuity, "purity": purity}


def displacement_of(placed: FloatArray, layout: FloatArray, *, rows: slice) -> float:
    """Median distance of placed rows from where the whole layout has them, in its radii."""
    radius = float(np.sqrt(((layout - layout.mean(axis=0)) ** 2).sum(axis=1).mean()))
    return float(np.median(np.linalg.norm(placed - layout[rows], axis=1))) / radius


def measure_fresh(path: Path) -> Row:
    """A first layout in a process that has loaded nothing, but finds compiled kernels on disk."""
    code = (
        "import time, numpy as np; started = time.perf_counter(); "
        "from worker.ml.projection.fit import fit_projection; "
        f"fit_projection(np.load({str(path)!r})); "
        "print(time.perf_counter() - started, time.process_time())"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    wall, cpu = (float(word) for word in answer.stdout.split())
    return {"cold_fresh_s": wall, "cold_fresh_cpu_s": cpu}


def measure_large(num: int, channels: int) -> Row:
    """Features in half precision on disk, as the product keeps them; sample, layout and the rest, and a warm one."""
    with tempfile.TemporaryDirectory() as folder:
        stored = np.memmap(Path(folder) / "features", dtype=np.float16, mode="w+", shape=(num, channels))
        classes = np.empty(num, dtype=np.int64)
        for start in range(0, num, BLOCK_ROWS):
            size = min(BLOCK_ROWS, num - start)
            part, classes[start : start + size] = made_up(size, channels=channels, seed=start)
            stored[start : start + size] = part
        before = _peak_mb()

        def blocks() -> Iterator[FloatArray]:
            for start in range(0, num, BLOCK_ROWS):
                yield stored[start : start + BLOCK_ROWS].astype(np.float32)

        quick: list[float] = []
        started = time.perf_counter()
        cold, cold_s, cold_cpu_s = timed(
            lambda: fit_large_projection(
                blocks, num_rows=num, on_layout=lambda _: quick.append(time.perf_counter() - started)
            )
        )
        peak = _peak_mb()
        warm, warm_s, warm_cpu_s = timed(lambda: fit_large_projection(blocks, num_rows=num, init=cold.layout))
        some = np.random.default_rng(0).choice(num, min(num, 20_000), replace=False)
    return {
        "count": num,
        "cold_s": cold_s,
        "cold_cpu_s": cold_cpu_s,
        "quick_s": quick[0],
        "warm_s": warm_s,
        "warm_cpu_s": warm_cpu_s,
        "peak_mb": peak,
        "peak_mb_before": before,
        "trustworthiness": cold.quality.trustworthiness,
        "purity": neighbour_purity(cold.layout[some], classes[some]),
        "displacement_warm": warm.quality.median_displacement,
    }


def _peak_mb() -> float:
    """Largest resident memory of this process so far, mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(count: int, features: FloatArray, class_index: IntArray, arguments: argparse.Namespace) -> Row:
    """All figures of one count."""
    row: Row = {"count": count, "channels": features.shape[1]}
    ours, cold = measure_ours(features, class_index)
    row |= ours
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.npy"
        np.save(path, features)
        row |= measure_fresh(path)
    if not arguments.no_plain:
        row |= measure_plain(features, class_index, cold.layout)
    if not arguments.no_peers:
        row["peers"] = measure_peers(features, class_index)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--counts", type=int, nargs="*", default=list(DEFAULT_COUNTS))
    parser.add_argument("--channels", type=int, default=512)
    parser.add_argument("--features", type=Path, help="(N, D) .npy, in place of made-up features")
    parser.add_argument("--labels", type=Path, help="(N,) .npy of class indexes, -1 where there is none")
    parser.add_argument("--large", type=int, nargs="*", default=[], help="counts to fit on a sample")
    parser.add_argument("--no-plain", action="store_true", help="leave umap-learn out")
    parser.add_argument("--no-peers", action="store_true", help="leave openTSNE and PaCMAP out")
    arguments = parser.parse_args()

    results = []
    for count in arguments.counts:
        if arguments.features:
            features = np.load(arguments.features)[:count].astype(np.float32)
            labels = np.load(arguments.labels)[:count] if arguments.labels else np.full(len(features), -1)
        else:
            features, labels = made_up(count, channels=arguments.channels)
        results.append(measure(len(features), features, labels, arguments))
        _show(results[-1])
    large = [measure_large(count, arguments.channels) for count in arguments.large]
    for row in large:
        _show(row)
    if arguments.json:
        machine = {
            "processor": platform.processor() or platform.machine(),
            "python": platform.python_version(),
        }
        report = {"machine": machine, "results": results, "large": large}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _show(row: Row) -> None:
    print(f"\n{row['count']:,} images")
    for name, value in row.items():
        if name != "count":
            print(f"  {name:28} {value:.4g}" if isinstance(value, float) else f"  {name:28} {value}")


if __name__ == "__main__":
    main()

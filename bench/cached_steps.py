"""Seconds and peak memory of what a training does from cached features, for one number of images.

Started by `bench.loop` in a process of its own for each size, so that the peak is that size's alone. Features are
generated: codes of 7 x 7 x 512 maps with clusters, border contrast, pooled features.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")

import django

django.setup()

from worker.ml.boxes import boxes_from_profiles, with_minimum_side  # noqa: E402
from worker.ml.feature_shards import SHARD_SIZE, append_features, iter_maps, read_pooled  # noqa: E402
from worker.ml.features import EncodedMaps, Features  # noqa: E402
from worker.ml.head import (  # noqa: E402
    Head,
    fit_head,
    heldout_mask,
    measure_log_proba,
    predict_log_proba,
    refit_head,
)
from worker.ml.label_spreading import neighbour_graph, spread_labels  # noqa: E402
from worker.ml.saliency import get_method  # noqa: E402
from worker.ml.types import DoubleArray, FloatArray, IntArray, ignore_progress  # noqa: E402
from worker.ml.view_fusion import (  # noqa: E402
    fuse_log_proba,
    predict_crop_log_proba,
    refit_crop_head,
    train_crop_head,
)
from worker.tasks.saliency import compute_saliency  # noqa: E402
from worker.tasks.scoring import pool_crops  # noqa: E402

CHANNELS, SIDE, GRID, NUM_CLASSES = 512, 7, 14, 10
NUM_LABELS = 2_000
NUM_SPREAD_LABELS = 900  # below what makes a training leave neighbours out, as it does with 2,000
NOT_IN_TOTAL = {"read_maps", "neighbours"}
T = TypeVar("T")


def main() -> None:
    """Generate what is missing, then measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--num-images", type=int, required=True)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--method", default="labeler")
    parser.add_argument("--json", type=Path, required=True)
    options = parser.parse_args()
    generate(options.root, options.num_images)
    measure_steps(options.root, options.method)  # compiled kernels are loaded, pages are in memory
    _reset_peak()
    before_mb = _memory_mb("VmRSS")
    result = measure_steps(options.root, options.method)
    result["peak_mb_over_baseline"] = round(_memory_mb("VmHWM") - before_mb, 1)
    result["baseline_mb"] = round(before_mb, 1)
    options.json.write_text(json.dumps(result))


def generate(root: Path, num_images: int) -> None:
    """Shards of made-up features: each class has channels of its own, at a place of its own in each image."""
    rng = np.random.default_rng(0)
    for start in range(0, num_images, SHARD_SIZE):
        num = min(SHARD_SIZE, num_images - start)
        codes = rng.integers(0, 60, (num, SIDE * SIDE, CHANNELS), dtype=np.uint8)
        classes, places = (start + np.arange(num)) % NUM_CLASSES, rng.integers(0, SIDE * SIDE, num)
        for row in range(num):
            first = int(classes[row]) * 20
            codes[row, places[row], first : first + 20] = 250
        scale = np.full(num, 0.02, dtype=np.float32)
        pooled = np.square(codes.astype(np.float32) * 0.02).mean(axis=1)
        contrast = rng.integers(0, 255, (num, GRID, GRID), dtype=np.uint8)
        features = Features(pooled, EncodedMaps(codes, scale, SIDE, SIDE), contrast=contrast)
        append_features(root, features, start=start, signature={"made": "up"})


def measure_steps(root: Path, method_name: str) -> dict[str, Any]:
    """Wall and processor seconds of each step, one after the other as in a training."""
    steps: dict[str, dict[str, float]] = {}

    def timed(name: str, step: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        result = step()
        steps[name] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        return result

    timed("read_maps", lambda: sum(int(maps.codes.sum(dtype=np.int64)) for _, maps in iter_maps(root)))
    pooled = timed("read_pooled", lambda: read_pooled(root))
    rng = np.random.default_rng(1)
    rows = np.sort(rng.permutation(len(pooled))[:NUM_LABELS])
    class_index = (rows % NUM_CLASSES).astype(np.int64)
    heldout = heldout_mask(rows)
    crops = pooled * rng.uniform(0.5, 1.5, pooled.shape).astype(np.float32)  # as if embedded before

    def train_whole() -> tuple[Head, Head]:
        fitted = fit_head(pooled[rows], class_index, num_classes=NUM_CLASSES, heldout=heldout).head
        return fitted, refit_head(fitted, pooled[rows], class_index)

    def train_crop() -> tuple[Head, Head]:
        fitted = train_crop_head(crops[rows], class_index, num_classes=NUM_CLASSES, heldout=heldout)
        assert fitted is not None
        return fitted.head, refit_crop_head(fitted.head, crops[rows], class_index)

    whole_heads, crop_heads = timed("head", train_whole), timed("crop_head", train_crop)
    measured, log_proba = timed(
        "scoring",
        lambda: [
            fuse_log_proba(predict_log_proba(whole, pooled), predict_crop_log_proba(crop, crops))
            for whole, crop in zip(whole_heads, crop_heads, strict=True)
        ],
    )
    accuracy = measure_log_proba(measured[rows], class_index, heldout=heldout).accuracy
    proba = np.exp(log_proba).astype(np.float32)
    nothing = cast(Any, None)  # methods on cached maps ask neither project nor network
    saliency = timed(
        "saliency",
        lambda: compute_saliency(
            get_method(method_name),
            project=nothing,
            loaded=nothing,
            root=root,
            pooled=pooled,
            head=whole_heads[1],
            proba=proba,
            on_progress=ignore_progress,
        ),
    )
    boxes = with_minimum_side(
        boxes_from_profiles(saliency.profiles, height=saliency.height, width=saliency.width, retention=0.95)
    )
    timed("crops", lambda: pool_crops(root, boxes, on_progress=ignore_progress))
    few = np.full(len(pooled), -1, dtype=np.int64)
    few[rows[:NUM_SPREAD_LABELS]] = class_index[:NUM_SPREAD_LABELS]
    timed("neighbours", lambda: spread_twice(crops, few))
    total = {
        kind: sum(step[kind] for name, step in steps.items() if name not in NOT_IN_TOTAL)
        for kind in ("wall", "cpu")
    }
    return {
        "num_images": len(pooled),
        "num_labels": len(rows),
        "method": method_name,
        "accuracy": accuracy,
        "steps": steps,
        "total": total,
        "total_cpu_over_reading_maps": total["cpu"] / steps["read_maps"]["cpu"],
    }


def spread_twice(crops: FloatArray, class_index: IntArray) -> list[DoubleArray]:
    """Labels along the graph of the crops, twice, as a training does with few labels: to predict, and to measure."""
    graph = neighbour_graph(crops)
    assert graph is not None
    return [spread_labels(graph, class_index, num_classes=NUM_CLASSES) for _ in range(2)]


def _memory_mb(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc/self/status has no {field}")


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()

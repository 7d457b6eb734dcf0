"""Images a second of our saliency beside the packages `grad-cam` and `torchcam`, naive autograd and a bare
forward.

Every implementation runs once a round, in shuffled order, on the same network and the same images; ratios
are taken inside a round and the median over rounds is reported, so that a busy neighbour hits all alike.
The peers are in `requirements-peers.lock`; without them the rest is measured and they are named as missing.

    python -m bench.saliency --backbone mobilenet_v2 --weights-dir DIR --json saliency.json
"""

import argparse
import copy
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision

from bench.saliency_peers import (
    PEERS,
    Model,
    Setup,
    differences,
    forward_maps,
    max_diff,
    missing_peers,
    naive_autograd,
    peer_gradcam,
    peer_torchcam,
    stretched,
)
from worker.ml.backbones import BACKBONES, Backbone, load_backbone
from worker.ml.boxes import boxes_from_maps, boxes_from_profiles
from worker.ml.features import EncodedMaps, encode_maps, load_squashed, pool_maps
from worker.ml.half_precision import in_bfloat16
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS
from worker.ml.saliency.cached import gradcams_from_codes
from worker.ml.types import FloatArray, UInt8Array
from worker.ml.weights import find_weights

RETENTION = 0.95
Run = Callable[[], int]
"""Runs once and says how many images it did."""


def main() -> None:
    """Measure, print the table, write the JSON."""
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as scratch:
        setup = _setup(arguments, Path(scratch))
    missing = missing_peers()
    runs = _runs(setup, missing)
    seconds = _measure(runs, num_rounds=arguments.rounds)
    report = _report(seconds, setup=setup, missing=missing, arguments=arguments)
    print(_table(report))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--backbone", choices=list(BACKBONES), default="resnet34")
    parser.add_argument(
        "--weights-dir", type=Path, action="append", default=[], help="without: random weights"
    )
    parser.add_argument("--images", type=Path, help="folder of JPEGs; without: random pixels")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--num-cached", type=int, default=2048)
    parser.add_argument("--num-classes", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _setup(arguments: argparse.Namespace, scratch: Path) -> Setup:
    backbone = _backbone(arguments, scratch)
    rng = np.random.default_rng(0)
    images = _images(arguments, rng)
    maps = backbone.maps(images)
    encoded, pooled = encode_maps(maps), pool_maps(maps)
    weight = _prototype_head(pooled, num_classes=arguments.num_classes)
    bias = np.zeros(len(weight), np.float32)
    row = np.arange(arguments.num_cached) % len(images)
    class_index = (pooled @ weight.T).argmax(axis=1)  # as the product does: the predicted class
    return Setup(
        backbone=backbone,
        half=in_bfloat16(backbone),
        model=Model(copy.deepcopy(backbone.trunk), weight, bias)
        .to(backbone.device)
        .eval()
        .requires_grad_(True),
        images=images,
        batch=backbone.prepare(images),
        class_index=class_index,
        weight=weight,
        cached=EncodedMaps(encoded.codes[row], encoded.scale[row], encoded.height, encoded.width),
        cached_pooled=pooled[row],
        cached_class=class_index[row],
    )


def _prototype_head(pooled: FloatArray, *, num_classes: int) -> FloatArray:
    """A head (K, C) that weighs channels as a trained one does: what sets one image apart from the mean.

    Its size is that of trained heads: with tiny weights grad-cam's eps is all that its Grad-CAM++ shows.
    """
    prototypes = pooled[:num_classes] - pooled[:num_classes].mean(axis=0)
    weight: FloatArray = prototypes * (0.1 / prototypes.std())
    return weight


def _backbone(arguments: argparse.Namespace, scratch: Path) -> Backbone:
    name, device = arguments.backbone, arguments.device
    if arguments.weights_dir:
        weights = find_weights(name, arguments.weights_dir)
        return load_backbone(
            name, weights_path=weights.path, preprocessing=weights.preprocessing, device=device
        )
    torch.manual_seed(0)
    path = scratch / "random.pth"
    torch.save(getattr(torchvision.models, name)(weights=None).state_dict(), path)
    return load_backbone(name, weights_path=path, device=device)


def _images(arguments: argparse.Namespace, rng: np.random.Generator) -> UInt8Array:
    size, count = arguments.size, arguments.batch_size
    if arguments.images is None:
        return rng.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    paths = sorted(arguments.images.rglob("*.jpg"))[:count]
    return np.stack([load_squashed(path, size_px=size) for path in paths])


def _runs(setup: Setup, missing: dict[str, str]) -> dict[str, Run]:
    """Every implementation, from a prepared batch (or cached maps) to maps; ours goes on to boxes."""
    runs: dict[str, Run] = {
        "forward": lambda: _forward(setup),
        "autograd": lambda: len(naive_autograd(setup)),
        "ours": lambda: _ours(setup, setup.backbone, plus_plus=False),
        "ours, both maps": lambda: _ours(setup, setup.backbone, plus_plus=True),
        "ours, bfloat16": lambda: _ours(setup, setup.half, plus_plus=False),
        "ours, cached": lambda: _ours_cached(setup),
    }
    if "grad-cam" not in missing:
        runs["grad-cam"] = lambda: len(peer_gradcam(setup, "GradCAM"))
    if "torchcam" not in missing:
        runs["torchcam"] = lambda: len(peer_torchcam(setup, "GradCAM"))
    return runs


def _forward(setup: Setup) -> int:
    with torch.no_grad():
        return len(setup.model(setup.batch))


def _ours(setup: Setup, backbone: Backbone, *, plus_plus: bool) -> int:
    maps = forward_maps(backbone, setup.batch)
    for name in ("gradcam", "gradcampp") if plus_plus else ("gradcam",):
        cams = METHODS[name].compute(maps, setup.weight, setup.class_index)
        codes = profiles_from_maps(cams)
        boxes_from_profiles(codes, height=cams.shape[1], width=cams.shape[2], retention=RETENTION)
    return len(maps)


def _ours_cached(setup: Setup) -> int:
    """Both maps of every cached image, their profiles and boxes."""
    cached = setup.cached
    both = gradcams_from_codes(
        cached.codes,
        cached.scale,
        pooled=setup.cached_pooled,
        weight=setup.weight,
        class_index=setup.cached_class,
    )
    for flat in both:
        codes = profiles_from_maps(flat.reshape(-1, cached.height, cached.width))
        boxes_from_profiles(codes, height=cached.height, width=cached.width, retention=RETENTION)
    return len(cached)


def _measure(runs: dict[str, Run], *, num_rounds: int) -> dict[str, list[float]]:
    """Seconds an image of every implementation in every round, after one round to warm up."""
    order = list(runs)
    shuffle = random.Random(0)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for round_number in range(num_rounds + 1):
        shuffle.shuffle(order)
        for name in order:
            started = time.perf_counter()
            num_images = runs[name]()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if round_number:
                seconds[name].append((time.perf_counter() - started) / num_images)
    return seconds


def _report(
    seconds: dict[str, list[float]], *, setup: Setup, missing: dict[str, str], arguments: argparse.Namespace
) -> dict[str, Any]:
    def ratio(slower: str, faster: str) -> float:
        return statistics.median(a / b for a, b in zip(seconds[slower], seconds[faster], strict=True))

    peers = [name for name in PEERS if name not in missing]
    best_peer = min(peers, key=lambda name: statistics.median(seconds[name]), default=None)
    return {
        "backbone": arguments.backbone,
        "weights": "given" if arguments.weights_dir else "random",
        "batch_size": len(setup.images),
        "size_px": arguments.size,
        "threads": arguments.threads,
        "device": arguments.device,
        "rounds": arguments.rounds,
        "images_per_s": {name: 1 / statistics.median(values) for name, values in seconds.items()},
        "time_over_forward": {name: ratio(name, "forward") for name in seconds},
        "ratio_to_forward": ratio("ours", "forward"),
        "best_peer": best_peer,
        "ratio_to_best_peer": None if best_peer is None else ratio(best_peer, "ours, bfloat16"),
        "ratio_to_best_peer_float32": None if best_peer is None else ratio(best_peer, "ours"),
        "cached_ratio": ratio("forward", "ours, cached"),
        "max_abs_diff": differences(setup, missing),
        "bfloat16": _bfloat16_error(setup),
        "missing_peers": missing,
    }


def _bfloat16_error(setup: Setup) -> dict[str, float]:
    """How far maps and boxes of a bfloat16 forward are from float32's."""
    exact = METHODS["gradcam"].compute(
        forward_maps(setup.backbone, setup.batch), setup.weight, setup.class_index
    )
    rough = METHODS["gradcam"].compute(forward_maps(setup.half, setup.batch), setup.weight, setup.class_index)
    edges = np.abs(boxes_from_maps(exact, retention=RETENTION) - boxes_from_maps(rough, retention=RETENTION))
    worst_px = edges.max(axis=1) * 224
    return {
        "max_abs_diff": max_diff(stretched(exact), stretched(rough)),
        "box_px_of_224_mean": float(worst_px.mean()),
        "box_px_of_224_max": float(worst_px.max()),
    }


def _table(report: dict[str, Any]) -> str:
    lines = [f"{'implementation':18}{'images/s':>12}{'time/forward':>15}"]
    for name, rate in sorted(report["images_per_s"].items(), key=lambda item: item[1]):
        lines.append(f"{name:18}{rate:12.1f}{report['time_over_forward'][name]:15.4f}")
    lines.append("")
    lines += [
        f"{key}: {report[key]}"
        for key in ("ratio_to_forward", "best_peer", "ratio_to_best_peer", "cached_ratio")
    ]
    lines += [f"max difference, {name}: {value:.2g}" for name, value in report["max_abs_diff"].items()]
    lines.append(f"bfloat16: {report['bfloat16']}")
    for name, reason in report["missing_peers"].items():
        lines.append(f"not measured: {name} ({reason}; see requirements-peers.lock)")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

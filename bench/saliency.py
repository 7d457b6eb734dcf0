"""Images a second of our saliency beside the packages `grad-cam` and `torchcam`, naive autograd and a bare
forward.

Every implementation runs once a round, in shuffled order, on the same network and the same images; ratios
are taken inside a round and the median over rounds is reported, so that a busy neighbour hits all alike.
The peers are in `requirements-peers.lock`; without them the rest is measured and they are named as missing.

    python -m bench.saliency --backbone mobilenet_v2 --weights-dir DIR --json saliency.json
"""

import argparse
import copy
import importlib
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from torch import nn

from worker.ml.backbones import BACKBONES, Backbone, load_backbone
from worker.ml.boxes import boxes_from_maps, boxes_from_profiles
from worker.ml.features import EncodedMaps, encode_maps, load_squashed, pool_maps
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS
from worker.ml.saliency.cached import gradcams_from_codes
from worker.ml.threshold_boxes import upsample
from worker.ml.types import AnyArray, FloatArray, IntArray, UInt8Array
from worker.ml.weights import find_weights

RETENTION = 0.95
GRADCAM_EPS = 1e-6
"""What pytorch-grad-cam adds to the denominator of its Grad-CAM++."""
PEERS = {"grad-cam": "pytorch_grad_cam", "torchcam": "torchcam"}


class Model(nn.Module):
    """The network that everybody runs: trunk -> mean -> linear."""

    def __init__(self, trunk: nn.Module, weight: FloatArray, bias: FloatArray) -> None:
        super().__init__()
        self.trunk = trunk
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(weight.shape[1], weight.shape[0])
        self.head.weight.data.copy_(torch.from_numpy(weight))
        self.head.bias.data.copy_(torch.from_numpy(bias))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """Scores (n, K) of a normalised batch."""
        scores: torch.Tensor = self.head(self.pool(self.trunk(batch)).flatten(1))
        return scores


@dataclass(frozen=True)
class Setup:
    """The network, a batch of images, the classes to explain, and a larger set of cached maps."""

    backbone: Backbone
    model: Model
    images: UInt8Array
    batch: torch.Tensor
    class_index: IntArray
    weight: FloatArray
    cached: EncodedMaps
    cached_pooled: FloatArray
    cached_class: IntArray


Run = Callable[[], int]
"""Runs once and says how many images it did."""


def main() -> None:
    """Measure, print the table, write the JSON."""
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as scratch:
        setup = _setup(arguments, Path(scratch))
    missing = _missing_peers()
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


def _missing_peers() -> dict[str, str]:
    """Peers that cannot be imported, with the reason.

    Grad-cam, for one, needs matplotlib and does not say so.
    """
    missing = {}
    for name, module in PEERS.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            missing[name] = str(error)
    return missing


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
        "autograd": lambda: len(_naive_autograd(setup)),
        "ours": lambda: _ours(setup, plus_plus=False),
        "ours, both maps": lambda: _ours(setup, plus_plus=True),
        "ours, bfloat16": lambda: _ours_bfloat16(setup),
        "ours, cached": lambda: _ours_cached(setup),
    }
    if "grad-cam" not in missing:
        runs["grad-cam"] = lambda: len(_peer_gradcam(setup, "GradCAM"))
    if "torchcam" not in missing:
        runs["torchcam"] = lambda: len(_peer_torchcam(setup, "GradCAM"))
    return runs


def _forward(setup: Setup) -> int:
    with torch.no_grad():
        return len(setup.model(setup.batch))


def _maps(setup: Setup) -> FloatArray:
    """The forward pass of the product, from the prepared batch on, as the peers get it."""
    with torch.inference_mode():
        maps: FloatArray = setup.backbone.trunk(setup.batch).permute(0, 2, 3, 1).float().cpu().numpy()
    return maps


def _ours(setup: Setup, *, plus_plus: bool) -> int:
    maps = _maps(setup)
    for name in ("gradcam", "gradcampp") if plus_plus else ("gradcam",):
        cams = METHODS[name].compute(maps, setup.weight, setup.class_index)
        codes = profiles_from_maps(cams)
        boxes_from_profiles(codes, height=cams.shape[1], width=cams.shape[2], retention=RETENTION)
    return len(maps)


def _ours_bfloat16(setup: Setup) -> int:
    with torch.autocast(setup.backbone.device.type, dtype=torch.bfloat16):
        return _ours(setup, plus_plus=False)


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


def _naive_autograd(setup: Setup) -> FloatArray:
    maps = setup.model.trunk(setup.batch)
    scores = setup.model.head(setup.model.pool(maps).flatten(1))
    chosen = scores.gather(1, torch.from_numpy(setup.class_index).to(scores.device)[:, None]).sum()
    (gradient,) = torch.autograd.grad(chosen, maps)
    cams: FloatArray = (
        (gradient.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1).relu().detach().cpu().numpy()
    )
    return cams


def _peer_gradcam(setup: Setup, name: str) -> FloatArray:
    """Maps (n, S, S) of pytorch-grad-cam in its normal batched use."""
    import pytorch_grad_cam  # noqa: PLC0415 - an optional peer
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget  # noqa: PLC0415

    targets = [ClassifierOutputTarget(int(index)) for index in setup.class_index]
    with getattr(pytorch_grad_cam, name)(model=setup.model, target_layers=[setup.model.trunk]) as extractor:
        cams: FloatArray = extractor(input_tensor=setup.batch, targets=targets)
    return cams


def _peer_torchcam(setup: Setup, name: str) -> FloatArray:
    """Maps (n, h, w) of torchcam in its normal batched use."""
    from torchcam import methods  # noqa: PLC0415 - an optional peer

    options = {"fc_layer": setup.model.head} if name == "CAM" else {}
    with getattr(methods, name)(setup.model, target_layer=setup.model.trunk, **options) as extractor:
        scores = setup.model(setup.batch)
        cams = extractor(setup.class_index.tolist(), scores)[0]
    found: FloatArray = cams.detach().cpu().numpy()
    return found


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
        "max_abs_diff": _differences(setup, missing),
        "bfloat16": _bfloat16_error(setup),
        "missing_peers": missing,
    }


def _differences(setup: Setup, missing: dict[str, str]) -> dict[str, float]:
    """Largest difference to each peer after bringing our map to its convention.

    All peers stretch each map from its minimum to its maximum after ReLU; pytorch-grad-cam then enlarges it
    to the image and stretches again.
    """
    maps = _maps(setup)
    ours = {
        name: METHODS[name].compute(maps, setup.weight, setup.class_index)
        for name in ("gradcam", "gradcampp", "cam")
    }
    with_eps = _gradcampp_with_eps(setup, maps)
    found = {"autograd Grad-CAM": _max_diff(_stretched(ours["gradcam"]), _stretched(_naive_autograd(setup)))}
    if "grad-cam" not in missing:
        plus_plus = _peer_gradcam(setup, "GradCAMPlusPlus")
        found["grad-cam Grad-CAM"] = _max_diff(
            _enlarged(ours["gradcam"], setup), _peer_gradcam(setup, "GradCAM")
        )
        found["grad-cam Grad-CAM++, its eps put in"] = _max_diff(_enlarged(with_eps, setup), plus_plus)
        found["grad-cam Grad-CAM++"] = _max_diff(_enlarged(ours["gradcampp"], setup), plus_plus)
    if "torchcam" not in missing:
        cubed = _cubed_weights(setup, maps)
        wrong = _peer_torchcam(setup, "GradCAMpp")
        found["torchcam Grad-CAM"] = _max_diff(_stretched(ours["gradcam"]), _peer_torchcam(setup, "GradCAM"))
        found["torchcam CAM"] = _max_diff(_stretched(ours["cam"]), _peer_torchcam(setup, "CAM"))
        found["torchcam Grad-CAM++ (known to be wrong)"] = _max_diff(_stretched(ours["gradcampp"]), wrong)
        found["torchcam Grad-CAM++, against what it computes"] = _max_diff(_stretched(cubed), wrong)
    return found


def _gradcampp_with_eps(setup: Setup, maps: FloatArray) -> FloatArray:
    num_cells = maps.shape[1] * maps.shape[2]
    gradient = setup.weight[setup.class_index].astype(np.float64) / num_cells
    total = pool_maps(maps).astype(np.float64) * num_cells
    alpha = gradient**2 / (2 * gradient**2 + total * gradient**3 + GRADCAM_EPS)
    weights = num_cells * np.maximum(gradient, 0) * alpha
    cams: FloatArray = np.einsum("nijc,nc->nij", maps.astype(np.float64), weights).astype(np.float32)
    return cams


def _cubed_weights(setup: Setup, maps: FloatArray) -> FloatArray:
    weights = np.maximum(setup.weight[setup.class_index].astype(np.float64), 0) ** 3
    cams: FloatArray = np.einsum("nijc,nc->nij", maps.astype(np.float64), weights).astype(np.float32)
    return cams


def _bfloat16_error(setup: Setup) -> dict[str, float]:
    """How far maps and boxes of a bfloat16 forward are from float32's."""
    exact = METHODS["gradcam"].compute(_maps(setup), setup.weight, setup.class_index)
    with torch.autocast(setup.backbone.device.type, dtype=torch.bfloat16):
        rough = METHODS["gradcam"].compute(_maps(setup), setup.weight, setup.class_index)
    edges = np.abs(boxes_from_maps(exact, retention=RETENTION) - boxes_from_maps(rough, retention=RETENTION))
    worst_px = edges.max(axis=1) * 224
    return {
        "max_abs_diff": _max_diff(_stretched(exact), _stretched(rough)),
        "box_px_of_224_mean": float(worst_px.mean()),
        "box_px_of_224_max": float(worst_px.max()),
    }


def _stretched(cams: AnyArray) -> AnyArray:
    low, high = cams.min(axis=(1, 2), keepdims=True), cams.max(axis=(1, 2), keepdims=True)
    stretched: AnyArray = (cams - low) / np.maximum(high - low, 1e-12)
    return stretched


def _enlarged(cams: AnyArray, setup: Setup) -> AnyArray:
    return _stretched(upsample(_stretched(cams), side_px=setup.images.shape[1]))


def _max_diff(first: AnyArray, second: AnyArray) -> float:
    return float(np.abs(first - second).max())


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

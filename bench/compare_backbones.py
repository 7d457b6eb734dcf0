"""Compare backbones on labelled folders and in speed, as in `docs/backbones.md`.

Accuracy is computed once per (backbone, folder) and kept in the JSON file given, so adding a backbone is cheap; speed
is measured in rounds, every backbone once a round in shuffled order, so that a busy neighbour hits all alike.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from worker.evaluate_backbone import BATCH_SIZE, INPUT_SIZE_PX, evaluate_backbone, read_labelled_set
from worker.ml.backbones import Backbone, load_backbone
from worker.ml.bundled import BundledNet, fold_norms, save_bundled
from worker.ml.features import load_squashed
from worker.ml.weights import find_weights

UNTRAINED = "untrained"
NUM_ROUNDS = 9
NUM_CALIBRATION_IMAGES = 64


def load(name: str, *, weights_dirs: list[Path], data: list[Path], scratch: Path) -> tuple[Backbone, float]:
    """A backbone of the registry, or the bundled network before any training, with its file's megabytes."""
    if name != UNTRAINED:
        weights = find_weights(name, weights_dirs)
        backbone = load_backbone(name, weights_path=weights.path, preprocessing=weights.preprocessing)
        return backbone, weights.path.stat().st_size / 1e6
    path = scratch / "untrained.safetensors"
    if not path.exists():
        save_bundled(fold_norms(untrained_network(data)), path, metadata={})
    backbone = load_backbone("bundled", weights_path=path)
    backbone.spec = replace(backbone.spec, name=UNTRAINED)
    return backbone, path.stat().st_size / 1e6


def untrained_network(data: list[Path]) -> BundledNet:
    """Random weights, batch norms set to the statistics of real pictures: the best that no training gives."""
    torch.manual_seed(0)
    net = BundledNet(with_norm=True)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    files = [file for folder in data for file in read_labelled_set(folder).files]
    chosen = np.random.default_rng(0).permutation(len(files))[:NUM_CALIBRATION_IMAGES]
    images = np.stack([load_squashed(files[i], size_px=INPUT_SIZE_PX) for i in chosen])
    batch = torch.from_numpy(images).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    with torch.no_grad():
        net.train()(batch)
    return net.eval()


def time_together(backbones: dict[str, Backbone], *, num_threads: int) -> dict[str, dict[str, float]]:
    """Images per second of each, and the median over rounds of its speed relative to the first's in the round."""
    torch.set_num_threads(num_threads)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (BATCH_SIZE, INPUT_SIZE_PX, INPUT_SIZE_PX, 3), dtype=np.uint8)
    names = list(backbones)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    cpu_seconds: dict[str, list[float]] = {name: [] for name in names}
    for backbone in backbones.values():
        backbone.maps(images)
    for _ in range(NUM_ROUNDS):
        for name in rng.permutation(names).tolist():
            started, started_cpu = time.perf_counter(), time.process_time()
            backbones[name].maps(images)
            seconds[name].append(time.perf_counter() - started)
            cpu_seconds[name].append(time.process_time() - started_cpu)
    first, first_cpu = np.array(seconds[names[0]]), np.array(cpu_seconds[names[0]])
    return {
        name: {
            "images_per_s": BATCH_SIZE / float(np.median(seconds[name])),
            "ratio": float(np.median(first / np.array(seconds[name]))),
            "cpu_ratio": float(np.median(first_cpu / np.array(cpu_seconds[name]))),
        }
        for name in names
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="+", help="labelled folders")
    parser.add_argument(
        "--backbones", nargs="+", default=["mobilenet_v2", "squeezenet1_0", "bundled", UNTRAINED]
    )
    parser.add_argument("--weights-dir", type=Path, action="append", default=[])
    parser.add_argument(
        "--json", type=Path, required=True, help="results; measured pairs are not measured again"
    )
    parser.add_argument(
        "--threads", type=int, nargs="*", default=[1, 2], help="of the speed runs; none: no speed runs"
    )
    options = parser.parse_args()
    results = json.loads(options.json.read_text()) if options.json.exists() else {"accuracy": {}, "speed": {}}
    torch.set_num_threads(1)
    loaded = {}
    for name in options.backbones:
        backbone, megabytes = load(
            name, weights_dirs=options.weights_dir, data=options.data, scratch=options.json.parent
        )
        loaded[name] = backbone
        measured = results["accuracy"].setdefault(name, {})
        for folder in options.data:
            if folder.name not in measured:
                report = evaluate_backbone(read_labelled_set(folder), backbone, megabytes=megabytes)
                measured[folder.name] = report.to_json()
                options.json.write_text(json.dumps(results, indent=2))
                print(json.dumps(report.to_json()), flush=True)
    for num_threads in options.threads:
        results["speed"][str(num_threads)] = time_together(loaded, num_threads=num_threads)
    options.json.write_text(json.dumps(results, indent=2))
    print(table(results))


def table(results: dict[str, dict[str, dict[str, dict[str, float]]]]) -> str:
    """Means over the folders, one line a backbone, as Markdown."""
    lines = [
        "| backbone | MB | 1-NN | head 20 | R@50 | centred box | images/s and ratio by threads |",
        "|" + "---|" * 7,
    ]
    for name, measured in results["accuracy"].items():
        keys = ("megabytes", "knn_accuracy", "head_accuracy_20", "recall_at_50", "center_recall_at_50")
        means = [float(np.mean([report[key] for report in measured.values()])) for key in keys]
        speeds = [
            f"{threads}: {by_name[name]['images_per_s']:.0f} ({by_name[name]['ratio']:.2f}x)"
            for threads, by_name in results["speed"].items()
            if name in by_name
        ]
        numbers = " | ".join([f"{means[0]:.1f}", *(f"{mean:.3f}" for mean in means[1:])])
        lines.append(f"| {name} | {numbers} | {', '.join(speeds)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

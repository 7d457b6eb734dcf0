"""Ways to run the bundled backbone on a CPU, all in the same shuffled rounds: `python -m bench.backbone_speed`.

Prints processor time a picture (of one thread, so that busy neighbours count little), the ratio to the product's way,
and the cosine of the pooled features to it.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from worker.ml.backbones import load_backbone
from worker.ml.bundled import BUNDLED_WEIGHTS_PATH

BATCH_SIZE = 16
SIDE_PX = 224
PRODUCT = "float32, channels last"

Run = Callable[[torch.Tensor], torch.Tensor]


def ways(*, with_compiled: bool) -> dict[str, Run]:
    """Each takes (n, 3, S, S) float32 and gives maps; what a way needs is prepared outside of its time."""
    net = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH).trunk  # channels last
    plain = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH).trunk.to(
        memory_format=torch.contiguous_format
    )
    half = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH).trunk.to(torch.bfloat16)
    found: dict[str, Run] = {
        PRODUCT: net,
        "float32, channels first": lambda x: plain(x.contiguous()),
        "bfloat16, autocast": lambda x: _autocast(net, x),
        "bfloat16 weights and inputs": lambda x: half(x.bfloat16()),
    }
    if with_compiled:
        found["float32, torch.compile"] = torch.compile(net)
        found["bfloat16, torch.compile"] = torch.compile(lambda x: half(x.bfloat16()))
    return found


def _autocast(net: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        maps: torch.Tensor = net(x)
    return maps


def measure(found: dict[str, Run], *, num_rounds: int) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.random((BATCH_SIZE, 3, SIDE_PX, SIDE_PX), dtype=np.float32) * 2 - 1)
    images = images.to(memory_format=torch.channels_last)
    pooled = {name: run(images).float().mean((2, 3)) for name, run in found.items()}
    seconds: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(num_rounds):
        for name in rng.permutation(list(found)).tolist():
            started = time.process_time()
            found[name](images)
            seconds[name].append(time.process_time() - started)
    product = np.array(seconds[PRODUCT])
    return {
        name: {
            "ms": 1e3 * float(np.median(seconds[name])) / BATCH_SIZE,
            "ratio": float(np.median(product / np.array(seconds[name]))),
            "cosine": float(torch.cosine_similarity(pooled[name], pooled[PRODUCT]).mean()),
        }
        for name in found
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--no-compile", action="store_true", help="torch.compile needs a C++ compiler")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with torch.inference_mode():
        results = measure(ways(with_compiled=not options.no_compile), num_rounds=options.rounds)
    print("| way | ms a picture | times as fast | cosine |\n| --- | --- | --- | --- |")
    for name, row in results.items():
        print(f"| {name} | {row['ms']:.2f} | {row['ratio']:.2f} | {row['cosine']:.5f} |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()

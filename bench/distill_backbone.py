"""Train the bundled backbone by distilling a MobileNetV2 into it. Every step resumes where it was stopped.

1. `teacher`: compute the teacher's outputs once for four views of every photograph.
2. `train`: the stem alone for a tenth of the time, then the whole network, from the teacher's weights.
3. `export`: fold the batch norms of the averaged weights and write them as float16 safetensors.

The learning rate follows the share of the time budget spent, so a slow machine ends with the same schedule.
"""

import argparse
import copy
import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from bench.distill_teacher import TeacherCache, decode_maps, fill_cache, load_teacher, open_cache, to_input
from worker.ml.bundled import (
    BUNDLED_WEIGHTS_PATH,
    BundledNet,
    fold_norms,
    save_bundled,
)

NUM_HELDOUT_ROWS = 512
BATCH_ROWS = 32
STEM_SHARE = 0.1
PEAK_RATE = 1.5e-3
WARMUP_STEPS = 150
AVERAGING = 0.995
CHECKPOINT_EVERY_S = 180


@dataclass(frozen=True)
class Batch:
    """Pictures and the teacher's outputs for them, as tensors (n, C, h, w); `pooled` is (n, C)."""

    images: torch.Tensor
    mid6: torch.Tensor
    mid13: torch.Tensor
    maps: torch.Tensor
    pooled: torch.Tensor


@dataclass(frozen=True)
class Scales:
    """Spread of the teacher's outputs per channel, so that every channel weighs the same in the loss."""

    mid6: torch.Tensor
    mid13: torch.Tensor
    maps: torch.Tensor
    pooled: torch.Tensor


@dataclass
class State:
    """All that a checkpoint holds."""

    net: BundledNet
    average: BundledNet
    optimizer: torch.optim.Optimizer
    spent_s: float = 0.0
    num_steps: int = 0


def initialize_from_teacher(net: BundledNet, teacher: nn.Sequential) -> None:
    """Copy the teacher's weights into every block of the same name, and into the last layer."""
    for name, block in net.get_submodule("blocks").named_children():
        _copy_units(block, teacher[int(name.removeprefix("block"))])
    _copy_units(net.get_submodule("last"), teacher[18])


def _copy_units(target: nn.Module, source: nn.Module) -> None:
    """Both hold the same convolutions and batch norms in the same order."""
    kinds = (nn.Conv2d, nn.BatchNorm2d)
    sources = [module for module in source.modules() if isinstance(module, kinds)]
    targets = [module for module in target.modules() if isinstance(module, kinds)]
    for mine, theirs in zip(targets, sources, strict=True):
        mine.load_state_dict(theirs.state_dict())


def read_batch(cache: TeacherCache, start: int, stop: int) -> Batch:
    return Batch(
        images=to_input(cache.read("images", start, stop)),
        mid6=torch.from_numpy(cache.read("mid6", start, stop)).float().permute(0, 3, 1, 2),
        mid13=torch.from_numpy(cache.read("mid13", start, stop)).float().permute(0, 3, 1, 2),
        maps=decode_maps(cache.read("maps", start, stop)),
        pooled=torch.from_numpy(cache.read("pooled", start, stop)).float(),
    )


def iterate_batches(cache: TeacherCache, seed: int) -> Iterator[Batch]:
    """Endless passes over the training rows; the next batch is read while one is used.

    Rows lie in random order, so a batch is a stretch of neighbours; each pass cuts them elsewhere and draws another
    order of the stretches.
    """
    rng = np.random.default_rng(seed)
    num_rows = cache.num_done - NUM_HELDOUT_ROWS

    def starts() -> Iterator[int]:
        while True:
            first = int(rng.integers(BATCH_ROWS))
            yield from (rng.permutation((num_rows - first) // BATCH_ROWS) * BATCH_ROWS + first).tolist()

    with ThreadPoolExecutor(1) as pool:
        futures = (pool.submit(read_batch, cache, start, start + BATCH_ROWS) for start in starts())
        following = next(futures)
        while True:
            current, following = following, next(futures)
            yield current.result()


def measure_scales(cache: TeacherCache) -> Scales:
    sample = read_batch(cache, 0, 512)

    def spread(maps: torch.Tensor) -> torch.Tensor:
        return maps.std((0, 2, 3)).clamp_min(0.02)[None, :, None, None]

    return Scales(
        spread(sample.mid6), spread(sample.mid13), spread(sample.maps), sample.pooled.std(0).clamp_min(0.005)
    )


def stem_loss(net: BundledNet, batch: Batch, scales: Scales) -> torch.Tensor:
    """The stem and the first block against the teacher's first seven blocks."""
    middle: torch.Tensor = net.get_submodule("blocks.block5")(net.get_submodule("stem")(batch.images))
    return ((middle - batch.mid6) / scales.mid6).square().mean()


def whole_loss(
    net: BundledNet, batch: Batch, scales: Scales, *, middle_weight: float
) -> tuple[torch.Tensor, float]:
    """Maps, pooled features and their direction, and for a while the middle; with the mean cosine for the log."""
    x = net.get_submodule("stem")(batch.images)
    middle = torch.zeros(())
    for name, block in net.get_submodule("blocks").named_children():
        x = block(x)
        if name == "block5":
            middle = middle + ((x - batch.mid6) / scales.mid6).square().mean()
        if name == "block12":
            middle = middle + ((x - batch.mid13) / scales.mid13).square().mean()
    maps = net.get_submodule("last")(x)
    pooled = maps.mean((2, 3))
    cosine = torch.cosine_similarity(pooled, batch.pooled).mean()
    map_loss = ((maps - batch.maps) / scales.maps).square().mean()
    pooled_loss = ((pooled - batch.pooled) / scales.pooled).square().mean()
    return map_loss + 2 * pooled_loss + 4 * (1 - cosine) + middle_weight * middle, float(cosine.detach())


def learning_rate(spent_share: float, num_steps: int) -> float:
    """Warm-up, then half a cosine down to 1 % over the rest of the budget."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, spent_share)))
    return PEAK_RATE * max(0.01, cosine) * min(1.0, (num_steps + 1) / WARMUP_STEPS)


def train(state: State, cache: TeacherCache, *, budget_s: float, checkpoint: Path, seed: int) -> None:
    scales = measure_scales(cache)
    batches = iterate_batches(cache, seed + state.num_steps)
    last = saved = time.monotonic()
    while state.spent_s < budget_s:
        share = state.spent_s / budget_s
        log = train_step(state, next(batches), scales, share=share)
        now = time.monotonic()
        state.spent_s, last = state.spent_s + now - last, now
        if state.num_steps % 50 == 0:
            print(f"step {state.num_steps} share {share:.3f} {log}", flush=True)
        if now - saved > CHECKPOINT_EVERY_S or state.spent_s >= budget_s:
            save_checkpoint(state, checkpoint)
            print(f"held out: {heldout_report(state.average, cache)}", flush=True)
            saved = time.monotonic()


def train_step(state: State, batch: Batch, scales: Scales, *, share: float) -> str:
    for group in state.optimizer.param_groups:
        group["lr"] = learning_rate(share, state.num_steps)
    if share < STEM_SHARE:
        loss = stem_loss(state.net, batch, scales)
        log = f"stem loss {float(loss.detach()):.4f}"
    else:
        middle_weight = 0.3 * max(0.0, 1 - share / 0.6)
        loss, cosine = whole_loss(state.net, batch, scales, middle_weight=middle_weight)
        log = f"loss {float(loss.detach()):.4f} cosine {cosine:.4f}"
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.net.parameters(), 5.0)
    state.optimizer.step()
    state.num_steps += 1
    _update_average(state)
    return log


@torch.no_grad()
def _update_average(state: State) -> None:
    decay = min(AVERAGING, state.num_steps / (state.num_steps + 10))
    for mean, value in zip(state.average.state_dict().values(), state.net.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1 - decay)


@torch.inference_mode()
def heldout_report(net: BundledNet, cache: TeacherCache) -> str:
    """Mean cosine of pooled features and relative error of maps on rows that are not trained on."""
    net.eval()
    cosines, errors = [], []
    first = cache.num_done - NUM_HELDOUT_ROWS
    for start in range(first, cache.num_done, BATCH_ROWS):
        batch = read_batch(cache, start, min(start + BATCH_ROWS, cache.num_done))
        maps = net(batch.images)
        cosines.append(torch.cosine_similarity(maps.mean((2, 3)), batch.pooled))
        errors.append((maps - batch.maps).square().mean() / batch.maps.square().mean())
    return (
        f"cosine {torch.cat(cosines).mean():.4f}, relative squared map error {torch.stack(errors).mean():.4f}"
    )


def save_checkpoint(state: State, path: Path) -> None:
    beside = path.with_suffix(".partial")
    torch.save(
        {
            "net": state.net.state_dict(),
            "average": state.average.state_dict(),
            "optimizer": state.optimizer.state_dict(),
            "spent_s": state.spent_s,
            "num_steps": state.num_steps,
        },
        beside,
    )
    beside.replace(path)


def open_state(teacher: nn.Sequential, checkpoint: Path) -> State:
    """The checkpoint's state, or a new one with the teacher's weights where shapes allow."""
    net = BundledNet(with_norm=True)
    initialize_from_teacher(net, teacher)
    net.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-4)
    state = State(net, copy.deepcopy(net).eval(), optimizer)
    if checkpoint.exists():
        stored = torch.load(checkpoint, weights_only=True)
        state.net.load_state_dict(stored["net"])
        state.average.load_state_dict(stored["average"])
        state.optimizer.load_state_dict(stored["optimizer"])
        state.spent_s, state.num_steps = stored["spent_s"], stored["num_steps"]
    return state


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["teacher", "train", "export"])
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs, any depth")
    parser.add_argument("--weights", type=Path, required=True, help="the teacher: mobilenet_v2_imagenet.pth")
    parser.add_argument(
        "--work", type=Path, required=True, help="folder for the cache (12 GB) and the checkpoint"
    )
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="time budget of `train`, all its runs together"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=BUNDLED_WEIGHTS_PATH)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    photos = sorted(
        path for path in options.photos.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"}
    )
    teacher = load_teacher(options.weights)
    checkpoint = options.work / "checkpoint.pt"
    cache = open_cache(options.work, num_photos=len(photos))
    if options.step == "teacher":
        for num_done in fill_cache(cache, teacher, photos, seed=options.seed):
            print(f"{num_done} of {cache.num_rows}", flush=True)
        return
    state = open_state(teacher, checkpoint)
    if options.step == "train":
        train(state, cache, budget_s=options.minutes * 60, checkpoint=checkpoint, seed=options.seed)
        return
    print(f"held out: {heldout_report(state.average, cache)}")
    facts = {"num_steps": state.num_steps, "batch_rows": BATCH_ROWS, "num_photos": len(photos)}
    save_bundled(fold_norms(state.average), options.out, metadata={"training": json.dumps(facts)})


if __name__ == "__main__":
    main()

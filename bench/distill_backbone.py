"""Train the bundled backbone by distilling a MobileNetV2 into it. Every step resumes where it was stopped.

1. `teacher`: compute the teacher's outputs once for four views of every photograph.
2. `train`: the stem alone for a tenth of the time, then the whole network, from the teacher's weights; or, with
   `--init-from`, the whole network at once, on from weights that were exported before.
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
from torch.nn import functional

from bench.distill_losses import Batch, Reference, read_batch, read_reference, stem_loss, whole_loss
from bench.distill_start import initialize_from_export, initialize_from_teacher
from bench.distill_teacher import (
    NUM_HELDOUT_ROWS,
    TeacherCache,
    draw_photos,
    fill_cache,
    load_teacher,
    open_cache,
    rarity_weights,
    to_input,
)
from worker.ml.bundled import (
    BUNDLED_WEIGHTS_PATH,
    BundledNet,
    fold_norms,
    save_bundled,
)

BATCH_ROWS = 32
STEM_SHARE = 0.1
PEAK_RATE = 1.5e-3
CONTINUED_PEAK_RATE = 6e-5
CONTINUED_WARMUP_STEPS = 20
WARMUP_STEPS = 150
AVERAGING = 0.995
NUM_CALIBRATION_BATCHES = 24
CHECKPOINT_EVERY_S = 300


@dataclass
class State:
    """All that a checkpoint holds."""

    net: BundledNet
    average: BundledNet
    optimizer: torch.optim.Optimizer
    peak_rate: float
    stem_share: float
    warmup_steps: int
    spent_s: float = 0.0
    num_steps: int = 0


def iterate_batches(cache: TeacherCache, seed: int) -> Iterator[Batch]:
    """Endless passes over the training rows; the next batch is read while one is used.

    Rows lie in random order, so a batch is a stretch of neighbours; each pass cuts them elsewhere and draws another
    order of the stretches. Rows that were added to the cache since belong to the next pass.
    """
    rng = np.random.default_rng(seed)

    def starts() -> Iterator[int]:
        while True:
            first = NUM_HELDOUT_ROWS + int(rng.integers(BATCH_ROWS))
            num_batches = (cache.num_done - first) // BATCH_ROWS
            yield from (rng.permutation(num_batches) * BATCH_ROWS + first).tolist()

    with ThreadPoolExecutor(1) as pool:
        futures = (pool.submit(read_batch, cache, start, start + BATCH_ROWS) for start in starts())
        following = next(futures)
        while True:
            current, following = following, next(futures)
            batch = current.result()
            yield batch.flipped() if rng.random() < 0.5 else batch


def learning_rate(state: State, *, spent_share: float) -> float:
    """Warm-up, then half a cosine down to 1 % over the rest of the budget."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, spent_share)))
    return state.peak_rate * max(0.01, cosine) * min(1.0, (state.num_steps + 1) / state.warmup_steps)


def train(
    state: State, cache: TeacherCache, reference: Reference, *, budget_s: float, checkpoint: Path, seed: int
) -> None:
    batches = iterate_batches(cache, seed + state.num_steps)
    last = saved = time.monotonic()
    while state.spent_s < budget_s:
        share = state.spent_s / budget_s
        log = train_step(state, next(batches), reference, share=share)
        now = time.monotonic()
        state.spent_s, last = state.spent_s + now - last, now
        if state.num_steps % 50 == 0:
            print(f"step {state.num_steps} share {share:.3f} {log}", flush=True)
        if now - saved > CHECKPOINT_EVERY_S or state.spent_s >= budget_s:
            save_checkpoint(state, checkpoint)
            print(f"held out: {heldout_report(state.average, cache)}", flush=True)
            saved = time.monotonic()


def train_step(state: State, batch: Batch, reference: Reference, *, share: float) -> str:
    for group in state.optimizer.param_groups:
        group["lr"] = learning_rate(state, spent_share=share)
    if share < state.stem_share:
        loss = stem_loss(state.net, batch, reference)
        log = f"stem loss {float(loss.detach()):.4f}"
    else:
        middle_weight = 0.3 * max(0.0, 1 - share / 0.6)
        loss, cosine = whole_loss(state.net, batch, reference, middle_weight=middle_weight)
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
    """Cosine of pooled features, share of pictures with the teacher's nearest neighbour, relative error of maps.

    On pictures of photographs that are not trained on.
    """
    net.eval()
    mine, theirs, errors = [], [], []
    for start in range(0, NUM_HELDOUT_ROWS, BATCH_ROWS):
        batch = read_batch(cache, start, start + BATCH_ROWS)
        maps = net(batch.images)
        mine.append(maps.mean((2, 3)))
        theirs.append(batch.pooled)
        errors.append((maps - batch.maps).square().mean() / batch.maps.square().mean())
    pooled, target = (functional.normalize(torch.cat(parts)) for parts in (mine, theirs))
    return (
        f"cosine {(pooled * target).sum(1).mean():.4f}, "
        f"same neighbour {(nearest_other(pooled) == nearest_other(target)).float().mean():.3f}, "
        f"relative squared map error {torch.stack(errors).mean():.4f}"
    )


def nearest_other(unit: torch.Tensor) -> torch.Tensor:
    """Row of the largest cosine among the others, (n,), of (n, C) rows of length 1."""
    return (unit @ unit.T).fill_diagonal_(-1).argmax(1)


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


def open_state(
    teacher: nn.Sequential, checkpoint: Path, *, cache: TeacherCache, init_from: Path | None, peak_rate: float
) -> State:
    """The checkpoint's state, or a new one: from exported weights, else with the teacher's where shapes allow."""
    net = BundledNet(with_norm=True)
    if init_from is None or checkpoint.exists():
        initialize_from_teacher(net, teacher)
    else:
        rows = range(0, NUM_CALIBRATION_BATCHES * BATCH_ROWS, BATCH_ROWS)
        images = (to_input(cache.read("images", start, start + BATCH_ROWS)) for start in rows)
        initialize_from_export(net, init_from, images)
    # Weights that were exported go on with the statistics that they were exported with: a short run has no time to
    # make up for the noise of batches.
    net.to(memory_format=torch.channels_last).train(init_from is None)
    optimizer = torch.optim.AdamW(net.parameters(), lr=peak_rate, weight_decay=1e-4)
    is_new = init_from is None
    state = State(
        net,
        copy.deepcopy(net).eval(),
        optimizer,
        peak_rate,
        stem_share=STEM_SHARE if is_new else 0.0,
        warmup_steps=WARMUP_STEPS if is_new else CONTINUED_WARMUP_STEPS,
    )
    if checkpoint.exists():
        stored = torch.load(checkpoint, weights_only=True)
        state.net.load_state_dict(stored["net"])
        state.average.load_state_dict(stored["average"])
        state.optimizer.load_state_dict(stored["optimizer"])
        state.spent_s, state.num_steps = stored["spent_s"], stored["num_steps"]
    return state


def compute_teacher(
    cache: TeacherCache, teacher: nn.Sequential, photos: list[Path], *, side_px: int, seed: int, bf16: bool
) -> None:
    """Fill the cache; how rare each photograph is, is computed once and kept beside it."""
    rarity = cache.folder / "rarity.npy"
    if not rarity.exists():
        np.save(rarity, rarity_weights(teacher, photos))
    drawn = draw_photos(np.load(rarity), num_rows=cache.num_rows, seed=seed)
    for num_done in fill_cache(cache, teacher, photos, drawn=drawn, side_px=side_px, seed=seed, bf16=bf16):
        print(f"{num_done} of {cache.num_rows}", flush=True)


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
    parser.add_argument("--init-from", type=Path, help="exported weights to train on from, at a lower rate")
    parser.add_argument(
        "--peak-rate", type=float, help=f"learning rate; {PEAK_RATE}, with --init-from {CONTINUED_PEAK_RATE}"
    )
    parser.add_argument(
        "--no-middle",
        action="store_true",
        help="a cache without middle layers (8 GB), as --init-from needs none",
    )
    parser.add_argument(
        "--bf16", action="store_true", help="the teacher in bfloat16: twice as fast where supported"
    )
    parser.add_argument("--rows", type=int, default=38_000, help="views in the cache, 320 kB each at 224 px")
    parser.add_argument("--side", type=int, default=224, help="of the views, in px: a multiple of 32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=BUNDLED_WEIGHTS_PATH)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    photos = sorted(
        path for path in options.photos.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"}
    )
    teacher, classifier = load_teacher(options.weights)
    checkpoint = options.work / "checkpoint.pt"
    cache = open_cache(
        options.work, num_rows=options.rows, side_px=options.side, with_middle=not options.no_middle
    )
    if options.step == "teacher":
        compute_teacher(cache, teacher, photos, side_px=options.side, seed=options.seed, bf16=options.bf16)
        return
    rate = options.peak_rate or (CONTINUED_PEAK_RATE if options.init_from else PEAK_RATE)
    state = open_state(teacher, checkpoint, cache=cache, init_from=options.init_from, peak_rate=rate)
    if options.step == "train":
        reference = read_reference(cache, classifier)
        train(
            state, cache, reference, budget_s=options.minutes * 60, checkpoint=checkpoint, seed=options.seed
        )
        return
    print(f"held out: {heldout_report(state.average, cache)}")
    facts = {"num_steps": state.num_steps, "batch_rows": BATCH_ROWS, "num_photos": len(photos)}
    save_bundled(fold_norms(state.average), options.out, metadata={"training": json.dumps(facts)})


if __name__ == "__main__":
    main()

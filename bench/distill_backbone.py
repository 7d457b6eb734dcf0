"""Train the bundled backbone by distilling a MobileNetV2 into it. Every step resumes where it was stopped.

1. `stem`: the stem alone against the teacher's first seven blocks, on fresh views; from the teacher's weights for the
   rest of the network, or with `--init-from` from weights that were exported before. Writes WORK/stem.safetensors.
2. `teacher`: compute the teacher's outputs once for views of every photograph.
3. `train`: the whole network on them, from `--init-from`, else from WORK/stem.safetensors.
4. `export`: fold the batch norms of the averaged weights and write them as float16 safetensors.

The learning rate follows the share of the time budget spent, so a slow machine ends with the same schedule.
"""

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from bench.distill_losses import Batch, read_batch, read_reference, whole_loss
from bench.distill_start import initialize_from_export, initialize_from_teacher
from bench.distill_state import open_state, train
from bench.distill_stem import BATCH_ROWS, StemTask, set_training, stem_parameters
from bench.distill_teacher import (
    NUM_HELDOUT_ROWS,
    TeacherCache,
    draw_photos,
    fill_cache,
    load_teacher,
    open_cache,
    rarity_weights,
    to_input,
    without_norms,
)
from bench.distill_views import NUM_VIEWS, make_view
from worker.ml.bundled import BUNDLED_WEIGHTS_PATH, BundledNet, fold_norms, save_bundled

STEM_PEAK_RATE = 1e-3
WHOLE_PEAK_RATE = 2.5e-4
NUM_CALIBRATION_BATCHES = 24
NUM_DRAWN = 400_000


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


def read_rarity(folder: Path, teacher: nn.Sequential, photos: list[Path]) -> npt.NDArray[np.float64]:
    """How rare each photograph is: computed once and kept in the folder."""
    path = folder / "rarity.npy"
    if not path.exists():
        np.save(path, rarity_weights(teacher, photos))
    weights: npt.NDArray[np.float64] = np.load(path)
    return weights


def start_net(
    teacher: nn.Sequential, photos: list[Path], *, init_from: Path | None, side_px: int
) -> BundledNet:
    """With batch norms: from exported weights, whose function it keeps, or with the teacher's where shapes allow."""
    net = BundledNet(with_norm=True)
    if init_from is None:
        initialize_from_teacher(net, teacher)
    else:
        rng = np.random.default_rng(0)
        chosen = rng.choice(len(photos), NUM_CALIBRATION_BATCHES * BATCH_ROWS)
        views = (
            [
                make_view(photos[i], photos, view=k % NUM_VIEWS, side_px=side_px, rng=rng)
                for k, i in enumerate(part)
            ]
            for part in np.split(chosen, NUM_CALIBRATION_BATCHES)
        )
        initialize_from_export(net, init_from, (to_input(np.stack(batch)) for batch in views))
    return net.to(memory_format=torch.channels_last)


def compute_teacher(
    cache: TeacherCache, teacher: nn.Sequential, photos: list[Path], *, side_px: int, seed: int, bf16: bool
) -> None:
    """Fill the cache."""
    drawn = draw_photos(read_rarity(cache.folder, teacher, photos), num_rows=cache.num_rows, seed=seed)
    for num_done in fill_cache(cache, teacher, photos, drawn=drawn, side_px=side_px, seed=seed, bf16=bf16):
        print(f"{num_done} of {cache.num_rows}", flush=True)


def train_stem(options: argparse.Namespace, teacher: nn.Sequential, photos: list[Path]) -> None:
    checkpoint = options.work / "stem.pt"
    weights = read_rarity(options.work, teacher, photos)
    task = StemTask(
        without_norms(teacher),
        photos,
        draw_photos(weights, num_rows=NUM_DRAWN, seed=options.seed),
        side_px=options.side,
        seed=options.seed,
        bf16=options.bf16,
    )
    net = start_net(teacher, photos, init_from=options.init_from, side_px=options.side)
    state = open_state(
        net, stem_parameters(net), peak_rate=options.peak_rate or STEM_PEAK_RATE, checkpoint=checkpoint
    )
    print(f"held out at {state.num_steps} steps: {task.report(state.average)}", flush=True)
    task.skip_to(state.num_steps)
    set_training(state.net)
    train(
        state,
        lambda: task.next_loss(state.net),
        budget_s=options.minutes * 60,
        checkpoint=checkpoint,
        report=task.report,
    )
    facts = {"stem_steps": state.num_steps}
    save_bundled(fold_norms(state.average), _stem_file(options), metadata={"training": json.dumps(facts)})


def train_whole(
    options: argparse.Namespace, teacher: nn.Sequential, classifier: nn.Linear, photos: list[Path]
) -> None:
    """Norms keep their statistics: no batch is large enough for better ones."""
    cache = open_cache(options.work, num_rows=options.rows, side_px=options.side)
    checkpoint = options.work / "checkpoint.pt"
    init_from = options.init_from or _stem_file(options)
    net = start_net(teacher, photos, init_from=init_from, side_px=options.side).eval()
    state = open_state(
        net, net.parameters(), peak_rate=options.peak_rate or WHOLE_PEAK_RATE, checkpoint=checkpoint
    )
    print(f"held out at {state.num_steps} steps: {heldout_report(state.average, cache)}", flush=True)
    if options.step == "train":
        reference = read_reference(cache, classifier)
        batches = iterate_batches(cache, options.seed + state.num_steps)

        def next_loss() -> tuple[torch.Tensor, str]:
            loss, cosine = whole_loss(state.net, next(batches), reference)
            return loss, f"cosine {cosine:.4f}"

        train(
            state,
            next_loss,
            budget_s=options.minutes * 60,
            checkpoint=checkpoint,
            report=lambda average: heldout_report(average, cache),
        )
        return
    facts = {"num_steps": state.num_steps, "batch_rows": BATCH_ROWS, "num_photos": len(photos)}
    save_bundled(fold_norms(state.average), options.out, metadata={"training": json.dumps(facts)})


def _stem_file(options: argparse.Namespace) -> Path:
    path: Path = options.work / "stem.safetensors"
    return path


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["stem", "teacher", "train", "export"])
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs, any depth")
    parser.add_argument("--weights", type=Path, required=True, help="the teacher: mobilenet_v2_imagenet.pth")
    parser.add_argument("--work", type=Path, required=True, help="folder for the cache and the checkpoints")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="time budget of `stem` or `train`, all its runs together"
    )
    parser.add_argument("--init-from", type=Path, help="exported weights to train on from")
    parser.add_argument(
        "--peak-rate",
        type=float,
        help=f"learning rate; {STEM_PEAK_RATE} for the stem, {WHOLE_PEAK_RATE} after",
    )
    parser.add_argument(
        "--bf16",
        action="store_true",
        help="the teacher, and the training of the stem, in bfloat16: twice as fast where supported",
    )
    parser.add_argument("--rows", type=int, default=38_000, help="views in the cache, 215 kB each at 224 px")
    parser.add_argument("--side", type=int, default=224, help="of the views, in px: a multiple of 32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=BUNDLED_WEIGHTS_PATH)
    return parser.parse_args()


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    photos = sorted(
        path for path in options.photos.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"}
    )
    teacher, classifier = load_teacher(options.weights)
    if options.step == "stem":
        train_stem(options, teacher, photos)
    elif options.step == "teacher":
        cache = open_cache(options.work, num_rows=options.rows, side_px=options.side)
        compute_teacher(cache, teacher, photos, side_px=options.side, seed=options.seed, bf16=options.bf16)
    else:
        train_whole(options, teacher, classifier, photos)


if __name__ == "__main__":
    main()

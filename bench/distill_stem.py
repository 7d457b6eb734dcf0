"""The first step of `distill_backbone.py`: the stem and the first block, alone, on views that are never seen twice.

The teacher's first seven blocks cost a third of it, so its outputs are computed as views come, not kept.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from bench.distill_teacher import NUM_HELDOUT_ROWS, to_input
from bench.distill_views import NUM_VIEWS, make_view
from worker.ml.bundled import BundledNet

BATCH_ROWS = 32
NUM_TEACHER_BLOCKS = 7
_NUM_AHEAD = 4 * BATCH_ROWS


def stem_parameters(net: BundledNet) -> list[nn.Parameter]:
    return [*net.get_submodule("stem").parameters(), *net.get_submodule("blocks.block5").parameters()]


def set_training(net: BundledNet) -> None:
    """Norms of the stem by their batches, those that stay as they are by their statistics."""
    net.eval()
    net.get_submodule("stem").train()
    net.get_submodule("blocks.block5").train()


def stem_output(net: BundledNet, images: torch.Tensor) -> torch.Tensor:
    """(n, 3, S, S) -> (n, 32, S/8, S/8): what stands for the teacher's first seven blocks."""
    y: torch.Tensor = net.get_submodule("blocks.block5")(net.get_submodule("stem")(images))
    return y


class StemTask:
    """Batches of fresh views, and how far the stem is from the teacher on them.

    Args:
        teacher: `mobilenet_v2().features` without norms.
        drawn: photographs of the held-out views, then of training, again from its start when it is at its end.
    """

    def __init__(
        self,
        teacher: nn.Sequential,
        photos: Sequence[Path],
        drawn: npt.NDArray[np.int64],
        *,
        side_px: int,
        seed: int,
        bf16: bool,
    ) -> None:
        self._blocks = teacher[:NUM_TEACHER_BLOCKS]
        self._photos = photos
        self._drawn = drawn
        heldout = set(drawn[:NUM_HELDOUT_ROWS].tolist())
        self._companions = [photo for i, photo in enumerate(photos) if i not in heldout]
        self._side_px, self._seed, self._bf16 = side_px, seed, bf16
        self._heldout = [self._view(row) for row in range(NUM_HELDOUT_ROWS)]
        self._spread = self.targets(to_input(np.stack(self._heldout))).std((0, 2, 3)).clamp_min(0.02)
        self.batches = self._iterate()

    def skip_to(self, num_steps: int) -> None:
        """Go on where a training of so many steps was stopped: its views do not come again."""
        self.batches = self._iterate(NUM_HELDOUT_ROWS + num_steps * BATCH_ROWS)

    def next_loss(self, net: BundledNet) -> tuple[torch.Tensor, str]:
        images = to_input(next(self.batches))
        target = self.targets(images)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
            output = stem_output(net, images)
        return self._error(output.float(), target).mean(), ""

    @torch.inference_mode()
    def report(self, net: BundledNet) -> str:
        """Share of the variance of the teacher's channels, each weighing the same, that the stem explains."""
        errors = []
        for start in range(0, len(self._heldout), BATCH_ROWS):
            images = to_input(np.stack(self._heldout[start : start + BATCH_ROWS]))
            errors.append(self._error(stem_output(net.eval(), images), self.targets(images)).mean())
        return f"variance explained {1 - float(torch.stack(errors).mean()):.4f}"

    @torch.no_grad()
    def targets(self, images: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
            parts = [self._blocks(part).float() for part in torch.split(images, BATCH_ROWS)]
        return torch.cat(parts)

    def _error(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return ((output - target) / self._spread[None, :, None, None]).square()

    def _view(self, row: int) -> npt.NDArray[np.uint8]:
        photo = self._drawn[wrapped_row(row, len(self._drawn))]
        rng = np.random.default_rng((self._seed, row))
        return make_view(
            self._photos[photo], self._companions, view=row % NUM_VIEWS, side_px=self._side_px, rng=rng
        )

    def _iterate(self, row: int = NUM_HELDOUT_ROWS) -> Iterator[npt.NDArray[np.uint8]]:
        with ThreadPoolExecutor(2) as pool:
            ahead: deque[Future[npt.NDArray[np.uint8]]] = deque()
            while True:
                while len(ahead) < _NUM_AHEAD:
                    ahead.append(pool.submit(self._view, row))
                    row += 1
                yield np.stack([ahead.popleft().result() for _ in range(BATCH_ROWS)])


def wrapped_row(row: int, num_rows: int) -> int:
    """Rows behind the last begin again with the first of training."""
    if row < num_rows:
        return row
    return NUM_HELDOUT_ROWS + (row - NUM_HELDOUT_ROWS) % (num_rows - NUM_HELDOUT_ROWS)

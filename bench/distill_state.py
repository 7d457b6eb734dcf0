"""What a training of `distill_backbone.py` goes on from: network, average, optimizer, time spent; and its schedule."""

import copy
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from worker.ml.bundled import BundledNet

AVERAGING = 0.998
WARMUP_STEPS = 50
WEIGHT_DECAY = 1e-4
MAX_GRADIENT = 5.0
CHECKPOINT_EVERY_S = 300
LOG_EVERY_STEPS = 50


@dataclass
class State:
    """All that a checkpoint holds, and the rate at the height of the schedule."""

    net: BundledNet
    average: BundledNet
    optimizer: torch.optim.Optimizer
    peak_rate: float
    spent_s: float = 0.0
    num_steps: int = 0

    def save(self, path: Path) -> None:
        """Write beside, then rename."""
        beside = path.with_suffix(".partial")
        torch.save(
            {
                "net": self.net.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "spent_s": self.spent_s,
                "num_steps": self.num_steps,
            },
            beside,
        )
        beside.replace(path)

    def load(self, path: Path) -> None:
        stored = torch.load(path, weights_only=True)
        self.net.load_state_dict(stored["net"])
        self.average.load_state_dict(stored["average"])
        self.optimizer.load_state_dict(stored["optimizer"])
        self.spent_s, self.num_steps = stored["spent_s"], stored["num_steps"]


def open_state(
    net: BundledNet, trained: Iterable[nn.Parameter], *, peak_rate: float, checkpoint: Path
) -> State:
    """The checkpoint's state if there is one, else a new one of `net`; only `trained` are ever changed."""
    optimizer = torch.optim.AdamW(trained, lr=peak_rate, weight_decay=WEIGHT_DECAY)
    state = State(net, copy.deepcopy(net).eval(), optimizer, peak_rate)
    if checkpoint.exists():
        state.load(checkpoint)
    return state


def learning_rate(state: State, *, spent_share: float) -> float:
    """Warm-up, then half a cosine down to 1 % over the time budget: a slow machine ends with the same schedule."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, spent_share)))
    return state.peak_rate * max(0.01, cosine) * min(1.0, (state.num_steps + 1) / WARMUP_STEPS)


def train(
    state: State,
    next_loss: Callable[[], tuple[torch.Tensor, str]],
    *,
    budget_s: float,
    checkpoint: Path,
    report: Callable[[BundledNet], str],
) -> None:
    """Steps until the budget is spent, with a checkpoint and a report on the averaged weights every five minutes.

    Args:
        next_loss: the loss of the next batch, and its parts in words.
    """
    last = saved = time.monotonic()
    while state.spent_s < budget_s:
        share = state.spent_s / budget_s
        for group in state.optimizer.param_groups:
            group["lr"] = learning_rate(state, spent_share=share)
        log = _step(state, next_loss)
        now = time.monotonic()
        state.spent_s, last = state.spent_s + now - last, now
        if state.num_steps % LOG_EVERY_STEPS == 0:
            print(f"step {state.num_steps} share {share:.3f} {log}", flush=True)
        if now - saved > CHECKPOINT_EVERY_S or state.spent_s >= budget_s:
            state.save(checkpoint)
            print(f"held out: {report(state.average)}", flush=True)
            saved = last = time.monotonic()


def _step(state: State, next_loss: Callable[[], tuple[torch.Tensor, str]]) -> str:
    loss, log = next_loss()
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.net.parameters(), MAX_GRADIENT)
    state.optimizer.step()
    state.num_steps += 1
    update_average(state)
    return f"loss {float(loss.detach()):.4f} {log}"


@torch.no_grad()
def update_average(state: State) -> None:
    """Exponential average of weights and statistics, over fewer steps at the start."""
    decay = min(AVERAGING, state.num_steps / (state.num_steps + 10))
    for mean, value in zip(state.average.state_dict().values(), state.net.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1 - decay)

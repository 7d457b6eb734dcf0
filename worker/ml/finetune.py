"""Finetune a backbone on class labels: a 1x1 convolution behind it, its last stage, or the whole network.

Steps: copy the network; cut it where its maps shrink for the last time, or before the new convolution; run the front
    part once and keep its output (`part="last_stage"` and `"conv"`), or train from images (`part="whole"`); one-cycle
    AdamW with smaller rates for earlier parts; keep the epoch with the least held-out loss. Features must be extracted
    anew afterwards.
"""

import copy
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import nn

from worker.ml.adl import AttentionDropout
from worker.ml.backbones import Backbone
from worker.ml.errors import InvalidArray, NotEnoughLabels, OutOfMemory
from worker.ml.features import pool_maps
from worker.ml.head import train_head
from worker.ml.tuned import add_mix
from worker.ml.types import BoolArray, FloatArray, IntArray, Progress, ProgressFn, UInt8Array, ignore_progress

Place = Literal["input", "first", "last"]
_PROBE_PX = 224
_FORWARD_BATCH = 16


@dataclass(frozen=True)
class ADLSettings:
    """Attention dropout while training.

    `places` of the last stage: its input, after its first and last block.
    """

    drop_rate: float = 0.75
    gamma: float = 0.9
    places: tuple[Place, ...] = ("first", "last")


@dataclass(frozen=True)
class FinetuneSettings:
    """The recipe.

    `learning_rate`: the one-cycle peak of the last stage and of the head, which starts trained; the front's
    (only with `part="whole"`) is `rate_step` times smaller. `patience`: epochs without a lower held-out
    loss before it stops.
    """

    part: Literal["conv", "last_stage", "whole"] = "last_stage"
    num_epochs: int = 12
    batch_size: int = 32
    learning_rate: float = 2e-4
    rate_step: float = 10.0
    weight_decay: float = 0.01
    patience: int = 4
    adl: ADLSettings | None = None
    seed: int = 0


@dataclass(frozen=True)
class EpochRecord:
    """Mean training loss, and loss and accuracy on the held-out labels (None without any)."""

    train_loss: float
    heldout_loss: float | None
    heldout_accuracy: float | None


@dataclass(frozen=True)
class Finetuned:
    """The trained copy, its gauge-fixed head (K, C) and (K,), and the epochs.

    `best_epoch` is the one kept.
    """

    backbone: Backbone
    weight: FloatArray
    bias: FloatArray
    best_epoch: int
    history: tuple[EpochRecord, ...] = field(repr=False)


def finetune(
    backbone: Backbone,
    images: UInt8Array,
    class_index: IntArray,
    *,
    num_classes: int,
    heldout: BoolArray,
    settings: FinetuneSettings | None = None,
    on_progress: ProgressFn = ignore_progress,
) -> Finetuned:
    """Train a copy of `backbone`, which itself is not changed.

    Statistics of batch normalization stay frozen: batches of a few images of a small set would spoil them.
    Classes count equally. Augmentation: mirroring, of the cached maps or the images.

    Args:
        backbone: the network to start from.
        images: (n, S, S, 3) uint8, the labelled images.
        class_index: (n,) in 0..num_classes-1.
        num_classes: K, at least 2, each with a label that is not held out.
        heldout: (n,) labels that are not trained on; they choose the epoch. Without any the last epoch is
            kept.
        settings: the recipe.
        on_progress: stage "finetune", in batches.

    Returns:
        The trained network and head.

    Raises:
        NotEnoughLabels: fewer than two classes, or a class without a training label.
        InvalidArray: shapes that do not agree, or settings out of range.
        OutOfMemory: if a batch does not fit on the device.
    """
    settings = settings or FinetuneSettings()
    _check(images, class_index, heldout=heldout, settings=settings)
    start = train_head(
        pool_maps(_maps(backbone, images)), class_index, num_classes=num_classes, heldout=heldout
    )
    trained = copy.deepcopy(backbone)
    if settings.part == "conv":
        add_mix(trained)
    try:
        trainer = _Trainer(
            trained, images, class_index, heldout=heldout, settings=settings, on_progress=on_progress
        )
        trainer.set_head(start.weight, start.bias)
        history, best_epoch = trainer.run()
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(
            f"batches of {settings.batch_size} do not fit on {backbone.device}; use fewer"
        ) from error
    trained.trunk.eval().requires_grad_(False)
    weight, bias = trainer.head()
    return Finetuned(trained, weight=weight, bias=bias, best_epoch=best_epoch, history=tuple(history))


def split_last_stage(trunk: nn.Module) -> tuple[list[nn.Module], list[nn.Module]]:
    """Cut a network before the last block that shrinks its maps: the blocks in front, and the last stage's.

    The blocks run in sequence and are the network's own, not copies.

    Raises:
        InvalidArray: if no block shrinks the maps, so there is no stage to cut.
    """
    blocks = [block for child in trunk.children() for block in _blocks(child)]
    parameter = next(trunk.parameters())
    maps = torch.zeros(1, 3, _PROBE_PX, _PROBE_PX, device=parameter.device)
    cut = None
    with torch.no_grad():
        for place, block in enumerate(blocks):
            side = maps.shape[-1]
            maps = block(maps)
            if place and maps.shape[-1] < side:
                cut = place
    if cut is None:
        raise InvalidArray("no block of the network shrinks its maps")
    return blocks[:cut], blocks[cut:]


def _blocks(module: nn.Module) -> list[nn.Module]:
    """Unfold plain sequences; a subclass of a sequence is a block of its own."""
    if type(module) is not nn.Sequential:
        return [module]
    return [block for child in module for block in _blocks(child)]


class _Trainer:
    """The life of one training: parameters, cached inputs, optimiser, the best state so far."""

    def __init__(
        self,
        backbone: Backbone,
        images: UInt8Array,
        class_index: IntArray,
        *,
        heldout: BoolArray,
        settings: FinetuneSettings,
        on_progress: ProgressFn,
    ) -> None:
        self._on_progress = on_progress
        self._backbone = backbone
        self._settings = settings
        self._images = images
        self._generator = torch.Generator().manual_seed(settings.seed)
        if settings.part == "conv":
            *front, mix = backbone.trunk.children()
            last = [mix]
        else:
            front, last = split_last_stage(backbone.trunk)
        self._front, self._blocks = nn.Sequential(*front), last
        self._last = nn.Sequential(*self._with_adl(last))
        self._class_index = torch.from_numpy(class_index.astype(np.int64)).to(backbone.device)
        self._train_rows = torch.from_numpy(np.flatnonzero(~heldout))
        self._heldout_rows = torch.from_numpy(np.flatnonzero(heldout))
        counts = np.bincount(class_index[~heldout])
        balance = counts.sum() / (len(counts) * np.maximum(counts, 1))
        self._balance = torch.from_numpy(balance.astype(np.float32)).to(backbone.device)
        self._cached = None if settings.part == "whole" else self._front_maps()

    def set_head(self, weight: FloatArray, bias: FloatArray) -> None:
        """Start from a head (K, C), (K,) trained on the maps as they are."""
        self._head = nn.Linear(weight.shape[1], weight.shape[0]).to(self._backbone.device)
        with torch.no_grad():
            self._head.weight.copy_(torch.from_numpy(weight))
            self._head.bias.copy_(torch.from_numpy(bias))

    def head(self) -> tuple[FloatArray, FloatArray]:
        """The head with the mean over classes subtracted, which class activation maps need."""
        weight = self._head.weight.detach().cpu().numpy()
        bias = self._head.bias.detach().cpu().numpy()
        return weight - weight.mean(axis=0), bias - bias.mean()

    def run(self) -> tuple[list[EpochRecord], int]:
        """Train, and go back to the best epoch; epochs count from 0."""
        optimizer, schedule = self._optimizer()
        history: list[EpochRecord] = []
        best_epoch, best_loss, best_state = 0, float("inf"), self._state()
        for epoch in range(self._settings.num_epochs):
            history.append(self._epoch(epoch, optimizer, schedule))
            loss = history[-1].heldout_loss
            if loss is None or loss < best_loss:
                best_epoch, best_state = epoch, self._state()
                best_loss = best_loss if loss is None else loss
            elif epoch - best_epoch >= self._settings.patience:
                break
        self._restore(best_state)
        self._on_progress(Progress("finetune", self._num_batches, self._num_batches))
        return history, best_epoch

    def _with_adl(self, blocks: list[nn.Module]) -> list[nn.Module]:
        adl = self._settings.adl
        if adl is None:
            return list(blocks)
        # The network's closing ReLU has no parameters and belongs to its last block.
        last = max(place for place, block in enumerate(blocks) if any(True for _ in block.parameters()))
        after = {"input": -1, "first": 0, "last": last}
        wanted = {after[place] for place in adl.places}
        layers: list[nn.Module] = [self._dropout(adl)] if -1 in wanted else []
        for place, block in enumerate(blocks):
            layers.append(block)
            if place in wanted:
                layers.append(self._dropout(adl))
        return layers

    def _dropout(self, adl: ADLSettings) -> AttentionDropout:
        return AttentionDropout(drop_rate=adl.drop_rate, gamma=adl.gamma, generator=self._generator)

    def _front_maps(self) -> torch.Tensor:
        """Output of the front for all images, kept in half precision on the CPU."""
        self._front.eval()
        with torch.no_grad():
            parts = []
            for i in range(0, len(self._images), _FORWARD_BATCH):
                self._on_progress(Progress("finetune", 0, self._num_batches))  # a chance to cancel
                batch = self._backbone.prepare(self._images[i : i + _FORWARD_BATCH])
                parts.append(self._front(batch).half().cpu())
        return torch.cat(parts)

    def _optimizer(self) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        settings = self._settings
        rate, step = settings.learning_rate, settings.rate_step
        groups = [
            {"params": list(self._last.parameters()), "lr": rate},
            {"params": list(self._head.parameters()), "lr": rate},
        ]
        if settings.part == "whole":
            groups.append({"params": list(self._front.parameters()), "lr": rate / step})
        for group in groups:
            for parameter in group["params"]:  # type: ignore[attr-defined]
                parameter.requires_grad_(True)
        optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=[float(group["lr"]) for group in optimizer.param_groups],
            total_steps=self._num_batches,
        )
        return optimizer, schedule

    @property
    def _num_batches(self) -> int:
        """Of all epochs."""
        return self._settings.num_epochs * self._batches_per_epoch

    @property
    def _batches_per_epoch(self) -> int:
        return -(-len(self._train_rows) // self._settings.batch_size)

    def _epoch(
        self, epoch: int, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LRScheduler
    ) -> EpochRecord:
        self._set_training()
        order = self._train_rows[torch.randperm(len(self._train_rows), generator=self._generator)]
        total = 0.0
        for batch, rows in enumerate(torch.split(order, self._settings.batch_size)):
            self._on_progress(
                Progress("finetune", epoch * self._batches_per_epoch + batch, self._num_batches)
            )
            loss = nn.functional.cross_entropy(
                self._scores(rows, mirror=True), self._class_index[rows], weight=self._balance
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        heldout_loss, accuracy = self._measure()
        return EpochRecord(total / len(order), heldout_loss, accuracy)

    def _set_training(self) -> None:
        for part in (self._front, self._last):
            part.eval()
        for module in self._last.modules():
            # Everything but batch normalization's running statistics trains.
            if not isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.training = True

    def _measure(self) -> tuple[float | None, float | None]:
        if not len(self._heldout_rows):
            return None, None
        self._last.eval()
        with torch.no_grad():
            scores = torch.cat(
                [self._scores(rows, mirror=False) for rows in torch.split(self._heldout_rows, _FORWARD_BATCH)]
            )
        truth = self._class_index[self._heldout_rows]
        loss = nn.functional.cross_entropy(scores, truth)
        return float(loss), float((scores.argmax(dim=1) == truth).float().mean())

    def _scores(self, rows: torch.Tensor, *, mirror: bool) -> torch.Tensor:
        if self._cached is None:
            maps = self._backbone.prepare(self._images[rows.numpy()])
        else:
            maps = self._cached[rows].float().to(self._backbone.device)
        if mirror:
            is_mirrored = torch.rand(len(rows), generator=self._generator) < 0.5
            maps = torch.where(is_mirrored.to(maps.device)[:, None, None, None], maps.flip(3), maps)
        if self._cached is None:
            maps = self._front(maps)
        scores: torch.Tensor = self._head(self._last(maps).mean(dim=(2, 3)))
        return scores

    def _state(self) -> list[dict[str, torch.Tensor]]:
        return [
            {key: value.clone() for key, value in part.state_dict().items()}
            for part in (self._front, self._last, self._head)
        ]

    def _restore(self, state: list[dict[str, torch.Tensor]]) -> None:
        for part, values in zip((self._front, self._last, self._head), state, strict=True):
            part.load_state_dict(values)


def _maps(backbone: Backbone, images: UInt8Array) -> FloatArray:
    parts = [backbone.maps(images[i : i + _FORWARD_BATCH]) for i in range(0, len(images), _FORWARD_BATCH)]
    return np.concatenate(parts)


def _check(
    images: UInt8Array, class_index: IntArray, *, heldout: BoolArray, settings: FinetuneSettings
) -> None:
    if len(images) == 0 or class_index.shape != (len(images),) or heldout.shape != (len(images),):
        raise NotEnoughLabels(
            f"need labelled images; got {len(images)}, {class_index.shape}, {heldout.shape}"
        )
    positive = (
        settings.num_epochs,
        settings.batch_size,
        settings.learning_rate,
        settings.rate_step,
        settings.patience,
    )
    if min(positive) <= 0 or settings.weight_decay < 0:
        raise InvalidArray(f"settings must be positive; got {settings}")

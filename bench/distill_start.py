"""Starts of `distill_backbone.py`'s training: from the teacher's weights, or on from weights exported before."""

from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from worker.ml.bundled import BundledNet, ConvUnit

ADDED_UNITS = "stem.refine."
NEW_UNIT_GAIN = 0.1


def initialize_from_teacher(net: BundledNet, teacher: nn.Sequential) -> None:
    """Copy the teacher's weights into every block of the same name, and into the last layer."""
    for name, block in net.get_submodule("blocks").named_children():
        _copy_units(block, teacher[int(name.removeprefix("block"))])
    _copy_units(net.get_submodule("last"), teacher[18])


def initialize_from_export(net: BundledNet, exported: Path, batches: Iterable[torch.Tensor]) -> None:
    """Take up exported weights again: give their convolutions batch norms that leave the function as it is.

    Units that the file lacks start with random filters and little weight.

    Args:
        net: with batch norms; changed in place.
        exported: safetensors of a folded network of this shape, perhaps without the stem's `refine`.
        batches: inputs (n, 3, S, S) to measure the norms' statistics on.
    """
    plain = BundledNet(with_norm=False)
    weights = {key: value.float() for key, value in load_file(exported).items()}
    for name, unit in _units(plain):
        if name.startswith(ADDED_UNITS) and f"{name}.conv.weight" not in weights:
            assert unit.conv.bias is not None
            weights[f"{name}.conv.weight"] = unit.conv.weight.detach() * NEW_UNIT_GAIN
            weights[f"{name}.conv.bias"] = torch.zeros_like(unit.conv.bias)
    plain.load_state_dict(weights)
    statistics = _measure_outputs(plain.eval(), batches)
    for name, unit in _units(net):
        _unfold(unit, plain.get_submodule(name), *statistics[name])


def _copy_units(target: nn.Module, source: nn.Module) -> None:
    """Both hold the same convolutions and batch norms in the same order."""
    kinds = (nn.Conv2d, nn.BatchNorm2d)
    sources = [module for module in source.modules() if isinstance(module, kinds)]
    targets = [module for module in target.modules() if isinstance(module, kinds)]
    for mine, theirs in zip(targets, sources, strict=True):
        mine.load_state_dict(theirs.state_dict())


def _units(net: nn.Module) -> list[tuple[str, ConvUnit]]:
    return [(name, module) for name, module in net.named_modules() if isinstance(module, ConvUnit)]


@torch.no_grad()
def _measure_outputs(
    plain: BundledNet, batches: Iterable[torch.Tensor]
) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Mean and variance per channel of every convolution's output, its bias included."""
    sums: dict[str, list[torch.Tensor]] = {}

    def record(name: str, output: torch.Tensor) -> None:
        found = [output.mean((0, 2, 3)), output.square().mean((0, 2, 3)), torch.ones(())]
        sums[name] = [a + b for a, b in zip(sums[name], found, strict=True)] if name in sums else found

    hooks = [
        unit.conv.register_forward_hook(lambda _, __, output, name=name: record(name, output))
        for name, unit in _units(plain)
    ]
    try:
        for batch in batches:
            plain(batch)
    finally:
        for hook in hooks:
            hook.remove()
    return {
        name: (total / count, (square / count - (total / count).square()).clamp_min(0))
        for name, (total, square, count) in sums.items()
    }


@torch.no_grad()
def _unfold(unit: ConvUnit, plain: nn.Module, mean: torch.Tensor, variance: torch.Tensor) -> None:
    """The same function as `plain`, its filters scaled to the size of fresh ones so that one rate suits them all."""
    assert isinstance(plain, ConvUnit)
    assert isinstance(unit.norm, nn.BatchNorm2d)
    weight, bias = plain.conv.weight, plain.conv.bias
    assert bias is not None
    assert unit.norm.running_mean is not None
    assert unit.norm.running_var is not None
    fan_in = weight[0].numel()
    size = weight.square().mean((1, 2, 3)).sqrt().clamp_min(1e-6)
    scale = (2 / fan_in) ** 0.5 / size
    unit.conv.weight.copy_(weight * scale[:, None, None, None])
    unit.norm.running_mean.copy_((mean - bias) * scale)
    unit.norm.running_var.copy_(variance * scale.square())
    unit.norm.weight.copy_((variance * scale.square() + unit.norm.eps).sqrt() / scale)
    unit.norm.bias.copy_(mean)

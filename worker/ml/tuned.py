"""Networks that a project has trained for itself: a convolution added behind a backbone, and their weights on disk.

Weights are a state dict of the whole trunk, without the classifier, written beside and renamed. A trunk with the added
convolution has it under the name `mix`.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import nn

from worker.ml.backbones import Backbone
from worker.ml.errors import CheckpointIncompatible

MIX_NAME = "mix"


class PointwiseMix(nn.Module):
    """Maps (n, C, h, w) -> ReLU(maps + W maps + b), (n, C, h, w): a 1x1 convolution that starts as the identity.

    The maps of a backbone are >= 0, so it changes nothing until it is trained; weight decay draws it back there.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size=1)
        nn.init.zeros_(self.conv.weight)
        if self.conv.bias is not None:
            nn.init.zeros_(self.conv.bias)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Mix the channels of every place."""
        return nn.functional.relu(maps + self.conv(maps))


def add_mix(backbone: Backbone) -> PointwiseMix:
    """Put a `PointwiseMix` behind a backbone's last maps, in place."""
    mix = PointwiseMix(backbone.spec.channels).to(backbone.device).eval().requires_grad_(False)
    backbone.trunk.add_module(MIX_NAME, mix)
    return mix


def save_tuned(path: Path, backbone: Backbone, *, metadata: Mapping[str, str] | None = None) -> None:
    """Write a backbone's weights in one step for readers; `metadata` goes into the file's header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    state = {key: value.detach().cpu().contiguous() for key, value in backbone.trunk.state_dict().items()}
    try:
        safetensors.torch.save_file(state, beside, metadata=dict(metadata or {}))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_tuned_metadata(path: Path) -> dict[str, str]:
    """What `save_tuned` was told to write into the header; the weights are not read.

    Raises:
        CheckpointIncompatible: no such file, or damaged.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except (OSError, safetensors.SafetensorError) as error:
        raise _unreadable(path, error) from error


def load_tuned(path: Path, backbone: Backbone) -> None:
    """Fill a backbone, as it comes from `load_backbone`, with what `save_tuned` wrote; in place.

    Raises:
        CheckpointIncompatible: no such file, damaged, or of another network.
    """
    try:
        state = safetensors.torch.load_file(path)
    except (OSError, safetensors.SafetensorError) as error:
        raise _unreadable(path, error) from error
    if any(key.startswith(f"{MIX_NAME}.") for key in state):
        add_mix(backbone)
    try:
        backbone.trunk.load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointIncompatible(
            f"the tuned network {path.name} does not fit {backbone.spec.name}: {error}"
        ) from error


def _unreadable(path: Path, error: Exception) -> CheckpointIncompatible:
    return CheckpointIncompatible(f"the tuned network {path.name} cannot be read: {error}")

"""Which inner stages of each backbone the `labeler` method takes its border contrast from, and the taking.

The last few widest stages of stride 16: fine enough for extents, late enough to tell materials apart. The contrast
falls out of the forward pass that gives the maps.
"""

from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from worker.ml.errors import UnknownMethod
from worker.ml.saliency import labeler
from worker.ml.types import FloatArray, UInt8Array

CONTRAST_STAGES: dict[str, tuple[str, ...]] = {
    "bundled": tuple(f"blocks.{name}.expand" for name in ("block11", "block12", "block14")),
    "mobilenet_v2": tuple(f"features.{block}.conv.0" for block in (12, 13, 14)),
    "squeezenet1_0": ("features.10", "features.12"),
    "resnet18": ("layer3.0", "layer3.1"),
    "resnet34": ("layer3.3", "layer3.4", "layer3.5"),
    "resnet50": ("layer3.3", "layer3.4", "layer3.5"),
    "efficientnet_b0": ("features.5.1.block.0", "features.5.2.block.0", "features.6.0.block.0"),
    "convnext_tiny": ("features.5.6", "features.5.7", "features.5.8"),
}
"""Module names in a backbone's trunk. Measured: bundled, mobilenet_v2 and squeezenet1_0 (`docs/crops.md`)."""


class TappedBackbone(Protocol):
    """What the contrast needs of a backbone."""

    @property
    def trunk(self) -> nn.Module:
        """The network."""

    def maps(self, images: UInt8Array) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, h, w, C) >= 0."""


def contrast_stages(backbone_name: str) -> tuple[str, ...]:
    """Names of the stages of a backbone.

    Raises:
        UnknownMethod: for a backbone that has none here.
    """
    if backbone_name not in CONTRAST_STAGES:
        raise UnknownMethod(
            f"no contrast stages for backbone {backbone_name!r}; known: {', '.join(CONTRAST_STAGES)}"
        )
    return CONTRAST_STAGES[backbone_name]


def maps_and_contrast(
    backbone: TappedBackbone, images: UInt8Array, *, stages: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Feature maps and border contrast from one forward pass. Not for two threads at once on one backbone.

    Args:
        backbone: gives the maps; its hooks are as before when this returns or raises.
        images: (n, S, S, 3) uint8.
        stages: names of modules of the trunk; negative values of their outputs count as zero.

    Returns:
        Maps (n, h, w, C) of the last stage, and contrast (n, GRID, GRID) for `labeler.compute`.
    """
    contrasts: list[FloatArray] = []

    def take(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        stage_maps = output.detach().clamp_min(0).permute(0, 2, 3, 1).float().cpu().numpy()
        contrasts.append(labeler.contrast_maps(np.ascontiguousarray(stage_maps)))

    hooks = [backbone.trunk.get_submodule(name).register_forward_hook(take) for name in stages]
    try:
        maps = backbone.maps(images)
    finally:
        for hook in hooks:
            hook.remove()
    return maps, labeler.combine_contrasts(contrasts)

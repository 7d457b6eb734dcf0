"""The network of the backbone that ships with the project, and the writing of its weights.

A dense stem replaces the first, memory-bound half of a MobileNetV2; of the rest, ten inverted residuals are kept and
three left out. Input (n, 3, S, S) in [-1, 1], S a multiple of 32; output maps (n, 1280, S/32, S/32) in [0, 6].
Trained by `bench/distill_backbone.py`, described in `docs/backbones.md`.

Source: Sandler et al. 2018, arXiv:1801.04381.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_weights

NUM_CHANNELS = 1280
BUNDLED_WEIGHTS_PATH = Path(__file__).with_name("bundled_backbone.safetensors")


@dataclass(frozen=True)
class BlockShape:
    """One inverted residual: channels in and out, width of its depthwise layer, stride."""

    name: str
    num_in: int
    num_out: int
    num_expanded: int
    stride: int


# The number in a name is the position in torchvision's `mobilenet_v2().features` that the block is initialized from.
BLOCKS = (
    BlockShape("block5", 32, 32, 192, 1),
    BlockShape("block7", 32, 64, 192, 2),
    BlockShape("block8", 64, 64, 384, 1),
    BlockShape("block10", 64, 64, 384, 1),
    BlockShape("block11", 64, 96, 384, 1),
    BlockShape("block12", 96, 96, 576, 1),
    BlockShape("block14", 96, 160, 576, 2),
    BlockShape("block15", 160, 160, 960, 1),
    BlockShape("block16", 160, 160, 960, 1),
    BlockShape("block17", 160, 320, 960, 1),
)


class ConvUnit(nn.Module):
    """Convolution, batch norm (while training only), clamp to [0, 6] (unless `is_linear`).

    Stride 2 pads right and bottom, as the network did that the weights come from.
    """

    def __init__(
        self,
        num_in: int,
        num_out: int,
        *,
        kernel: int,
        stride: int = 1,
        groups: int = 1,
        is_linear: bool = False,
        with_norm: bool,
    ) -> None:
        super().__init__()
        padding = kernel // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(num_in, num_out, kernel, stride, padding, groups=groups, bias=not with_norm)
        self.norm = nn.BatchNorm2d(num_out) if with_norm else nn.Identity()
        self.is_linear = is_linear

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.conv.stride == (2, 2):
            x = functional.pad(x, (0, 1, 0, 1))
        x = self.norm(self.conv(x))
        return x if self.is_linear else functional.relu6(x, inplace=True)


class InvertedResidual(nn.Module):
    """1x1 expansion, 3x3 depthwise, linear 1x1 projection; plus the input where shapes agree."""

    def __init__(self, shape: BlockShape, *, with_norm: bool) -> None:
        super().__init__()
        wide = shape.num_expanded
        self.expand = ConvUnit(shape.num_in, wide, kernel=1, with_norm=with_norm)
        self.depthwise = ConvUnit(wide, wide, kernel=3, stride=shape.stride, groups=wide, with_norm=with_norm)
        self.project = ConvUnit(wide, shape.num_out, kernel=1, is_linear=True, with_norm=with_norm)
        self.has_shortcut = shape.stride == 1 and shape.num_in == shape.num_out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.has_shortcut else y


class Stem(nn.Module):
    """(n, 3, S, S) -> (n, 32, S/8, S/8) by dense 3x3 convolutions, with a shortcut wherever shapes agree."""

    def __init__(self, *, with_norm: bool) -> None:
        super().__init__()
        self.to_half = ConvUnit(3, 16, kernel=3, stride=2, with_norm=with_norm)
        self.to_quarter = ConvUnit(16, 32, kernel=3, stride=2, with_norm=with_norm)
        self.mix = ConvUnit(32, 32, kernel=3, with_norm=with_norm)
        self.to_eighth = ConvUnit(32, 64, kernel=3, stride=2, with_norm=with_norm)
        self.refine = nn.ModuleList(ConvUnit(64, 64, kernel=3, with_norm=with_norm) for _ in range(2))
        self.project = ConvUnit(64, 32, kernel=1, is_linear=True, with_norm=with_norm)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        quarter = self.to_quarter(self.to_half(x))
        eighth = self.to_eighth(quarter + self.mix(quarter))
        for unit in self.refine:
            eighth = eighth + unit(eighth)
        y: torch.Tensor = self.project(eighth)
        return y


class BundledNet(nn.Sequential):
    """Image -> feature maps: `stem`, `blocks`, `last`; see the module's docstring for shapes and ranges."""

    def __init__(self, *, with_norm: bool = False) -> None:
        blocks = OrderedDict[str, nn.Module](
            (shape.name, InvertedResidual(shape, with_norm=with_norm)) for shape in BLOCKS
        )
        super().__init__(
            OrderedDict[str, nn.Module](
                stem=Stem(with_norm=with_norm),
                blocks=nn.Sequential(blocks),
                last=ConvUnit(BLOCKS[-1].num_out, NUM_CHANNELS, kernel=1, with_norm=with_norm),
            )
        )


def fold_norms(net: BundledNet) -> BundledNet:
    """The same function without batch norms: their running statistics are folded into the convolutions."""
    folded = BundledNet(with_norm=False)
    for unit, plain in zip(_conv_units(net), _conv_units(folded), strict=True):
        norm = unit.norm
        if not isinstance(norm, nn.BatchNorm2d) or norm.running_mean is None or norm.running_var is None:
            raise TypeError("the network has no batch norms to fold")
        weight, bias = fuse_conv_bn_weights(
            unit.conv.weight, None, norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias
        )
        plain.conv.weight = nn.Parameter(weight.detach().clone())
        plain.conv.bias = nn.Parameter(bias.detach().clone())
    return folded.eval()


def save_bundled(net: BundledNet, path: Path, *, metadata: dict[str, str]) -> None:
    """Write a folded network as float16 safetensors, beside and then renamed."""
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in net.state_dict().items()}
    beside = path.with_suffix(".partial")
    save_file(tensors, beside, metadata=metadata)
    beside.chmod(0o644)
    beside.replace(path)


def _conv_units(net: BundledNet) -> list[ConvUnit]:
    return [module for module in net.modules() if isinstance(module, ConvUnit)]

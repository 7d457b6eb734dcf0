"""The networks that turn images into feature maps: torchvision architectures cut before their pooling.

A map is what the last stage gives after its ReLU, so it is never negative and class activation maps of a
linear head on its average are exact. Networks that end without a ReLU get one here: efficientnet_b0 (ends
in SiLU) and convnext_tiny (ends in a residual sum; its own final layer norm is applied first, at each place).
"""

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import nn

from worker.ml.bundled import BUNDLED_WEIGHTS_PATH, BundledNet
from worker.ml.errors import CheckpointIncompatible, InvalidArray, OutOfMemory
from worker.ml.known_weights import known_preprocessing
from worker.ml.preprocessing import IMAGENET, Preprocessing
from worker.ml.types import FloatArray, UInt8Array

SpeedClass = Literal["fast", "medium", "slow"]

MIN_SIDE_PX = 32
"""Smaller inputs leave no place in the last stage of most networks."""


@dataclass(frozen=True)
class BackboneSpec:
    """What a person needs to choose a backbone, and the code to load it.

    `channels` and `stride` (input pixels per map cell, roughly) describe its maps; `megabytes` is the
    download. `weights_file` is the one that torchvision publishes, with the beginning of its checksum in its
    name; it is empty for a backbone whose weights ship with the project, at `shipped_weights`.
    """

    name: str
    title: str
    channels: int
    stride: int
    megabytes: float
    speed_class: SpeedClass
    fit_for_cpu: bool
    weights_file: str
    preprocessing: Preprocessing = IMAGENET
    licence: str = "BSD-3-Clause (torchvision), trained on ImageNet-1k"
    shipped_weights: Path | None = None


BACKBONES: dict[str, BackboneSpec] = {
    spec.name: spec
    for spec in (
        BackboneSpec(
            "bundled",
            "Bundled (small, fast)",
            1280,
            32,
            4.1,
            "fast",
            True,
            "",
            preprocessing=Preprocessing(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
            licence="Apache-2.0, distilled from a MobileNet V2 trained on ImageNet-1k",
            shipped_weights=BUNDLED_WEIGHTS_PATH,
        ),
        BackboneSpec("resnet34", "ResNet-34", 512, 32, 83.3, "medium", True, "resnet34-b627a593.pth"),
        BackboneSpec("resnet18", "ResNet-18", 512, 32, 44.7, "medium", True, "resnet18-f37072fd.pth"),
        BackboneSpec("resnet50", "ResNet-50", 2048, 32, 97.8, "slow", False, "resnet50-0676ba61.pth"),
        BackboneSpec(
            "mobilenet_v2", "MobileNet V2", 1280, 32, 13.6, "fast", True, "mobilenet_v2-b0353104.pth"
        ),
        BackboneSpec(
            "squeezenet1_0", "SqueezeNet 1.0", 512, 16, 4.8, "fast", True, "squeezenet1_0-b66bff10.pth"
        ),
        BackboneSpec(
            "efficientnet_b0",
            "EfficientNet B0",
            1280,
            32,
            20.5,
            "medium",
            True,
            "efficientnet_b0_rwightman-7f5810bc.pth",
        ),
        BackboneSpec(
            "convnext_tiny", "ConvNeXt Tiny", 768, 32, 109.1, "slow", False, "convnext_tiny-983f1562.pth"
        ),
    )
}


class Backbone:
    """A loaded network in evaluation mode; `maps` is its only use and keeps no state."""

    def __init__(
        self, trunk: nn.Module, *, spec: BackboneSpec, preprocessing: Preprocessing, device: str
    ) -> None:
        self.spec = spec
        self.preprocessing = preprocessing
        self.device = torch.device(device)
        if preprocessing.padding == "tf_same":
            _pad_as_tensorflow(trunk)
        self._trunk = trunk.eval().requires_grad_(False).to(self.device).to(memory_format=torch.channels_last)
        mean = torch.tensor(preprocessing.mean, device=self.device).reshape(1, 3, 1, 1)
        std = torch.tensor(preprocessing.std, device=self.device).reshape(1, 3, 1, 1)
        self._scale, self._shift = 1 / (255 * std), mean / std

    def maps(self, images: UInt8Array) -> FloatArray:
        """Feature maps of a batch.

        Args:
            images: (n, H, W, 3) uint8 RGB; usually squashed squares. All H and W >= 32.

        Returns:
            (n, h, w, C) >= 0.

        Raises:
            InvalidArray: for another shape or dtype.
            OutOfMemory: if the batch does not fit on the device.
        """
        if images.ndim != 4 or images.shape[3] != 3 or images.dtype != np.uint8:
            raise InvalidArray(f"images are (n, H, W, 3) uint8, got {images.shape} {images.dtype}")
        if min(images.shape[1:3]) < MIN_SIDE_PX:
            raise InvalidArray(f"images are at least {MIN_SIDE_PX} px each way, got {images.shape[1:3]}")
        try:
            with torch.inference_mode():
                return self._forward(images)
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise self._out_of_memory(images) from error
        except RuntimeError as error:
            if "can't allocate memory" not in str(error):  # how torch's CPU allocator says it
                raise
            raise self._out_of_memory(images) from error

    @property
    def trunk(self) -> nn.Module:
        """The network itself, frozen and shared: for gradients at its input, and to copy before training."""
        return self._trunk

    def prepare(self, images: UInt8Array) -> torch.Tensor:
        """Normalise images (n, H, W, 3) uint8 to the (n, 3, H, W) batch that `trunk` takes."""
        # Channels lie last in both, so the permute does not copy. Torch warns of arrays that cannot be written to.
        writable = np.require(images, requirements=["C", "W"])
        batch = torch.from_numpy(writable).to(self.device).permute(0, 3, 1, 2)
        return batch.float().mul_(self._scale).sub_(self._shift)

    def to_images(self, batch: torch.Tensor) -> UInt8Array:
        """Undo `prepare`: (n, 3, H, W) to (n, H, W, 3) uint8, clipped to what an image can show."""
        levels = ((batch + self._shift) / self._scale).round().clamp(0, 255).to(torch.uint8)
        return np.ascontiguousarray(levels.permute(0, 2, 3, 1).cpu().numpy())

    def _forward(self, images: UInt8Array) -> FloatArray:
        result = self._trunk(self.prepare(images))
        return np.ascontiguousarray(result.permute(0, 2, 3, 1).float().cpu().numpy())

    def _out_of_memory(self, images: UInt8Array) -> OutOfMemory:
        height, width = images.shape[1:3]
        return OutOfMemory(
            f"{len(images)} images of {height}x{width} px do not fit on {self.device}; use fewer"
        )


def get_backbone_spec(name: str) -> BackboneSpec:
    """The registry's entry.

    Raises:
        CheckpointIncompatible: for a name that is not in `BACKBONES`.
    """
    if name not in BACKBONES:
        raise CheckpointIncompatible(f"unknown backbone {name!r}; known: {', '.join(BACKBONES)}")
    return BACKBONES[name]


def load_backbone(
    name: str, *, weights_path: Path, preprocessing: Preprocessing | None = None, device: str = "cpu"
) -> Backbone:
    """Build a backbone and fill it from a state dict (`.pth` or `.safetensors`) of the torchvision
    architecture.

    Half-precision weights become float32. The file may lack the classifier. No random number is drawn.

    Args:
        name: a key of `BACKBONES`.
        weights_path: the file.
        preprocessing: what the weights expect; by default what `read_sidecar` finds.
        device: of torch, such as "cpu" or "cuda:0".

    Raises:
        CheckpointIncompatible: if the file holds no state dict, or does not fit: names the first
        mismatching key.
    """
    spec = get_backbone_spec(name)
    state = _read_state(weights_path)
    with torch.device("meta"):
        network, trunk = _make_network(name)
    fitting = _fitting_state(state, trunk, network=network, file=weights_path, name=name)
    trunk.load_state_dict(fitting, assign=True)
    if preprocessing is None:
        preprocessing = read_sidecar(weights_path, spec=spec)
    return Backbone(trunk, spec=spec, preprocessing=preprocessing, device=device)


def sidecar_path(weights_path: Path, *, directories: Sequence[Path] = ()) -> Path | None:
    """`<weights file name>.json` beside the file, else in the first of `directories` that has it, else
    None.
    """
    for directory in (weights_path.parent, *directories):
        candidate = directory / f"{weights_path.name}.json"
        if candidate.is_file():
            return candidate
    return None


def read_sidecar(
    weights_path: Path, *, spec: BackboneSpec, directories: Sequence[Path] = ()
) -> Preprocessing:
    """Preprocessing of a weights file: `{"mean": [r, g, b], "std": [r, g, b], "padding": "torch" |
    "tf_same"}`.

    Every key is optional; without a file or key the value of `KNOWN_WEIGHTS` holds if the weights are one of
    those, else the registry's. See `sidecar_path` for the places.

    Raises:
        CheckpointIncompatible: if the JSON is broken; the message names the file and the key.
    """
    path = sidecar_path(weights_path, directories=directories)
    default = known_preprocessing(weights_path) or spec.preprocessing
    if path is None:
        return default
    try:
        return Preprocessing.from_json(json.loads(path.read_text("utf-8")), default=default)
    except (CheckpointIncompatible, ValueError) as error:
        raise CheckpointIncompatible(f"{path}: {error}") from error


def _read_state(path: Path) -> dict[str, torch.Tensor]:
    try:
        if path.suffix == ".safetensors":
            state: object = safetensors.torch.load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointIncompatible(f"there is no file {path}") from error
    except (
        pickle.UnpicklingError,
        safetensors.SafetensorError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise CheckpointIncompatible(f"{path.name} cannot be read as weights: {error}") from error
    if not isinstance(state, Mapping) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise CheckpointIncompatible(f"{path.name} holds no state dict (a mapping of names to tensors)")
    return dict(state)


def _fitting_state(
    state: Mapping[str, torch.Tensor], trunk: nn.Module, *, network: nn.Module, file: Path, name: str
) -> dict[str, torch.Tensor]:
    fitting = {}
    for key, needed in trunk.state_dict().items():
        if key not in state and key.endswith("num_batches_tracked"):
            fitting[key] = torch.zeros((), dtype=torch.int64)  # unused in evaluation; old files lack it
            continue
        problem = _problem(state.get(key), needed)
        if problem:
            raise CheckpointIncompatible(f"{file.name} does not fit {name}: {key!r} {problem}")
        fitting[key] = state[key].to(needed.dtype)
    # A larger network of the same family fits a smaller one key by key; only what is left over gives it away.
    for key in state:
        if key not in network.state_dict():
            raise CheckpointIncompatible(f"{file.name} does not fit {name}: {key!r} is not part of it")
    return fitting


def _problem(given: torch.Tensor | None, needed: torch.Tensor) -> str:
    if given is None:
        return "is missing"
    if given.shape != needed.shape:
        return f"has shape {tuple(given.shape)}, needed is {tuple(needed.shape)}"
    if given.is_floating_point() and not bool(torch.isfinite(given).all()):
        return "holds values that are not finite"
    return ""


def _make_network(name: str) -> tuple[nn.Module, nn.Sequential]:
    """A network and the part of it before pooling, without weights."""
    if name == "bundled":
        bundled = BundledNet()
        return bundled, bundled
    from worker.ml.torchvision_networks import make_network, trunk_of  # noqa: PLC0415 - loads torch's compiler

    network = make_network(name)
    return network, trunk_of(network)


def _pad_as_tensorflow(trunk: nn.Module) -> None:
    for module in trunk.modules():
        if isinstance(module, nn.Conv2d) and max(module.stride) > 1:
            module.padding = (0, 0)
            module.register_forward_pre_hook(_tensorflow_padding)


def _tensorflow_padding(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    assert isinstance(module, nn.Conv2d)
    sides: list[int] = []
    for axis in (1, 0):  # torch's pad wants the last axis first
        length, stride = inputs[0].shape[2 + axis], module.stride[axis]
        reach = (module.kernel_size[axis] - 1) * module.dilation[axis] + 1
        total = max((-(-length // stride) - 1) * stride + reach - length, 0)
        sides += [total // 2, total - total // 2]
    return nn.functional.pad(inputs[0], sides)

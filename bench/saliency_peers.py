"""The peers of the saliency benchmark, the network that everybody runs, and how far maps differ."""

import importlib
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from worker.ml.backbones import Backbone
from worker.ml.features import EncodedMaps, pool_maps
from worker.ml.saliency import METHODS
from worker.ml.threshold_boxes import upsample
from worker.ml.types import AnyArray, FloatArray, IntArray, UInt8Array

GRADCAM_EPS = 1e-6
"""What pytorch-grad-cam adds to the denominator of its Grad-CAM++."""
PEERS = {"grad-cam": "pytorch_grad_cam", "torchcam": "torchcam"}


class Model(nn.Module):
    """The network that everybody runs: trunk -> mean -> linear."""

    def __init__(self, trunk: nn.Module, weight: FloatArray, bias: FloatArray) -> None:
        super().__init__()
        self.trunk = trunk
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(weight.shape[1], weight.shape[0])
        self.head.weight.data.copy_(torch.from_numpy(weight))
        self.head.bias.data.copy_(torch.from_numpy(bias))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """Scores (n, K) of a normalised batch."""
        scores: torch.Tensor = self.head(self.pool(self.trunk(batch)).flatten(1))
        return scores


@dataclass(frozen=True)
class Setup:
    """The network, the same in bfloat16, a batch of images, the classes to explain, and a larger set of cached maps."""

    backbone: Backbone
    half: Backbone
    model: Model
    images: UInt8Array
    batch: torch.Tensor
    class_index: IntArray
    weight: FloatArray
    cached: EncodedMaps
    cached_pooled: FloatArray
    cached_class: IntArray


def missing_peers() -> dict[str, str]:
    """Peers that cannot be imported, with the reason.

    Grad-cam, for one, needs matplotlib and does not say so.
    """
    missing = {}
    for name, module in PEERS.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            missing[name] = str(error)
    return missing


def forward_maps(backbone: Backbone, batch: torch.Tensor) -> FloatArray:
    """The forward pass of the product, from the prepared batch on, as the peers get it."""
    with torch.inference_mode():
        maps: FloatArray = backbone.trunk(batch).permute(0, 2, 3, 1).float().cpu().numpy()
    return maps


def naive_autograd(setup: Setup) -> FloatArray:
    """Grad-CAM (n, h, w) by differentiating to the last maps, as a script would."""
    maps = setup.model.trunk(setup.batch)
    scores = setup.model.head(setup.model.pool(maps).flatten(1))
    chosen = scores.gather(1, torch.from_numpy(setup.class_index).to(scores.device)[:, None]).sum()
    (gradient,) = torch.autograd.grad(chosen, maps)
    cams: FloatArray = (
        (gradient.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1).relu().detach().cpu().numpy()
    )
    return cams


def peer_gradcam(setup: Setup, name: str) -> FloatArray:
    """Maps (n, S, S) of pytorch-grad-cam in its normal batched use."""
    import pytorch_grad_cam  # noqa: PLC0415 - an optional peer
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget  # noqa: PLC0415

    targets = [ClassifierOutputTarget(int(index)) for index in setup.class_index]
    with getattr(pytorch_grad_cam, name)(model=setup.model, target_layers=[setup.model.trunk]) as extractor:
        cams: FloatArray = extractor(input_tensor=setup.batch, targets=targets)
    return cams


def peer_torchcam(setup: Setup, name: str) -> FloatArray:
    """Maps (n, h, w) of torchcam in its normal batched use."""
    from torchcam import methods  # noqa: PLC0415 - an optional peer

    options = {"fc_layer": setup.model.head} if name == "CAM" else {}
    with getattr(methods, name)(setup.model, target_layer=setup.model.trunk, **options) as extractor:
        scores = setup.model(setup.batch)
        cams = extractor(setup.class_index.tolist(), scores)[0]
    found: FloatArray = cams.detach().cpu().numpy()
    return found


def differences(setup: Setup, missing: dict[str, str]) -> dict[str, float]:
    """Largest difference to each peer after bringing our map to its convention.

    All peers stretch each map from its minimum to its maximum after ReLU; pytorch-grad-cam then enlarges it
    to the image and stretches again.
    """
    maps = forward_maps(setup.backbone, setup.batch)
    ours = {
        name: METHODS[name].compute(maps, setup.weight, setup.class_index)
        for name in ("gradcam", "gradcampp", "cam")
    }
    with_eps = _gradcampp_with_eps(setup, maps)
    found = {"autograd Grad-CAM": max_diff(stretched(ours["gradcam"]), stretched(naive_autograd(setup)))}
    if "grad-cam" not in missing:
        plus_plus = peer_gradcam(setup, "GradCAMPlusPlus")
        found["grad-cam Grad-CAM"] = max_diff(
            _enlarged(ours["gradcam"], setup), peer_gradcam(setup, "GradCAM")
        )
        found["grad-cam Grad-CAM++, its eps put in"] = max_diff(_enlarged(with_eps, setup), plus_plus)
        found["grad-cam Grad-CAM++"] = max_diff(_enlarged(ours["gradcampp"], setup), plus_plus)
    if "torchcam" not in missing:
        cubed = _cubed_weights(setup, maps)
        wrong = peer_torchcam(setup, "GradCAMpp")
        found["torchcam Grad-CAM"] = max_diff(stretched(ours["gradcam"]), peer_torchcam(setup, "GradCAM"))
        found["torchcam CAM"] = max_diff(stretched(ours["cam"]), peer_torchcam(setup, "CAM"))
        found["torchcam Grad-CAM++ (known to be wrong)"] = max_diff(stretched(ours["gradcampp"]), wrong)
        found["torchcam Grad-CAM++, against what it computes"] = max_diff(stretched(cubed), wrong)
    return found


def _gradcampp_with_eps(setup: Setup, maps: FloatArray) -> FloatArray:
    num_cells = maps.shape[1] * maps.shape[2]
    gradient = setup.weight[setup.class_index].astype(np.float64) / num_cells
    total = pool_maps(maps).astype(np.float64) * num_cells
    alpha = gradient**2 / (2 * gradient**2 + total * gradient**3 + GRADCAM_EPS)
    weights = num_cells * np.maximum(gradient, 0) * alpha
    cams: FloatArray = np.einsum("nijc,nc->nij", maps.astype(np.float64), weights).astype(np.float32)
    return cams


def _cubed_weights(setup: Setup, maps: FloatArray) -> FloatArray:
    weights = np.maximum(setup.weight[setup.class_index].astype(np.float64), 0) ** 3
    cams: FloatArray = np.einsum("nijc,nc->nij", maps.astype(np.float64), weights).astype(np.float32)
    return cams


def stretched(cams: AnyArray) -> AnyArray:
    """Maps (n, h, w), each from its minimum to its maximum."""
    low, high = cams.min(axis=(1, 2), keepdims=True), cams.max(axis=(1, 2), keepdims=True)
    stretched: AnyArray = (cams - low) / np.maximum(high - low, 1e-12)
    return stretched


def _enlarged(cams: AnyArray, setup: Setup) -> AnyArray:
    return stretched(upsample(stretched(cams), side_px=setup.images.shape[1]))


def max_diff(first: AnyArray, second: AnyArray) -> float:
    """Largest absolute difference of two arrays."""
    return float(np.abs(first - second).max())

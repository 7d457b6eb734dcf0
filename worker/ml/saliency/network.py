"""The network as plain functions, for saliency that needs gradients: image -> maps -> mean -> linear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from worker.ml.backbones import Backbone
from worker.ml.errors import InvalidArray
from worker.ml.types import FloatArray, IntArray, UInt8Array

Pooling = Literal["mean", "wgap"]


@dataclass(frozen=True)
class ScoringNetwork:
    """A frozen network and its head. n: images; C: channels; K: classes.

    `prepare`: (n, H, W, 3) uint8 -> normalised (n, 3, H, W). `features`: that -> maps (n, C, h, w) >= 0.
    `to_images` undoes `prepare`. `weight` (K, C) and `bias` (K,) make the score before softmax, of maps pooled by their
    mean or, for a head of that pooling, by `wgap.pool`.
    """

    prepare: Callable[[UInt8Array], torch.Tensor]
    features: Callable[[torch.Tensor], torch.Tensor]
    to_images: Callable[[torch.Tensor], UInt8Array]
    weight: torch.Tensor
    bias: torch.Tensor
    pooling: Pooling = "mean"

    def scores(self, batch: torch.Tensor) -> torch.Tensor:
        """Class scores (n, K) of a normalised batch (n, 3, H, W)."""
        maps = self.features(batch)
        if self.pooling == "wgap":
            share = maps.flatten(2).softmax(dim=2).reshape(maps.shape)
            maps = maps * share
        return maps.mean(dim=(2, 3)) @ self.weight.T + self.bias


def scoring_network(
    backbone: Backbone, weight: FloatArray, bias: FloatArray, *, pooling: Pooling = "mean"
) -> ScoringNetwork:
    """Join a backbone and a head trained on its maps, pooled as `pooling` says.

    Raises:
        InvalidArray: if `weight` is not (K, C) with the backbone's C, `bias` not (K,), or one is not finite.
    """
    if weight.ndim != 2 or weight.shape[1] != backbone.spec.channels or bias.shape != weight.shape[:1]:
        raise InvalidArray(
            f"head must be (K, {backbone.spec.channels}) and (K,); got {weight.shape} and {bias.shape}"
        )
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise InvalidArray("the head holds a value that is not finite")
    return ScoringNetwork(
        prepare=backbone.prepare,
        features=backbone.trunk,
        to_images=backbone.to_images,
        weight=torch.from_numpy(weight).to(backbone.device),
        bias=torch.from_numpy(bias).to(backbone.device),
        pooling=pooling,
    )


def check_images(network: ScoringNetwork, images: UInt8Array, class_index: IntArray) -> None:
    """Check images (n, H, W, 3) uint8 and their classes (n,) against the network.

    Raises:
        InvalidArray: for another shape or dtype, or a class index outside [0, K).
    """
    if images.ndim != 4 or images.shape[3] != 3 or images.dtype != np.uint8 or 0 in images.shape[1:3]:
        raise InvalidArray(f"images are (n, H, W, 3) uint8; got {images.shape} {images.dtype}")
    if class_index.shape != (len(images),):
        raise InvalidArray(f"class_index must be ({len(images)},); got shape {class_index.shape}")
    num_classes = len(network.weight)
    if len(class_index) and not (class_index.min() >= 0 and class_index.max() < num_classes):
        raise InvalidArray(f"class_index must be in [0, {num_classes}); got {class_index.tolist()}")

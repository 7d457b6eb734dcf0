"""Folding batch norms changes no map; bfloat16 changes maps little."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from torch import nn

from worker.ml.backbones import Backbone, load_backbone
from worker.ml.half_precision import fold_batch_norms, in_bfloat16
from worker.ml.preprocessing import Preprocessing
from worker.ml.saliency.contrast_stages import contrast_stages, maps_and_contrast
from worker.ml.types import UInt8Array

SAME = Preprocessing(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), padding="tf_same")


def make_backbone(folder: Path, name: str) -> Backbone:
    """Random weights and random statistics of the batch norms, padded as TensorFlow does."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = getattr(torchvision.models, name)(weights=None)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                assert module.running_mean is not None
                assert module.running_var is not None
                module.running_mean.normal_(std=0.1)
                module.running_var.uniform_(0.5, 1.5)
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, std=0.1)
    path = folder / f"{name}.pth"
    torch.save(network.state_dict(), path)
    return load_backbone(name, weights_path=path, preprocessing=SAME)


def images() -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (2, 64, 96, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("name", "num_norms"), [("resnet18", 20), ("mobilenet_v2", 52), ("squeezenet1_0", 0)]
)
def test_folding_every_norm_keeps_the_maps(name: str, num_norms: int, tmp_path: Path) -> None:
    backbone = make_backbone(tmp_path, name)
    before = backbone.maps(images())

    assert fold_batch_norms(backbone.trunk) == num_norms

    assert not any(isinstance(module, nn.BatchNorm2d) for module in backbone.trunk.modules())
    after = backbone.maps(images())
    np.testing.assert_allclose(after, before, atol=1e-4 * before.max())
    assert fold_batch_norms(backbone.trunk) == 0


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2"])
def test_bfloat16_gives_nearly_the_same_maps_and_contrast_and_leaves_the_original_alone(
    name: str, tmp_path: Path
) -> None:
    backbone = make_backbone(tmp_path, name)
    stages = contrast_stages(name)
    before, contrast_before = maps_and_contrast(backbone, images(), stages=stages)

    half = in_bfloat16(backbone)
    maps, contrast = maps_and_contrast(half, images(), stages=stages)

    assert maps.dtype == np.float32
    assert np.abs(maps - before).mean() < 0.02 * before.mean()
    assert np.abs(contrast - contrast_before).mean() < 0.02
    np.testing.assert_array_equal(backbone.maps(images()), before)
    assert any(isinstance(module, nn.BatchNorm2d) for module in backbone.trunk.modules())


def test_a_norm_without_statistics_cannot_be_folded() -> None:
    trunk = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4, track_running_stats=False))

    with pytest.raises(TypeError, match="'1' keeps no statistics"):
        fold_batch_norms(trunk)

"""Contrast taken from inner stages of a network, during its forward pass."""

import numpy as np
import pytest
import torch
import torchvision
from torch import nn

from worker.ml.backbones import BACKBONES
from worker.ml.bundled import BundledNet
from worker.ml.errors import UnknownMethod
from worker.ml.saliency import labeler
from worker.ml.saliency.contrast_stages import CONTRAST_STAGES, contrast_stages, maps_and_contrast
from worker.ml.types import FloatArray, UInt8Array


class TinyBackbone:
    """Stage "0" passes the picture on, stage "1" halves it; the trunk gives the latter."""

    def __init__(self, *, fails: bool = False) -> None:
        self.trunk = nn.Sequential(nn.Identity(), nn.AvgPool2d(2))
        self.fails = fails

    def maps(self, images: UInt8Array) -> FloatArray:
        result = self.trunk(torch.from_numpy(images).permute(0, 3, 1, 2).float())
        if self.fails:
            raise RuntimeError("no memory")
        return np.asarray(result.permute(0, 2, 3, 1).numpy())


def picture() -> UInt8Array:
    image = np.zeros((1, 6, 8, 3), np.uint8)
    image[..., 0] = 200
    image[0, 2:4, 4:6] = (0, 90, 0)
    return image


def test_maps_and_the_mean_contrast_of_the_stages_come_from_one_pass() -> None:
    image = picture()
    maps, contrast = maps_and_contrast(TinyBackbone(), image, stages=("0", "1"))
    fine = labeler.contrast_maps(image.astype(np.float32))
    coarse = labeler.contrast_maps(maps)
    assert maps.shape == (1, 3, 4, 3)
    assert fine[0, 2, 4] == 1.0
    assert coarse[0].tolist() == [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(contrast, labeler.combine_contrasts([fine, coarse]))
    assert contrast.shape == (1, labeler.GRID, labeler.GRID)


def test_hooks_are_removed_after_success_and_after_an_error() -> None:
    works, fails = TinyBackbone(), TinyBackbone(fails=True)
    maps_and_contrast(works, picture(), stages=("0",))
    with pytest.raises(RuntimeError, match="no memory"):
        maps_and_contrast(fails, picture(), stages=("0", "1"))
    for backbone in (works, fails):
        assert all(not module._forward_hooks for module in backbone.trunk.modules())


def test_every_backbone_has_stages_that_exist() -> None:
    assert set(CONTRAST_STAGES) == set(BACKBONES)
    for name, stages in CONTRAST_STAGES.items():
        with torch.device("meta"):
            network = BundledNet() if name == "bundled" else getattr(torchvision.models, name)(weights=None)
        for stage in stages:
            assert network.get_submodule(stage) is not None


def test_an_unknown_backbone_is_refused() -> None:
    assert contrast_stages("resnet18") == ("layer3.0", "layer3.1")
    with pytest.raises(UnknownMethod, match="vgg"):
        contrast_stages("vgg")

"""The bundled network: its maps' shape and range, padding, folding, and the file that holds its weights."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from worker.ml.backbones import BACKBONES, load_backbone
from worker.ml.bundled import (
    BLOCKS,
    BUNDLED_WEIGHTS_PATH,
    BlockShape,
    BundledNet,
    ConvUnit,
    InvertedResidual,
    fold_norms,
    save_bundled,
)
from worker.ml.synthetic import generate_image

torch.set_num_threads(1)


def _net_with_statistics() -> BundledNet:
    """A network whose batch norms have seen something, so that folding them has something to do."""
    generator = torch.Generator().manual_seed(0)
    net = BundledNet(with_norm=True)
    for unit in net.modules():
        if isinstance(unit, ConvUnit):
            assert isinstance(unit.norm, torch.nn.BatchNorm2d)
            unit.norm.running_mean = torch.randn(unit.norm.num_features, generator=generator) * 0.1
            unit.norm.running_var = torch.rand(unit.norm.num_features, generator=generator) + 0.5
    return net.eval()


def test_maps_have_one_cell_for_32_pixels_each_way_and_stay_in_0_to_6() -> None:
    images = torch.rand((2, 3, 64, 96), generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.inference_mode():
        maps = _net_with_statistics()(images)
    assert maps.shape == (2, 1280, 2, 3)
    assert maps.min() >= 0
    assert maps.max() <= 6


def test_blocks_fit_one_another() -> None:
    for before, after in pairwise(BLOCKS):
        assert before.num_out == after.num_in
    assert [shape.stride for shape in BLOCKS].count(2) == 2


def test_a_strided_unit_pads_on_the_right_and_bottom_only() -> None:
    """Ones everywhere: a 3x3 sum sees 9 inside, 6 where one row or column is padding, 4 in the last corner."""
    unit = ConvUnit(1, 1, kernel=3, stride=2, is_linear=True, with_norm=False)
    torch.nn.init.ones_(unit.conv.weight)
    assert unit.conv.bias is not None
    torch.nn.init.zeros_(unit.conv.bias)
    with torch.inference_mode():
        sums = unit(torch.ones(1, 1, 4, 6))
    assert sums[0, 0].tolist() == [[9, 9, 6], [6, 6, 4]]


def test_only_a_linear_unit_leaves_the_range_of_the_clamp() -> None:
    for is_linear, expected in ((True, [-2.0, 3.0, 14.0]), (False, [0.0, 3.0, 6.0])):
        unit = ConvUnit(1, 1, kernel=1, is_linear=is_linear, with_norm=False)
        torch.nn.init.ones_(unit.conv.weight)
        assert unit.conv.bias is not None
        torch.nn.init.zeros_(unit.conv.bias)
        with torch.inference_mode():
            assert unit(torch.tensor([[[[-2.0, 3.0, 14.0]]]]))[0, 0, 0].tolist() == expected


@pytest.mark.parametrize(("num_out", "stride", "expected"), [(4, 1, True), (6, 1, False), (4, 2, False)])
def test_a_block_adds_its_input_only_where_the_shapes_agree(
    num_out: int, stride: int, expected: bool
) -> None:
    block = InvertedResidual(BlockShape("any", 4, num_out, 8, stride), with_norm=False)
    assert block.has_shortcut is expected
    for parameter in block.parameters():
        torch.nn.init.zeros_(parameter)
    x = torch.full((1, 4, 2, 4), 0.5)
    with torch.inference_mode():
        y = block(x)
    assert y.shape == (1, num_out, 2 // stride, 4 // stride)
    assert torch.equal(y, x) if expected else not y.any()


def test_folding_changes_the_parameters_but_not_the_function() -> None:
    net = _net_with_statistics()
    images = torch.rand((1, 3, 64, 32), generator=torch.Generator().manual_seed(2)) * 2 - 1
    folded = fold_norms(net)
    with torch.inference_mode():
        torch.testing.assert_close(folded(images), net(images), rtol=1e-4, atol=1e-4)
    assert not any("norm" in name for name in folded.state_dict())
    assert all("running" not in name for name in folded.state_dict())


def test_a_folded_network_cannot_be_folded_again() -> None:
    with pytest.raises(TypeError, match="no batch norms"):
        fold_norms(BundledNet(with_norm=False))


def test_the_written_file_holds_the_weights_in_half_precision(tmp_path: Path) -> None:
    net = fold_norms(_net_with_statistics())
    path = tmp_path / "weights.safetensors"
    save_bundled(net, path, metadata={"training": "none"})
    stored = load_file(path)
    assert stored.keys() == net.state_dict().keys()
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    assert torch.equal(stored["last.conv.weight"], net.get_parameter("last.conv.weight").detach().half())
    assert [file.name for file in tmp_path.iterdir()] == ["weights.safetensors"]


def test_the_shipped_weights_fit_the_network_and_see_a_difference_between_pictures() -> None:
    """Two generated classes: the mean cosine within a class is above the one across, which untrained weights miss."""
    backbone = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH)
    classes = [0] * 6 + [3] * 6
    pictures = [
        generate_image(seed, index, size_hw=(224, 224), object_side_frac=0.6).rgb
        for seed, index in enumerate(classes)
    ]
    pooled = backbone.maps(np.stack(pictures)).mean(axis=(1, 2))
    unit = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    cosines = unit @ unit.T
    same = np.equal.outer(classes, classes) & ~np.eye(12, dtype=bool)
    assert cosines[same].mean() > cosines[:6, 6:].mean() + 0.05
    assert BUNDLED_WEIGHTS_PATH.stat().st_size <= 8_000_000


def test_the_model_card_is_that_of_the_shipped_weights() -> None:
    card = json.loads(BUNDLED_WEIGHTS_PATH.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(BUNDLED_WEIGHTS_PATH.read_bytes()).hexdigest()
    assert card["num_parameters"] == sum(parameter.numel() for parameter in BundledNet().parameters())
    spec = BACKBONES["bundled"]
    assert card["maps"]["channels"] == spec.channels
    assert tuple(card["input"]["mean"]) == spec.preprocessing.mean
    assert tuple(card["input"]["std"]) == spec.preprocessing.std

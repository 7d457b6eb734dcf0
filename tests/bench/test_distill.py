"""Distilling the bundled backbone: exported weights are taken up without a change, and the loss on neighbours."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from bench.distill_backbone import neighbour_loss
from bench.distill_start import initialize_from_export
from bench.distill_teacher import without_norms
from worker.ml.backbones import load_backbone
from worker.ml.bundled import BUNDLED_WEIGHTS_PATH, BundledNet, fold_norms

torch.set_num_threads(1)


def _pictures(seed: int) -> torch.Tensor:
    return torch.rand((2, 3, 64, 96), generator=torch.Generator().manual_seed(seed)) * 2 - 1


def test_exported_weights_are_taken_up_with_norms_and_the_same_function() -> None:
    shipped = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH).trunk
    net = BundledNet(with_norm=True)

    initialize_from_export(net, BUNDLED_WEIGHTS_PATH, [_pictures(0), _pictures(1)])

    with torch.inference_mode():
        expected = shipped(_pictures(2))
        assert torch.allclose(net.eval()(_pictures(2)), expected, atol=1e-3)
        assert torch.allclose(fold_norms(net)(_pictures(2)), expected, atol=1e-3)
    first = net.get_submodule("stem.to_half.norm")
    assert isinstance(first, nn.BatchNorm2d)
    assert first.running_var is not None
    assert (first.running_var > 0).all()  # measured, not left as it was made
    assert not torch.equal(first.running_var, torch.ones_like(first.running_var))


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    save_file({"stem.to_half.conv.weight": torch.zeros(1)}, tmp_path / "other.safetensors")

    with pytest.raises(RuntimeError, match=r"stem\.to_half\.conv\.weight"):
        initialize_from_export(BundledNet(with_norm=True), tmp_path / "other.safetensors", [])


def test_the_loss_on_neighbours_is_zero_for_the_same_directions_and_by_hand_for_others() -> None:
    bank = torch.eye(2)
    features = torch.tensor([[3.0, 0.0], [1.0, 1.0]])

    assert neighbour_loss(features * 2, features, bank) == pytest.approx(0, abs=1e-6)
    # The teacher sees only the first picture (20 to 0 by temperature), the student both alike: log 2.
    apart = neighbour_loss(torch.tensor([[1.0, 1.0]]), torch.tensor([[1.0, 0.0]]), bank)
    assert float(apart) == pytest.approx(0.6931, abs=1e-3)


def test_a_teacher_without_norms_computes_the_same() -> None:
    generator = torch.Generator().manual_seed(0)
    inner = nn.Sequential(nn.Conv2d(2, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU6())
    norm = inner[1]
    assert isinstance(norm, nn.BatchNorm2d)
    norm.running_mean = torch.randn(3, generator=generator)
    norm.running_var = torch.rand(3, generator=generator) + 0.5
    teacher = nn.Sequential(inner).eval()
    picture = torch.rand((1, 2, 5, 7), generator=generator)

    folded = without_norms(teacher)

    with torch.inference_mode():
        assert torch.allclose(folded(picture), teacher(picture), atol=1e-6)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    assert isinstance(inner[1], nn.BatchNorm2d)  # the teacher itself is left as it was

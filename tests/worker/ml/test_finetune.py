"""Finetuning a small random network on generated pictures.

It learns, stops early, and leaves its input alone.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision

from worker.ml.backbones import Backbone, load_backbone
from worker.ml.errors import InvalidArray, NotEnoughLabels
from worker.ml.finetune import ADLSettings, FinetuneSettings, finetune, split_last_stage
from worker.ml.types import BoolArray, IntArray, Progress, UInt8Array

SIDE_PX = 32


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    """ResNet-18 with random weights."""
    path = tmp_path_factory.mktemp("weights") / "resnet18.pth"
    with torch.random.fork_rng():
        torch.manual_seed(3)
        torch.save(torchvision.models.resnet18(weights=None).state_dict(), path)
    return load_backbone("resnet18", weights_path=path)


def _stripes() -> tuple[UInt8Array, IntArray, BoolArray]:
    """24 pictures: upright or flat stripes of random width and colours; every fourth held out."""
    rng = np.random.default_rng(0)
    images = np.zeros((24, SIDE_PX, SIDE_PX, 3), np.uint8)
    class_index = np.arange(24) % 2
    for image, is_flat in zip(images, class_index, strict=True):
        period = rng.integers(4, 8)
        stripes = (np.arange(SIDE_PX) + rng.integers(0, period)) // (period // 2) % 2
        picture = np.where(stripes[None, :, None], rng.integers(128, 255, 3), rng.integers(0, 100, 3))
        picture = np.broadcast_to(picture, image.shape)
        image[:] = picture.swapaxes(0, 1) if is_flat else picture
    return images, class_index, np.arange(24) % 8 >= 6


@pytest.mark.parametrize("part", ["conv", "last_stage", "whole"])
@pytest.mark.parametrize("adl", [None, ADLSettings(places=("input", "first", "last"))])
def test_training_lowers_the_loss_and_leaves_the_given_network_alone(
    backbone: Backbone, part: str, adl: ADLSettings | None
) -> None:
    images, class_index, heldout = _stripes()
    before = {key: value.clone() for key, value in backbone.trunk.state_dict().items()}
    settings = FinetuneSettings(part=part, num_epochs=4, batch_size=6, adl=adl)  # type: ignore[arg-type]
    seen: list[Progress] = []
    found = finetune(
        backbone,
        images,
        class_index,
        num_classes=2,
        heldout=heldout,
        settings=settings,
        on_progress=seen.append,
    )
    losses = [record.heldout_loss for record in found.history if record.heldout_loss is not None]
    assert losses[found.best_epoch] == min(losses)
    if adl is None:
        assert found.history[-1].train_loss < found.history[0].train_loss
    for key, value in backbone.trunk.state_dict().items():
        assert torch.equal(value, before[key]), key
    assert (seen[0].done, seen[-1].done, seen[-1].total) == (0, 12, 12)  # 18 labels in batches of 6, 4 times
    np.testing.assert_allclose(found.weight.sum(axis=0), 0, atol=1e-5)


@pytest.mark.parametrize("part", ["conv", "last_stage", "whole"])
def test_the_result_is_the_best_epochs_network_in_evaluation_mode(backbone: Backbone, part: str) -> None:
    images, class_index, heldout = _stripes()
    settings = FinetuneSettings(part=part, num_epochs=3, batch_size=6)  # type: ignore[arg-type]
    found = finetune(backbone, images, class_index, num_classes=2, heldout=heldout, settings=settings)
    assert not found.backbone.trunk.training
    assert not any(parameter.requires_grad for parameter in found.backbone.trunk.parameters())
    pooled = found.backbone.maps(images[heldout]).mean(axis=(1, 2))
    scores = pooled @ found.weight.T + found.bias
    loss = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(scores)), class_index[heldout]]
    # Cached maps are in half precision, so the loss agrees but roughly.
    assert loss.mean() == pytest.approx(found.history[found.best_epoch].heldout_loss, rel=0.02)
    before = backbone.trunk.state_dict()
    changed = {
        key
        for key, value in found.backbone.trunk.state_dict().items()
        if key not in before or not torch.equal(value, before[key])
    }
    if part == "conv":  # the new layer alone
        assert {key.split(".")[0] for key in changed} == {"mix"}
        return
    assert any(key.startswith("layer4") for key in changed)
    assert any(key.startswith("layer1") for key in changed) == (part == "whole")
    assert not any("running" in key for key in changed)


def test_the_same_seed_gives_the_same_network(backbone: Backbone) -> None:
    images, class_index, heldout = _stripes()
    settings = FinetuneSettings(num_epochs=2, batch_size=8, adl=ADLSettings(), seed=5)
    first, second = (
        finetune(backbone, images, class_index, num_classes=2, heldout=heldout, settings=settings)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.weight, second.weight)
    assert first.history == second.history


def test_it_stops_when_the_held_out_loss_no_longer_falls(backbone: Backbone) -> None:
    images, class_index, heldout = _stripes()
    # What is learnt is wrong on the held-out images.
    swapped = np.where(heldout, 1 - class_index, class_index)
    settings = FinetuneSettings(num_epochs=30, batch_size=6, patience=2, learning_rate=1e-3)
    found = finetune(backbone, images, swapped, num_classes=2, heldout=heldout, settings=settings)
    assert len(found.history) == found.best_epoch + 1 + 2 < 30


def test_without_held_out_labels_the_last_epoch_is_kept(backbone: Backbone) -> None:
    images, class_index, heldout = _stripes()
    settings = FinetuneSettings(num_epochs=2, batch_size=12)
    found = finetune(
        backbone, images, class_index, num_classes=2, heldout=np.zeros_like(heldout), settings=settings
    )
    assert found.best_epoch == 1
    assert found.history[0].heldout_loss is None


@pytest.mark.parametrize(
    ("name", "num_in_last_stage"),
    [
        ("resnet18", 2),
        ("mobilenet_v2", 6),
        ("squeezenet1_0", 3),
        ("efficientnet_b0", 7),
        ("convnext_tiny", 6),
    ],
)
def test_the_cut_is_before_the_last_shrinking_block(
    tmp_path: Path, name: str, num_in_last_stage: int
) -> None:
    torch.save(getattr(torchvision.models, name)(weights=None).state_dict(), tmp_path / "weights.pth")
    trunk = load_backbone(name, weights_path=tmp_path / "weights.pth").trunk
    front, last = split_last_stage(trunk)
    assert len(last) == num_in_last_stage
    probe = torch.rand(1, 3, 96, 64, generator=torch.Generator().manual_seed(0))
    joined = torch.nn.Sequential(*front, *last)
    with torch.no_grad():
        assert torch.equal(joined(probe), trunk(probe))


def test_labels_and_settings_that_do_not_do_are_refused(backbone: Backbone) -> None:
    images, class_index, heldout = _stripes()
    with pytest.raises(NotEnoughLabels):
        finetune(backbone, images[:0], class_index[:0], num_classes=2, heldout=heldout[:0])
    with pytest.raises(NotEnoughLabels, match="class 2"):
        finetune(backbone, images, class_index, num_classes=3, heldout=heldout)
    with pytest.raises(InvalidArray, match="positive"):
        finetune(
            backbone,
            images,
            class_index,
            num_classes=2,
            heldout=heldout,
            settings=FinetuneSettings(num_epochs=0),
        )

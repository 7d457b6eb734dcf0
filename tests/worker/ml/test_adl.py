"""The attention dropout layer: masks by hand, rates at their ends, evaluation mode."""

import pytest
import torch

from worker.ml.adl import AttentionDropout, drop_mask
from worker.ml.errors import InvalidArray

# Mean over the two channels: 2 4 / 0 1 / 3 1, on 3 x 2 places.
MAPS = torch.tensor([[[[1.0, 8], [0, 2], [6, 0]], [[3.0, 0], [0, 0], [0, 2]]]])


def test_it_is_the_identity_in_evaluation_mode() -> None:
    layer = AttentionDropout(drop_rate=1.0).eval()
    assert layer(MAPS) is MAPS
    assert list(layer.parameters()) == []


def test_places_that_reach_gamma_times_the_maximum_are_dropped() -> None:
    mask = drop_mask(MAPS.mean(dim=1, keepdim=True), gamma=0.75)
    assert mask.tolist() == [[[[1, 0], [1, 1], [0, 1]]]]  # 4 and 3 reach 3


def test_each_image_has_its_own_maximum() -> None:
    attention = torch.tensor([[[[1.0, 2.0]]], [[[10.0, 4.0]]]])
    assert drop_mask(attention, gamma=0.9).tolist() == [[[[1, 0]]], [[[0, 1]]]]


def test_always_dropping_gives_the_masked_maps_unscaled() -> None:
    layer = AttentionDropout(drop_rate=1.0, gamma=0.9)
    expected = MAPS.clone()
    expected[:, :, 0, 1] = 0
    assert torch.equal(layer(MAPS), expected)


def test_never_dropping_gives_the_importance_map() -> None:
    layer = AttentionDropout(drop_rate=0.0)
    assert torch.allclose(layer(MAPS)[0, 0, 0, 1], 8 * torch.sigmoid(torch.tensor(4.0)))
    assert layer(MAPS).shape == MAPS.shape


def test_constant_attention_drops_everything() -> None:
    assert AttentionDropout(drop_rate=1.0)(torch.ones(1, 2, 3, 2)).sum() == 0


def test_a_larger_gamma_drops_less() -> None:
    attention = torch.rand(4, 1, 9, 7, generator=torch.Generator().manual_seed(0))
    kept = [float(drop_mask(attention, gamma=gamma).mean()) for gamma in (0.2, 0.5, 0.9)]
    assert kept == sorted(kept)
    assert kept[0] < kept[2]


def test_one_draw_serves_the_whole_batch() -> None:
    layer = AttentionDropout(drop_rate=0.5, generator=torch.Generator().manual_seed(0))
    batch = MAPS.repeat(5, 1, 1, 1)
    outcomes = set()
    for _ in range(20):
        found = layer(batch)
        assert all(torch.equal(found[0], image) for image in found)
        outcomes.add(bool((found[0, 0, 0, 1] == 0).item()))
    assert outcomes == {True, False}


def test_no_gradient_goes_through_the_mask_but_one_goes_through_the_importance() -> None:
    maps = MAPS.clone().requires_grad_(True)
    AttentionDropout(drop_rate=1.0, gamma=0.9)(maps).sum().backward()
    assert maps.grad is not None
    assert maps.grad[0, 0].tolist() == [[1, 0], [1, 1], [1, 1]]
    other = MAPS.clone().requires_grad_(True)
    AttentionDropout(drop_rate=0.0)(other).sum().backward()
    assert other.grad is not None
    share = torch.sigmoid(torch.tensor(4.0))
    # d/dA of (8 + 0) sigmoid(4): the factor itself and the attention's change, half for each of two channels.
    assert torch.allclose(other.grad[0, 0, 0, 1], share + 8 * share * (1 - share) / 2)


@pytest.mark.parametrize(("drop_rate", "gamma"), [(-0.1, 0.9), (1.1, 0.9), (0.5, -0.1), (0.5, 1.5)])
def test_rates_outside_their_range_are_rejected(drop_rate: float, gamma: float) -> None:
    with pytest.raises(InvalidArray, match="must be in"):
        AttentionDropout(drop_rate=drop_rate, gamma=gamma)

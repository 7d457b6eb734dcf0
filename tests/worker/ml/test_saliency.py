"""Closed-form saliency: vectors by hand and equality with autograd on non-square maps."""

import numpy as np
import pytest
import torch

from worker.ml.errors import InvalidArray
from worker.ml.saliency import METHODS, gradcampp, wgap
from worker.ml.types import FloatArray, IntArray

N, H, W, C, K = 4, 5, 3, 6, 3


def _example() -> tuple[FloatArray, FloatArray, IntArray]:
    rng = np.random.default_rng(0)
    maps = rng.random((N, H, W, C)).astype(np.float32)
    weight = rng.standard_normal((K, C)).astype(np.float32)
    return maps, weight, np.array([0, 2, 1, 2])


def _hand_example() -> tuple[FloatArray, FloatArray, IntArray]:
    """One image of 1 x 2 cells and 2 channels: A_0 = (1, 3), A_1 = (4, 0); class 1 weighs them 2 and -1."""
    maps = np.array([[[[1, 4], [3, 0]]]], np.float32)
    return maps, np.array([[0, 0], [2, -1]], np.float32), np.array([1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cam", [-2, 6]),
        ("gradcam", [0, 6]),
        # F_0 = 2: u_0 = 2 / (2 + 4) = 1/3; u_1 = 0.
        ("gradcampp", [1 / 3, 1]),
        # 2 * 1 + 1 * 4 and 2 * 3 + 1 * 0.
        ("cam_recombined", [6, 6]),
        # s_0 = (1, e^2) / (1 + e^2); s_1 = (e^4, 1) / (1 + e^4).
        ("wgap", [2 * 0.11920292 - 4 * 0.98201379, 2 * 3 * 0.88079708]),
        ("wgap_recombined", [2 * 0.11920292 + 4 * 0.98201379, 2 * 3 * 0.88079708]),
        ("mean", [2.5, 1.5]),
    ],
)
def test_it_gives_the_map_computed_by_hand(name: str, expected: list[float]) -> None:
    np.testing.assert_allclose(METHODS[name].compute(*_hand_example()), [[expected]], rtol=1e-6)


def test_wgap_pools_with_a_softmax_over_the_cells() -> None:
    maps = np.array([[[[1], [2]], [[3], [4]]]], np.float32)
    expected = [[[0.032059], [2 * 0.087144]], [[3 * 0.236883], [4 * 0.643914]]]
    np.testing.assert_allclose(wgap.weighted_maps(maps), [expected], atol=2e-6)
    np.testing.assert_allclose(wgap.pool(maps), [[0.873163]], atol=1e-6)


def test_wgap_of_a_constant_channel_is_its_value_over_the_number_of_cells() -> None:
    np.testing.assert_allclose(wgap.pool(np.full((1, 5, 3, 1), 6.0, np.float32)), [[0.4]], rtol=1e-6)


def test_wgap_does_not_overflow() -> None:
    maps = np.array([[[[1000.0], [0.0]]]], np.float32)
    np.testing.assert_allclose(wgap.pool(maps), [[500.0]])


def test_gradcampp_channel_weights_by_hand() -> None:
    weights = gradcampp.channel_weights(np.array([[2.0, -1.0, 0.5, 0.0]]), np.array([[3.0, 5.0, 0.0, 7.0]]))
    np.testing.assert_allclose(weights, [[0.25, 0, 0.25, 0]])


def test_a_negative_weight_never_divides_by_zero() -> None:
    weights = gradcampp.channel_weights(np.array([[-1.0]]), np.array([[2.0]]))
    np.testing.assert_array_equal(weights, [[0.0]])


def test_gradcam_equals_autograd() -> None:
    maps, weight, class_index = _example()
    tensor = torch.from_numpy(maps).double().requires_grad_()
    scores = tensor.mean(dim=(1, 2)) @ torch.from_numpy(weight).double().T
    (grad,) = torch.autograd.grad(scores[torch.arange(N), torch.from_numpy(class_index)].sum(), tensor)
    expected = (grad.mean(dim=(1, 2), keepdim=True) * tensor).sum(dim=3).relu().detach().numpy() * H * W
    np.testing.assert_allclose(METHODS["gradcam"].compute(maps, weight, class_index), expected, atol=1e-6)


def test_gradcampp_equals_the_published_form_with_true_derivatives() -> None:
    """alpha = Y'' / (2 Y'' + sum(A) Y''') with the derivatives of Y = exp(S) taken by autograd."""
    maps, weight, class_index = _example()
    for i in range(N):
        row = torch.from_numpy(weight[class_index[i]]).double()
        start = torch.from_numpy(maps[i]).double()
        for k in range(C):
            # One cell of channel k moves by t; by symmetry all cells of a channel share the derivatives.
            t = torch.zeros((), dtype=torch.float64, requires_grad=True)
            bump = torch.zeros_like(start)
            bump[0, 0, k] = 1.0
            y = torch.exp(((start + t * bump).mean(dim=(0, 1)) * row).sum())
            (first,) = torch.autograd.grad(y, t, create_graph=True)
            (second,) = torch.autograd.grad(first, t, create_graph=True)
            (third,) = torch.autograd.grad(second, t)
            alpha = second / (2 * second + start[..., k].sum() * third)
            expected = float((alpha * first.relu() / y * H * W).detach())
            found = gradcampp.channel_weights(row.numpy()[None], start.numpy().mean(axis=(0, 1))[None])
            assert found[0, k] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", list(METHODS))
def test_no_images_give_no_maps(name: str) -> None:
    maps = np.zeros((0, H, W, C), np.float32)
    found = METHODS[name].compute(maps, np.zeros((K, C), np.float32), np.zeros(0, np.int64))
    assert found.shape == (0, H, W)


@pytest.mark.parametrize("name", list(METHODS))
def test_inputs_are_not_changed_and_the_map_is_float32(name: str) -> None:
    maps, weight, class_index = _example()
    before = maps.copy(), weight.copy(), class_index.copy()
    found = METHODS[name].compute(maps, weight, class_index)
    assert found.dtype == np.float32
    assert found.shape == (N, H, W)
    for now, was in zip((maps, weight, class_index), before, strict=True):
        np.testing.assert_array_equal(now, was)


@pytest.mark.parametrize("name", list(METHODS))
def test_an_image_that_is_not_finite_spoils_only_its_own_map(name: str) -> None:
    maps, weight, class_index = _example()
    clean = METHODS[name].compute(maps, weight, class_index)
    maps[2, 1, 1, 0] = np.nan
    found = METHODS[name].compute(maps, weight, class_index)
    assert not np.isfinite(found[2]).all()
    np.testing.assert_array_equal(found[[0, 1, 3]], clean[[0, 1, 3]])


@pytest.mark.parametrize("name", list(METHODS))
@pytest.mark.parametrize(
    ("maps_shape", "weight_shape", "class_index"),
    [
        ((2, 5, 6), (3, 6), [0, 1]),
        ((2, 0, 3, 6), (3, 6), [0, 1]),
        ((2, 5, 3, 6), (3, 5), [0, 1]),
        ((2, 5, 3, 6), (3, 6), [0]),
        ((2, 5, 3, 6), (3, 6), [0, 3]),
        ((2, 5, 3, 6), (3, 6), [-1, 0]),
        ((2, 5, 3, 6), (3, 6), [0.0, 1.0]),
    ],
)
def test_arrays_that_do_not_fit_are_rejected(
    name: str, maps_shape: tuple[int, ...], weight_shape: tuple[int, ...], class_index: list[int]
) -> None:
    with pytest.raises(InvalidArray):
        METHODS[name].compute(
            np.ones(maps_shape, np.float32), np.ones(weight_shape, np.float32), np.array(class_index)
        )


@pytest.mark.parametrize("name", list(METHODS))
def test_a_head_that_is_not_finite_is_rejected(name: str) -> None:
    maps, weight, class_index = _example()
    weight[0, 0] = np.nan
    with pytest.raises(InvalidArray, match="not finite"):
        METHODS[name].compute(maps, weight, class_index)

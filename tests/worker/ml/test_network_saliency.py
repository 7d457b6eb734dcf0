"""Saliency by differentiation on networks small enough to differentiate by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from worker.ml.errors import InvalidArray
from worker.ml.saliency import METHODS, NETWORK_METHODS, autograd, backprop, backprop_graphcut, wgap
from worker.ml.saliency.class_model import visualise_class
from worker.ml.saliency.network import ScoringNetwork
from worker.ml.types import FloatArray, Progress, UInt8Array

WEIGHT = torch.tensor([[0.0, 0.0, 0.0], [1.0, -3.0, 2.0]])
HEIGHT, WIDTH = 40, 24


def _prepare(images: UInt8Array) -> torch.Tensor:
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def _to_images(batch: torch.Tensor) -> UInt8Array:
    image: UInt8Array = (batch * 255).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return image


def _network(
    features: Callable[[torch.Tensor], torch.Tensor] = lambda batch: batch, weight: torch.Tensor = WEIGHT
) -> ScoringNetwork:
    """By default the maps are the image itself: S_c is the mean over pixels of W_c . I."""
    return ScoringNetwork(_prepare, features, _to_images, weight=weight, bias=torch.zeros(len(weight)))


def _images(num_images: int = 2) -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (num_images, HEIGHT, WIDTH, 3), dtype=np.uint8)


def test_backprop_is_the_largest_absolute_gradient_over_the_channels() -> None:
    found = backprop.compute(_network(), _images(), np.array([1, 0]))
    np.testing.assert_allclose(found[0], np.full((HEIGHT, WIDTH), 3 / (HEIGHT * WIDTH)), rtol=1e-6)
    np.testing.assert_array_equal(found[1], np.zeros((HEIGHT, WIDTH)))


def test_backprop_sees_only_the_pixels_that_reach_the_score() -> None:
    found = backprop.compute(_network(lambda batch: batch[:, :, 30:, :6]), _images(1), np.array([1]))
    expected = np.zeros((HEIGHT, WIDTH))
    expected[30:, :6] = 3 / 60
    np.testing.assert_allclose(found[0], expected, rtol=1e-6)


def test_images_of_a_batch_do_not_mix() -> None:
    network = _network(lambda batch: batch**2)
    images = _images(5)
    together = backprop.compute(network, images, np.array([1, 0, 1, 1, 0]), batch_size=2)
    alone = backprop.compute(network, images[3:4], np.array([1]))
    np.testing.assert_array_equal(together[3:4], alone)


def test_ten_views_put_each_view_back_in_its_place() -> None:
    # The score of a view is its mean square, so a pixel's gradient is 6 I / pixels of a view in every view
    # that covers it, mirrored or not: the mean over covering views is that, wherever the views overlap.
    images = _images(1)
    found = backprop.compute(_network(lambda batch: batch**2), images, np.array([1]), ten_views=True)
    view_pixels = 35 * 21
    value = images[0] / 255 * 2 / view_pixels
    np.testing.assert_allclose(found[0], np.abs(value * [1, -3, 2]).max(axis=2), rtol=1e-5)


def test_ten_views_of_a_one_pixel_image_are_that_pixel() -> None:
    image = np.full((1, 1, 1, 3), 255, np.uint8)
    found = backprop.compute(_network(), image, np.array([1]), ten_views=True)
    np.testing.assert_allclose(found, [[[3.0]]])


@pytest.mark.parametrize("name", list(NETWORK_METHODS))
def test_no_images_give_no_maps(name: str) -> None:
    found = NETWORK_METHODS[name].compute(_network(), _images(0), np.zeros(0, np.int64))
    assert found.shape == (0, HEIGHT, WIDTH)


@pytest.mark.parametrize("name", list(NETWORK_METHODS))
@pytest.mark.parametrize(
    ("shape", "dtype", "class_index"),
    [
        ((1, 8, 8), np.uint8, [0]),
        ((1, 8, 8, 3), np.float32, [0]),
        ((1, 0, 8, 3), np.uint8, [0]),
        ((1, 8, 8, 3), np.uint8, [2]),
        ((1, 8, 8, 3), np.uint8, [-1]),
        ((1, 8, 8, 3), np.uint8, [0, 0]),
    ],
)
def test_images_and_classes_that_do_not_fit_are_rejected(
    name: str, shape: tuple[int, ...], dtype: type, class_index: list[int]
) -> None:
    with pytest.raises(InvalidArray):
        NETWORK_METHODS[name].compute(_network(), np.zeros(shape, dtype), np.array(class_index))


def test_backprop_rejects_an_empty_batch_size() -> None:
    with pytest.raises(InvalidArray, match="batch_size"):
        backprop.compute(_network(), _images(1), np.array([1]), batch_size=0)


def test_the_graph_cut_turns_saliency_into_the_object() -> None:
    # A red disc on a green ground; the network's score counts red inside the disc's core only.
    rows, columns = np.mgrid[:64, :96]
    disc = (rows - 30) ** 2 + (columns - 60) ** 2 < 15**2
    image = np.where(disc[..., None], [200, 30, 30], [30, 160, 40]).astype(np.uint8)
    core = torch.from_numpy((rows - 30) ** 2 + (columns - 60) ** 2 < 9**2)
    weight = torch.tensor([[0.0, 0, 0], [1.0, 0, 0]])
    network = _network(lambda batch: batch * core, weight)
    (mask,) = backprop_graphcut.compute(network, image[None], np.array([1]))
    assert (mask.astype(bool) == disc).mean() > 0.99


def _example() -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(1)
    return rng.random((3, 5, 3, 4)).astype(np.float32), rng.standard_normal((2, 4)).astype(np.float32)


@pytest.mark.parametrize("name", ["gradcam", "gradcampp"])
def test_the_autograd_forms_equal_the_closed_forms(name: str) -> None:
    maps, weight = _example()
    class_index = np.array([1, 0, 1])
    found = getattr(autograd, name)(
        lambda tensor: tensor.mean(dim=(2, 3)) @ torch.from_numpy(weight).T, maps, class_index
    )
    closed = METHODS[name].compute(maps, weight, class_index)
    scale = 15 if name == "gradcam" else 1
    np.testing.assert_allclose(found * scale, closed, atol=1e-6)


def test_the_autograd_form_serves_a_head_with_maximum_pooling() -> None:
    # S = max of channel 0: its gradient is 1 at one of 6 cells, so the map is A_0 / 6.
    maps = np.array([[[[3.0], [1.0]], [[0.0], [6.0]], [[2.0], [5.0]]]], np.float32)
    found = autograd.gradcam(lambda tensor: tensor.amax(dim=(2, 3)), maps, np.array([0]))
    np.testing.assert_allclose(found, maps[..., 0] / 6, rtol=1e-6)


def test_the_autograd_form_rejects_scores_that_do_not_fit() -> None:
    maps, _ = _example()
    with pytest.raises(InvalidArray, match="do not fit"):
        autograd.gradcam(lambda tensor: tensor.mean(dim=(2, 3)), maps, np.array([0, 1, 4]))
    with pytest.raises(InvalidArray, match="do not fit"):
        autograd.gradcam(lambda tensor: tensor.mean(dim=(2, 3)).T, maps, np.array([0, 1, 1]))
    with pytest.raises(InvalidArray, match="need maps"):
        autograd.gradcam(lambda tensor: tensor, maps, np.array([0]))


def test_the_class_model_goes_where_the_score_rises_and_reports_every_step() -> None:
    # The score is red minus green: without structure to gain from, all of the picture turns red, blue stays
    # grey.
    weight = torch.tensor([[0.0, 0, 0], [1.0, -1, 0.0]])
    seen: list[Progress] = []
    picture = visualise_class(_network(weight=weight), 1, size_px=40, l2=0.0, on_progress=seen.append)
    assert picture.shape == (40, 40, 3)
    red, green, blue = picture.reshape(-1, 3).mean(axis=0)
    assert red > 150
    assert green < 105
    assert blue == pytest.approx(127.5, abs=5)
    assert [step.done for step in seen] == list(range(1, 121))


def test_a_large_penalty_keeps_the_class_model_grey() -> None:
    picture = visualise_class(_network(), 1, size_px=32, l2=1e4, num_steps=60)
    np.testing.assert_allclose(picture, 127, atol=12)


def test_the_class_model_does_not_depend_on_the_size_of_the_weights() -> None:
    first, second = (
        visualise_class(_network(weight=WEIGHT * scale), 1, size_px=32, num_steps=20) for scale in (1.0, 0.01)
    )
    np.testing.assert_allclose(first.astype(int), second.astype(int), atol=1)
    assert first.std() > 5


def test_the_same_seed_draws_the_same_class_model() -> None:
    first, second, other = (
        visualise_class(_network(lambda batch: batch**2), 1, size_px=32, num_steps=5, seed=seed)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("class_index", "options"),
    [(0, {}), (2, {}), (-1, {}), (1, {"size_px": 31}), (1, {"num_steps": 0}), (1, {"l2": -1.0})],
)
def test_the_class_model_rejects_bad_parameters(class_index: int, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArray):
        visualise_class(_network(), class_index, **options)


def test_a_head_on_weighted_pooling_scores_what_it_was_trained_on() -> None:
    images = _images(2)
    network = ScoringNetwork(
        _prepare, lambda batch: batch, _to_images, WEIGHT, torch.tensor([0.5, 0.0]), pooling="wgap"
    )
    pooled = wgap.pool(images.astype(np.float32) / np.float32(255))
    expected = pooled @ WEIGHT.numpy().T + np.array([0.5, 0.0])
    np.testing.assert_allclose(network.scores(_prepare(images)).numpy(), expected, atol=1e-6)

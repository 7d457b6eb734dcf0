"""Graph cut: an object by its colour, images without seeds, and bad input."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.graphcut import segment
from worker.ml.types import BoolArray, UInt8Array


def _picture() -> tuple[UInt8Array, BoolArray]:
    """A noisy blue bar, 20 x 40 px, on a noisy yellow ground of 60 x 100 px."""
    rng = np.random.default_rng(0)
    inside = np.zeros((60, 100), bool)
    inside[20:40, 30:70] = True
    colours = np.where(inside[..., None], [40, 60, 200], [220, 200, 60])
    return np.clip(colours + rng.normal(0, 8, colours.shape), 0, 255).astype(np.uint8), inside


def test_the_object_is_cut_out_at_its_edges() -> None:
    image, inside = _picture()
    saliency = np.zeros((60, 100), np.float32)
    saliency[24:36, 40:60] = 1  # only part of the object is salient
    found = segment(image, saliency)
    assert (found & inside).sum() / (found | inside).sum() > 0.95


def test_the_same_input_gives_the_same_segment() -> None:
    image, inside = _picture()
    noise = np.random.default_rng(1).random(inside.shape) * 0.2 + inside
    np.testing.assert_array_equal(segment(image, noise), segment(image, noise))


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan, np.inf])
def test_a_constant_map_or_one_not_finite_has_no_segment(value: float) -> None:
    image, _ = _picture()
    assert not segment(image, np.full((60, 100), value)).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (0, 5)])
def test_an_image_too_small_to_seed_has_no_segment(shape: tuple[int, int]) -> None:
    saliency = np.linspace(0, 1, shape[0] * shape[1]).reshape(shape)
    found = segment(np.zeros((*shape, 3), np.uint8), saliency)
    assert found.shape == shape
    assert not found.any()


def test_inputs_that_do_not_fit_are_rejected() -> None:
    with pytest.raises(InvalidArray):
        segment(np.zeros((4, 5, 3), np.uint8), np.zeros((5, 4)))
    with pytest.raises(InvalidArray):
        segment(np.zeros((4, 5, 3), np.float32), np.zeros((4, 5)))

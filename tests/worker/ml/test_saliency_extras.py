"""What surrounds the methods: cached maps, class units, the k best classes, the registry."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray, UnknownMethod
from worker.ml.features import encode_maps
from worker.ml.saliency import CONTRAST_METHODS, METHODS, NETWORK_METHODS, get_method
from worker.ml.saliency.cached import cams_from_codes, gradcams_from_codes
from worker.ml.saliency.top_k import top_k_boxes, top_k_cams
from worker.ml.saliency.units import class_units
from worker.ml.types import AnyArray, FloatArray, IntArray


def _example() -> tuple[FloatArray, FloatArray, IntArray]:
    rng = np.random.default_rng(0)
    maps = (rng.random((6, 5, 3, 40)) ** 2 * rng.random((6, 1, 1, 1)) * 30).astype(np.float32)
    return maps, rng.standard_normal((4, 40)).astype(np.float32), rng.integers(0, 4, 6)


def test_cached_maps_equal_the_unpacked_computation() -> None:
    maps, weight, class_index = _example()
    encoded = encode_maps(maps)
    unpacked = (encoded.codes * encoded.scale[:, None, None]).astype(np.float32) ** 2
    unpacked = unpacked.reshape(maps.shape)
    found = gradcams_from_codes(
        encoded.codes,
        encoded.scale,
        pooled=unpacked.mean(axis=(1, 2)),
        weight=weight,
        class_index=class_index,
    )
    for cams, name in zip(found, ("gradcam", "gradcampp"), strict=True):
        expected = METHODS[name].compute(unpacked, weight, class_index).reshape(6, 15)
        np.testing.assert_allclose(cams, expected, rtol=1e-4, atol=1e-4 * expected.max())


def test_cached_maps_differ_from_fresh_ones_by_less_than_a_hundredth_of_the_maximum() -> None:
    maps, weight, class_index = _example()
    encoded = encode_maps(maps)
    _, found = gradcams_from_codes(
        encoded.codes, encoded.scale, pooled=maps.mean(axis=(1, 2)), weight=weight, class_index=class_index
    )
    fresh = METHODS["gradcampp"].compute(maps, weight, class_index).reshape(6, 15)
    assert (np.abs(found - fresh).max(axis=1) / fresh.max(axis=1)).max() < 0.01


@pytest.mark.parametrize(
    "broken",
    [
        {"codes": np.zeros((6, 15, 40), np.int16)},
        {"scale": np.zeros(5, np.float32)},
        {"pooled": np.zeros((6, 39), np.float32)},
        {"weight": np.full((4, 40), np.nan, np.float32)},
        {"class_index": np.array([0, 1, 2, 3, 4, 0])},
        {"class_index": np.array([0])},
    ],
)
def test_cached_arrays_that_do_not_fit_are_rejected(broken: dict[str, AnyArray]) -> None:
    given: dict[str, AnyArray] = {
        "codes": np.zeros((6, 15, 40), np.uint8),
        "scale": np.zeros(6, np.float32),
        "pooled": np.zeros((6, 40), np.float32),
        "weight": np.zeros((4, 40), np.float32),
        "class_index": np.zeros(6, np.int64),
        **broken,
    }
    with pytest.raises(InvalidArray):
        gradcams_from_codes(given.pop("codes"), given.pop("scale"), **given)


def test_class_units_are_the_channels_with_the_largest_weights() -> None:
    pooled = np.array([[1, 5, 0], [3, 5, 9], [2, 7, 4]], np.float32)
    weight = np.array([[0, 0, 0], [2, 3, -1]], np.float32)
    units = class_units(pooled, weight, 1, num_units=3, num_images=2)
    assert [(unit.channel, unit.weight) for unit in units] == [(1, 3.0), (0, 2.0)]
    assert units[0].image_indexes.tolist() == [2, 0]
    assert units[1].activations.tolist() == [3.0, 2.0]


def test_a_class_without_positive_weights_has_no_units() -> None:
    assert class_units(np.ones((2, 3), np.float32), np.zeros((2, 3), np.float32), 0) == []


@pytest.mark.parametrize(("class_index", "num_units", "columns"), [(2, 1, 3), (0, 0, 3), (0, 1, 4)])
def test_class_units_reject_what_does_not_fit(class_index: int, num_units: int, columns: int) -> None:
    with pytest.raises(InvalidArray):
        class_units(
            np.ones((2, columns), np.float32),
            np.zeros((2, 3), np.float32),
            class_index,
            num_units=num_units,
        )


def test_the_best_classes_come_first_with_their_own_maps() -> None:
    maps, weight, _ = _example()
    scores = maps.mean(axis=(1, 2)) @ weight.T
    cams, classes = top_k_cams(METHODS["gradcam"].compute, maps, weight, scores=scores, k=3)
    assert cams.shape == (6, 3, 5, 3)
    np.testing.assert_array_equal(classes[:, 0], scores.argmax(axis=1))
    np.testing.assert_array_equal(
        cams[:, 2], METHODS["gradcam"].compute(maps, weight, np.argsort(-scores, axis=1)[:, 2])
    )
    boxes, _ = top_k_boxes(METHODS["gradcam"].compute, maps, weight, scores=scores, k=3, retention=0.8)
    assert boxes.shape == (6, 3, 4)
    assert (boxes[..., :2] < boxes[..., 2:]).all()


@pytest.mark.parametrize("k", [0, 5])
def test_the_number_of_best_classes_is_limited(k: int) -> None:
    maps, weight, _ = _example()
    with pytest.raises(InvalidArray):
        top_k_cams(METHODS["gradcam"].compute, maps, weight, scores=np.zeros((6, 4), np.float32), k=k)


def test_every_method_is_found_by_its_name_and_no_other_is() -> None:
    for name in [*METHODS, *CONTRAST_METHODS, *NETWORK_METHODS]:
        assert get_method(name).name == name
    with pytest.raises(UnknownMethod, match="'lime'; known: cam, gradcam, gradcampp"):
        get_method("lime")


@pytest.mark.parametrize("num_maps", [1, 4, 5])
def test_any_number_of_maps_comes_from_one_reading_of_the_codes(num_maps: int) -> None:
    codes = np.array([[[2, 1], [0, 3], [5, 0]]], np.uint8)  # (code * 0.5)^2: (1, .25), (0, 2.25), (6.25, 0)
    weights = np.array([[[1, 0], [0, 4], [1, -4], [-2, 0], [2, 8]]], np.float32)[:, :num_maps]
    expected = [[1, 0, 6.25], [1, 9, 0], [0, -9, 6.25], [-2, 0, -12.5], [4, 18, 12.5]][:num_maps]
    found = cams_from_codes(codes, np.array([0.5], np.float32), weights)
    np.testing.assert_array_equal(found, [expected])


def test_weights_that_do_not_fit_the_codes_are_refused() -> None:
    codes, scale = np.ones((2, 3, 4), np.uint8), np.ones(2, np.float32)
    for weights in (np.ones((2, 1, 5)), np.ones((1, 1, 4)), np.full((2, 1, 4), np.nan), np.ones((2, 4))):
        with pytest.raises(InvalidArray, match="channel_weights must be finite"):
            cams_from_codes(codes, scale, weights.astype(np.float32))
    with pytest.raises(InvalidArray, match="scale must fit"):
        cams_from_codes(codes, scale[:1], np.ones((2, 1, 4), np.float32))

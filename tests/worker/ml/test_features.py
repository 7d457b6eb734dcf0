"""Extraction in batches, the square-root code, and pooling over boxes."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.ml.errors import Cancelled, InvalidArray, UnreadableImage
from worker.ml.features import (
    EncodedMaps,
    Features,
    concatenate_features,
    decode_contrast,
    decode_maps,
    encode_contrast,
    encode_maps,
    extract_features,
    has_features,
    iter_features,
    load_squashed,
    pool_boxes,
    pool_maps,
    with_holes,
    without_holes,
)
from worker.ml.types import AnyArray, FloatArray, Progress, UInt8Array


class QuarterMaps:
    """A backbone whose map is the picture, every fourth pixel; remembers the batch sizes."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def maps(self, images: UInt8Array) -> FloatArray:
        self.batches.append(len(images))
        return np.ascontiguousarray(images[:, ::4, ::4]).astype(np.float32)


def flat_picture(value: int) -> UInt8Array:
    return np.full((8, 12, 3), value, dtype=np.uint8)


def example_maps() -> FloatArray:
    """(2, 2, 3, 2): non-square; the second image is zero."""
    maps = np.zeros((2, 2, 3, 2), dtype=np.float32)
    maps[0, :, :, 0] = np.array([[0, 1, 4], [9, 16, 25]])
    maps[0, :, :, 1] = np.array([[100, 0, 0], [0, 0, 6.25]])
    return maps


def test_codes_by_hand() -> None:
    encoded = encode_maps(example_maps())
    assert encoded.codes.shape == (2, 6, 2)
    assert encoded.codes.dtype == np.uint8
    assert (encoded.height, encoded.width) == (2, 3)
    np.testing.assert_allclose(encoded.scale, [10 / 255, 0], rtol=1e-6)
    # code = 255 * sqrt(A / 100)
    assert encoded.codes[0, :, 0].tolist() == [0, 26, 51, 76, 102, 128]
    assert encoded.codes[0, :, 1].tolist() == [255, 0, 0, 0, 0, 64]
    assert not encoded.codes[1].any()


def test_decoding_is_within_half_a_step_of_the_root() -> None:
    maps = np.random.default_rng(0).gamma(0.5, size=(4, 3, 5, 7)).astype(np.float32)
    decoded = decode_maps(encode_maps(maps))
    assert decoded.shape == maps.shape
    assert decoded.dtype == np.float32
    half_step = 0.5 * np.sqrt(maps.max(axis=(1, 2, 3), keepdims=True)) / 255
    assert (np.abs(np.sqrt(decoded) - np.sqrt(maps)) <= half_step * 1.001).all()


@pytest.mark.parametrize(
    "maps",
    [
        np.full((1, 2, 2, 3), -1e-3, dtype=np.float32),
        np.full((1, 2, 2, 3), np.nan, dtype=np.float32),
        np.full((1, 2, 2, 3), np.inf, dtype=np.float32),
        np.zeros((2, 2, 3), dtype=np.float32),
        np.zeros((1, 0, 2, 3), dtype=np.float32),
    ],
    ids=["negative", "NaN", "infinite", "three axes", "no cells"],
)
def test_other_maps_are_refused(maps: FloatArray) -> None:
    with pytest.raises(InvalidArray):
        encode_maps(maps)


def test_codes_that_do_not_fit_their_size_are_refused() -> None:
    with pytest.raises(InvalidArray):
        EncodedMaps(np.zeros((1, 5, 2), dtype=np.uint8), np.zeros(1, dtype=np.float32), 2, 3)


def test_pooling_is_the_mean_over_places() -> None:
    expected = np.array([[55 / 6, 106.25 / 6], [0, 0]])
    np.testing.assert_allclose(pool_maps(example_maps()), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("box", "weights"),
    [
        ((0, 0, 1, 1), [[1, 1, 1], [1, 1, 1]]),
        ((1 / 3, 0, 1, 0.5), [[0, 1, 1], [0, 0, 0]]),
        ((0.5, 0.25, 1, 1), [[0, 0.25, 0.5], [0, 0.5, 1]]),
        ((-1, 0.5, 1 / 3, 9), [[0, 0, 0], [1, 0, 0]]),
    ],
)
def test_boxes_weigh_cells_by_their_covered_area(box: tuple[float, ...], weights: list[list[float]]) -> None:
    encoded = encode_maps(example_maps()[:1])
    pooled = pool_boxes(encoded, np.array([box], dtype=np.float32))
    share = np.array(weights)[None, :, :, None] / np.sum(weights)
    np.testing.assert_allclose(pooled, (decode_maps(encoded) * share).sum(axis=(1, 2)), rtol=1e-5)


def test_the_whole_box_pools_nearly_as_the_maps() -> None:
    maps = np.random.default_rng(0).gamma(0.5, size=(9, 7, 5, 11)).astype(np.float32)
    whole = np.tile(np.array([0, 0, 1, 1], dtype=np.float32), (9, 1))
    np.testing.assert_allclose(pool_boxes(encode_maps(maps), whole), pool_maps(maps), rtol=0.01)


@pytest.mark.parametrize(
    "box", [(0.5, 0, 0.5, 1), (1.1, 0, 1.5, 1), (0.6, 0, 0.5, 1), (np.nan, 0, 1, 1)], ids=str
)
def test_a_box_that_covers_nothing_is_named(box: tuple[float, ...]) -> None:
    boxes = np.array([(0, 0, 1, 1), box], dtype=np.float32)
    with pytest.raises(InvalidArray, match="box 1 covers nothing"):
        pool_boxes(encode_maps(example_maps()), boxes)


def test_features_come_in_order_in_batches() -> None:
    backbone = QuarterMaps()
    seen: list[Progress] = []
    values = [5, 200, 30, 7, 90]
    features = extract_features(
        backbone,
        [flat_picture(value) for value in values],
        load=lambda a: a,
        batch_size=2,
        on_progress=seen.append,
    )
    assert backbone.batches == [2, 2, 1]
    assert len(features) == 5
    assert features.pooled[:, 0].tolist() == values
    assert features.maps.codes.shape == (5, 6, 3)
    np.testing.assert_allclose(decode_maps(features.maps)[:, 1, 2, 1], values, rtol=1e-5)
    assert seen == [Progress("features", done, 5) for done in (0, 2, 4, 5)]


def test_a_failing_image_raises_with_its_position_after_the_batches_before_it() -> None:
    def load(value: int) -> UInt8Array:
        if value == 99:
            raise UnreadableImage("truncated")
        return flat_picture(value)

    parts = iter_features(QuarterMaps(), [1, 2, 3, 4, 5, 99, 7], load=load, batch_size=2, num_decoders=3)
    assert [next(parts).pooled[0, 0], next(parts).pooled[0, 0]] == [1, 3]
    with pytest.raises(UnreadableImage, match="image at position 5: truncated") as caught:
        next(parts)
    assert caught.value.position == 5


def test_codes_are_rounded_roots_and_a_negative_zero_is_a_zero() -> None:
    maps = np.array(
        [[[[4.0, 1.21, 0.0]], [[-0.0, 0.25, 2.25]]], [[[-0.0] * 3], [[0.0] * 3]]], dtype=np.float32
    )
    encoded = encode_maps(maps)
    assert encoded.codes.tolist() == [
        [[255, 140, 0], [0, 64, 191]],
        [[0] * 3] * 2,
    ]  # of 140.25, 63.75, 191.25
    assert encoded.scale.tolist() == [np.float32(2) / np.float32(255), 0]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -1e-30], ids=str)
def test_a_single_value_that_is_negative_or_not_finite_is_refused(value: float) -> None:
    maps = np.ones((2, 2, 3, 4), dtype=np.float32)
    maps[1, 0, 2, 3] = value
    with pytest.raises(InvalidArray, match="finite and >= 0"):
        encode_maps(maps)


def test_images_that_fail_are_handed_over_before_their_batch_which_goes_on_without_them() -> None:
    def load(value: int) -> UInt8Array:
        if value >= 90:
            raise UnreadableImage(f"{value}.jpg: truncated", reason="truncated")
        return flat_picture(value)

    told: list[tuple[int | None, str]] = []
    backbone = QuarterMaps()
    given = []
    for part in iter_features(
        backbone,
        [90, 1, 2, 91, 92, 3, 4, 5, 93],
        load=load,
        batch_size=2,
        num_decoders=3,
        on_unreadable=lambda error: told.append((error.position, error.reason)),
    ):
        given.append((part.pooled[:, 0].tolist(), [position for position, _ in told]))

    assert given == [([1, 2], [0]), ([3, 4], [0, 3, 4]), ([5], [0, 3, 4, 8])]
    assert {reason for _, reason in told} == {"truncated"}
    assert backbone.batches == [2, 2, 1]


def test_holes_are_nan_where_features_are_pooled_and_zero_in_the_maps() -> None:
    maps = np.arange(1, 13, dtype=np.float32).reshape(2, 1, 3, 2)
    found = with_holes(Features(pool_maps(maps), encode_maps(maps)), np.array([2, 0]), num_images=4)

    assert has_features(found.pooled).tolist() == [True, False, True, False]
    assert found.pooled[[0, 2]].tolist() == [[9, 10], [3, 4]]
    assert found.maps.scale.astype(bool).tolist() == [True, False, True, False]
    assert decode_maps(found.maps)[[1, 3]].max() == 0
    assert without_holes(found.pooled).tolist() == [[9, 10], [0, 0], [3, 4], [0, 0]]


@pytest.mark.parametrize("rows", [[0], [1, 1], [0, 3], [-1, 0]], ids=str)
def test_holes_are_left_between_distinct_rows_in_range(rows: list[int]) -> None:
    maps = np.ones((2, 1, 3, 2), dtype=np.float32)
    with pytest.raises(InvalidArray):
        with_holes(Features(pool_maps(maps), encode_maps(maps)), np.array(rows), num_images=3)


def test_other_errors_of_loading_keep_their_type_and_name_the_position() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(iter_features(QuarterMaps(), [2, 0], load=lambda value: flat_picture(8 // value)))
    assert caught.value.__notes__ == ["while loading the image at position 1"]


def test_no_thread_is_left_after_an_error_or_an_early_end() -> None:
    def cancel(progress: Progress) -> None:
        if progress.done:
            raise Cancelled("cancelled")

    pictures = [flat_picture(1)] * 50
    with pytest.raises(Cancelled):
        extract_features(QuarterMaps(), pictures, load=lambda a: a, batch_size=2, on_progress=cancel)
    half = iter_features(QuarterMaps(), pictures, load=lambda a: a, batch_size=2)
    next(half)
    half.close()  # type: ignore[attr-defined]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("decode")] == []


def test_sources_are_not_read_far_ahead() -> None:
    taken: list[int] = []

    def endless() -> Iterator[int]:
        for value in range(1000):
            taken.append(value)
            yield value

    half = iter_features(QuarterMaps(), endless(), load=lambda value: flat_picture(value % 200), batch_size=4)
    next(half)
    assert len(taken) <= 16
    half.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("pictures", "batch_size"),
    [([flat_picture(1), np.zeros((8, 8, 3), dtype=np.uint8)], 2), ([flat_picture(1)], 0), ([], 2)],
    ids=["two sizes", "no batch", "nothing"],
)
def test_what_cannot_be_extracted_is_refused(pictures: list[AnyArray], batch_size: int) -> None:
    with pytest.raises(InvalidArray):
        extract_features(QuarterMaps(), pictures, load=lambda a: a, batch_size=batch_size)


def test_parts_of_other_map_sizes_do_not_join() -> None:
    def part(height: int) -> Features:
        maps = np.ones((1, height, 2, 3), dtype=np.float32)
        return Features(pool_maps(maps), encode_maps(maps))

    assert len(concatenate_features([part(2), part(2)])) == 2
    with pytest.raises(InvalidArray, match=r"\(2, 2, 3\), \(4, 2, 3\)"):
        concatenate_features([part(2), part(4)])


def test_files_are_decoded_and_squashed(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (30, 10), (0, 90, 0)).save(path)
    features = extract_features(QuarterMaps(), [path], load=partial(load_squashed, size_px=8))
    assert features.maps.codes.shape == (1, 4, 3)
    assert features.pooled.tolist() == [[0, 90, 0]]


def test_contrast_codes_by_hand() -> None:
    contrast = np.array([[[0, 0.5, 1], [0.1, 0.2, 0.998]]], dtype=np.float32)

    codes = encode_contrast(contrast)

    assert codes.tolist() == [[[0, 128, 255], [26, 51, 254]]]
    assert np.abs(decode_contrast(codes) - contrast).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan])
def test_contrast_outside_0_1_is_refused(value: float) -> None:
    with pytest.raises(InvalidArray, match="contrast is"):
        encode_contrast(np.full((1, 2, 3), value, dtype=np.float32))

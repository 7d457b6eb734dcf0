"""The feature cache: shards extended in place of the old, read in any range."""

from pathlib import Path

import numpy as np
import pytest

from worker.ml import feature_shards
from worker.ml.errors import CheckpointIncompatible, InvalidArray
from worker.ml.feature_shards import (
    append_features,
    count_features,
    count_in_shard,
    fill_features,
    iter_maps,
    list_holes,
    read_contrast,
    read_maps,
    read_pooled,
)
from worker.ml.features import Features, encode_maps, pool_maps, with_holes

SIGNATURE = {"backbone": "tiny", "input_size_px": 32, "preprocessing": {"mean": [0, 0, 0]}}


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_shards, "SHARD_SIZE", 4)


def features_of(*values: int, with_contrast: bool = False) -> Features:
    """Maps of 2 x 3 places and 2 channels: the value, and ten times it; contrast of 2 x 3 cells, all the value."""
    maps = np.zeros((len(values), 2, 3, 2), dtype=np.float32)
    maps[..., 0] = np.array(values)[:, None, None]
    maps[..., 1] = 10 * maps[..., 0]
    contrast = np.repeat(np.array(values, dtype=np.uint8), 6).reshape(-1, 2, 3) if with_contrast else None
    return Features(pool_maps(maps), encode_maps(maps), contrast)


def stored_values(root: Path) -> list[int]:
    return [round(float(value)) for value in read_pooled(root)[:, 0]]


def test_an_empty_cache_has_no_images(tmp_path: Path) -> None:
    assert count_features(tmp_path / "x") == 0
    assert read_pooled(tmp_path / "x").shape == (0, 0)
    assert list(iter_maps(tmp_path / "x")) == []


def test_images_are_appended_over_shard_borders(tmp_path: Path) -> None:
    assert append_features(tmp_path, features_of(1, 2, 3), start=0, signature=SIGNATURE) == 3
    assert append_features(tmp_path, features_of(4, 5, 6, 7, 8, 9), start=3, signature=SIGNATURE) == 9
    assert count_features(tmp_path, signature=SIGNATURE) == 9
    assert stored_values(tmp_path) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [(start, len(maps)) for start, maps in iter_maps(tmp_path)] == [(0, 4), (4, 4), (8, 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000", "000001", "000002"]


def test_appending_twice_changes_nothing(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2, 3, 4, 5, 6), start=0, signature=SIGNATURE)
    assert append_features(tmp_path, features_of(2, 3, 4, 5), start=1, signature=SIGNATURE) == 6
    assert stored_values(tmp_path) == [1, 2, 3, 4, 5, 6]


def test_replacing_rows_keeps_those_before_and_after(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2, 3, 4), start=0, signature=SIGNATURE)
    append_features(tmp_path, features_of(20, 30), start=1, signature=SIGNATURE)
    assert stored_values(tmp_path) == [1, 20, 30, 4]


@pytest.mark.parametrize(("start", "stop"), [(0, 9), (2, 3), (3, 5), (0, 4), (7, 9), (1, 8)])
def test_any_range_of_maps_can_be_read(start: int, stop: int, tmp_path: Path) -> None:
    whole = features_of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    append_features(tmp_path, whole, start=0, signature=SIGNATURE)
    maps = read_maps(tmp_path, start=start, stop=stop)
    assert (maps.height, maps.width) == (2, 3)
    assert (maps.codes == whole.maps.codes[start:stop]).all()
    assert (maps.scale == whole.maps.scale[start:stop]).all()


@pytest.mark.parametrize(("start", "stop"), [(0, 4), (2, 2), (-1, 2), (3, 2)])
def test_a_range_outside_is_refused(start: int, stop: int, tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2, 3), start=0, signature=SIGNATURE)
    with pytest.raises(InvalidArray, match="<= 3, got"):
        read_maps(tmp_path, start=start, stop=stop)


def test_a_gap_within_a_shard_is_refused(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2), start=0, signature=SIGNATURE)
    for start in (3, -1, 5):  # shards have 4 images here
        with pytest.raises(InvalidArray, match=f"got {start}"):
            append_features(tmp_path, features_of(5), start=start, signature=SIGNATURE)


def test_shards_may_come_in_any_order_and_count_when_those_before_them_are_full(tmp_path: Path) -> None:
    assert append_features(tmp_path, features_of(5, 6, 7, 8), start=4, signature=SIGNATURE) == 0
    assert (count_in_shard(tmp_path, 0), count_in_shard(tmp_path, 1), count_in_shard(tmp_path, 2)) == (
        0,
        4,
        0,
    )
    assert append_features(tmp_path, features_of(1, 2), start=0, signature=SIGNATURE) == 2
    assert append_features(tmp_path, features_of(9), start=8, signature=SIGNATURE) == 2
    assert append_features(tmp_path, features_of(3, 4), start=2, signature=SIGNATURE) == 9


def test_another_signature_is_refused(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1), start=0, signature=SIGNATURE)
    with pytest.raises(CheckpointIncompatible, match="'input_size_px': 64"):
        append_features(tmp_path, features_of(2), start=1, signature={**SIGNATURE, "input_size_px": 64})
    assert stored_values(tmp_path) == [1]


def test_maps_of_another_size_do_not_join(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1), start=0, signature=SIGNATURE)
    maps = np.ones((1, 3, 2, 2), dtype=np.float32)
    with pytest.raises(InvalidArray):
        append_features(tmp_path, Features(pool_maps(maps), encode_maps(maps)), start=1, signature=SIGNATURE)
    assert stored_values(tmp_path) == [1]


def test_contrast_is_kept_image_by_image_over_shard_borders_and_replaced_with_its_rows(
    tmp_path: Path,
) -> None:
    append_features(tmp_path, features_of(1, 2, 3, 4, 5, with_contrast=True), start=0, signature=SIGNATURE)
    append_features(tmp_path, features_of(20, 6, 7, with_contrast=True), start=4, signature=SIGNATURE)

    contrast = read_contrast(tmp_path)

    assert (contrast.shape, contrast.dtype.name) == ((7, 2, 3), "uint8")
    assert contrast[:, 1, 2].tolist() == [1, 2, 3, 4, 20, 6, 7]


def test_features_without_contrast_say_so(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2), start=0, signature=SIGNATURE)

    with pytest.raises(CheckpointIncompatible, match="images 0 onwards have no border contrast"):
        read_contrast(tmp_path)
    assert read_contrast(tmp_path / "x").shape == (0, 0, 0)


def test_features_with_and_without_contrast_are_not_joined(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2), start=0, signature=SIGNATURE)

    with pytest.raises(InvalidArray, match="1 of 2 parts have the border contrast"):
        append_features(tmp_path, features_of(3, with_contrast=True), start=2, signature=SIGNATURE)


def test_holes_are_stored_listed_and_filled_over_shard_borders(tmp_path: Path) -> None:
    some = with_holes(features_of(1, 3, 7, with_contrast=True), np.array([0, 2, 6]), num_images=7)
    assert append_features(tmp_path, some, start=0, signature=SIGNATURE) == 7
    assert list_holes(tmp_path).tolist() == [1, 3, 4, 5]
    assert read_maps(tmp_path, start=1, stop=2).codes.tolist() == [[[0, 0]] * 6]

    fill_features(tmp_path, features_of(40, 20, 50, with_contrast=True), np.array([3, 1, 4]))

    assert list_holes(tmp_path).tolist() == [5]
    assert read_pooled(tmp_path)[[0, 1, 2, 3, 4, 6], 0].round().tolist() == [1, 20, 3, 40, 50, 7]
    assert read_contrast(tmp_path)[:, 0, 0].tolist() == [1, 20, 3, 40, 50, 0, 7]
    assert count_features(tmp_path, signature=SIGNATURE) == 7


def test_only_stored_images_are_filled(tmp_path: Path) -> None:
    append_features(tmp_path, features_of(1, 2), start=0, signature=SIGNATURE)
    with pytest.raises(InvalidArray, match="images below 2"):
        fill_features(tmp_path, features_of(3), np.array([2]))
    fill_features(tmp_path, features_of(), np.array([], dtype=np.int64))
    assert stored_values(tmp_path) == [1, 2]

"""Groups of maps: native sizes by hand, order across buckets, pooling by another rule."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from worker.ml.backbones import load_backbone
from worker.ml.errors import InvalidArray, UnreadableImage
from worker.ml.map_groups import ContrastTap, extract_native, extract_squashed, native_size, pool_with
from worker.ml.types import FloatArray, Progress, UInt8Array


class _Brightness:
    """A backbone of one channel: the mean of each 32 x 32 px cell."""

    def maps(self, images: UInt8Array) -> FloatArray:
        """Average the cells."""
        count, height, width, _ = images.shape
        cells = images.reshape(count, height // 32, 32, width // 32, 32, 3).astype(np.float32)
        means: FloatArray = cells.mean(axis=(2, 4, 5))[..., None]
        return means


def _save(path: Path, *, size_wh: tuple[int, int], level: int, mode: str = "RGB") -> Path:
    Image.new(mode, size_wh, level if mode == "L" else (level, level, level)).save(path)
    return path


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [
        (224, 224, (224, 224)),
        (375, 500, (384, 512)),
        (1, 1, (32, 32)),
        (20, 20_000, (32, 20_000 // 32 * 32)),
        (4096, 2048, (1440, 736)),
    ],
)
def test_native_sizes_are_multiples_of_the_stride(height: int, width: int, expected: tuple[int, int]) -> None:
    assert native_size(height=height, width=width) == expected


def test_native_images_keep_their_shape_and_their_order(tmp_path: Path) -> None:
    sizes = [(64, 96), (96, 64), (64, 96), (1, 1)]
    paths = [_save(tmp_path / f"{i}.png", size_wh=size, level=10 * (i + 1)) for i, size in enumerate(sizes)]
    seen: list[Progress] = []
    found = extract_native(_Brightness(), paths, on_progress=seen.append)
    assert {(group.maps.height, group.maps.width) for group in found.groups} == {(3, 2), (2, 3), (1, 1)}
    np.testing.assert_allclose(found.pooled[:, 0], [10, 20, 30, 40])
    of_image = {
        int(i): maps.shape[:2]
        for group in found.groups
        for index, all_maps in group.chunks()
        for i, maps in zip(index, all_maps, strict=True)
    }
    assert [of_image[i] for i in range(4)] == [(3, 2), (2, 3), (3, 2), (1, 1)]
    assert (seen[-1].done, seen[-1].total) == (4, 4)


def test_chunks_give_every_image_of_a_group_once(tmp_path: Path) -> None:
    paths = [_save(tmp_path / f"{i}.png", size_wh=(40, 70), level=i * 20) for i in range(5)]
    found = extract_squashed(_Brightness(), paths, size_px=64)
    chunks = list(found.groups[0].chunks(2))
    assert [index.tolist() for index, _ in chunks] == [[0, 1], [2, 3], [4]]
    np.testing.assert_allclose(
        np.concatenate([maps for _, maps in chunks])[:, 0, 0, 0], [0, 20, 40, 60, 80], rtol=1e-3
    )


def test_another_pooling_sees_the_decoded_maps(tmp_path: Path) -> None:
    paths = [_save(tmp_path / "a.png", size_wh=(40, 70), level=100)]
    found = extract_squashed(_Brightness(), paths, size_px=64)
    np.testing.assert_allclose(pool_with(found, lambda maps: maps.sum(axis=(1, 2))), [[400.0]], rtol=1e-3)


def test_greyscale_and_extreme_shapes_are_read(tmp_path: Path) -> None:
    paths = [
        _save(tmp_path / "grey.png", size_wh=(50, 40), level=128, mode="L"),
        _save(tmp_path / "wide.png", size_wh=(20_000, 20), level=128),
    ]
    for found in (extract_squashed(_Brightness(), paths, size_px=64), extract_native(_Brightness(), paths)):
        np.testing.assert_allclose(found.pooled[:, 0], [128, 128], atol=1)


def test_a_file_that_is_no_image_and_an_empty_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nothing")
    with pytest.raises(UnreadableImage):
        extract_native(_Brightness(), [tmp_path / "a.png"])
    with pytest.raises(InvalidArray, match="at least one image"):
        extract_native(_Brightness(), [])


def test_contrast_comes_back_in_the_order_of_the_images(tmp_path: Path) -> None:
    torch.manual_seed(0)
    torch.save(torchvision.models.squeezenet1_0(weights=None).state_dict(), tmp_path / "squeezenet1_0.pth")
    backbone = load_backbone("squeezenet1_0", weights_path=tmp_path / "squeezenet1_0.pth")
    rng = np.random.default_rng(0)
    paths = []
    for i, (width, height) in enumerate([(64, 96), (96, 64), (64, 96)]):
        paths.append(tmp_path / f"{i}.png")
        Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)).save(paths[-1])

    def contrast_of(chosen: list[Path]) -> FloatArray:
        tap = ContrastTap(backbone)
        contrast = tap.attach(extract_native(tap, chosen)).contrast
        assert contrast is not None
        return contrast

    together = contrast_of(paths)
    for place, path in enumerate(paths):
        np.testing.assert_allclose(together[place], contrast_of([path])[0], atol=1e-5)

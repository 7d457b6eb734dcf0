"""Feature maps of a set of images in groups of one map size: one group when squashed, one a shape when
native.

Squashed ("batched"): every image becomes a square of one size. Native: every image keeps its resolution,
rounded to the network's stride, and images of equal shape share a forward pass; finer maps for small
objects, at more cost.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from worker.ml.backbones import MIN_SIDE_PX, Backbone
from worker.ml.errors import InvalidArray
from worker.ml.features import EncodedMaps, MapSource, decode_maps, extract_features, load_squashed
from worker.ml.images import decode_image, read_info
from worker.ml.saliency.contrast_stages import contrast_stages, maps_and_contrast
from worker.ml.saliency.labeler import GRID
from worker.ml.types import FloatArray, IntArray, Progress, ProgressFn, UInt8Array, ignore_progress

STRIDE_PX = 32
MAX_NATIVE_PIXELS = 1024 * 1024
"""Larger images are scaled down to this area before the native pass; it bounds memory and time."""
CHUNK = 64


@dataclass(frozen=True)
class MapGroup:
    """Maps of the images at `image_index` (n,) of the set, all of one size."""

    image_index: IntArray
    maps: EncodedMaps

    def chunks(self, chunk: int = CHUNK) -> Iterator[tuple[IntArray, FloatArray]]:
        """Decode a few images at a time: their indexes (m,) and maps (m, h, w, C)."""
        for start in range(0, len(self.maps), chunk):
            part = slice(start, start + chunk)
            encoded = EncodedMaps(
                self.maps.codes[part], self.maps.scale[part], self.maps.height, self.maps.width
            )
            yield self.image_index[part], decode_maps(encoded)


@dataclass(frozen=True)
class GroupedMaps:
    """Maps of N images in groups, their mean-pooled features (N, C), and the border contrast if taken."""

    groups: tuple[MapGroup, ...]
    pooled: FloatArray
    contrast: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.pooled)


def extract_squashed(
    backbone: MapSource,
    paths: Sequence[Path],
    *,
    size_px: int,
    batch_size: int = 16,
    on_progress: ProgressFn = ignore_progress,
) -> GroupedMaps:
    """Extract maps of images squashed to `size_px`; errors as `features.extract_features`."""
    load = partial(load_squashed, size_px=size_px)
    found = extract_features(backbone, paths, load=load, batch_size=batch_size, on_progress=on_progress)
    group = MapGroup(image_index=np.arange(len(paths)), maps=found.maps)
    return GroupedMaps(groups=(group,), pooled=found.pooled)


def extract_native(
    backbone: MapSource,
    paths: Sequence[Path],
    *,
    batch_size: int = 16,
    on_progress: ProgressFn = ignore_progress,
) -> GroupedMaps:
    """Extract maps of images near their own resolution, bucketed by shape.

    Args:
        backbone: gives the maps.
        paths: N image files.
        batch_size: images of one shape a forward pass.
        on_progress: stage "features", in images.

    Raises:
        UnreadableImage: for a file that cannot be decoded.
        InvalidArray: if there are no images.
    """
    if not paths:
        raise InvalidArray("native extraction needs at least one image")
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, path in enumerate(paths):
        info = read_info(path)
        buckets[native_size(height=info.height, width=info.width)].append(index)
    groups: list[MapGroup] = []
    pooled: FloatArray | None = None
    done = 0
    for size_hw, indexes in sorted(buckets.items()):
        found = extract_features(
            backbone,
            [paths[index] for index in indexes],
            load=partial(_load_resized, size_hw=size_hw),
            batch_size=batch_size,
            on_progress=_shifted(on_progress, done=done, total=len(paths)),
        )
        done += len(indexes)
        image_index = np.array(indexes)
        groups.append(MapGroup(image_index=image_index, maps=found.maps))
        if pooled is None:
            pooled = np.zeros((len(paths), found.pooled.shape[1]), np.float32)
        pooled[image_index] = found.pooled
    assert pooled is not None
    return GroupedMaps(groups=tuple(groups), pooled=pooled)


def native_size(*, height: int, width: int) -> tuple[int, int]:
    """Round an image's size to the network's stride, each side at least 32 px, the area bounded."""
    shrink = min(1.0, (MAX_NATIVE_PIXELS / (height * width)) ** 0.5)
    # A very long side is bounded too: where the short side was raised to 32 px, the area would be exceeded.
    longest = MAX_NATIVE_PIXELS // MIN_SIDE_PX
    sides = [
        min(max(round(side * shrink / STRIDE_PX) * STRIDE_PX, MIN_SIDE_PX), longest)
        for side in (height, width)
    ]
    return sides[0], sides[1]


def load_native(source: Path) -> UInt8Array:
    """One image (H, W, 3) uint8 as `extract_native` sees it, of `native_size`; errors as there."""
    info = read_info(source)
    return _load_resized(source, size_hw=native_size(height=info.height, width=info.width))


class ContrastTap:
    """A backbone that takes the border contrast of every image on the way, in the order the images come."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._stages = contrast_stages(backbone.spec.name)
        self._taken: list[FloatArray] = []

    def maps(self, images: UInt8Array) -> FloatArray:
        """Feature maps (n, h, w, C) of a batch."""
        maps, contrast = maps_and_contrast(self._backbone, images, stages=self._stages)
        self._taken.append(contrast)
        return maps

    def take(self) -> FloatArray:
        """Contrast (n, g, g) of the images since the last call, in the order they came."""
        taken, self._taken = self._taken, []
        return np.concatenate(taken) if taken else np.zeros((0, GRID, GRID), np.float32)

    def attach(self, grouped: GroupedMaps) -> GroupedMaps:
        """The maps with the contrasts taken since the last time, which must be those of the same images."""
        order = np.concatenate([group.image_index for group in grouped.groups])
        taken = self.take()
        contrast = np.zeros_like(taken)
        contrast[order] = taken
        return replace(grouped, contrast=contrast)


def pool_with(grouped: GroupedMaps, pool: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Pool every image's maps (n, h, w, C) -> (n, C) by another rule than the mean: (N, C)."""
    pooled = np.zeros_like(grouped.pooled)
    for group in grouped.groups:
        for image_index, maps in group.chunks():
            pooled[image_index] = pool(maps)
    return pooled


def _load_resized(source: Path, *, size_hw: tuple[int, int]) -> UInt8Array:
    size_wh = (size_hw[1], size_hw[0])
    image = decode_image(source, target_px=2 * max(size_hw))
    return np.asarray(image.resize(size_wh, Image.Resampling.BILINEAR, reducing_gap=3.0))


def _shifted(on_progress: ProgressFn, *, done: int, total: int) -> ProgressFn:
    return lambda progress: on_progress(Progress(progress.stage, done + progress.done, total))

"""Feature maps and pooled features of many images: extraction in batches, the compact code of the cache,
box pooling.

Decoding runs in threads ahead of the network. Maps are kept as square-root 8-bit codes with one scale an
image: A = (code * scale)^2 with scale = sqrt(max A) / 255, which costs 0.02 px of 224 in a crop box.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Protocol, TypeVar, cast

import numpy as np

from worker.ml.compiled import compiled
from worker.ml.errors import InvalidArray, UnreadableImage
from worker.ml.images import DEFAULT_MAX_PIXELS, decode_image, squash
from worker.ml.types import (
    AnyArray,
    BoolArray,
    DoubleArray,
    FloatArray,
    IntArray,
    Progress,
    ProgressFn,
    UInt8Array,
    ignore_progress,
)

_Source = TypeVar("_Source")
_Array = TypeVar("_Array", FloatArray, UInt8Array)
_PREFETCHED_BATCHES = 2
_INFINITE_BITS, _NEGATIVE_ZERO_BITS = np.uint32(0x7F800000), np.uint32(0x80000000)


class MapSource(Protocol):
    """What extraction needs of a backbone."""

    def maps(self, images: UInt8Array) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, h, w, C) >= 0."""


@dataclass(frozen=True)
class EncodedMaps:
    """Feature maps of n images: `codes` (n, h * w, C) uint8 in raster order, `scale` (n,)."""

    codes: UInt8Array
    scale: FloatArray
    height: int
    width: int

    def __post_init__(self) -> None:
        num, cells = self.codes.shape[:2]
        if self.codes.ndim != 3 or cells != self.height * self.width or self.scale.shape != (num,):
            raise InvalidArray(
                f"codes {self.codes.shape} and scale {self.scale.shape} are not (n, {self.height} * {self.width}, C) "
                "and (n,)"
            )

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Features:
    """Of n images: `pooled` (n, C), the mean of the maps before they were encoded, and the maps.

    `contrast` (n, g, g): codes of the border contrast, where it was taken on the way (`encode_contrast`).
    A hole, an image without features, has NaN in `pooled` (`has_features`), and zeros in the rest.
    """

    pooled: FloatArray
    maps: EncodedMaps
    contrast: UInt8Array | None = None

    def __post_init__(self) -> None:
        if self.contrast is not None and (self.contrast.ndim != 3 or len(self.contrast) != len(self.pooled)):
            raise InvalidArray(
                f"contrast is (n, g, g) of {len(self.pooled)} images, got {self.contrast.shape}"
            )

    def __len__(self) -> int:
        return len(self.pooled)


def load_squashed(source: bytes | Path, *, size_px: int, max_pixels: int = DEFAULT_MAX_PIXELS) -> UInt8Array:
    """Decode a file and squash it to (S, S, 3); the usual `load` of `iter_features`."""
    return squash(decode_image(source, max_pixels=max_pixels, target_px=2 * size_px), size_px)


def iter_features(
    backbone: MapSource,
    sources: Iterable[_Source],
    *,
    load: Callable[[_Source], UInt8Array],
    batch_size: int = 16,
    num_decoders: int = 1,
    on_unreadable: Callable[[UnreadableImage], None] | None = None,
) -> Iterator[Features]:
    """Features batch by batch, in order, while threads decode the images of the next two batches.

    Args:
        backbone: gives the maps.
        sources: whatever `load` takes: paths, bytes, arrays, pairs of path and box.
        load: makes one (S, S, 3) uint8 picture; called in a thread.
        batch_size: images a forward pass; the last batch may be smaller.
        num_decoders: decoding threads.
        on_unreadable: gets the error of an image that cannot be read, with its `position`, before the batch that the
            image would have been in; batches go on without it. By default the error is raised.

    Raises:
        UnreadableImage: from `load`, with `position` set to the image's place in `sources`; nothing is put in its
            stead, and batches already given stay valid.
        InvalidArray: if pictures differ in size, or maps are negative or not finite.
    """
    if batch_size < 1:
        raise InvalidArray(f"batch_size is at least 1, got {batch_size}")
    executor = ThreadPoolExecutor(max_workers=num_decoders, thread_name_prefix="decode")
    try:
        pictures = _prefetched(
            executor,
            sources,
            load,
            ahead=(1 + _PREFETCHED_BATCHES) * batch_size,
            on_unreadable=on_unreadable,
        )
        while batch := list(islice(pictures, batch_size)):
            maps = backbone.maps(_stacked(batch))
            yield Features(pooled=pool_maps(maps), maps=encode_maps(maps))
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def extract_features(
    backbone: MapSource,
    sources: Sequence[_Source],
    *,
    load: Callable[[_Source], UInt8Array],
    batch_size: int = 16,
    num_decoders: int = 1,
    on_progress: ProgressFn = ignore_progress,
) -> Features:
    """`iter_features` collected, with progress in images at stage "features".

    Raises:
        InvalidArray: also if there are no sources: the maps' size is then unknown.
    """
    parts: list[Features] = []
    done = 0
    on_progress(Progress("features", 0, len(sources)))
    for part in iter_features(backbone, sources, load=load, batch_size=batch_size, num_decoders=num_decoders):
        parts.append(part)
        done += len(part)
        on_progress(Progress("features", done, len(sources)))
    return concatenate_features(parts)


def concatenate_features(parts: Sequence[Features]) -> Features:
    """Join batches in order.

    Raises:
        InvalidArray: if there are none, their maps differ in size, or only some have the border contrast.
    """
    sizes = {(part.maps.height, part.maps.width, part.pooled.shape[1]) for part in parts}
    if len(sizes) != 1:
        raise InvalidArray(f"parts have one map size (h, w, C), got {sorted(sizes)}")
    height, width, _ = sizes.pop()
    maps = EncodedMaps(
        codes=np.concatenate([part.maps.codes for part in parts]),
        scale=np.concatenate([part.maps.scale for part in parts]),
        height=height,
        width=width,
    )
    contrasts = [part.contrast for part in parts if part.contrast is not None]
    if contrasts and len(contrasts) != len(parts):
        raise InvalidArray(f"{len(contrasts)} of {len(parts)} parts have the border contrast; all or none do")
    return Features(
        pooled=np.concatenate([part.pooled for part in parts]),
        maps=maps,
        contrast=np.concatenate(contrasts) if contrasts else None,
    )


def has_features(pooled: FloatArray | DoubleArray) -> BoolArray:
    """Which rows (N,) of pooled features (N, C) are no holes."""
    return np.asarray(~np.isnan(pooled[:, :1]).any(axis=1), dtype=np.bool_)  # holes are NaN in all columns


def without_holes(pooled: FloatArray) -> FloatArray:
    """Pooled features (N, C) with zeros in the place of holes, for what is computed of all rows and left out later."""
    return np.where(has_features(pooled)[:, None], pooled, np.float32(0))


def with_holes(features: Features, rows: IntArray, *, num_images: int) -> Features:
    """Features of `num_images` images, of which those at `rows` (n,) have the given ones and the others are holes.

    `features` of no image (n = 0) tell the size of the maps.

    Raises:
        InvalidArray: if there are not as many rows as features, or they are not distinct and in range.
    """
    if len(rows) != len(features) or len(np.unique(rows)) != len(rows):
        raise InvalidArray(f"need {len(features)} distinct rows, got {rows.tolist()}")
    if len(rows) and not 0 <= rows.min() <= rows.max() < num_images:
        raise InvalidArray(f"rows are in 0..{num_images - 1}, got {rows.min()}..{rows.max()}")
    if len(rows) == num_images and (np.diff(rows) == 1).all():
        return features

    def spread(values: _Array, fill: float) -> _Array:
        result = np.full((num_images, *values.shape[1:]), fill, dtype=values.dtype)
        result[rows] = values
        return cast(_Array, result)

    maps = features.maps
    return Features(
        pooled=spread(features.pooled, np.nan),
        maps=EncodedMaps(spread(maps.codes, 0), spread(maps.scale, 0), maps.height, maps.width),
        contrast=None if features.contrast is None else spread(features.contrast, 0),
    )


def encode_maps(maps: FloatArray) -> EncodedMaps:
    """Square-root 8-bit codes of feature maps.

    Args:
        maps: (n, h, w, C), finite and >= 0. A map that is zero everywhere has scale 0 and codes 0.

    Raises:
        InvalidArray: otherwise.
    """
    if maps.ndim != 4 or 0 in maps.shape[1:]:
        raise InvalidArray(f"maps are (n, h, w, C), got {maps.shape}")
    num, height, width, channels = maps.shape
    flat = np.ascontiguousarray(maps, dtype=np.float32).reshape(num, height * width * channels)
    largest = np.zeros(num, dtype=np.uint32)
    _largest_bits(flat.view(np.uint32), largest)
    if (largest >= _INFINITE_BITS).any():
        raise InvalidArray("maps are finite and >= 0")
    scale = np.asarray(np.sqrt(largest.view(np.float32)) / np.float32(255), dtype=np.float32)
    per_code = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    codes = np.empty(flat.shape, dtype=np.uint8)
    _to_codes(flat, per_code, codes)
    return EncodedMaps(codes.reshape(num, height * width, channels), scale, height, width)


def decode_maps(encoded: EncodedMaps) -> FloatArray:
    """(n, h, w, C) from codes: (code * scale)^2."""
    roots = encoded.codes.astype(np.float32) * encoded.scale[:, None, None]
    decoded: FloatArray = np.square(roots)
    return decoded.reshape(len(encoded), encoded.height, encoded.width, -1)


def encode_contrast(contrast: FloatArray) -> UInt8Array:
    """8-bit codes round(255 c) of a border contrast (n, g, g) in [0, 1]: 196 bytes an image at g = 14.

    Raises:
        InvalidArray: for another shape, or a value that is not finite or leaves [0, 1].
    """
    if contrast.ndim != 3 or not np.isfinite(contrast).all():
        raise InvalidArray(f"contrast is finite (n, g, g), got {contrast.shape}")
    if contrast.size and not (contrast.min() >= 0 and contrast.max() <= 1):
        raise InvalidArray(f"contrast is in [0, 1], got {contrast.min()}..{contrast.max()}")
    return np.rint(255 * contrast).astype(np.uint8)


def decode_contrast(codes: UInt8Array) -> FloatArray:
    """Border contrast (n, g, g) in [0, 1] from codes."""
    return codes.astype(np.float32) / np.float32(255)


def pool_maps(maps: FloatArray) -> FloatArray:
    """Mean over the places of maps (n, h, w, C): (n, C)."""
    return np.asarray(maps.mean(axis=(1, 2), dtype=np.float32))


def pool_boxes(encoded: EncodedMaps, boxes: FloatArray) -> FloatArray:
    """Mean of the maps over one box per image, each cell weighted by the area of it that the box covers.

    A quick stand-in for the features of the crop: the crop itself, enlarged, gives other features.

    Args:
        encoded: n maps.
        boxes: (n, 4) unit xyxy; parts outside the image do not count.

    Returns:
        (n, C).

    Raises:
        InvalidArray: for another shape, or a box that covers nothing of the image.
    """
    if boxes.shape != (len(encoded), 4):
        raise InvalidArray(f"boxes are ({len(encoded)}, 4), got {boxes.shape}")
    x_weights = _overlaps(boxes[:, 0], boxes[:, 2], encoded.width)
    y_weights = _overlaps(boxes[:, 1], boxes[:, 3], encoded.height)
    weights = (y_weights[:, :, None] * x_weights[:, None, :]).reshape(len(encoded), -1)
    total = weights.sum(axis=1)
    if not (total > 0).all():
        position = int(np.argmin(total > 0))
        raise InvalidArray(f"box {position} covers nothing of its image: {boxes[position].tolist()}")
    pooled = np.zeros((len(encoded), encoded.codes.shape[2]), dtype=np.float32)
    _weigh_codes(encoded.codes, (weights / total[:, None]).astype(np.float32), pooled)
    pooled *= np.square(encoded.scale)[:, None]
    return pooled


def _prefetched(
    executor: ThreadPoolExecutor,
    sources: Iterable[_Source],
    load: Callable[[_Source], UInt8Array],
    *,
    ahead: int,
    on_unreadable: Callable[[UnreadableImage], None] | None,
) -> Iterator[UInt8Array]:
    waiting: deque[Future[UInt8Array]] = deque()
    remaining = iter(sources)
    for position in count():
        waiting.extend(executor.submit(load, source) for source in islice(remaining, ahead - len(waiting)))
        if not waiting:
            return
        try:
            picture = _result(waiting.popleft(), position)
        except UnreadableImage as error:
            if on_unreadable is None:
                raise
            on_unreadable(error)
        else:
            yield picture


def _result(future: Future[UInt8Array], position: int) -> UInt8Array:
    try:
        return future.result()
    except UnreadableImage as error:
        raise UnreadableImage(
            f"image at position {position}: {error.message}", position=position, reason=error.reason
        ) from error
    except Exception as error:
        error.add_note(f"while loading the image at position {position}")
        raise


def _stacked(batch: Sequence[UInt8Array]) -> UInt8Array:
    shapes = {picture.shape for picture in batch}
    if len(shapes) != 1:
        raise InvalidArray(f"pictures of a batch have one size, got {sorted(shapes)}")
    return np.stack(batch)


def _overlaps(low: FloatArray, high: FloatArray, cells: int) -> FloatArray:
    """(n, cells): length of [low, high] within each of `cells` equal parts of [0, 1], in cells; NaN stays NaN."""
    starts = np.arange(cells, dtype=np.float32)
    reach = np.minimum(high[:, None] * cells, starts + 1) - np.maximum(low[:, None] * cells, starts)
    covered: FloatArray = np.maximum(reach, np.float32(0))
    return covered


@compiled
def _largest_bits(bits: AnyArray, largest: AnyArray) -> None:
    """Largest value of each map (n, places * channels), as the bits of float32, in place.

    Bits of floats >= 0 are in the order of the floats; those of negative ones, infinity and NaN are above them all. So
    one pass over integers, which the compiler vectorises, both checks and finds.
    """
    for i in range(bits.shape[0]):
        found = np.uint32(0)
        for j in range(bits.shape[1]):
            value = bits[i, j]
            value = np.uint32(0) if value == _NEGATIVE_ZERO_BITS else value
            found = max(found, value)
        largest[i] = found


@compiled
def _to_codes(maps: FloatArray, per_code: FloatArray, codes: UInt8Array) -> None:
    """codes[i, j] = round(sqrt(maps[i, j]) * per_code[i]), in place."""
    for i in range(maps.shape[0]):
        factor = per_code[i]
        for j in range(maps.shape[1]):
            codes[i, j] = np.uint8(np.rint(np.sqrt(maps[i, j]) * factor))


@compiled
def _weigh_codes(codes: UInt8Array, weights: FloatArray, pooled: FloatArray) -> None:
    """pooled[i, c] += sum over cells j of weights[i, j] * codes[i, j, c]^2, in place."""
    for i in range(codes.shape[0]):
        for j in range(codes.shape[1]):
            weight = weights[i, j]
            if weight == 0:
                continue
            for c in range(codes.shape[2]):
                code = np.float32(codes[i, j, c])
                pooled[i, c] += weight * code * code

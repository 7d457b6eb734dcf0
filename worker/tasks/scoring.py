"""What a head says of every image: probabilities, and the saliency of the predicted class as profile and area."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from worker.ml.errors import UnknownMethod
from worker.ml.feature_shards import iter_maps
from worker.ml.features import EncodedMaps, decode_maps
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS, SaliencyMethod, wgap
from worker.ml.saliency.cached import gradcams_from_codes
from worker.ml.threshold_boxes import upsample
from worker.ml.types import FloatArray, IntArray, Progress, ProgressFn, UInt8Array

CHUNK_IMAGES = 128  # maps unpacked at once: 32 MB at 7 x 7 x 1,280
AREA_RASTER_PX = 56
_FROM_CODES = ("gradcam", "gradcampp")  # computed without unpacking; the position is the one in the answer


@dataclass(frozen=True)
class Saliency:
    """Of N images: `profiles` (N, w + h) uint8, `salient_area` (N,) in [0, 1], and the size of the maps."""

    profiles: UInt8Array
    salient_area: FloatArray
    height: int
    width: int


def get_closed_form(name: str) -> SaliencyMethod:
    """A method that needs only cached maps.

    Raises:
        UnknownMethod: for any other name.
    """
    if name not in METHODS:
        raise UnknownMethod(f"no saliency method {name!r} works on cached maps; known: {', '.join(METHODS)}")
    return METHODS[name]


def pool_for(
    method: SaliencyMethod, pooled: FloatArray, *, root: Path, on_progress: ProgressFn
) -> FloatArray:
    """The pooled features (N, C) that a method's head is trained on."""
    if method.pooling == "mean":
        return pooled
    parts = []
    for start, maps in _chunks(root, num_images=len(pooled)):
        parts.append(wgap.pool(decode_maps(maps)))
        on_progress(Progress("pooling", start + len(maps), len(pooled)))
    return np.concatenate(parts)


def compute_saliency(
    method: SaliencyMethod,
    *,
    root: Path,
    pooled: FloatArray,
    weight: FloatArray,
    class_index: IntArray,
    on_progress: ProgressFn,
) -> Saliency:
    """Saliency of one class an image, from cached maps, chunk by chunk. N images, C channels, K classes.

    Args:
        method: closed-form.
        root: of the feature shards; at least N images are stored.
        pooled: (N, C) mean-pooled features.
        weight: (K, C) of the head.
        class_index: (N,) the class whose saliency is wanted.
        on_progress: stage "saliency", in images.
    """
    profiles, areas = [], []
    height = width = 0
    for start, maps in _chunks(root, num_images=len(pooled)):
        rows = slice(start, start + len(maps))
        cams = _cams(method, maps, pooled=pooled[rows], weight=weight, class_index=class_index[rows])
        height, width = cams.shape[1:]
        profiles.append(profiles_from_maps(cams))
        areas.append(salient_area(cams))
        on_progress(Progress("saliency", rows.stop, len(pooled)))
    return Saliency(np.concatenate(profiles), np.concatenate(areas), height, width)


def salient_area(cams: FloatArray) -> FloatArray:
    """Share of the picture (N,) whose saliency is at least half the maximum; 1 where a map has no positive value.

    Args:
        cams: (N, h, w) raw maps, upsampled here after the ReLU.
    """
    raster = upsample(np.maximum(cams, 0), side_px=AREA_RASTER_PX)
    peak = raster.max(axis=(1, 2), keepdims=True)
    share: FloatArray = (raster >= peak / 2).mean(axis=(1, 2), dtype=np.float32)
    return share


def to_confidence_codes(proba: FloatArray) -> UInt8Array:
    """Largest probability of each row (N, K) as a byte, 255 = certain."""
    codes: UInt8Array = np.rint(255 * proba.max(axis=1)).astype(np.uint8)
    return codes


def _cams(
    method: SaliencyMethod,
    maps: EncodedMaps,
    *,
    pooled: FloatArray,
    weight: FloatArray,
    class_index: IntArray,
) -> FloatArray:
    if method.name not in _FROM_CODES:
        return method.compute(decode_maps(maps), weight, class_index)
    both = gradcams_from_codes(maps.codes, maps.scale, pooled=pooled, weight=weight, class_index=class_index)
    return both[_FROM_CODES.index(method.name)].reshape(len(maps), maps.height, maps.width)


def _chunks(root: Path, *, num_images: int) -> Iterator[tuple[int, EncodedMaps]]:
    """Maps of the first `num_images` images in order, with the index of each chunk's first."""
    for first, maps in iter_maps(root):
        for offset in range(0, len(maps), CHUNK_IMAGES):
            stop = min(offset + CHUNK_IMAGES, len(maps), num_images - first)
            if stop <= offset:
                return
            rows = slice(offset, stop)
            yield first + offset, EncodedMaps(maps.codes[rows], maps.scale[rows], maps.height, maps.width)

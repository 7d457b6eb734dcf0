"""What training reads of cached features and says of every image: pooled features, confidence codes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from worker.ml.feature_shards import iter_maps
from worker.ml.features import EncodedMaps, decode_maps, pool_boxes
from worker.ml.saliency import AnyMethod, SaliencyMethod, wgap
from worker.ml.types import FloatArray, Progress, ProgressFn, UInt8Array

CHUNK_IMAGES = 128  # maps unpacked at once: 32 MB at 7 x 7 x 1,280


def pooling_of(method: AnyMethod) -> str:
    """Name of the pooling that a method's head is trained on."""
    return method.pooling if isinstance(method, SaliencyMethod) else "mean"


def pool_for(method: AnyMethod, pooled: FloatArray, *, root: Path, on_progress: ProgressFn) -> FloatArray:
    """The pooled features (N, C) that a method's head is trained on."""
    if pooling_of(method) == "mean":
        return pooled
    parts = []
    for start, maps in iter_chunks(root, num_images=len(pooled)):
        parts.append(wgap.pool(decode_maps(maps)))
        on_progress(Progress("pooling", start + len(maps), len(pooled)))
    return np.concatenate(parts)


def pool_crops(root: Path, boxes: FloatArray, *, on_progress: ProgressFn) -> FloatArray:
    """Quick embeddings (N, C) of crops (N, 4): the cached maps, averaged over each box."""
    parts = []
    for start, maps in iter_chunks(root, num_images=len(boxes)):
        parts.append(pool_boxes(maps, boxes[start : start + len(maps)]))
        on_progress(Progress("crops", start + len(maps), len(boxes)))
    return np.concatenate(parts)


def to_confidence_codes(proba: FloatArray) -> UInt8Array:
    """Largest probability of each row (N, K) as a byte, 255 = certain."""
    codes: UInt8Array = np.rint(255 * proba.max(axis=1)).astype(np.uint8)
    return codes


def iter_chunks(root: Path, *, num_images: int) -> Iterator[tuple[int, EncodedMaps]]:
    """Maps of the first `num_images` images in order, with the index of each chunk's first."""
    for first, maps in iter_maps(root):
        for offset in range(0, len(maps), CHUNK_IMAGES):
            stop = min(offset + CHUNK_IMAGES, len(maps), num_images - first)
            if stop <= offset:
                return
            rows = slice(offset, stop)
            yield first + offset, EncodedMaps(maps.codes[rows], maps.scale[rows], maps.height, maps.width)

"""Exact crop embeddings: each image's crop, cut from its own pixels, through the backbone again.

A crop is embedded anew only when its box moved (IoU with the box last embedded below 0.9), so a retraining that moves
few boxes costs little. Boxes and embeddings are kept in shards of 1,024 images, written while the work goes on.
"""

import functools
import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from labeler.datasets.models import Project
from worker.ml.checkpoints import bundle_exists, read_bundle, write_bundle
from worker.ml.errors import CheckpointIncompatible, UnreadableImage
from worker.ml.feature_shards import SHARD_SIZE
from worker.ml.features import iter_features
from worker.ml.images import crop_box, decode_image, squash
from worker.ml.types import BoolArray, FloatArray, Progress, UInt8Array
from worker.tasks.backbones import ProjectBackbone
from worker.tasks.features import num_decoders
from worker.tasks.running import JobRun
from worker.tasks.stored_features import StoredImage, features_root, list_stored_images

logger = logging.getLogger(__name__)

STAGE = "crops"
KIND = "crop_features"
SAME_BOX_IOU = 0.9
SAVE_EVERY_S = 10.0
WHOLE_IMAGE = np.array([0, 0, 1, 1], dtype=np.float32)


@dataclass(frozen=True)
class _Crop:
    """One crop to embed: its row in the shard, its image and its box."""

    row: int
    image: StoredImage
    box: FloatArray


@dataclass
class _Shard:
    """Boxes last embedded (n, 4) and their embeddings (n, C) of the images of one shard; NaN boxes: not yet."""

    folder: Path
    signature: dict[str, object]
    boxes: FloatArray
    features: FloatArray

    def save(self) -> None:
        write_bundle(
            self.folder,
            {"boxes": self.boxes, "features": self.features},
            kind=KIND,
            metadata={"signature": self.signature},
        )


def embed_crops(
    run: JobRun, project: Project, loaded: ProjectBackbone, *, boxes: FloatArray, pooled: FloatArray
) -> tuple[FloatArray, int]:
    """Embed every image's crop.

    Args:
        run: reports go there, stage "crops", in images.
        project: whose images 0 .. N - 1.
        loaded: the backbone that made `pooled`.
        boxes: (N, 4) unit xyxy, at least the smallest crop each way.
        pooled: (N, C) of whole images; they are their own crops where the box is the whole image.

    Returns:
        Embeddings (N, C), and how many of them the network had to compute.
    """
    root = features_root(project)
    parts, num_computed = [], 0
    for start in range(0, len(boxes), SHARD_SIZE):
        rows = slice(start, min(start + SHARD_SIZE, len(boxes)))
        shard = _open_shard(
            root.with_name(f"{root.name}-crops") / f"{start // SHARD_SIZE:06d}",
            signature=loaded.signature,
            num_images=rows.stop - start,
            num_channels=pooled.shape[1],
        )
        num_computed += _update_shard(
            run, project, loaded, shard, boxes=boxes[rows], pooled=pooled[rows], start=start, total=len(boxes)
        )
        parts.append(shard.features)
    return np.concatenate(parts), num_computed


def is_same_box(boxes: FloatArray, others: FloatArray) -> BoolArray:
    """Whether two boxes (n, 4) a row overlap with IoU >= 0.9; False where one is NaN."""
    low = np.maximum(boxes[:, :2], others[:, :2])
    high = np.minimum(boxes[:, 2:], others[:, 2:])
    shared = np.maximum(high - low, 0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (others[:, 2:] - others[:, :2]).prod(axis=1)
    same: BoolArray = shared >= SAME_BOX_IOU * (areas - shared)
    return same


def _update_shard(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    shard: _Shard,
    *,
    boxes: FloatArray,
    pooled: FloatArray,
    start: int,
    total: int,
) -> int:
    moved = ~is_same_box(shard.boxes, boxes)
    is_whole = (boxes == WHOLE_IMAGE).all(axis=1)
    copied = moved & is_whole
    shard.boxes[copied], shard.features[copied] = boxes[copied], pooled[copied]
    images = list_stored_images(project, start=start, stop=start + len(boxes))
    crops = [_Crop(row, images[row], boxes[row]) for row in np.flatnonzero(moved & ~is_whole).tolist()]
    done = start + len(boxes) - len(crops)
    run.report(Progress(STAGE, done, total))
    load = functools.partial(_load_crop, size_px=loaded.input_size_px)
    embedded, saved_at = 0, time.monotonic()
    for features in iter_features(
        loaded.backbone, crops, load=load, batch_size=loaded.batch_size, num_decoders=num_decoders()
    ):
        batch = crops[embedded : embedded + len(features)]
        rows = [crop.row for crop in batch]
        shard.boxes[rows], shard.features[rows] = boxes[rows], features.pooled
        embedded += len(features)
        run.report(Progress(STAGE, done + embedded, total))
        if time.monotonic() - saved_at >= SAVE_EVERY_S:
            shard.save()
            saved_at = time.monotonic()
    if moved.any():
        shard.save()
    return len(crops)


def _open_shard(folder: Path, *, signature: dict[str, object], num_images: int, num_channels: int) -> _Shard:
    """A stored shard stretched to `num_images`; an empty one if there is none, or it was made with other weights."""
    shard = _Shard(
        folder=folder,
        signature=signature,
        boxes=np.full((num_images, 4), np.nan, dtype=np.float32),
        features=np.zeros((num_images, num_channels), dtype=np.float32),
    )
    if not bundle_exists(folder):
        return shard
    try:
        bundle = read_bundle(folder, kind=KIND)
    except CheckpointIncompatible as error:
        logger.warning("crops are embedded anew: %s", error.message)
        return shard
    if bundle.header.metadata.get("signature") == signature:
        num_kept = min(num_images, len(bundle.arrays["boxes"]))
        shard.boxes[:num_kept] = bundle.arrays["boxes"][:num_kept]
        shard.features[:num_kept] = bundle.arrays["features"][:num_kept]
    return shard


def _load_crop(crop: _Crop, *, size_px: int) -> UInt8Array:
    """Cut a crop from the image's own pixels and squash it. Large JPEGs are decoded smaller where that keeps at least
    two pixels of the crop for each one wanted."""
    smaller_side = float(min(crop.box[2] - crop.box[0], crop.box[3] - crop.box[1]))
    target_px = math.ceil(2 * size_px / smaller_side)
    try:
        image = decode_image(crop.image.location, max_pixels=settings.MAX_IMAGE_PIXELS, target_px=target_px)
    except FileNotFoundError as error:
        raise UnreadableImage(f"{crop.image.path}: its file is missing from storage") from error
    except UnreadableImage as error:
        raise UnreadableImage(f"{crop.image.path}: {error.message}") from error
    return squash(crop_box(image, crop.box), size_px)

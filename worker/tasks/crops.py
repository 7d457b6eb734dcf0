"""Exact crop embeddings: each image's crop, cut from its own pixels, through the backbone again.

A crop is embedded anew only when its box moved (IoU with the box last embedded below 0.9), so a retraining that moves
few boxes costs little. An image that cannot be read has NaN in the place of an embedding, and is tried again. Boxes and
embeddings are kept in shards of 1,024 images, written while the work goes on; any idle worker helps with them.
"""

import functools
import logging
import math
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
from django.conf import settings

from labeler.datasets.models import Project
from labeler.jobs.models import Job
from labeler.lib.files import project_dir
from worker.ml.checkpoints import bundle_exists, read_bundle, write_bundle
from worker.ml.errors import CheckpointIncompatible, UnreadableImage
from worker.ml.feature_shards import SHARD_SIZE, read_pooled
from worker.ml.features import has_features, iter_features
from worker.ml.images import crop_box, decode_image, squash
from worker.ml.types import BoolArray, FloatArray, Progress, UInt8Array, ignore_progress
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.reading import num_decoders, unreadable
from worker.tasks.running import JobRun
from worker.tasks.shards import ReportFn, ShardWork, do_shards
from worker.tasks.stored_features import StoredImage, features_root, list_stored_images, project_of

logger = logging.getLogger(__name__)

STAGE = "crops"
KIND = "crop_features"
PLAN_KIND = "crop_boxes"
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
    """Boxes last embedded (n, 4) and their embeddings (n, C) of the images of one shard; NaN: not yet."""

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
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    *,
    boxes: FloatArray,
    pooled: FloatArray,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[FloatArray, int] | None:
    """Embed every image's crop, with the help of idle workers where it is more than one shard.

    Args:
        run: reports go there, stage "crops", in images.
        project: whose images 0 .. N - 1.
        loaded: the backbone that made `pooled`.
        boxes: (N, 4) unit xyxy, at least the smallest crop each way.
        pooled: (N, C) of whole images, NaN for holes; they are their own crops where the box is the whole image.
        should_stop: asked between shards; the rest is then left for later.

    Returns:
        Embeddings (N, C), NaN for images that could not be read, and how many of them the network had to compute; None
        when it was asked to stop.
    """
    crops = _CropSet(project, loaded, boxes, pooled)
    moved = {number: crops.num_to_compute(number) for number in range(crops.num_shards)}
    totals = {number: num for number, num in moved.items() if num}
    if len(totals) > 1:
        write_bundle(_plan_folder(run.job), {"boxes": boxes}, kind=PLAN_KIND)
        try:
            is_done = do_shards(
                run,
                stage=STAGE,
                totals=totals,
                work=crops.compute,
                done_before=len(boxes) - sum(totals.values()),
                should_stop=should_stop,
            )
        finally:
            shutil.rmtree(_plan_folder(run.job), ignore_errors=True)
        if not is_done:
            return None
    before = len(boxes) - sum(totals.values())

    def report(done: int) -> None:
        run.report(Progress(STAGE, before + done, len(boxes)))

    for number in range(crops.num_shards):  # a single shard, and whole images, which cost nothing
        crops.compute(number, report)
    return crops.read(), sum(totals.values())


def crop_shard_work(job: Job) -> ShardWork:
    """What a helper of a job that embeds crops does, with the boxes that the job's owner wrote down."""
    project = project_of(job)
    loaded = load_project_backbone(project, on_progress=ignore_progress)
    boxes = np.array(read_bundle(_plan_folder(job), kind=PLAN_KIND).arrays["boxes"])
    pooled = read_pooled(features_root(project))[: len(boxes)]
    return _CropSet(project, loaded, boxes, pooled).compute


def count_moved_crops(
    project: Project, signature: dict[str, object], *, boxes: FloatArray, num_channels: int
) -> int:
    """How many crops of these boxes (N, 4) the network would have to compute."""
    num_moved = 0
    for start in range(0, len(boxes), SHARD_SIZE):
        part = boxes[start : start + SHARD_SIZE]
        shard = _open_shard(
            _folder(project, start // SHARD_SIZE),
            signature=signature,
            num_images=len(part),
            num_channels=num_channels,
        )
        num_moved += int((~is_same_box(shard.boxes, part) & ~_is_whole(part)).sum())
    return num_moved


def read_known_crops(
    project: Project, signature: dict[str, object], *, num_images: int, num_channels: int
) -> FloatArray | None:
    """Embeddings (N, C) of the crops of the first images, whatever boxes they were embedded with; NaN where there is
    none; None where there is none at all.
    """
    crops = np.full((num_images, num_channels), np.nan, dtype=np.float32)
    for start in range(0, num_images, SHARD_SIZE):
        part = crops[start : start + SHARD_SIZE]
        part[:] = _open_shard(
            _folder(project, start // SHARD_SIZE),
            signature=signature,
            num_images=len(part),
            num_channels=num_channels,
        ).features
    return crops if has_features(crops).any() else None


def read_crop_features(project: Project, *, num_images: int) -> FloatArray | None:
    """Embeddings (N, C) of the crops of the first images, NaN where one could not be read; none while they are made."""
    root = features_root(project)
    parts = []
    for start in range(0, num_images, SHARD_SIZE):
        folder = root.with_name(f"{root.name}-crops") / f"{start // SHARD_SIZE:06d}"
        if not bundle_exists(folder):
            return None
        arrays = read_bundle(folder, kind=KIND).arrays
        stop = min(SHARD_SIZE, num_images - start)
        if len(arrays["boxes"]) < stop or np.isnan(arrays["boxes"][:stop]).any():
            return None
        parts.append(arrays["features"][:stop])
    return np.concatenate(parts) if parts else None


def is_same_box(boxes: FloatArray, others: FloatArray) -> BoolArray:
    """Whether two boxes (n, 4) a row overlap with IoU >= 0.9; False where one is NaN."""
    low = np.maximum(boxes[:, :2], others[:, :2])
    high = np.minimum(boxes[:, 2:], others[:, 2:])
    shared = np.maximum(high - low, 0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (others[:, 2:] - others[:, :2]).prod(axis=1)
    same: BoolArray = shared >= SAME_BOX_IOU * (areas - shared)
    return same


@dataclass(frozen=True)
class _CropSet:
    """All crops of a project: boxes (N, 4), and the features (N, C) of whole images."""

    project: Project
    loaded: ProjectBackbone
    boxes: FloatArray
    pooled: FloatArray

    @property
    def num_shards(self) -> int:
        return -(-len(self.boxes) // SHARD_SIZE)

    def num_to_compute(self, number: int) -> int:
        """Crops of a shard that the network must compute."""
        return len(self._moved_rows(number, self._open(number)))

    def compute(self, number: int, report: ReportFn) -> None:
        """Embed the crops of one shard whose boxes moved, and store them on the way."""
        shard, boxes = self._open(number), self.boxes[self._rows(number)]
        copied = ~is_same_box(shard.boxes, boxes) & _is_whole(boxes)
        shard.boxes[copied], shard.features[copied] = boxes[copied], self.pooled[self._rows(number)][copied]
        images = list_stored_images(
            self.project, start=number * SHARD_SIZE, stop=number * SHARD_SIZE + len(boxes)
        )
        crops = [_Crop(row, images[row], boxes[row]) for row in self._moved_rows(number, shard)]
        failed: dict[int, str] = {}  # by position among the crops
        embedded, saved_at = 0, time.monotonic()
        report(0)

        def on_unreadable(error: UnreadableImage) -> None:
            assert error.position is not None
            failed[error.position] = error.reason

        for features in iter_features(
            self.loaded.backbone,
            crops,
            load=functools.partial(_load_crop, size_px=self.loaded.input_size_px),
            batch_size=self.loaded.batch_size,
            num_decoders=num_decoders(),
            on_unreadable=on_unreadable,
        ):
            rest = (position for position in count(embedded) if position not in failed)
            tried = list(islice(rest, len(features)))
            rows = [crops[position].row for position in tried]
            shard.boxes[rows], shard.features[rows] = boxes[rows], features.pooled
            embedded = tried[-1] + 1
            report(embedded)
            if time.monotonic() - saved_at >= SAVE_EVERY_S:
                shard.save()
                saved_at = time.monotonic()
        if failed:
            rows = [crops[position].row for position in failed]
            shard.boxes[rows], shard.features[rows] = boxes[rows], np.nan
            logger.warning("project %s: %s crops cannot be read: %s", self.project.id, len(failed), failed)
        if copied.any() or crops:
            shard.save()

    def read(self) -> FloatArray:
        """Embeddings (N, C) as they are stored."""
        parts = [self._open(number).features for number in range(self.num_shards)]
        return np.concatenate(parts) if parts else self.pooled

    def _rows(self, number: int) -> slice:
        return slice(number * SHARD_SIZE, min((number + 1) * SHARD_SIZE, len(self.boxes)))

    def _moved_rows(self, number: int, shard: "_Shard") -> list[int]:
        boxes = self.boxes[self._rows(number)]
        rows: list[int] = np.flatnonzero(~is_same_box(shard.boxes, boxes) & ~_is_whole(boxes)).tolist()
        return rows

    def _open(self, number: int) -> "_Shard":
        return _open_shard(
            _folder(self.project, number),
            signature=self.loaded.signature,
            num_images=len(self.boxes[self._rows(number)]),
            num_channels=self.pooled.shape[1],
        )


def _is_whole(boxes: FloatArray) -> BoolArray:
    is_whole: BoolArray = (boxes == WHOLE_IMAGE).all(axis=1)
    return is_whole


def _folder(project: Project, number: int) -> Path:
    root = features_root(project)
    return root.with_name(f"{root.name}-crops") / f"{number:06d}"


def _plan_folder(job: Job) -> Path:
    """Where the owner of a job writes down which boxes its helpers embed."""
    return project_dir(job.project_id) / "work" / f"crops-{job.id}"


def _open_shard(folder: Path, *, signature: dict[str, object], num_images: int, num_channels: int) -> _Shard:
    """A stored shard stretched to `num_images`; an empty one if there is none, or it was made with other weights."""
    shard = _Shard(
        folder=folder,
        signature=signature,
        boxes=np.full((num_images, 4), np.nan, dtype=np.float32),
        features=np.full((num_images, num_channels), np.nan, dtype=np.float32),
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
        shard.boxes[~has_features(shard.features)] = np.nan  # could not be read then
    return shard


def _load_crop(crop: _Crop, *, size_px: int) -> UInt8Array:
    """Cut a crop from the image's own pixels and squash it. Large JPEGs are decoded smaller where that keeps at least
    two pixels of the crop for each one wanted."""
    smaller_side = float(min(crop.box[2] - crop.box[0], crop.box[3] - crop.box[1]))
    target_px = math.ceil(2 * size_px / smaller_side)
    try:
        image = decode_image(crop.image.location, max_pixels=settings.MAX_IMAGE_PIXELS, target_px=target_px)
    except FileNotFoundError as error:
        raise unreadable(crop.image, "its file is missing from storage") from error
    except UnreadableImage as error:
        raise unreadable(crop.image, error.message) from error
    return squash(crop_box(image, crop.box), size_px)

"""Originals on disk -> features, batch by batch; images that cannot be read are told apart, noted, and left out."""

import functools
import logging
import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.conf import settings

from labeler.datasets.models import Project
from labeler.datasets.read_failures import forget_read_failures, note_read_failures
from labeler.lib.files import originals_dir
from worker.ml.errors import UnreadableImage
from worker.ml.features import Features, encode_contrast, encode_maps, iter_features, load_squashed, pool_maps
from worker.ml.map_groups import ContrastTap
from worker.ml.types import UInt8Array
from worker.tasks.backbones import ProjectBackbone
from worker.tasks.stored_features import StoredImage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """Images that could be read, with their features; why others just before or after them could not, by index.

    `num_tried` counts all from the first batch on; `stop` is the index behind the last of them.
    """

    images: Sequence[StoredImage]
    features: Features
    failures: Mapping[int, str]
    num_tried: int
    stop: int


def num_decoders() -> int:
    """Threads that decode ahead of the network."""
    return max(1, min(8, (os.cpu_count() or 2) - 1))


def read_images(project: Project, loaded: ProjectBackbone, images: Sequence[StoredImage]) -> Generator[Batch]:
    """Features of images in order, batch by batch, without those that cannot be read.

    Raises:
        UnreadableImage: their folder is missing: the storage is at fault, and not they.
    """
    tap = ContrastTap(loaded.backbone)
    failed: dict[int, str] = {}  # by position, those of the next batch

    def on_unreadable(error: UnreadableImage) -> None:
        assert error.position is not None
        if not originals_dir(project.id).is_dir():
            raise UnreadableImage("The folder of the originals is missing; is the storage of DATA_DIR there?")
        failed[error.position] = error.reason

    def batch_of(features: Features, stop: int) -> Batch:
        tried = range(num_tried, stop)
        return Batch(
            images=[images[position] for position in tried if position not in failed],
            features=features,
            failures={images[position].index: reason for position, reason in failed.items()},
            num_tried=stop,
            stop=images[stop - 1].index + 1,
        )

    num_tried = 0
    load = functools.partial(load_image, size_px=loaded.input_size_px)
    for features in iter_features(
        tap,
        images,
        load=load,
        batch_size=loaded.batch_size,
        num_decoders=num_decoders(),
        on_unreadable=on_unreadable,
    ):
        stop = num_tried + len(failed) + len(features)
        yield batch_of(replace(features, contrast=encode_contrast(tap.take())), stop)
        num_tried = stop
        failed.clear()
    if failed:
        yield batch_of(features_of_none(loaded), num_tried + len(failed))


def features_of_none(loaded: ProjectBackbone) -> Features:
    """Features of no image, with the sizes that this network gives."""
    tap, side = ContrastTap(loaded.backbone), loaded.input_size_px
    maps = tap.maps(np.zeros((1, side, side, 3), dtype=np.uint8))[:0]
    return Features(pool_maps(maps), encode_maps(maps), encode_contrast(tap.take())[:0])


def settle_read_failures(project: Project, batches: Sequence[Batch]) -> None:
    """Note which images cannot be read, and take back what was noted of those that can."""
    failures = {index: reason for batch in batches for index, reason in batch.failures.items()}
    if failures:
        logger.warning("project %s: %s images cannot be read: %s", project.id, len(failures), failures)
        note_read_failures(project_id=project.id, reasons=failures)
    read = [image.index for batch in batches for image in batch.images]
    forget_read_failures(project_id=project.id, image_indexes=read)


def load_image(image: StoredImage, *, size_px: int) -> UInt8Array:
    """Decode an original and squash it to (S, S, 3).

    Raises:
        UnreadableImage: it is missing from storage or damaged; the message names it.
    """
    try:
        return load_squashed(image.location, size_px=size_px, max_pixels=settings.MAX_IMAGE_PIXELS)
    except FileNotFoundError as error:
        raise unreadable(image, "its file is missing from storage") from error
    except UnreadableImage as error:
        raise unreadable(image, error.message) from error


def unreadable(image: StoredImage, reason: str) -> UnreadableImage:
    """The error of an image that cannot be read, which names it."""
    return UnreadableImage(f"{image.path}: {reason}", reason=reason)

"""Saliency of every image: profiles for crops, salient area, and small maps of a few classes to look at.

Closed-form methods read the cached feature maps (and the cached border contrast); methods that differentiate read the
images again and run the network. Which of them a project uses is one of its settings.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.datasets.models import Project
from worker.ml.errors import CheckpointIncompatible, UnreadableImage
from worker.ml.feature_shards import read_contrast
from worker.ml.features import EncodedMaps, decode_contrast, decode_maps
from worker.ml.head import Head
from worker.ml.profiles import marginals_from_maps, profiles_from_marginals
from worker.ml.saliency import AnyMethod, ContrastMethod, NetworkMethod, SaliencyMethod
from worker.ml.saliency.cached import cams_from_codes, gradcams_from_codes
from worker.ml.saliency.network import scoring_network
from worker.ml.saliency.shown import encode_shown, mean_over_blocks, top_classes
from worker.ml.threshold_boxes import upsample
from worker.ml.types import DoubleArray, FloatArray, IntArray, Progress, ProgressFn, UInt8Array
from worker.tasks.backbones import ProjectBackbone
from worker.tasks.reading import load_image
from worker.tasks.scoring import iter_chunks
from worker.tasks.stored_features import StoredImage, list_stored_images

logger = logging.getLogger(__name__)

STAGE = "saliency"
AREA_RASTER_PX = 56
NUM_SHOWN = 3  # classes of each image whose maps people can look at
BLOCK_PX = 32  # input sides are multiples of it, so maps of pixels become 32 x 32 means
_FROM_CODES = ("gradcam", "gradcampp")  # computed without unpacking; the position is the one in the answer


@dataclass(frozen=True)
class Saliency:
    """Of N images: `profiles` (N, w + h) uint8 of maps of `height` x `width`, and `salient_area` (N,) in [0, 1].

    `shown` (N, T, g, g') uint8: maps of T classes, 255 = the strongest place; `shown_class` (N, T) which ones, the
    likeliest class first.
    """

    profiles: UInt8Array
    salient_area: FloatArray
    shown: UInt8Array
    shown_class: IntArray
    height: int
    width: int


@dataclass(frozen=True)
class _Chunk:
    """Of n images: marginals that boxes are read from, x (n, w) and y (n, h), and maps that are shown (n, T, g, g')."""

    marginals: tuple[DoubleArray, DoubleArray]
    shown: FloatArray


_ChunkFn = Callable[[EncodedMaps, slice], _Chunk]


def compute_saliency(
    method: AnyMethod,
    *,
    project: Project,
    loaded: ProjectBackbone,
    root: Path,
    pooled: FloatArray,
    head: Head,
    proba: FloatArray,
    on_progress: ProgressFn,
) -> Saliency:
    """Saliency of the predicted class, and maps to look at of the likeliest ones. N images, C channels, K classes.

    Args:
        method: any of the registry.
        project: whose images 0 .. N - 1; read again by methods that differentiate only.
        loaded: its backbone.
        root: of the feature shards; at least N images are stored.
        pooled: (N, C) mean-pooled features; zeros for holes, whose maps are zero too: nothing is salient there.
        head: trained on the pooling of the method.
        proba: (N, K) what it says.
        on_progress: in images.

    Raises:
        CheckpointIncompatible: the method needs the border contrast, and the features were stored without it.
    """
    if isinstance(method, NetworkMethod):
        shown_class = top_classes(proba, k=1)
        chunks = _network_chunks(method, project, loaded, head=head, class_index=shown_class[:, 0])
    else:
        shown_class = top_classes(proba, k=min(NUM_SHOWN, proba.shape[1]))
        if isinstance(method, ContrastMethod):
            compute = _contrast_chunk(method, root, head=head, proba=proba, shown_class=shown_class)
        else:
            compute = _closed_form_chunk(method, pooled, head=head, shown_class=shown_class)
        chunks = (
            compute(maps, slice(start, start + len(maps)))
            for start, maps in iter_chunks(root, num_images=len(proba))
        )
    return _collected(chunks, shown_class=shown_class, on_progress=on_progress)


def salient_area(cams: FloatArray) -> FloatArray:
    """Share of the picture (N,) whose saliency is at least half the maximum; 1 where a map has no positive value.

    Args:
        cams: (N, h, w) raw maps, upsampled here after the ReLU.
    """
    raster = upsample(np.maximum(cams, 0), side_px=AREA_RASTER_PX)
    peak = raster.max(axis=(1, 2), keepdims=True)
    share: FloatArray = (raster >= peak / 2).mean(axis=(1, 2), dtype=np.float32)
    return share


def _collected(chunks: Iterator[_Chunk], *, shown_class: IntArray, on_progress: ProgressFn) -> Saliency:
    profiles, areas, shown = [], [], []
    height = width = done = 0
    for chunk in chunks:
        width, height = (mass.shape[1] for mass in chunk.marginals)
        profiles.append(profiles_from_marginals(*chunk.marginals))
        areas.append(salient_area(chunk.shown[:, 0]))
        shown.append(encode_shown(chunk.shown))
        done += len(chunk.shown)
        on_progress(Progress(STAGE, done, len(shown_class)))
    return Saliency(
        profiles=np.concatenate(profiles),
        salient_area=np.concatenate(areas),
        shown=np.concatenate(shown),
        shown_class=shown_class,
        height=height,
        width=width,
    )


def _closed_form_chunk(
    method: SaliencyMethod, pooled: FloatArray, *, head: Head, shown_class: IntArray
) -> _ChunkFn:
    def compute(maps: EncodedMaps, rows: slice) -> _Chunk:
        decoded = None if method.name in _FROM_CODES else decode_maps(maps)
        cams = [
            method.compute(decoded, head.weight, class_index)
            if decoded is not None
            else _from_codes(method, maps, pooled[rows], weight=head.weight, class_index=class_index)
            for class_index in shown_class[rows].T
        ]
        return _Chunk(marginals_from_maps(cams[0]), shown=np.stack(cams, axis=1))

    return compute


def _from_codes(
    method: SaliencyMethod,
    maps: EncodedMaps,
    pooled: FloatArray,
    *,
    weight: FloatArray,
    class_index: IntArray,
) -> FloatArray:
    class_index = np.ascontiguousarray(class_index)
    both = gradcams_from_codes(maps.codes, maps.scale, pooled=pooled, weight=weight, class_index=class_index)
    return both[_FROM_CODES.index(method.name)].reshape(len(maps), maps.height, maps.width)


def _contrast_chunk(
    method: ContrastMethod, root: Path, *, head: Head, proba: FloatArray, shown_class: IntArray
) -> _ChunkFn:
    codes = read_contrast(root)
    if len(codes) < len(proba):
        raise CheckpointIncompatible(f"{len(codes)} of {len(proba)} images have a border contrast")

    def compute(maps: EncodedMaps, rows: slice) -> _Chunk:
        expected = (proba[rows] @ head.weight)[:, None]
        weights = np.concatenate([expected, head.weight[shown_class[rows]]], axis=1)
        cams = cams_from_codes(maps.codes, maps.scale, weights).reshape(-1, maps.height, maps.width)
        contrast = np.repeat(decode_contrast(codes[rows]), weights.shape[1], axis=0)
        evidence = method.evidence(cams, contrast)
        evidence = evidence.reshape(*weights.shape[:2], *evidence.shape[1:])
        return _Chunk(method.marginals(evidence[:, 0]), shown=evidence[:, 1:])

    return compute


def _network_chunks(
    method: NetworkMethod, project: Project, loaded: ProjectBackbone, *, head: Head, class_index: IntArray
) -> Iterator[_Chunk]:
    """Maps of pixels, as 32 x 32 means, a batch of images at a time; zero for one that cannot be read."""
    network = scoring_network(loaded.backbone, head.weight, head.bias)
    load = functools.partial(load_image, size_px=loaded.input_size_px)
    images = list_stored_images(project, start=0, stop=len(class_index))
    for start in range(0, len(class_index), loaded.batch_size):
        rows = np.arange(start, min(start + loaded.batch_size, len(class_index)))
        means = np.zeros((len(rows), BLOCK_PX, BLOCK_PX), dtype=np.float32)
        pictures = {row: picture for row in rows if (picture := _picture(images[row], load)) is not None}
        if pictures:
            found = np.array(list(pictures))
            cams = method.compute(
                network, np.stack(list(pictures.values())), class_index[found], batch_size=loaded.batch_size
            )
            means[found - start] = mean_over_blocks(cams, side=BLOCK_PX)
        yield _Chunk(marginals_from_maps(means), shown=means[:, None])


def _picture(image: StoredImage, load: Callable[[StoredImage], UInt8Array]) -> UInt8Array | None:
    try:
        return load(image)
    except UnreadableImage as error:  # the features' job tells people
        logger.warning("saliency without %s", error.message)
        return None

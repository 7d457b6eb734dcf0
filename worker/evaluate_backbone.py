"""Measure a backbone on a labelled folder: accuracy of neighbours and of a small head, R@50, images per second.

Labels of the test images are used for measuring only. The folder is read by `worker.ml.boxed_images`.
"""

import functools
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from worker.ml.backbones import Backbone
from worker.ml.boxed_images import read_boxed_images
from worker.ml.boxes import boxes_from_profiles
from worker.ml.errors import UnreadableAnnotations
from worker.ml.features import EncodedMaps, Features, decode_maps, extract_features, load_squashed
from worker.ml.head import predict_logits, train_head
from worker.ml.localization import make_objects, recall_at_reduction
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import METHODS
from worker.ml.types import (
    BoolArray,
    DoubleArray,
    FloatArray,
    IntArray,
    ProgressFn,
    UInt8Array,
    ignore_progress,
)
from worker.ml.vectors import unit_rows

INPUT_SIZE_PX = 224
BATCH_SIZE = 16
LABELS_PER_CLASS = 20
NUM_DRAWS = 5
NUM_TIMED_BATCHES = 9


@dataclass(frozen=True)
class LabelledSet:
    """N images with one class each. `boxes[i]`: (m_i, 4) unit xyxy."""

    name: str
    files: tuple[Path, ...]
    class_names: tuple[str, ...]
    class_index: IntArray
    is_test: BoolArray
    boxes: tuple[DoubleArray, ...]


@dataclass(frozen=True)
class BackboneReport:
    """What was measured.

    `knn_accuracy`: share of test images whose nearest train image (by cosine) has their class.
    `head_accuracy_20`: share that a head gets right, trained on up to 20 train images of each class; mean
    over `NUM_DRAWS` draws of those images. `recall_at_50`: mean recall of the object's area by Grad-CAM crops of the
    predicted class, at the retention where they leave out half of the picture, mean over the draws;
    `center_recall_at_50`: by the centred box of that area. `images_per_s` counts reading and decoding;
    `bare_forward_images_per_s` starts from squashed pixels in memory.
    """

    backbone: str
    data: str
    num_images: int
    num_test: int
    num_classes: int
    knn_accuracy: float
    head_accuracy_20: float
    recall_at_50: float
    center_recall_at_50: float
    images_per_s: float
    bare_forward_images_per_s: float
    num_threads: int
    megabytes: float

    def to_json(self) -> dict[str, str | int | float]:
        """By name, as the command writes it."""
        return asdict(self)


def evaluate_backbone(
    labelled: LabelledSet,
    backbone: Backbone,
    *,
    megabytes: float,
    seed: int = 0,
    on_progress: ProgressFn = ignore_progress,
) -> BackboneReport:
    """Compute the features of all images once, and measure everything on them."""
    bare = time_forward(backbone, seed=seed)
    started = time.perf_counter()
    load = functools.partial(load_squashed, size_px=INPUT_SIZE_PX)
    features = extract_features(
        backbone, labelled.files, load=load, batch_size=BATCH_SIZE, on_progress=on_progress
    )
    images_per_s = len(labelled.files) / (time.perf_counter() - started)
    head_accuracy, recall, center_recall = head_measures(features, labelled, seed=seed)
    return BackboneReport(
        backbone=backbone.spec.name,
        data=labelled.name,
        num_images=len(labelled.files),
        num_test=int(labelled.is_test.sum()),
        num_classes=len(labelled.class_names),
        knn_accuracy=neighbour_accuracy(features.pooled, labelled.class_index, is_test=labelled.is_test),
        head_accuracy_20=head_accuracy,
        recall_at_50=recall,
        center_recall_at_50=center_recall,
        images_per_s=images_per_s,
        bare_forward_images_per_s=bare,
        num_threads=torch.get_num_threads(),
        megabytes=megabytes,
    )


def time_forward(backbone: Backbone, *, seed: int = 0) -> float:
    """Images per second of `Backbone.maps` on a batch of noise: median of several after one to warm up."""
    shape = (BATCH_SIZE, INPUT_SIZE_PX, INPUT_SIZE_PX, 3)
    images = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    backbone.maps(images)
    seconds = []
    for _ in range(NUM_TIMED_BATCHES):
        started = time.perf_counter()
        backbone.maps(images)
        seconds.append(time.perf_counter() - started)
    return BATCH_SIZE / float(np.median(seconds))


def neighbour_accuracy(pooled: FloatArray, class_index: IntArray, *, is_test: BoolArray) -> float:
    """Share of test images whose nearest train image has their class. N: images; C: channels.

    Args:
        pooled: (N, C); compared by cosine, a row of zeros being equally far from all.
        class_index: (N,).
        is_test: (N,), True and False both present.
    """
    unit = unit_rows(pooled)
    nearest = (unit[is_test] @ unit[~is_test].T).argmax(axis=1)
    return float((class_index[~is_test][nearest] == class_index[is_test]).mean())


def head_measures(features: Features, labelled: LabelledSet, *, seed: int) -> tuple[float, float, float]:
    """Accuracy of small heads on the test images, and R@50 of their Grad-CAM crops and of the centred box."""
    test = np.flatnonzero(labelled.is_test)
    encoded = _rows(features.maps, test)
    maps = decode_maps(encoded)
    objects = make_objects([labelled.boxes[i] for i in test])
    measures = []
    for draw in range(NUM_DRAWS):
        rng = np.random.default_rng((seed, draw))
        chosen = draw_labels(labelled.class_index, is_test=labelled.is_test, rng=rng)
        head = train_head(
            features.pooled[chosen],
            labelled.class_index[chosen],
            num_classes=len(labelled.class_names),
            heldout=np.zeros(len(chosen), bool),
            seed=seed,
        )
        predicted = predict_logits(head, features.pooled[test]).argmax(axis=1)
        codes = profiles_from_maps(METHODS["gradcam"].compute(maps, head.weight, predicted))
        found = recall_at_reduction(functools.partial(_boxes_at, codes, encoded), objects)
        accuracy = float((predicted == labelled.class_index[test]).mean())
        measures.append((accuracy, found.recall, found.recall_center))
    accuracy, recall, center_recall = np.mean(measures, axis=0)
    return float(accuracy), float(recall), float(center_recall)


def draw_labels(
    class_index: IntArray, *, is_test: BoolArray, rng: np.random.Generator, num_labels: int = LABELS_PER_CLASS
) -> IntArray:
    """Positions of up to `num_labels` random train images of each class."""
    chosen = [
        rng.permutation(np.flatnonzero((class_index == current) & ~is_test))[:num_labels]
        for current in range(int(class_index.max()) + 1)
    ]
    return np.concatenate(chosen)


def read_labelled_set(folder: Path) -> LabelledSet:
    """Read a folder as `read_boxed_images` does, its classes numbered by name.

    Raises:
        UnreadableAnnotations: if it cannot be read, or lacks a second class, a test image, or a class's train image.
    """
    images = read_boxed_images(folder)
    class_names = tuple(sorted({image.class_name for image in images}))
    labelled = LabelledSet(
        name=folder.resolve().name,
        files=tuple(image.path for image in images),
        class_names=class_names,
        class_index=np.array([class_names.index(image.class_name) for image in images], np.int64),
        is_test=np.array([image.split == "test" for image in images], bool),
        boxes=tuple(image.boxes for image in images),
    )
    if len(class_names) < 2:
        raise UnreadableAnnotations(f"{folder} has images of 1 class, at least 2 are needed")
    if not labelled.is_test.any():
        raise UnreadableAnnotations(f"{folder} has no test image")
    num_train = np.bincount(labelled.class_index[~labelled.is_test], minlength=len(class_names))
    if not num_train.all():
        raise UnreadableAnnotations(f"{folder}: {class_names[int(num_train.argmin())]!r} has no train image")
    return labelled


def _rows(maps: EncodedMaps, rows: IntArray) -> EncodedMaps:
    return EncodedMaps(codes=maps.codes[rows], scale=maps.scale[rows], height=maps.height, width=maps.width)


def _boxes_at(codes: UInt8Array, maps: EncodedMaps, retention: float) -> FloatArray:
    return boxes_from_profiles(codes, height=maps.height, width=maps.width, retention=retention)

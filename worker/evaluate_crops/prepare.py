"""Read a folder, extract its feature maps once, and train heads on the class labels of the training split."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from worker.ml.backbones import Backbone, load_backbone
from worker.ml.boxed_images import BoxedImage, pick_per_class, read_boxed_images
from worker.ml.errors import UnreadableAnnotations
from worker.ml.features import load_squashed
from worker.ml.finetune import ADLSettings, FinetuneSettings, finetune
from worker.ml.half_precision import in_bfloat16
from worker.ml.head import Head, heldout_mask, predict_logits, predict_proba, train_head
from worker.ml.localization import Objects, make_objects
from worker.ml.map_groups import ContrastTap, GroupedMaps, extract_native, extract_squashed, pool_with
from worker.ml.saliency import wgap
from worker.ml.types import FloatArray, IntArray, Progress, ProgressFn, ignore_progress
from worker.ml.weights import find_weights


@dataclass(frozen=True)
class Settings:
    """What to measure.

    `labels_per_class` None trains on the whole training split ("full"). `finetune` trains the backbone
    first on the same labels, with attention dropout if `adl`. `bfloat16` runs the network in half
    precision: about twice as fast where the processor has it. `contrast` takes the border contrast too,
        which the method `labeler` needs.
    """

    data: Path
    weights_dirs: tuple[Path, ...]
    backbone: str = "mobilenet_v2"
    size_px: int = 224
    labels_per_class: int | None = 100
    native: bool = False
    batch_size: int = 16
    device: str = "cpu"
    finetune: Literal["last_stage", "whole"] | None = None
    adl: bool = False
    bfloat16: bool = False
    contrast: bool = False


@dataclass(frozen=True)
class Scores:
    """A head on one kind of pooling and what it says of the N test images.

    `logits` and `proba` (N, K), `predicted` (N,), `accuracy` the share of right predictions.
    """

    head: Head
    logits: FloatArray
    proba: FloatArray
    predicted: IntArray
    accuracy: float


@dataclass(frozen=True)
class Prepared:
    """All that methods share.

    `scores` by pooling: "mean" and "wgap". `forward_s`: decode and forward, test split.
    """

    settings: Settings
    backbone: Backbone
    class_names: tuple[str, ...]
    train: tuple[BoxedImage, ...]
    test: tuple[BoxedImage, ...]
    train_class: IntArray
    test_class: IntArray
    train_maps: GroupedMaps
    test_maps: GroupedMaps
    objects: Objects
    scores: dict[str, Scores]
    forward_s: float


def prepare(settings: Settings, *, on_progress: ProgressFn = ignore_progress) -> Prepared:
    """Read, extract and train; true boxes are used by no training.

    Test images of a class without training images are left out: no head can know them.

    Raises:
        UnreadableAnnotations: if the folder cannot be read or lacks training or test images.
        WeightsUnavailable: if no weights of the backbone are found.
        NotEnoughLabels: if fewer than two classes have training images.
        UnreadableImage: if a file is not an image.
    """
    train, test = _splits(settings)
    class_names = tuple(sorted({image.class_name for image in train}))
    weights = find_weights(settings.backbone, settings.weights_dirs)
    backbone = load_backbone(
        settings.backbone,
        weights_path=weights.path,
        preprocessing=weights.preprocessing,
        device=settings.device,
    )
    if settings.finetune is not None:
        backbone = _finetuned(settings, backbone, train, on_progress)
    total = len(train) + len(test)
    started = time.perf_counter()
    test_maps = _extract(settings, backbone, test, _shifted(on_progress, done=0, total=total))
    forward_s = time.perf_counter() - started
    train_maps = _extract(settings, backbone, train, _shifted(on_progress, done=len(test), total=total))
    train_class = np.array([class_names.index(image.class_name) for image in train])
    test_class = np.array([class_names.index(image.class_name) for image in test])
    pools = {"mean": None, "wgap": wgap.pool}
    scores = {}
    for name, pool in pools.items():
        of_train = pool_with(train_maps, pool) if pool else train_maps.pooled
        of_test = pool_with(test_maps, pool) if pool else test_maps.pooled
        scores[name] = train_scores(
            of_train, of_test, train_class=train_class, test_class=test_class, num_classes=len(class_names)
        )
    return Prepared(
        settings=settings,
        backbone=backbone,
        class_names=class_names,
        train=tuple(train),
        test=tuple(test),
        train_class=train_class,
        test_class=test_class,
        train_maps=train_maps,
        test_maps=test_maps,
        objects=make_objects([image.boxes for image in test]),
        scores=scores,
        forward_s=forward_s,
    )


def train_scores(
    train: FloatArray, test: FloatArray, *, train_class: IntArray, test_class: IntArray, num_classes: int
) -> Scores:
    """Train a head on features (n, C) of the training images and score those (N, C) of the test images."""
    head = train_head(
        train, train_class, num_classes=num_classes, heldout=np.zeros(len(train), dtype=np.bool_)
    )
    logits = predict_logits(head, test)
    predicted = logits.argmax(axis=1)
    return Scores(
        head=head,
        logits=logits,
        proba=predict_proba(head, test),
        predicted=predicted,
        accuracy=float((predicted == test_class).mean()),
    )


def _splits(settings: Settings) -> tuple[list[BoxedImage], list[BoxedImage]]:
    images = read_boxed_images(settings.data)
    train = pick_per_class(
        [image for image in images if image.split == "train"], num_per_class=settings.labels_per_class
    )
    known = {image.class_name for image in train}
    test = [image for image in images if image.split == "test" and image.class_name in known]
    if not train or not test:
        raise UnreadableAnnotations(
            f"{settings.data} needs training and test images of the same classes; has {len(train)}, {len(test)}"
        )
    return train, test


def _extract(
    settings: Settings, backbone: Backbone, images: Sequence[BoxedImage], on_progress: ProgressFn
) -> GroupedMaps:
    paths = [image.path for image in images]
    extract = extract_native if settings.native else partial(extract_squashed, size_px=settings.size_px)
    if settings.bfloat16:
        backbone = in_bfloat16(backbone)
    if not settings.contrast:
        return extract(backbone, paths, batch_size=settings.batch_size, on_progress=on_progress)
    tap = ContrastTap(backbone)
    return tap.attach(extract(tap, paths, batch_size=settings.batch_size, on_progress=on_progress))


def _finetuned(
    settings: Settings, backbone: Backbone, train: Sequence[BoxedImage], on_progress: ProgressFn
) -> Backbone:
    """Train a copy on the training split; a fifth of it, chosen by a stable hash, says when to stop."""
    names = sorted({image.class_name for image in train})
    found = finetune(
        backbone,
        np.stack([load_squashed(image.path, size_px=settings.size_px) for image in train]),
        np.array([names.index(image.class_name) for image in train]),
        num_classes=len(names),
        heldout=heldout_mask(np.arange(len(train))),
        settings=FinetuneSettings(
            part=settings.finetune or "last_stage", adl=ADLSettings() if settings.adl else None
        ),
        on_progress=on_progress,
    )
    return found.backbone


def _shifted(on_progress: ProgressFn, *, done: int, total: int) -> ProgressFn:
    return lambda progress: on_progress(Progress(progress.stage, done + progress.done, total))

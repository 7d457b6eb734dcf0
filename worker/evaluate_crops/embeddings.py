"""Do crops help recognition? Nearest neighbour and linear head on whole images, crops, true-box crops."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from worker.evaluate_crops.maps import closed_form, scores_of
from worker.evaluate_crops.prepare import Prepared, train_scores
from worker.ml.boxed_images import BoxedImage
from worker.ml.boxes import boxes_from_maps, with_minimum_side
from worker.ml.errors import UnknownMethod
from worker.ml.features import iter_features
from worker.ml.head import fit_head, predict_log_proba, predict_proba
from worker.ml.images import crop_box, decode_image, squash
from worker.ml.saliency import ContrastMethod, NetworkMethod, SaliencyMethod, get_method
from worker.ml.types import FloatArray, Progress, ProgressFn, UInt8Array, ignore_progress
from worker.ml.vectors import unit_rows
from worker.ml.view_fusion import (
    concatenate_views,
    crops_lower_log_loss,
    fuse_log_proba,
    predict_crop_log_proba,
    train_crop_head,
)

CropItem = tuple[BoxedImage, FloatArray]
ReportFn = Callable[[int], None]


def evaluate_embeddings(
    prepared: Prepared,
    method_name: str,
    *,
    retention: float = 0.95,
    on_progress: ProgressFn = ignore_progress,
) -> dict[str, Any]:
    """Embed whole images, our crops and true-box crops; classify the test split from the training split.

    Our crops are of the predicted class on both splits. A true-box crop is the hull of an image's true
    boxes: the best that any crop of one box could do. "whole_and_crop" sets both vectors side by side, each
    of unit length. "together" is what the product predicts: a head for each of the two views.

    Args:
        prepared: from `prepare`.
        method_name: a closed-form method, with contrast or without.
        retention: of our crops.
        on_progress: stage "crops", in images.

    Returns:
        For each view `nearest_neighbour` (cosine) and `head` accuracy on the test split; for "together" `head` and
        `crops_lower_log_loss`, by the training split.

    Raises:
        UnknownMethod: if the method is not a closed-form one.
    """
    method = get_method(method_name)
    if isinstance(method, NetworkMethod):
        raise UnknownMethod(f"crops are embedded with a closed-form method; got {method_name!r}")
    total = 2 * (len(prepared.train) + len(prepared.test))
    done = 0

    def report(num_images: int) -> None:
        nonlocal done
        done += num_images
        on_progress(Progress("crops", done, total))

    sides = [_Side(prepared, "train"), _Side(prepared, "test")]
    crops = [side.embed(side.our_boxes(method, retention), report) for side in sides]
    truths = [side.embed(side.true_hulls(), report) for side in sides]
    wholes = [side.pooled for side in sides]
    joined = [concatenate_views(whole, crop) for whole, crop in zip(wholes, crops, strict=True)]
    views = {"whole": wholes, "crop": crops, "true_crop": truths, "whole_and_crop": joined}
    return {
        "method": method_name,
        "retention": retention,
        **{name: _accuracies(prepared, *pair) for name, pair in views.items()},
        "together": _together(prepared, wholes, crops),
    }


class _Side:
    """One split's images and features."""

    def __init__(self, prepared: Prepared, split: str) -> None:
        is_train = split == "train"
        self._prepared = prepared
        self._images: Sequence[BoxedImage] = prepared.train if is_train else prepared.test
        self._maps = prepared.train_maps if is_train else prepared.test_maps
        self.pooled = self._maps.pooled

    def our_boxes(self, method: SaliencyMethod | ContrastMethod, retention: float) -> FloatArray:
        """Quantile boxes (n, 4) of the predicted class."""
        head = scores_of(self._prepared, method).head
        proba = predict_proba(self._prepared.scores["mean"].head, self.pooled)
        compute = closed_form(method, head, self._maps, proba.argmax(axis=1), proba=proba)
        boxes = np.zeros((len(self._images), 4), np.float32)
        for group in self._maps.groups:
            for index, maps in group.chunks():
                boxes[index] = boxes_from_maps(compute(maps, index), retention=retention)
        return with_minimum_side(boxes)

    def true_hulls(self) -> FloatArray:
        """The hull (n, 4) of each image's true boxes."""
        hulls = [
            np.concatenate([image.boxes[:, :2].min(axis=0), image.boxes[:, 2:].max(axis=0)])
            for image in self._images
        ]
        return with_minimum_side(np.array(hulls, np.float32))

    def embed(self, boxes: FloatArray, report: ReportFn) -> FloatArray:
        """Pooled features (n, C) of the crops, from original pixels."""
        settings = self._prepared.settings
        items = list(zip(self._images, boxes, strict=True))
        parts = []
        for features in iter_features(
            self._prepared.backbone,
            items,
            load=partial(_load_crop, size_px=settings.size_px),
            batch_size=settings.batch_size,
        ):
            parts.append(features.pooled)
            report(len(features))
        return np.concatenate(parts)


def _load_crop(item: CropItem, *, size_px: int) -> UInt8Array:
    image, box = item
    return squash(crop_box(decode_image(image.path), box), size_px)


def _accuracies(prepared: Prepared, train: FloatArray, test: FloatArray) -> dict[str, float]:
    nearest = (unit_rows(test) @ unit_rows(train).T).argmax(axis=1)
    scores = train_scores(
        train,
        test,
        train_class=prepared.train_class,
        test_class=prepared.test_class,
        num_classes=len(prepared.class_names),
    )
    is_right = prepared.train_class[nearest] == prepared.test_class
    return {"nearest_neighbour": float(is_right.mean()), "head": scores.accuracy}


def _together(
    prepared: Prepared, wholes: Sequence[FloatArray], crops: Sequence[FloatArray]
) -> dict[str, float | bool]:
    classes, num_classes = prepared.train_class, len(prepared.class_names)
    nothing = np.zeros(len(classes), dtype=np.bool_)
    whole = fit_head(wholes[0], classes, num_classes=num_classes, heldout=nothing)
    crop = train_crop_head(crops[0], classes, num_classes=num_classes, heldout=nothing)
    assert crop is not None, "every training image has a crop"
    says = fuse_log_proba(
        predict_log_proba(whole.head, wholes[1]), predict_crop_log_proba(crop.head, crops[1])
    )
    return {
        "head": float((says.argmax(axis=1) == prepared.test_class).mean()),
        "crops_lower_log_loss": crops_lower_log_loss(whole.out_of_fold, crop.out_of_fold, classes),
    }

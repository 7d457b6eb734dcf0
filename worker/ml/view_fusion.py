"""Fusion of two views of an image: the whole picture and its crop, each seen by a head of its own.

A crop shows the object larger and without its ground, so its head is right where the whole image misleads, and the
other way round. Both heads are calibrated; late fusion takes the mean of their log-probabilities. What that gains on
real photographs: docs/saliency.md.

Source: the product rule of Kittler, Hatef, Duin and Matas 1998, "On Combining Classifiers", IEEE TPAMI 20(3), with
the square root for views that are not independent.
"""

import numpy as np

from worker.ml._head_fit import log_softmax
from worker.ml.errors import InvalidArray
from worker.ml.features import has_features, without_holes
from worker.ml.head import FittedHead, Head, fit_head, predict_log_proba, refit_head
from worker.ml.types import BoolArray, DoubleArray, FloatArray, IntArray, ProgressFn, ignore_progress
from worker.ml.vectors import unit_rows

LEAST_SHARE_OF_CROPS = 0.5
"""Of the training labels; a head trained on fewer would know less than the one on whole images."""


def concatenate_views(wholes: FloatArray, crops: FloatArray) -> FloatArray:
    """Early fusion: both views (N, 2 C) of each image, of unit length each. An image without a crop is its own crop.

    Args:
        wholes: (N, C), finite.
        crops: (N, C), NaN where an image has none.

    Raises:
        InvalidArray: shapes differ.
    """
    _check_same_shape(wholes, crops)
    own = np.where(has_features(crops)[:, None], crops, wholes)
    return np.concatenate([unit_rows(wholes), unit_rows(own)], axis=1)


def train_crop_head(
    crops: FloatArray,
    class_index: IntArray,
    *,
    num_classes: int,
    heldout: BoolArray,
    on_progress: ProgressFn = ignore_progress,
) -> FittedHead | None:
    """Train a head on unit-length embeddings of crops; none where less than half of the training labels have one, or
    none of those of a class.

    Args:
        crops: (n, C) of the labelled images, NaN where one has no crop; those rows are left out.
        class_index: (n,) in 0..K-1.
        num_classes: K.
        heldout: (n,) rows to leave out.
        on_progress: stage "head", in strengths tried.

    Raises:
        InvalidArray, NotEnoughLabels: as `fit_head`; the second for fewer than two classes.
    """
    is_trained_on = has_features(crops) & ~heldout
    per_class = np.bincount(class_index[is_trained_on], minlength=num_classes)
    if per_class.min() == 0 or per_class.sum() < LEAST_SHARE_OF_CROPS * (~heldout).sum():
        return None
    return fit_head(
        unit_rows(without_holes(crops)),
        class_index,
        num_classes=num_classes,
        heldout=~is_trained_on,
        on_progress=on_progress,
    )


def refit_crop_head(head: Head, crops: FloatArray, class_index: IntArray) -> Head:
    """A head from `train_crop_head` trained again on all labels that have a crop (`worker.ml.head.refit_head`).

    Args:
        head: trained on some of these rows.
        crops: (n, C) of the labelled images, NaN where one has no crop.
        class_index: (n,) in 0..K-1.

    Raises:
        InvalidArray, NotEnoughLabels: as `refit_head`.
    """
    rows = has_features(crops)
    return refit_head(head, unit_rows(crops[rows]), class_index[rows])


def crops_lower_log_loss(whole: DoubleArray, crop: DoubleArray, class_index: IntArray) -> bool:
    """Whether late fusion gives labels a lower out-of-fold log-loss than the whole image alone, or the same.

    Crops lose where the ground tells the class, as in kinds of scenes. Without a label to judge by they are trusted.

    Args:
        whole: (n, K) `FittedHead.out_of_fold` of the head on whole images.
        crop: (n, K) the same of the head on crops; rows of which either is NaN do not count.
        class_index: (n,) classes of the labels.

    Raises:
        InvalidArray: shapes differ.
    """
    _check_same_shape(whole, crop)
    rows = np.flatnonzero(has_features(whole) & has_features(crop))
    if len(rows) == 0:
        return True
    truth = class_index[rows]
    alone = whole[rows, truth].mean()
    together = fuse_log_proba(whole[rows], crop[rows])[np.arange(len(rows)), truth].mean()
    return bool(together >= alone)


def predict_crop_log_proba(head: Head, crops: FloatArray) -> DoubleArray:
    """Log-probabilities (N, K) of a head from `train_crop_head`; NaN for images without a crop.

    Args:
        head: on unit-length embeddings of crops.
        crops: (N, C), NaN where an image has none.

    Raises:
        InvalidArray: the head takes another number of channels.
    """
    log_proba = predict_log_proba(head, unit_rows(without_holes(crops)))
    log_proba[~has_features(crops)] = np.nan
    return log_proba


def fuse_log_proba(whole: DoubleArray, crop: DoubleArray) -> DoubleArray:
    """Late fusion: the mean log-probabilities (N, K), normalised; the whole image's alone where the crop's are NaN.

    Args:
        whole: (N, K) log-probabilities.
        crop: (N, K) log-probabilities, NaN where there is no crop.

    Raises:
        InvalidArray: shapes differ.
    """
    _check_same_shape(whole, crop)
    return np.where(np.isnan(crop), whole, log_softmax((whole + crop) / 2))


def _check_same_shape(whole: FloatArray | DoubleArray, crop: FloatArray | DoubleArray) -> None:
    if whole.shape != crop.shape:
        raise InvalidArray(f"the views differ in shape: {whole.shape} and {crop.shape}")

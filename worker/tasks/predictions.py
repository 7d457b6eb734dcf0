"""What a model version says of every image: its head on whole images, and a second one on crops where there are any."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from worker.ml.features import has_features
from worker.ml.head import FittedHead, Head, HeadMetrics, measure_log_proba, predict_log_proba
from worker.ml.types import BoolArray, DoubleArray, FloatArray, Progress
from worker.ml.view_fusion import (
    crops_lower_log_loss,
    fuse_log_proba,
    predict_crop_log_proba,
    train_crop_head,
)
from worker.tasks.running import JobRun
from worker.tasks.training_data import TrainingData

TRAINING, SCORING = "training", "scoring"
CROP_HEAD = "crop"  # folder of a model's head on crops, inside that of its head on whole images


@dataclass(frozen=True)
class Predictions:
    """Of N images and K classes: `log_proba` (N, K) means nothing where `is_known` (N,) is False.

    `crop_head` is None where no crops were seen, or where they do not help; `num_crops` images had an embedding of
    their crop.
    """

    head: Head
    crop_head: Head | None
    log_proba: DoubleArray
    is_known: BoolArray
    num_crops: int

    @cached_property
    def proba(self) -> FloatArray:
        """Probabilities (N, K); zeros for images without features, of which nothing is said."""
        proba = np.exp(self.log_proba).astype(np.float32)
        proba[~self.is_known] = 0
        return proba

    def measure(self, data: TrainingData) -> HeadMetrics:
        """What held-out labels say of these predictions."""
        return measure_log_proba(self.log_proba[data.image_index], data.class_index, heldout=data.heldout)


def predict(
    run: JobRun,
    data: TrainingData,
    fitted: FittedHead,
    head_inputs: FloatArray,
    *,
    crops: FloatArray | None,
    is_known: BoolArray,
) -> Predictions:
    """Predict from whole images, and from crops too where a head can be trained on them and labels say that it helps.

    Args:
        run: reports go there, stages "training" and "scoring".
        data: labels, those held out included.
        fitted: head on whole images, trained on these labels.
        head_inputs: (N, C) what the head takes, finite.
        crops: (N, C') embeddings of crops, NaN where an image has none.
        is_known: (N,) which images have features.
    """
    crop_head, num_crops = None, 0
    if crops is not None:
        num_crops = int(has_features(crops).sum())
        with run.timed(TRAINING):
            fitted_crop = train_crop_head(
                crops[data.image_index],
                data.class_index,
                num_classes=len(data.classes),
                heldout=data.heldout,
                on_progress=run.stage(TRAINING),
            )
            if fitted_crop and crops_lower_log_loss(
                fitted.out_of_fold, fitted_crop.out_of_fold, data.class_index
            ):
                crop_head = fitted_crop.head
    run.report(Progress(SCORING, 0, len(head_inputs)))
    with run.timed(SCORING):
        log_proba = predict_log_proba(fitted.head, head_inputs)
        if crops is not None and crop_head is not None:
            log_proba = fuse_log_proba(log_proba, predict_crop_log_proba(crop_head, crops))
    run.report(Progress(SCORING, len(log_proba), len(log_proba)))
    return Predictions(fitted.head, crop_head, log_proba, is_known, num_crops)

"""What a model version says of every image: its head on whole images, a second one on crops where there are any, and
the labels of the neighbours.

Each head is trained twice: without the held-out labels, which then tell how good it is, and with all labels, to
predict. Held-out labels do not spread to neighbours in the first case.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from worker.ml.features import has_features
from worker.ml.head import (
    FittedHead,
    Head,
    HeadMetrics,
    fit_head,
    measure_log_proba,
    predict_log_proba,
    refit_head,
)
from worker.ml.label_spreading import fuse_neighbours, neighbour_graph, spread_labels
from worker.ml.projection.umap_graph import Graph
from worker.ml.types import BoolArray, DoubleArray, FloatArray, Progress
from worker.ml.view_fusion import (
    crops_lower_log_loss,
    fuse_log_proba,
    predict_crop_log_proba,
    refit_crop_head,
    train_crop_head,
)
from worker.tasks.running import JobRun
from worker.tasks.training_data import TrainingData

TRAINING, SCORING = "training", "scoring"
MAX_SPREAD_IMAGES = 100_000  # above, the graph takes longer than everything else
MAX_SPREAD_LABELS = 100  # of each class, in the mean: with more, heads have little to learn from neighbours
CROP_HEAD = "crop"  # folder of a model's head on crops, inside that of its head on whole images


@dataclass(frozen=True)
class TrainedHead:
    """`measured` never saw the held-out labels; `head`, of the same strength and temperature, learned from all."""

    measured: FittedHead
    head: Head


@dataclass(frozen=True)
class Predictions:
    """Of N images and K classes: `log_proba` (N, K) means nothing where `is_known` (N,) is False.

    `measured_log_proba` (N, K) is what heads say that never saw the held-out labels, `measured_head` the one of them on
    whole images; `head` and `crop_head` say `log_proba`. `crop_head` is None where no crops were seen, or where they do
    not help; `num_crops` images had an embedding of their crop. `sees_neighbours`: neighbours' labels are in it.
    """

    measured_head: Head
    head: Head
    crop_head: Head | None
    log_proba: DoubleArray
    measured_log_proba: DoubleArray
    is_known: BoolArray
    num_crops: int
    sees_neighbours: bool

    @cached_property
    def proba(self) -> FloatArray:
        """Probabilities (N, K); zeros for images without features, of which nothing is said."""
        return self._proba_of(self.log_proba)

    @cached_property
    def measured_proba(self) -> FloatArray:
        """The same of heads that never saw the held-out labels."""
        return self._proba_of(self.measured_log_proba)

    def measure(self, data: TrainingData) -> HeadMetrics:
        """What held-out labels say of heads that never saw them."""
        return measure_log_proba(
            self.measured_log_proba[data.image_index], data.class_index, heldout=data.heldout
        )

    def _proba_of(self, log_proba: DoubleArray) -> FloatArray:
        proba = np.exp(log_proba).astype(np.float32)
        proba[~self.is_known] = 0
        return proba


def train_whole_head(run: JobRun, data: TrainingData, head_inputs: FloatArray) -> TrainedHead:
    """Train the head on whole images; reports are of stage "training".

    Args:
        run: reports go there.
        data: labels, those held out included.
        head_inputs: (N, C) what the head takes, finite.
    """
    inputs = head_inputs[data.image_index]
    measured = fit_head(
        inputs,
        data.class_index,
        num_classes=len(data.classes),
        heldout=data.heldout,
        on_progress=run.stage(TRAINING),
    )
    head = refit_head(measured.head, inputs, data.class_index) if data.heldout.any() else measured.head
    return TrainedHead(measured, head)


def predict(
    run: JobRun,
    data: TrainingData,
    whole: TrainedHead,
    head_inputs: FloatArray,
    *,
    crops: FloatArray | None,
    is_known: BoolArray,
) -> Predictions:
    """Predict from whole images, and from crops too where a head can be trained on them and labels say that it helps;
    while labels are few, also from those of the images whose crops look most alike.

    Args:
        run: reports go there, stages "training" and "scoring".
        data: labels, those held out included.
        whole: head on whole images, trained on these labels.
        head_inputs: (N, C) what the head takes, finite.
        crops: (N, C') embeddings of crops, NaN where an image has none.
        is_known: (N,) which images have features.
    """
    crop, num_crops = None, 0
    if crops is not None:
        num_crops = int(has_features(crops).sum())
        with run.timed(TRAINING):
            crop = _train_on_crops(run, data, whole, crops[data.image_index])
    crop_head, measured_crop_head = (None, None) if crop is None else (crop.head, crop.measured.head)
    run.report(Progress(SCORING, 0, len(head_inputs)))
    with run.timed(SCORING):
        log_proba = _log_proba(whole.head, crop_head, head_inputs, crops)
        measured = log_proba
        if data.heldout.any():
            measured = _log_proba(whole.measured.head, measured_crop_head, head_inputs, crops)
        graph = None
        if crops is not None and crop_head is not None and _has_few_labels(data, num_images=len(crops)):
            graph = neighbour_graph(crops)
        if graph is not None:
            log_proba, measured = _with_neighbours(graph, data, log_proba, measured)
    run.report(Progress(SCORING, len(log_proba), len(log_proba)))
    return Predictions(
        measured_head=whole.measured.head,
        head=whole.head,
        crop_head=crop_head,
        log_proba=log_proba,
        measured_log_proba=measured,
        is_known=is_known,
        num_crops=num_crops,
        sees_neighbours=graph is not None,
    )


def _has_few_labels(data: TrainingData, *, num_images: int) -> bool:
    return num_images <= MAX_SPREAD_IMAGES and len(data.class_index) < MAX_SPREAD_LABELS * len(data.classes)


def _with_neighbours(
    graph: Graph, data: TrainingData, log_proba: DoubleArray, measured: DoubleArray
) -> tuple[DoubleArray, DoubleArray]:
    """Both predictions (N, K) with what neighbours' labels say: all labels, and those that are not held out."""
    num_images, num_classes = log_proba.shape
    labels = np.full(num_images, -1, dtype=np.int64)
    labels[data.image_index] = data.class_index
    together = fuse_neighbours(log_proba, spread_labels(graph, labels, num_classes=num_classes))
    if not data.heldout.any():
        return together, together
    labels[data.image_index[data.heldout]] = -1
    return together, fuse_neighbours(measured, spread_labels(graph, labels, num_classes=num_classes))


def _train_on_crops(
    run: JobRun, data: TrainingData, whole: TrainedHead, crops: FloatArray
) -> TrainedHead | None:
    """The head on crops (n, C') of labelled images, if one can be trained and lowers the loss."""
    measured = train_crop_head(
        crops,
        data.class_index,
        num_classes=len(data.classes),
        heldout=data.heldout,
        on_progress=run.stage(TRAINING),
    )
    if measured is None:
        return None
    if not crops_lower_log_loss(whole.measured.out_of_fold, measured.out_of_fold, data.class_index):
        return None
    head = refit_crop_head(measured.head, crops, data.class_index) if data.heldout.any() else measured.head
    return TrainedHead(measured, head)


def _log_proba(
    whole: Head, crop: Head | None, head_inputs: FloatArray, crops: FloatArray | None
) -> DoubleArray:
    log_proba = predict_log_proba(whole, head_inputs)
    if crops is None or crop is None:
        return log_proba
    return fuse_log_proba(log_proba, predict_crop_log_proba(crop, crops))

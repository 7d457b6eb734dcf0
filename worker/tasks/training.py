"""Train a model version: heads, predictions, saliency, crop embeddings and two layouts, published in one transaction.

Everything slow is cached (maps, crops), so a training that was cut off and runs again repeats little.
Labels made meanwhile are untouched: the version says at which label sequence it was trained.
Crops need a model and the model sees crops: it sees those that the version before left, or else those that it has just
had embedded.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from labeler.annotations.models import LabelClass
from labeler.annotations.training_policy import request_training_if_due
from labeler.datasets.crop_rates import ImageRates, Rates, get_rates, pick_rates
from labeler.datasets.models import Project, Recipe
from labeler.jobs.models import JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import project_dir
from labeler.results.image_rates import boxes_at_rates
from labeler.results.models import ModelVersion, StoredArray, View
from labeler.results.selectors import (
    NO_PREDICTION,
    get_finished_projection,
    get_latest_model,
    is_of_present_network,
)
from labeler.results.services import NewProjection, delete_arrays, publish_model, store_array
from worker.ml.boxes import with_minimum_side
from worker.ml.checkpoints import save_head
from worker.ml.feature_shards import read_pooled
from worker.ml.features import has_features, without_holes
from worker.ml.saliency import AnyMethod, get_method
from worker.ml.saliency.units import unit_arrays
from worker.ml.types import AnyArray, BoolArray, FloatArray, Progress
from worker.tasks import tuning
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.crop_refinement import save_model_boxes
from worker.tasks.crops import WHOLE_IMAGE, count_moved_crops, embed_crops, read_known_crops
from worker.tasks.features import extend_features
from worker.tasks.predictions import CROP_HEAD, TRAINING, Predictions, TrainedHead, predict, train_whole_head
from worker.tasks.projection_inputs import EXACT, OPTIONS, QUICK, describe_input, have_options_changed
from worker.tasks.projections import STAGE as PROJECTION_STAGE
from worker.tasks.projections import (
    label_purity,
    lay_out_crops,
    lay_out_whole,
    to_publish,
    whole_displacement,
)
from worker.tasks.running import JobRun
from worker.tasks.saliency import Saliency, compute_saliency
from worker.tasks.scoring import pool_crops, pool_for, pooling_of, to_confidence_codes
from worker.tasks.stored_features import features_root
from worker.tasks.training_data import TrainingData, only_known, read_training_data

logger = logging.getLogger(__name__)

SALIENCY, CROPS = "saliency", "crops"
MAX_CROPS_AT_ONCE = 128  # a training waits for so many exact crops; more follow when the model is there
NUM_UNITS, NUM_UNIT_IMAGES = 6, 8  # channels of a class, and images of a channel, that the model page shows


@dataclass(frozen=True)
class _Inputs:
    """What a training starts from. N images are stored, of which `is_known` (N,) have features; `head_inputs` (N, C) is
    what the method's head takes. `pooled` (N, C) has NaN for the others.
    """

    project: Project
    loaded: ProjectBackbone
    data: TrainingData
    method: AnyMethod
    root: Path
    pooled: FloatArray
    is_known: BoolArray
    head_inputs: FloatArray
    rates: Rates


@dataclass(frozen=True)
class _Crops:
    """Boxes (N, 4) and embeddings (N, C) of the crops, how they were made, and how many the network computed anew."""

    boxes: FloatArray
    features: FloatArray
    num_computed: int
    are: str


def train_model(run: JobRun) -> str:
    """Train on the labels of this moment and publish the next model version."""
    published = ModelVersion.objects.filter(job=run.job).first()
    if published is not None:  # the last attempt was cut off between publishing and ending
        return _summary(published)
    inputs = _prepare(run)
    head = _train(run, inputs)
    predictions = _predict(run, inputs, head, _crops_so_far(inputs))
    saliency, crops = _crop(run, inputs, predictions)
    if _are_news(crops, predictions) and not inputs.rates.tell_labels:
        predictions = _predict(run, inputs, head, crops.features)
        if predictions.crop_head is not None:  # saliency and crops of the classes that both views say
            num_computed = crops.num_computed
            saliency, crops = _crop(run, inputs, predictions)
            crops = replace(crops, num_computed=crops.num_computed + num_computed)
    projections = _lay_out(run, inputs, predictions.proba, crops)
    model = _publish(run, inputs, predictions, saliency, crops, projections)
    if have_options_changed(inputs.project):
        request_job(project_id=run.job.project_id, kind=JobKind.PROJECTION, user=None)
    if crops.are == QUICK:
        request_job(project_id=run.job.project_id, kind=JobKind.CROPS, user=None)
    if _class_set_changed(inputs.data) or _network_changed(model):
        request_job(project_id=run.job.project_id, kind=JobKind.TRAINING, user=None)
    request_training_if_due(run.job.project_id)
    request_job(project_id=run.job.project_id, kind=JobKind.SUGGESTIONS, user=None)
    return _summary(model)


def _class_set_changed(data: TrainingData) -> bool:
    """True when a class was archived or merged away while its version was made: the next version leaves it out."""
    return LabelClass.objects.filter(id__in=data.class_ids, archived_at__isnull=False).exists()


def _network_changed(model: ModelVersion) -> bool:
    """True when the project was given another network while its version was made: the next one is of that."""
    return not is_of_present_network(model, Project.objects.get(id=model.project_id))


def _prepare(run: JobRun) -> _Inputs:
    project = Project.objects.get(id=run.job.project_id)
    method = get_method(project.saliency_method)
    data = read_training_data(project.id)
    present = project.tuned_by_job
    project.tuned_by_job = None  # recipes start from the backbone as it came
    if project.recipe != Recipe.HEAD:
        with run.timed(tuning.STAGE):
            project.tuned_by_job = tuning.tune_network(run, project, data, present=present)
    with run.timed("features"):
        loaded = load_project_backbone(project, on_progress=run.report)
        needed = int(data.image_index.max()) + 1 if project.tuned_by_job is None else None
        extend_features(run, project, loaded, needed=needed)
        root = features_root(project)
        pooled = read_pooled(root)
        is_known = has_features(pooled)
        head_inputs = pool_for(method, without_holes(pooled), root=root, on_progress=run.report)
    rates = get_rates(project_id=project.id)
    data = only_known(data, is_known)
    return _Inputs(project, loaded, data, method, root, pooled, is_known, head_inputs, rates)


def _train(run: JobRun, inputs: _Inputs) -> TrainedHead:
    run.report(Progress(TRAINING, 0, 1))
    with run.timed(TRAINING):
        return train_whole_head(run, inputs.data, inputs.head_inputs)


def _crops_so_far(inputs: _Inputs) -> FloatArray | None:
    """Embeddings (N, C) of the crops that earlier versions left, NaN where there is none; none if they tell labels."""
    last = get_latest_model(project_id=inputs.project.id)
    version = 0 if last is None else last.metrics.get("crop_rates_version", 0)
    if inputs.rates.tell_labels or get_rates(project_id=inputs.project.id, version=version).tell_labels:
        return None
    num_images, num_channels = inputs.pooled.shape
    return read_known_crops(
        inputs.project, inputs.loaded.signature, num_images=num_images, num_channels=num_channels
    )


def _predict(run: JobRun, inputs: _Inputs, head: TrainedHead, crops: FloatArray | None) -> Predictions:
    return predict(run, inputs.data, head, inputs.head_inputs, crops=crops, is_known=inputs.is_known)


def _are_news(crops: _Crops, predictions: Predictions) -> bool:
    """Whether there are exact crops that the predictions could not see."""
    return crops.are == EXACT and predictions.num_crops < int(has_features(crops.features).sum())


def _crop(run: JobRun, inputs: _Inputs, predictions: Predictions) -> tuple[Saliency, _Crops]:
    saliency = _compute_saliency(run, inputs, predictions)
    return saliency, _embed_crops(run, inputs, predictions.proba, saliency)


def _compute_saliency(run: JobRun, inputs: _Inputs, predictions: Predictions) -> Saliency:
    """By the heads that never saw the held-out labels: a crop that knew one would tell it to the head on crops."""
    with run.timed(SALIENCY):
        return compute_saliency(
            inputs.method,
            project=inputs.project,
            loaded=inputs.loaded,
            root=inputs.root,
            pooled=without_holes(inputs.pooled),
            head=predictions.measured_head,
            proba=predictions.measured_proba,
            on_progress=run.stage(SALIENCY),
        )


def _embed_crops(run: JobRun, inputs: _Inputs, proba: FloatArray, saliency: Saliency) -> _Crops:
    boxes = boxes_at_rates(
        saliency.profiles,
        _pick_rates(inputs, proba, saliency),
        height=saliency.height,
        width=saliency.width,
    )
    boxes = with_minimum_side(boxes)
    boxes[~inputs.is_known] = WHOLE_IMAGE
    project, loaded, pooled = inputs.project, inputs.loaded, inputs.pooled
    with run.timed("crops"):
        num_moved = count_moved_crops(project, loaded.signature, boxes=boxes, num_channels=pooled.shape[1])
        save_model_boxes(run.job, boxes)
        if num_moved > MAX_CROPS_AT_ONCE:
            quick = pool_crops(inputs.root, boxes, on_progress=run.stage(CROPS))
            quick[~inputs.is_known] = np.nan
            return _Crops(boxes, quick, num_computed=0, are=QUICK)
        embedded = embed_crops(run, project, loaded, boxes=boxes, pooled=pooled)
        assert embedded is not None, "nobody asked it to stop"
        return _Crops(boxes, *embedded, are=EXACT)


def _pick_rates(inputs: _Inputs, proba: FloatArray, saliency: Saliency) -> ImageRates:
    """Crop rates of all images; a class override looks at the label, and at the prediction where there is none."""
    data = inputs.data
    class_ids = np.array(data.class_ids)[proba.argmax(axis=1)]
    class_ids[data.image_index] = np.array(data.class_ids)[data.class_index]
    return pick_rates(
        inputs.rates,
        project_id=inputs.project.id,
        num_images=len(proba),
        salient_area=saliency.salient_area,
        class_ids=class_ids,
    )


def _lay_out(run: JobRun, inputs: _Inputs, proba: FloatArray, crops: _Crops) -> list[NewProjection]:
    project, on_progress = inputs.project, run.stage(PROJECTION_STAGE)
    project.refresh_from_db(fields=OPTIONS)  # they may have changed while it trained
    last_whole = get_finished_projection(project_id=project.id, view=View.WHOLE)
    last_crop = get_finished_projection(project_id=project.id, view=View.CROP)
    labels = np.full(len(proba), -1, dtype=np.int64)
    labels[inputs.data.image_index] = inputs.data.class_index
    seen: dict[str, Any] = {"proba": proba, "class_index": labels}
    with run.timed(PROJECTION_STAGE):
        of_whole = describe_input(project, inputs.pooled, view=View.WHOLE, **seen)
        of_crops = describe_input(project, crops.features, view=View.CROP, crops_are=crops.are, **seen)
        whole = lay_out_whole(of_whole, last_whole, on_progress=on_progress)
        crop = lay_out_crops(of_crops, last_crop, whole=whole.layout, on_progress=on_progress)
        moved = {"whole_displacement": whole_displacement(crop.layout, whole.layout)}
        return [
            to_publish(
                result,
                source,
                previous=previous,
                job=run.job,
                more_quality={"label_purity": label_purity(result.layout, labels), **more},
            )
            for result, source, previous, more in (
                (whole, of_whole, last_whole, {}),
                (crop, of_crops, last_crop, moved),
            )
        ]


def _publish(
    run: JobRun,
    inputs: _Inputs,
    predictions: Predictions,
    saliency: Saliency,
    crops: _Crops,
    projections: list[NewProjection],
) -> ModelVersion:
    project, data, proba = inputs.project, inputs.data, predictions.proba
    measured = predictions.measured_proba
    _save_heads(run, inputs, predictions)
    class_ids = np.array(data.class_ids, dtype=np.int32)
    arrays: dict[str, AnyArray] = {
        "predicted_class": _predicted_class(class_ids, proba, inputs.is_known),
        "confidence": to_confidence_codes(proba),
        "profiles": saliency.profiles,
        "salient_area": saliency.salient_area.astype(np.float16),
        "probabilities": proba.astype(np.float16),
        **unit_arrays(
            inputs.head_inputs, predictions.head.weight, num_units=NUM_UNITS, num_images=NUM_UNIT_IMAGES
        ),
        "saliency": saliency.shown,
        "saliency_class": class_ids[saliency.shown_class],
        "heldout_images": data.image_index[data.heldout].astype(np.int32),
        "measured_class": _predicted_class(class_ids, measured, inputs.is_known),
        "measured_confidence": measured.max(axis=1).astype(np.float16),
    }
    fields = {
        "label_sequence": data.sequence,
        "num_images": len(inputs.pooled),
        "num_labels": len(data.image_index),
        "backbone": project.backbone,
        "input_size_px": project.input_size_px,
        "saliency_method": project.saliency_method,
        "retention": project.retention,
        "class_ids": data.class_ids,
        "map_height": saliency.height,
        "map_width": saliency.width,
        "metrics": _metrics_json(run, inputs, predictions, crops),
    }
    stored: list[StoredArray] = []
    try:
        run.check()
        for name, array in arrays.items():
            stored.append(store_array(project_id=project.id, name=name, array=array))
        return publish_model(
            job=run.job,
            fields=fields,
            arrays=stored,
            projections=projections,
            tuned_by_job=project.tuned_by_job,
        )
    except Exception:  # refused, cancelled, disk full: nobody will ever ask for these
        delete_arrays([*stored, *(array for new in projections for array in new.stored_arrays)])
        raise


def _predicted_class(class_ids: AnyArray, proba: FloatArray, is_known: BoolArray) -> AnyArray:
    """Id (N,) of the likeliest class."""
    return np.where(is_known, class_ids[proba.argmax(axis=1)], np.int32(NO_PREDICTION))


def _save_heads(run: JobRun, inputs: _Inputs, predictions: Predictions) -> None:
    """Keep the trained heads under the job that made them, which the model version names."""
    project, data = inputs.project, inputs.data
    folder = project_dir(project.id) / "heads" / str(run.job.id)
    for place, head, takes in (
        (folder, predictions.head, {"pooling": pooling_of(inputs.method)}),
        (folder / CROP_HEAD, predictions.crop_head, {"pooling": "mean", "scaling": "unit length"}),
    ):
        if head is not None:
            save_head(
                place,
                head,
                class_ids=data.class_ids,
                class_names=[label_class.name for label_class in data.classes],
                backbone=project.backbone,
                input_size_px=project.input_size_px,
                preprocessing=inputs.loaded.backbone.preprocessing,
                metadata={"label_sequence": data.sequence, **takes},
            )


def _metrics_json(run: JobRun, inputs: _Inputs, predictions: Predictions, crops: _Crops) -> dict[str, Any]:
    project, data = inputs.project, inputs.data
    sides = crops.boxes[:, 2:] - crops.boxes[:, :2]
    return {
        **predictions.measure(data).to_json(),
        "is_provisional": int(np.bincount(data.class_index).min()) < project.labels_per_class_to_train,
        "num_training": int((~data.heldout).sum()),
        "l2": predictions.head.l2,
        "temperature": predictions.head.temperature,
        "views": [View.WHOLE.value, *([View.CROP.value] if predictions.crop_head else [])],
        "num_crops_seen": predictions.num_crops,
        "sees_neighbours": predictions.sees_neighbours,
        "mean_crop_area": float(sides.prod(axis=1).mean()),
        "crop_rates_version": inputs.rates.version,
        "num_crops_computed": crops.num_computed,
        "crops": crops.are,
        "recipe": project.recipe,
        "uses_adl": tuning.uses_adl(project),
        "tuned_by_job": project.tuned_by_job,
        "seconds": {stage: round(seconds, 3) for stage, seconds in run.seconds.items()},
    }


def _summary(model: ModelVersion) -> str:
    accuracy, num_heldout = model.metrics["accuracy"], model.metrics["num_heldout"]
    measured = (
        "no held-out label to measure on"
        if accuracy is None
        else f"{100 * accuracy:.1f} % right on {num_heldout} held-out labels"
    )
    return f"Model {model.number}, trained on {model.num_labels} labels: {measured}"

"""Exact crop embeddings behind a published model: embed what moved, then lay the crop map out again.

A training does not make people wait for thousands of runs of the network: it publishes a crop map from the cached
feature maps, pooled over each box, and asks for this job; so does a layout by other options. The boxes are those that
the training wrote down. Crops that the model has not seen are worth another training: predictions from both views are
better.
"""

import time
from pathlib import Path

import numpy as np

from labeler.datasets.crop_rates import get_rates
from labeler.datasets.models import Project, Recipe
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import project_dir
from labeler.results.models import ModelVersion, View
from labeler.results.selectors import (
    get_finished_projection,
    get_latest_model,
    get_model_array,
    is_of_present_network,
    read_array,
)
from labeler.results.services import publish_projection
from worker.ml.checkpoints import bundle_exists, read_bundle, write_bundle
from worker.ml.feature_shards import read_pooled
from worker.ml.features import has_features
from worker.ml.types import FloatArray
from worker.tasks.backbones import load_project_backbone
from worker.tasks.crops import embed_crops
from worker.tasks.projection_inputs import EXACT, OPTIONS, describe_input, have_options_changed
from worker.tasks.projections import (
    STAGE,
    label_purity,
    lay_out_crops,
    read_layout,
    to_publish,
    whole_displacement,
)
from worker.tasks.running import JobRun
from worker.tasks.seen_by_model import class_index_of_labels
from worker.tasks.shards import is_turn_over
from worker.tasks.stored_features import features_root
from worker.tasks.tuning import uses_adl

_KIND = "model_boxes"


def refine_crops(run: JobRun) -> str:
    """Embed the latest model's crops exactly and publish their layout, unless a newer model comes meanwhile."""
    started_at = time.monotonic()
    project = Project.objects.get(id=run.job.project_id)
    model = get_latest_model(project_id=project.id)
    if model is None or not _is_refinable(project, model):
        return "No model of the present features waits for its crops"
    boxes = np.array(read_bundle(_folder(project.id, model.job_id), kind=_KIND).arrays["boxes"])
    loaded = load_project_backbone(project, on_progress=run.report)
    pooled = read_pooled(features_root(project))[: len(boxes)]
    embedded = embed_crops(
        run,
        project,
        loaded,
        boxes=boxes,
        pooled=pooled,
        should_stop=lambda: is_turn_over(run.job, started_at=started_at),
    )
    latest = get_latest_model(project_id=project.id)
    if embedded is None or latest is None or latest.id != model.id:
        request_job(project_id=project.id, kind=JobKind.CROPS, user=None)
        return "Crops so far are kept; the rest follows when other work is done"
    features, num_computed = embedded
    _publish_layout(run, project, model, features)
    if _knows_fewer_crops(project, model, features):
        request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
    request_job(project_id=project.id, kind=JobKind.SUGGESTIONS, user=None)
    return f"Exact crops of {len(features)} images, {num_computed} of them new"


def _knows_fewer_crops(project: Project, model: ModelVersion, features: FloatArray) -> bool:
    """Whether a training, which takes a second from cached features, would see crops (N, C) that the model did not. One
    that looks at whole images alone would not, nor one that tunes another network, whose crops are others.
    """
    if get_rates(project_id=project.id).tell_labels or _would_tune(project, model):
        return False
    num_seen: int = model.metrics.get("num_crops_seen", 0)
    return int(has_features(features).sum()) > num_seen


def _would_tune(project: Project, model: ModelVersion) -> bool:
    """Whether a training would tune the network: another recipe was chosen since, or labels may have changed."""
    project.refresh_from_db(fields=["recipe", "uses_adl", "label_sequence"])
    was = (model.metrics.get("recipe"), model.metrics.get("uses_adl"), model.label_sequence)
    now = (project.recipe, uses_adl(project), project.label_sequence)
    return project.recipe != Recipe.HEAD and was != now


def save_model_boxes(job: Job, boxes: FloatArray) -> None:
    """Write down the crop boxes (N, 4) of the model that a job makes."""
    write_bundle(_folder(job.project_id, job.id), {"boxes": boxes}, kind=_KIND)


def _publish_layout(run: JobRun, project: Project, model: ModelVersion, features: FloatArray) -> None:
    previous = get_finished_projection(project_id=project.id, view=View.CROP)
    whole = get_finished_projection(project_id=project.id, view=View.WHOLE)
    if whole is None or whole.num_images < len(features):
        return
    places = read_layout(whole)[: len(features)]
    project.refresh_from_db(fields=OPTIONS)  # they may have changed while crops were embedded
    proba = read_array(get_model_array(model=model, name="probabilities"))
    labels = class_index_of_labels(project, num_images=len(features))
    source = describe_input(
        project, features, view=View.CROP, proba=proba, class_index=labels, crops_are=EXACT
    )
    result = lay_out_crops(source, previous, whole=places, on_progress=run.stage(STAGE))
    run.check()
    quality = {
        "label_purity": label_purity(result.layout, labels),
        "whole_displacement": whole_displacement(result.layout, places),
    }
    new = to_publish(result, source, previous=previous, job=run.job, more_quality=quality)
    publish_projection(job=run.job, new=new, num_images=len(features), model=model)
    if have_options_changed(project):
        request_job(project_id=project.id, kind=JobKind.CROPS, user=None)


def _is_refinable(project: Project, model: ModelVersion) -> bool:
    is_present = is_of_present_network(model, project)
    return is_present and model.job_id is not None and bundle_exists(_folder(project.id, model.job_id))


def _folder(project_id: int, job_id: int | None) -> Path:
    return project_dir(project_id) / "heads" / str(job_id) / "boxes"

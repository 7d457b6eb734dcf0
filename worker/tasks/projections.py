"""Layouts of the map: started from the last one, so that points glide instead of jumping, published with quality."""

from dataclasses import asdict

import numpy as np

from labeler.datasets.models import Project
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.results.models import Projection, View
from labeler.results.selectors import get_latest_projection, read_array
from labeler.results.services import NewProjection, publish_projection, store_array
from worker.ml import projection as layouts
from worker.ml.feature_shards import read_pooled
from worker.ml.types import FloatArray, ProgressFn
from worker.tasks.running import JobRun
from worker.tasks.stored_features import features_root, is_of_present_features

STAGE = "projection"
MAX_WARM_GROWTH = 1.25  # with more new images than this, the old layout is a start but no guide
CROP_ANCHOR = 0.3  # how firmly a first crop layout holds to the whole one
CROP_EPOCHS = 200
QUICK, EXACT = (
    "quick",
    "exact",
)  # crops pooled from cached maps; crops that went through the network themselves


def project_whole_images(run: JobRun) -> str:
    """Lay out all images that have features, unless the latest layout shows them all already."""
    project = Project.objects.get(id=run.job.project_id)
    pooled = read_pooled(features_root(project))
    previous = get_latest_projection(project_id=project.id, view=View.WHOLE)
    if len(pooled) == 0:
        return "No image has features yet"
    if previous and is_of_present_features(previous, project) and previous.num_images >= len(pooled):
        return f"The layout shows all {previous.num_images} images already"
    result = lay_out_whole(pooled, previous, project=project, on_progress=run.stage(STAGE))
    run.check()
    new = to_publish(result, view=View.WHOLE, project=project, previous=previous, job=run.job)
    publish_projection(job=run.job, new=new, num_images=len(pooled))
    request_job(project_id=project.id, kind=JobKind.SUGGESTIONS, user=None)
    return f"Laid out {len(pooled)} images"


def lay_out_whole(
    pooled: FloatArray, previous: Projection | None, *, project: Project, on_progress: ProgressFn
) -> layouts.Projection:
    """Lay out whole images (N, C).

    Without a previous layout: from scratch. With one of the same features and few new images: a short, anchored
    run from it. Else a full run that starts from it, turned back onto it.
    """
    if previous is None:
        return layouts.fit_projection(pooled, on_progress=on_progress)
    init = read_layout(previous)[: len(pooled)]
    is_near = is_of_present_features(previous, project) and len(pooled) <= MAX_WARM_GROWTH * len(init)
    if is_near:
        return layouts.fit_projection(pooled, init=init, on_progress=on_progress)
    return layouts.fit_projection(
        pooled, init=init, anchor=0.0, num_epochs=100, learning_rate=1.0, on_progress=on_progress
    )


def lay_out_crops(
    crops: FloatArray,
    previous: Projection | None,
    *,
    whole: FloatArray,
    project: Project,
    on_progress: ProgressFn,
    crops_are: str = EXACT,
) -> layouts.Projection:
    """Lay out crops (N, C): a short run from their last layout, or a first one that holds to `whole` (N, 2).

    Where the last layout shows other embeddings of them (`QUICK` or `EXACT`), a long run that holds to that one.
    """
    init = whole
    if previous is not None and is_of_present_features(previous, project):
        last = read_layout(previous)[: len(crops)]
        is_near = len(crops) <= MAX_WARM_GROWTH * len(last)
        if is_near and previous.parameters.get("crops", EXACT) == crops_are:
            return layouts.fit_projection(crops, init=last, on_progress=on_progress)
        if len(last) == len(crops):
            init = last
    return layouts.fit_projection(
        crops,
        init=init,
        anchor=CROP_ANCHOR,
        num_epochs=CROP_EPOCHS,
        learning_rate=1.0,
        on_progress=on_progress,
    )


def read_layout(projection: Projection) -> FloatArray:
    """A stored layout (N, 2)."""
    return np.array(read_array(projection.array), dtype=np.float32)


def to_publish(
    result: layouts.Projection,
    *,
    view: View,
    project: Project,
    previous: Projection | None,
    job: Job,
    more_quality: dict[str, float | None] | None = None,
    crops_are: str | None = None,
) -> NewProjection:
    """Store a layout and describe it for publishing."""
    parameters = {
        **result.parameters.to_json(),
        "backbone": project.backbone,
        "input_size_px": project.input_size_px,
        **({} if crops_are is None else {"crops": crops_are}),
    }
    return NewProjection(
        view=view,
        array=store_array(project_id=job.project_id, name=f"layout-{view.value}", array=result.layout),
        parameters=parameters,
        quality={**asdict(result.quality), **(more_quality or {})},
        aligned_to=previous,
    )

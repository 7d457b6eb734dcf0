"""Layouts of the map: started from the last one, so that points glide instead of jumping, published with quality.

While images come in: those that have features get a place among the others at once; a new layout follows when there are
many more than the last one showed, and when all are there. A layout that takes a while is shown from its start on.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from labeler.datasets.models import Image, Project
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.results.models import Projection, View
from labeler.results.selectors import (
    get_finished_projection,
    get_latest_model,
    get_latest_projection,
    read_array,
)
from labeler.results.services import NewProjection, publish_projection, store_array
from worker.ml.feature_shards import count_features, list_holes, read_pooled
from worker.ml.features import has_features
from worker.ml.projection import fit as layouts
from worker.ml.projection.alignment import displacement
from worker.ml.projection.density_clusters import density_clusters, outline
from worker.ml.projection.large import LARGE
from worker.ml.projection.placing import has_place, place_new
from worker.ml.projection.quality import ProjectionQuality, neighbour_purity
from worker.ml.types import FloatArray, IntArray, ProgressFn
from worker.tasks.projection_inputs import (
    EXACT,
    LayoutInput,
    RowBlocks,
    describe_input,
    digest_of,
    facts_of,
    fit,
    key_of,
    options_of,
    rows_with_features,
    stored_rows,
)
from worker.tasks.running import JobRun
from worker.tasks.seen_by_model import Seen, latest_seen
from worker.tasks.stored_features import features_root, is_of_present_features

STAGE = "projection"
MAX_WARM_GROWTH = 1.25  # with more new images than this, the old layout is a start but no guide
MAX_TRUST_LOSS = 0.03  # a held layout that is worse by more than this is made anew from its places
EARLY_FROM_IMAGES = 2_000  # below this the finished layout is there as soon
EARLY_EVERY_S = 2.0


def project_whole_images(run: JobRun) -> str:
    """Give all images that have features a place: among the others while features come, by a new layout at the end, or
    at once when the project's options ask for another one.
    """
    project = Project.objects.get(id=run.job.project_id)
    num = count_features(features_root(project))
    finished = get_finished_projection(project_id=project.id, view=View.WHOLE)
    if num == 0:
        return "No image has features yet"
    _request_fillable_features(project)
    latest, seen = get_latest_model(project_id=project.id), latest_seen(project, num_images=num)
    wanted = options_of(project, proba=seen.proba, class_index=seen.class_index)
    guide = finished if finished is not None and _can_guide(finished, wanted) else None
    if guide is not None and guide.num_images < num < min(
        project.num_images, MAX_WARM_GROWTH * guide.num_images
    ):
        return _place_new_images(run, project, guide, seen)
    rows = stored_rows(features_root(project), num) if num > LARGE else read_pooled(features_root(project))
    source = describe_input(project, rows, view=View.WHOLE, proba=seen.proba, class_index=seen.class_index)
    if guide is not None and _shows_all(guide, source):
        _place_new_crops(run, project, rows)
        return f"The layout shows all {guide.num_images} images already"
    early = EarlyLayouts(run, source, previous=finished)
    result = lay_out_whole(source, finished, on_layout=early, on_progress=run.stage(STAGE))
    run.check()
    if get_latest_model(project_id=project.id) != latest:
        request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
        return "A newer model came with a layout of its own"
    more = {"label_purity": label_purity(result.layout, seen.class_index)}
    new = to_publish(result, source, previous=finished, job=run.job, more_quality=more)
    is_of_model = seen.model is not None and seen.model.num_images == num
    _place_new_crops(run, project, rows)
    publish_projection(job=run.job, new=new, num_images=num, model=seen.model if is_of_model else None)
    _request_crops_of_other_options(project, source, seen)
    request_job(project_id=project.id, kind=JobKind.SUGGESTIONS, user=None)
    return f"Laid out {num} images"


def lay_out_whole(
    source: LayoutInput,
    previous: Projection | None,
    *,
    on_progress: ProgressFn,
    on_layout: layouts.LayoutFn | None = None,
) -> layouts.Projection:
    """Lay out whole images.

    Without a previous layout: from scratch. With one of the same features: that one, if nothing changed; else a short
    run held to it. With one of other features or options, or of far fewer images: a full run that starts from it,
    turned back onto it.
    """
    common: dict[str, Any] = {"on_progress": on_progress, "on_layout": on_layout}
    if previous is None:
        return fit(source, init=None, **common)
    init = read_layout(previous)[: len(source)]
    if is_unchanged(previous, source):
        return _as_before(previous, init)
    if source.key == key_of(facts_of(previous)) and len(source) <= MAX_WARM_GROWTH * len(init):
        held = fit(source, init=init, limit=layouts.WARM_LIMIT, **common)
        if not _lost_trust(held, previous):
            return held
    return _full_run(source, init, **common)


def lay_out_crops(
    source: LayoutInput, previous: Projection | None, *, whole: FloatArray, on_progress: ProgressFn
) -> layouts.Projection:
    """Lay out crops, held to the places of whole images (N, 2): a short run from their last layout, or a first one.

    Where the last layout shows other embeddings of them (`QUICK` or `EXACT`), a long run from that one; by other
    options, from the whole images. Moves are measured from the last layout of crops, whatever it started from.
    """
    held: dict[str, Any] = {
        "anchor": layouts.CROP_ANCHOR,
        "anchor_to": whole,
        "limit": layouts.CROP_LIMIT,
        "on_progress": on_progress,
    }
    init = whole
    if previous is not None and source.key == key_of(facts_of(previous)):
        last = read_layout(previous)[: len(source)]
        if len(source) <= MAX_WARM_GROWTH * len(last):
            init = last
            if facts_of(previous).get("crops", EXACT) == source.facts["crops"]:
                result = fit(source, init=last, **held)
                if not _lost_trust(result, previous):
                    return _near(result, last)
    made = fit(source, init=init, num_epochs=layouts.CROP_EPOCHS, learning_rate=1.0, **held)
    return _measured_from(made, None if previous is None else read_layout(previous)[: len(source)])


def read_layout(projection: Projection) -> FloatArray:
    """A stored layout (N, 2), NaN for images without a place."""
    return np.array(read_array(projection.array), dtype=np.float32)


def is_unchanged(previous: Projection, source: LayoutInput) -> bool:
    """True when the last layout was made from exactly this."""
    before, digest = facts_of(previous), source.facts["digest"]
    return digest is not None and before.get("digest") == digest and key_of(before) == source.key


def to_publish(
    result: layouts.Projection,
    source: LayoutInput,
    *,
    previous: Projection | None,
    job: Job,
    more_quality: dict[str, float | None] | None = None,
    is_early: bool = False,
) -> NewProjection:
    """Store a layout with its clusters and describe it for publishing."""
    project_id, view = job.project_id, source.view
    found = None if is_early else density_clusters(result.layout)
    outlines = [] if found is None else _outlines(result.layout, found)
    clusters = (
        None
        if found is None or not outlines
        else store_array(
            project_id=project_id, name=f"clusters-{view.value}", array=np.asarray(found, dtype=np.int32)
        )
    )
    return NewProjection(
        view=view,
        array=store_array(project_id=project_id, name=f"layout-{view.value}", array=result.layout),
        parameters={**result.parameters.to_json(), **_keyed(source.facts), "input": source.facts},
        quality={**result.quality.to_json(), **(more_quality or {})},
        aligned_to=previous,
        clusters=outlines,
        cluster_array=clusters,
        is_early=is_early,
    )


class EarlyLayouts:
    """Publishes a layout that is still being made, where images wait for a place: its start, then every two seconds."""

    def __init__(self, run: JobRun, source: LayoutInput, *, previous: Projection | None) -> None:
        self._run, self._source, self._previous = run, source, previous
        is_grown = previous is None or len(source) > previous.num_images
        self._is_wanted = is_grown and len(source) >= EARLY_FROM_IMAGES
        self._published_at = -EARLY_EVERY_S

    def __call__(self, layout: FloatArray) -> None:
        if not self._is_wanted or time.monotonic() - self._published_at < EARLY_EVERY_S:
            return
        num_started = 0 if self._previous is None else self._previous.num_images
        shown = layouts.Projection(layout, _UNKNOWN_QUALITY, _early_parameters(num_started))
        new = to_publish(shown, self._source, previous=self._previous, job=self._run.job, is_early=True)
        publish_projection(job=self._run.job, new=new, num_images=len(layout))
        self._published_at = time.monotonic()


_UNKNOWN_QUALITY = ProjectionQuality(None, None, None, None)


def _can_guide(finished: Projection, wanted: dict[str, Any]) -> bool:
    """True for a layout of the same network and options in which at least one image has a place."""
    return key_of(facts_of(finished)) == key_of(wanted) and bool(has_place(read_layout(finished)).any())


def _shows_all(finished: Projection, source: LayoutInput) -> bool:
    """True when a layout of the same network and options needs no successor. Rows on disk are not compared.

    Images that were removed since leave holes and move nobody; those that came back need a place.
    """
    if finished.num_images != len(source):
        return finished.num_images > len(source)
    had_place = has_place(read_layout(finished))
    if (source.is_kept & ~had_place).any():
        return False
    as_then = digest_of(source.rows, had_place, source.class_index)
    return as_then is None or as_then == facts_of(finished).get("digest")


def _request_crops_of_other_options(project: Project, source: LayoutInput, seen: Seen) -> None:
    """The crop map follows when the options of the project have changed."""
    crop = get_finished_projection(project_id=project.id, view=View.CROP)
    if seen.model is not None and crop is not None and key_of(facts_of(crop)) != source.key:
        request_job(project_id=project.id, kind=JobKind.CROPS, user=None)


def _place_new_images(run: JobRun, project: Project, finished: Projection, seen: Seen) -> str:
    """Places for new images among those of the last layout, until the next one."""
    num = len(seen.class_index)
    shown = get_latest_projection(project_id=project.id, view=View.WHOLE)
    if shown is not None and is_of_present_features(shown, project) and shown.num_images >= num:
        return f"All {num} images with features have a place"
    rows = read_pooled(features_root(project))[:num]
    known = read_layout(finished)
    source = describe_input(project, rows, view=View.WHOLE, proba=seen.proba, class_index=seen.class_index)
    compared = source.rows if isinstance(source.rows, np.ndarray) else rows
    layout = _stretched(finished, num)
    layout[~has_features(compared)] = np.nan
    new_rows = len(known) + np.flatnonzero(has_features(compared[len(known) :]))
    layout[new_rows] = place_new(compared[new_rows], compared, layout)
    result = layouts.Projection(layout, _UNKNOWN_QUALITY, _early_parameters(len(known)))
    new = to_publish(result, source, previous=finished, job=run.job, is_early=True)
    publish_projection(job=run.job, new=new, num_images=len(rows))
    _place_new_crops(run, project, rows)
    return f"Placed {len(new_rows)} new images among {len(known)}"


def _request_fillable_features(project: Project) -> None:
    """Ask for the features of images that were removed when theirs were due, and are back."""
    holes = list_holes(features_root(project))
    present = Image.objects.filter(project=project, removed_at__isnull=True, read_failure__isnull=True)
    waiting = np.fromiter(present.values_list("index", flat=True), dtype=np.int64) if len(holes) else holes
    if len(np.intersect1d(holes, waiting)):
        request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)


def _place_new_crops(run: JobRun, project: Project, rows: FloatArray | RowBlocks) -> None:
    """New images, and those that came back, have no crop yet: on the crop map they lie among the images that they look
    like.
    """
    finished = get_finished_projection(project_id=project.id, view=View.CROP)
    if finished is None or not is_of_present_features(finished, project):
        return
    source = describe_input(project, rows, view=View.CROP)
    shown = get_latest_projection(project_id=project.id, view=View.CROP)
    if shown is not None and not (source.is_kept & ~has_place(_stretched(shown, len(source)))).any():
        return
    layout = _stretched(finished, len(source))
    layout[~rows_with_features(rows)] = np.nan
    is_known = has_place(layout)
    waiting = source.is_kept & ~is_known
    if not is_known.any():
        return
    features = rows if isinstance(rows, np.ndarray) else read_pooled(features_root(project))
    layout[waiting] = place_new(features[waiting], features, layout)
    result = layouts.Projection(layout, _UNKNOWN_QUALITY, _early_parameters(int(is_known.sum())))
    new = to_publish(result, source, previous=finished, job=run.job, is_early=True)
    publish_projection(job=run.job, new=new, num_images=len(features), model=finished.model_version)


def _stretched(projection: Projection, num: int) -> FloatArray:
    """A stored layout (num, 2), NaN also for images that came after it."""
    layout = np.full((num, 2), np.nan, dtype=np.float32)
    known = read_layout(projection)[:num]
    layout[: len(known)] = known
    return layout


def _full_run(source: LayoutInput, init: FloatArray, **common: Any) -> layouts.Projection:
    return fit(source, init=init, anchor=0.0, num_epochs=100, learning_rate=1.0, **common)


def _near(result: layouts.Projection, last: FloatArray) -> layouts.Projection:
    """The layout with moves from the last one (M, 2) shortened to the limit between layouts of the same images."""
    known = np.full(result.layout.shape, np.nan, dtype=np.float32)
    known[: len(last)] = last
    layout = layouts.shortened(result.layout, known, limit=layouts.WARM_LIMIT)
    return _measured_from(replace(result, layout=layout), last)


def _measured_from(result: layouts.Projection, last: FloatArray | None) -> layouts.Projection:
    """The layout with its moves from the last one (M, 2); unknown without one."""
    num = 0 if last is None else len(last)
    before = np.zeros((0, 2), dtype=np.float32) if last is None else last
    rows = has_place(before) & has_place(result.layout[:num])
    median, p90 = displacement(result.layout[:num][rows], before[rows])
    quality = replace(result.quality, median_displacement=median, p90_displacement=p90)
    return replace(result, quality=quality)


def _lost_trust(result: layouts.Projection, previous: Projection) -> bool:
    before, after = previous.quality.get("trustworthiness"), result.quality.trustworthiness
    return before is not None and after is not None and after < before - MAX_TRUST_LOSS


def _as_before(previous: Projection, layout: FloatArray) -> layouts.Projection:
    """The last layout again: nothing that it depends on has changed."""
    quality = ProjectionQuality(
        previous.quality.get("trustworthiness"), previous.quality.get("continuity"), 0.0, 0.0
    )
    names = layouts.ProjectionParameters.__dataclass_fields__
    kept = {name: value for name, value in previous.parameters.items() if name in names}
    return layouts.Projection(layout, quality, layouts.ProjectionParameters(**kept))


def _early_parameters(num_started: int) -> layouts.ProjectionParameters:
    return replace(
        layouts.ProjectionParameters("sgd", 15, 0.1, 0, 0.0, 0.0, 0, num_started=num_started), num_fitted=0
    )


def _keyed(facts: dict[str, Any]) -> dict[str, Any]:
    """What other parts ask of a layout's parameters."""
    return {
        name: facts[name] for name in ("backbone", "input_size_px", "tuned_by_job", "crops") if name in facts
    }


def _outlines(layout: FloatArray, found: "np.ndarray[Any, Any]") -> list[dict[str, Any]]:
    sizes = np.bincount(found[found >= 0])
    return [
        {"num_images": int(size), "outline": outline(layout[found == number]).round(4).tolist()}
        for number, size in enumerate(sizes)
    ]


def whole_displacement(crop: FloatArray, whole: FloatArray) -> float | None:
    """Median distance of crops from their whole images, in radii of the whole layout."""
    rows = has_place(crop) & has_place(whole)
    return displacement(crop[rows], whole[rows])[0]


def label_purity(layout: FloatArray, class_index: IntArray) -> float | None:
    """Share of the nearest labelled images that have the same label, of labelled images with a place; -1: none."""
    rows = (class_index >= 0) & has_place(layout)
    return neighbour_purity(layout[rows], class_index[rows])

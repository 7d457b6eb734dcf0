"""Feature maps of a project's images: what is missing is computed, in index order, and kept shard by shard.

While features come, layouts of the whole map are asked for at growing numbers of images, so that the map appears early
and grows. More than one shard is shared with idle workers. Two jobs may want the same features (a training, say, whose
labels run ahead): a file lock lets one compute while the other waits and watches.
"""

import fcntl
import functools
import logging
import math
import os
import shutil
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from labeler.datasets.models import Project
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.results.models import View
from labeler.results.selectors import get_finished_projection, get_latest_model, is_of_present_network
from worker.ml.errors import CheckpointIncompatible, UnreadableImage
from worker.ml.feature_shards import SHARD_SIZE, append_features, count_features, count_in_shard
from worker.ml.features import Features, concatenate_features, encode_contrast, iter_features, load_squashed
from worker.ml.map_groups import ContrastTap
from worker.ml.saliency.contrast_stages import contrast_stages
from worker.ml.types import Progress, UInt8Array, ignore_progress
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.running import JobRun
from worker.tasks.shards import ReportFn, ShardWork, do_shards, is_turn_over
from worker.tasks.stored_features import (
    StoredImage,
    features_root,
    is_of_present_features,
    list_stored_images,
    project_of,
)

logger = logging.getLogger(__name__)

STAGE = "features"
FIRST_APPEND_IMAGES = 64
APPEND_EVERY_S = 5.0  # a killed worker loses at most this much
FIRST_LAYOUT_IMAGES = 50
LAYOUT_GROWTH = 2.0
PLACE_EVERY_IMAGES = 1_000
LOCK_POLL_S = 0.5


def compute_features(run: JobRun) -> str:
    """Compute what is missing, until no image is left; ask for layouts on the way and at the end.

    Where no worker is free for a training, it makes room and asks for itself again, behind the training.
    """
    started_at = time.monotonic()
    project = Project.objects.get(id=run.job.project_id)
    loaded = load_project_backbone(project, on_progress=run.report)
    num_before, num_after = extend_features(
        run, project, loaded, should_stop=lambda: is_turn_over(run.job, started_at=started_at)
    )
    if num_after > min(num_before, _num_laid_out(project)):
        request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
    if num_after == 0 and _num_images(project) == 0:
        return "The network's weights are at hand"
    summary = f"Features of {num_after} images, {num_after - num_before} of them new"
    if num_after < _num_images(project):
        request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
        return f"{summary}; the rest follows when other work is done"
    _request_missing_scores(project, num_before=num_before, num_after=num_after)
    return summary


def extend_features(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    *,
    needed: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[int, int]:
    """Compute features for the images that lack them; ask for a layout whenever they are many more.

    More than one shard is done with the help of idle workers. The first images are stored early, for a first map.

    Args:
        run: reports go there, stage "features".
        project: whose images; its number is read anew as it grows.
        loaded: the backbone.
        needed: stop at this many; by default at all images.
        should_stop: asked every few seconds; the rest is then left for later.

    Returns:
        How many images had features before, and have now.

    Raises:
        UnreadableImage: an original is missing from storage or damaged.
    """
    root = features_root(project)
    with _locked(root, run):
        num_before = stored = _count_or_discard(root, features_signature(loaded))
        if num_before == 0 and needed is not None and needed < _num_images(project):
            request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)  # discarded, or never made
        layouts = _LayoutRequests(project, root, is_quiet=project.tuned_by_job == run.job.id)
        while stored < (target := needed or _num_images(project)) and not should_stop():
            if target <= (stored // SHARD_SIZE + 1) * SHARD_SIZE:

                def report(done: int, *, before: int = stored, total: int = target) -> None:
                    run.report(Progress(STAGE, before + done, total))

                part = _Part(project, loaded, stored, target, should_stop, layouts.request_if_grown)
                part.compute(report)
            else:
                _compute_shards(run, project, loaded, target=target, layouts=layouts, should_stop=should_stop)
            stored = count_features(root)
        run.report(Progress(STAGE, stored, stored))
    return num_before, stored


def features_signature(loaded: ProjectBackbone) -> dict[str, object]:
    """What stored features depend on. Those without border contrast, or with that of other stages, are made anew."""
    return {**loaded.signature, "contrast_stages": list(contrast_stages(loaded.backbone.spec.name))}


def feature_shard_work(job: Job) -> ShardWork:
    """What a helper of a job that needs features does: the images of one shard that have none."""
    project = project_of(job)
    loaded = load_project_backbone(project, on_progress=ignore_progress)
    target = _num_images(project)
    return lambda number, report: _part_of_shard(project, loaded, number, target=target).compute(report)


class _LayoutRequests:
    """Asks for a layout at `FIRST_LAYOUT_IMAGES` images, and whenever they are many more since."""

    def __init__(self, project: Project, root: Path, *, is_quiet: bool) -> None:
        self._project, self._root = project, root
        # Quiet: features that nobody sees before they are published with their model.
        self._next = math.inf if is_quiet else _next_layout(_num_laid_out(project))

    def request_if_grown(self, target: int) -> None:
        """Ask if enough images have features now, unless they are all that there will be."""
        stored = count_features(self._root)
        if self._next <= stored < target:
            request_job(project_id=self._project.id, kind=JobKind.PROJECTION, user=None)
            self._next = _next_layout(stored)


@dataclass(frozen=True)
class _Part:
    """Images start .. stop - 1 of one shard, none of which has features yet."""

    project: Project
    loaded: ProjectBackbone
    start: int
    stop: int
    should_stop: Callable[[], bool] = lambda: False
    on_stored: Callable[[int], None] = lambda _: None

    def compute(self, report: ReportFn) -> None:
        """Compute and store, some seconds of work at a time, until done or asked to stop."""
        root, stored = features_root(self.project), self.start
        with closing(_in_appendable_parts(self, report)) as parts:
            for part in parts:
                append_features(root, part, start=stored, signature=features_signature(self.loaded))
                stored += len(part)
                self.on_stored(self.stop)
                if self.should_stop():
                    return


def _part_of_shard(
    project: Project, loaded: ProjectBackbone, number: int, *, target: int, **callbacks: Any
) -> _Part:
    start = number * SHARD_SIZE + count_in_shard(features_root(project), number)
    return _Part(project, loaded, start, min(target, (number + 1) * SHARD_SIZE), **callbacks)


def _compute_shards(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    *,
    target: int,
    layouts: _LayoutRequests,
    should_stop: Callable[[], bool],
) -> None:
    totals = {}
    for number in range(-(-target // SHARD_SIZE)):
        part = _part_of_shard(project, loaded, number, target=target)
        if part.start < part.stop:
            totals[number] = part.stop - part.start

    def work(number: int, report: ReportFn) -> None:
        _part_of_shard(
            project,
            loaded,
            number,
            target=target,
            should_stop=should_stop,
            on_stored=lambda _: layouts.request_if_grown(target),
        ).compute(report)

    do_shards(
        run,
        stage=STAGE,
        totals=totals,
        work=work,
        done_before=target - sum(totals.values()),
        should_stop=should_stop,
    )


def num_decoders() -> int:
    """Threads that decode ahead of the network."""
    return max(1, min(8, (os.cpu_count() or 2) - 1))


def _num_images(project: Project) -> int:
    return int(Project.objects.values_list("num_images", flat=True).get(id=project.id))


def _next_layout(num_laid_out: int) -> int:
    """At how many images to ask for places again: twice as many, but at most a thousand more."""
    return max(FIRST_LAYOUT_IMAGES, min(int(LAYOUT_GROWTH * num_laid_out), num_laid_out + PLACE_EVERY_IMAGES))


def _num_laid_out(project: Project) -> int:
    """Images in the latest layout of whole images; 0 when that was made with another backbone or input size."""
    latest = get_finished_projection(project_id=project.id, view=View.WHOLE)
    if latest is None or not is_of_present_features(latest, project):
        return 0
    return latest.num_images


def _request_missing_scores(project: Project, *, num_before: int, num_after: int) -> None:
    """Train again a model that has not seen the newest images, or not their present features, so that all are scored.

    Its network is another, or some of its images had to be computed anew.
    """
    model = get_latest_model(project_id=project.id)
    if model is None:
        return
    has_all = num_before >= model.num_images == num_after
    if not has_all or not is_of_present_network(model, project):
        request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)


def _in_appendable_parts(part: _Part, report: ReportFn) -> Generator[Features]:
    """Features of a part's images in pieces worth writing: some seconds of work each."""
    images = list_stored_images(part.project, start=part.start, stop=part.stop)
    loaded = part.loaded
    load = functools.partial(load_image, size_px=loaded.input_size_px)
    waiting: list[Features] = []
    done, written_at = 0, time.monotonic()
    tap = ContrastTap(loaded.backbone)
    for features in iter_features(
        tap, images, load=load, batch_size=loaded.batch_size, num_decoders=num_decoders()
    ):
        waiting.append(replace(features, contrast=encode_contrast(tap.take())))
        done += len(features)
        report(done)
        is_first = part.start == 0 and done - len(features) < FIRST_APPEND_IMAGES <= done
        if is_first or time.monotonic() - written_at >= APPEND_EVERY_S:
            yield concatenate_features(waiting)
            waiting, written_at = [], time.monotonic()
    if waiting:
        yield concatenate_features(waiting)


def load_image(image: StoredImage, *, size_px: int) -> UInt8Array:
    """Decode an original and squash it to (S, S, 3).

    Raises:
        UnreadableImage: it is missing from storage or damaged; the message names it.
    """
    try:
        return load_squashed(image.location, size_px=size_px, max_pixels=settings.MAX_IMAGE_PIXELS)
    except FileNotFoundError as error:
        raise UnreadableImage(f"{image.path}: its file is missing from storage") from error
    except UnreadableImage as error:
        raise UnreadableImage(f"{image.path}: {error.message}") from error


def _count_or_discard(root: Path, signature: dict[str, object]) -> int:
    """Images whose features are stored; those made with other weights or another preprocessing are removed."""
    try:
        return count_features(root, signature=signature)
    except CheckpointIncompatible as error:
        logger.warning("features are made anew: %s", error.message)
        old = root.with_name(f"{root.name}.{uuid.uuid4().hex}.old")
        root.rename(old)
        shutil.rmtree(old)
        return 0


@contextmanager
def _locked(root: Path, run: JobRun) -> Iterator[None]:
    """Hold the features' lock; while another process has it, watch its progress and remain cancellable."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                run.check()
                num_stored = count_features(root)
                run.report(Progress(STAGE, num_stored, num_stored + 1))
                time.sleep(LOCK_POLL_S)
        yield

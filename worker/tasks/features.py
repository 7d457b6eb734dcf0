"""Feature maps of a project's images: what is missing is computed, in index order, and kept shard by shard.

An image that was removed is passed over, one that cannot be read is noted (`ReadFailure`): both leave a hole. Each job
tries the holes of present images again before it goes on, so that what came back, or was repaired, is filled.

While features come, layouts of the whole map are asked for at growing numbers of images, so that the map appears early
and grows. More than one shard is shared with idle workers. Two jobs may want the same features (a training, say, whose
labels run ahead): a file lock lets one compute while the other waits and watches.
"""

import fcntl
import logging
import math
import shutil
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labeler.datasets.models import Project
from labeler.datasets.read_failures import read_failures
from labeler.jobs.models import Job, JobKind
from labeler.jobs.selectors import has_active_job
from labeler.jobs.services import request_job
from labeler.results.models import View
from labeler.results.selectors import get_finished_projection, get_latest_model, is_of_present_network
from worker.ml.errors import CheckpointIncompatible
from worker.ml.feature_shards import (
    SHARD_SIZE,
    append_features,
    count_features,
    count_in_shard,
    fill_features,
    list_holes,
)
from worker.ml.features import (
    Features,
    concatenate_features,
    with_holes,
)
from worker.ml.saliency.contrast_stages import contrast_stages
from worker.ml.types import IntArray, Progress, ignore_progress
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.reading import Batch, features_of_none, read_images, settle_read_failures
from worker.tasks.running import JobRun
from worker.tasks.shards import ReportFn, ShardWork, do_shards, is_turn_over
from worker.tasks.stored_features import (
    features_root,
    is_of_present_features,
    list_stored_images,
    list_stored_images_at,
    project_of,
)

logger = logging.getLogger(__name__)

STAGE = "features"
FILLING_STAGE = "filling in"
NUM_NAMED = 3  # images that cannot be read, in a job's summary
FIRST_APPEND_IMAGES = 64
APPEND_EVERY_S = 5.0  # a killed worker loses at most this much
FIRST_LAYOUT_IMAGES = 50
LAYOUT_GROWTH = 2.0
SCORES_GROWTH = 2.0  # while an import goes on
PLACE_EVERY_IMAGES = 1_000
LOCK_POLL_S = 0.5


@dataclass(frozen=True)
class Extended:
    """How many images were stored before and are now, and how many of them were and are holes; how many were filled."""

    num_before: int
    num_after: int
    num_holes_before: int
    num_holes: int
    num_filled: int

    @property
    def num_new(self) -> int:
        """Images that have features now and had none."""
        return (self.num_after - self.num_holes) - (self.num_before - self.num_holes_before)


def compute_features(run: JobRun) -> str:
    """Compute what is missing, until no image is left; ask for layouts on the way and at the end.

    Where no worker is free for a training, it makes room and asks for itself again, behind the training.
    """
    started_at = time.monotonic()
    project = Project.objects.get(id=run.job.project_id)
    loaded = load_project_backbone(project, on_progress=run.report)
    found = extend_features(
        run, project, loaded, should_stop=lambda: is_turn_over(run.job, started_at=started_at)
    )
    if found.num_filled or found.num_after > min(found.num_before, _num_laid_out(project)):
        request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
    if found.num_after == 0 and _num_images(project) == 0:
        return "The network's weights are at hand"
    if found.num_after < _num_images(project):
        request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
        return _summary(project, found, rest="; the rest follows when other work is done")
    _request_missing_scores(project, found)
    return _summary(project, found)


def extend_features(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    *,
    needed: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Extended:
    """Compute features for the images that lack them; ask for a layout whenever they are many more.

    More than one shard is done with the help of idle workers. The first images are stored early, for a first map.

    Args:
        run: reports go there, stage "features".
        project: whose images; its number is read anew as it grows.
        loaded: the backbone.
        needed: stop at this many; by default at all images.
        should_stop: asked every few seconds; the rest is then left for later.

    Raises:
        UnreadableImage: the folder of the originals is missing. Single ones that are missing or damaged are noted, and
            left as holes.
    """
    root = features_root(project)
    with _locked(root, run):
        num_before = stored = _count_or_discard(root, features_signature(loaded))
        holes = list_holes(root)
        num_filled = _fill_holes(run, project, loaded, holes)
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
    return Extended(num_before, stored, len(holes), len(list_holes(root)), num_filled)


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


def _summary(project: Project, found: Extended, *, rest: str = "") -> str:
    """What came of it, with the first images that cannot be read; the whole list is the API's."""
    text = f"Features of {found.num_after - found.num_holes} images, {found.num_new} of them new{rest}"
    failures = read_failures(project_id=project.id)
    num_failures = failures.count()
    if num_failures == 0:
        return text
    named = ", ".join(f"{failure.image.path} ({failure.reason})" for failure in failures[:NUM_NAMED])
    more = f" and {num_failures - NUM_NAMED} more" if num_failures > NUM_NAMED else ""
    images = "1 image" if num_failures == 1 else f"{num_failures} images"
    return f"{text}; {images} cannot be read: {named}{more}"


def _request_missing_scores(project: Project, found: Extended) -> None:
    """Train again a model that has not seen the newest images, or not their present features, so that all are scored.

    Its network is another, or some of its images had to be computed anew, or were holes until now. While an import goes
    on, a model of the present network waits until the images are many more: the import asks for features at its end,
    and a version for each batch would bury those that learned from new labels.
    """
    model = get_latest_model(project_id=project.id)
    if model is None:
        return
    has_all = found.num_before >= model.num_images == found.num_after and not found.num_filled
    is_of_network = is_of_present_network(model, project)
    if has_all and is_of_network:
        return
    is_growing = has_active_job(project_id=project.id, kind=JobKind.IMPORT)
    if is_growing and is_of_network and found.num_after < SCORES_GROWTH * model.num_images:
        return
    request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)


def _fill_holes(run: JobRun, project: Project, loaded: ProjectBackbone, holes: IntArray) -> int:
    """Try the holes of images that are present again; how many were filled."""
    root = features_root(project)
    waiting = [image for image in list_stored_images_at(project, holes.tolist()) if not image.is_removed]
    num_filled = 0
    for start in range(0, len(waiting), SHARD_SIZE):  # so many lie in memory at once
        images = waiting[start : start + SHARD_SIZE]
        batches = []
        for batch in read_images(project, loaded, images):
            batches.append(batch)
            run.report(Progress(FILLING_STAGE, start + batch.num_tried, len(waiting)))
        indexes = np.array([image.index for batch in batches for image in batch.images], dtype=np.int64)
        fill_features(root, concatenate_features([batch.features for batch in batches]), indexes)
        settle_read_failures(project, batches)
        num_filled += len(indexes)
    return num_filled


def _in_appendable_parts(part: _Part, report: ReportFn) -> Generator[Features]:
    """Features of a part's images, with holes, in pieces worth writing: some seconds of work each."""
    images = list_stored_images(part.project, start=part.start, stop=part.stop)
    present = [image for image in images if not image.is_removed]
    waiting: list[Batch] = []
    start, stop, written_at = part.start, part.start, time.monotonic()
    for batch in read_images(part.project, part.loaded, present):
        waiting.append(batch)
        is_first = part.start == 0 and stop < FIRST_APPEND_IMAGES <= batch.stop
        stop = batch.stop
        report(stop - part.start)
        if is_first or time.monotonic() - written_at >= APPEND_EVERY_S:
            yield _joined(part, waiting, start=start, stop=stop)
            waiting, start, written_at = [], stop, time.monotonic()
    if start < part.stop:
        yield _joined(part, waiting, start=start, stop=part.stop)


def _joined(part: _Part, batches: Sequence[Batch], *, start: int, stop: int) -> Features:
    """Features of images start .. stop - 1; those that are in no batch are holes."""
    settle_read_failures(part.project, batches)
    rows = np.array([image.index - start for batch in batches for image in batch.images], dtype=np.int64)
    features = [batch.features for batch in batches] or [features_of_none(part.loaded)]
    return with_holes(concatenate_features(features), rows, num_images=stop - start)


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

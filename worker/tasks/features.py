"""Feature maps of a project's images: what is missing is computed, in index order, and kept shard by shard.

While features come, layouts of the whole map are asked for at growing numbers of images, so that the map appears early
and grows. Two workers may want the same features (a training, say, whose labels run ahead): a file lock lets one
compute while the other waits and watches.
"""

import fcntl
import functools
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from labeler.datasets.models import Project
from labeler.jobs.models import JobKind
from labeler.jobs.services import request_job
from labeler.results.models import View
from labeler.results.selectors import get_latest_projection
from worker.ml.errors import CheckpointIncompatible, UnreadableImage
from worker.ml.feature_shards import append_features, count_features
from worker.ml.features import Features, concatenate_features, encode_contrast, iter_features, load_squashed
from worker.ml.map_groups import ContrastTap
from worker.ml.saliency.contrast_stages import contrast_stages
from worker.ml.types import Progress, UInt8Array
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.running import JobRun
from worker.tasks.stored_features import (
    StoredImage,
    features_root,
    is_of_present_features,
    list_stored_images,
)

logger = logging.getLogger(__name__)

STAGE = "features"
CHUNK_IMAGES = 512  # images asked of the database at once
FIRST_APPEND_IMAGES = 64
APPEND_EVERY_S = 5.0  # a killed worker loses at most this much
FIRST_LAYOUT_IMAGES = 50
LAYOUT_GROWTH = 2.0
LOCK_POLL_S = 0.5


def compute_features(run: JobRun) -> str:
    """Compute what is missing, until no image is left; ask for layouts on the way and at the end."""
    project = Project.objects.get(id=run.job.project_id)
    loaded = load_project_backbone(project, on_progress=run.report)
    num_before, num_after = extend_features(run, project, loaded)
    if num_after > _num_laid_out(project):
        request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
    return f"Features of {num_after} images, {num_after - num_before} of them new"


def extend_features(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    *,
    needed: int | None = None,
) -> tuple[int, int]:
    """Compute features for the images that lack them; ask for a layout whenever their number has doubled.

    Args:
        run: reports go there, stage "features".
        project: whose images; its number is read anew as it grows.
        loaded: the backbone.
        needed: stop at this many; by default at all images.

    Returns:
        How many images had features before, and have now.

    Raises:
        UnreadableImage: an original is missing from storage or damaged.
    """
    root = features_root(project)
    signature = features_signature(loaded)
    with _locked(root, run):
        stored = num_before = _count_or_discard(root, signature)
        target = needed or _num_images(project)
        if num_before == 0 and target < _num_images(project):  # old features were discarded, or never made
            request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
        next_layout = max(FIRST_LAYOUT_IMAGES, LAYOUT_GROWTH * _num_laid_out(project))
        while stored < target:
            stop = min(target, stored + CHUNK_IMAGES)
            for part in _in_appendable_parts(run, project, loaded, start=stored, stop=stop, total=target):
                stored = append_features(root, part, start=stored, signature=signature)
                if next_layout <= stored < target:
                    request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
                    next_layout = LAYOUT_GROWTH * stored
            target = needed or _num_images(project)
        run.report(Progress(STAGE, stored, stored))
    return num_before, stored


def features_signature(loaded: ProjectBackbone) -> dict[str, object]:
    """What stored features depend on. Those without border contrast, or with that of other stages, are made anew."""
    return {**loaded.signature, "contrast_stages": list(contrast_stages(loaded.backbone.spec.name))}


def num_decoders() -> int:
    """Threads that decode ahead of the network."""
    return max(1, min(8, (os.cpu_count() or 2) - 1))


def _num_images(project: Project) -> int:
    return int(Project.objects.values_list("num_images", flat=True).get(id=project.id))


def _num_laid_out(project: Project) -> int:
    """Images in the latest layout of whole images; 0 when that was made with another backbone or input size."""
    latest = get_latest_projection(project_id=project.id, view=View.WHOLE)
    if latest is None or not is_of_present_features(latest, project):
        return 0
    return latest.num_images


def _in_appendable_parts(
    run: JobRun, project: Project, loaded: ProjectBackbone, *, start: int, stop: int, total: int
) -> Iterator[Features]:
    """Features of images start .. stop - 1 in parts worth writing: some seconds of work each."""
    images = list_stored_images(project, start=start, stop=stop)
    load = functools.partial(load_image, size_px=loaded.input_size_px)
    waiting: list[Features] = []
    done, written_at = start, time.monotonic()
    tap = ContrastTap(loaded.backbone)
    for features in iter_features(
        tap, images, load=load, batch_size=loaded.batch_size, num_decoders=num_decoders()
    ):
        waiting.append(replace(features, contrast=encode_contrast(tap.take())))
        done += len(features)
        run.report(Progress(STAGE, done, max(total, done)))
        is_first = start == 0 and done - len(features) < FIRST_APPEND_IMAGES <= done
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

"""Recipes beyond the head: train the network itself on the project's labels, and keep it under the job that did.

Training starts from the backbone as it came, never from the last tuned one, so versions do not drift. Held-out labels
have no part in it: the epoch is chosen on a fifth of the training labels. Where the present network was tuned on the
same labels by the same recipe it is used again: new images and new crops want another head, not another network.
"""

import functools
import hashlib
import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from labeler.datasets.models import Project, Recipe
from worker.ml.errors import CheckpointIncompatible, NotEnoughLabels, UnreadableImage
from worker.ml.finetune import ADLSettings, FinetuneSettings, finetune
from worker.ml.head import heldout_mask
from worker.ml.tuned import read_tuned_metadata, save_tuned
from worker.ml.types import BoolArray, IntArray, UInt8Array
from worker.tasks.backbones import ProjectBackbone, load_project_backbone
from worker.tasks.reading import load_image, num_decoders
from worker.tasks.running import JobRun
from worker.tasks.stored_features import (
    StoredImage,
    find_tuned_by,
    list_stored_images_at,
    reuse_tuned,
    tuned_path,
)
from worker.tasks.training_data import TrainingData, without_starving

logger = logging.getLogger(__name__)

STAGE = "finetune"
TRAINED_ON = "trained_on"  # in a tuned network's header: a digest of all that made it what it is
MAX_IMAGES = 4_000  # pictures that lie in memory while the network trains: 600 MB at 224 px
SETTINGS = {
    Recipe.CONV: FinetuneSettings(part="conv", num_epochs=10, learning_rate=5e-4),
    Recipe.LAST_STAGE: FinetuneSettings(part="last_stage"),
    Recipe.WHOLE: FinetuneSettings(part="whole"),
}


def uses_adl(project: Project) -> bool:
    """Whether the project's recipe trains with attention dropout: it wants layers that are trained."""
    return project.uses_adl and project.recipe in {Recipe.LAST_STAGE, Recipe.WHOLE}


def tune_network(run: JobRun, project: Project, data: TrainingData, *, present: int | None) -> int:
    """Train the network by the project's recipe and keep it, or find that there is nothing new to train it on.

    An attempt that finds what an earlier one of the same job has kept does not train again.

    Args:
        run: reports go there.
        project: with the network as it came.
        data: labels, those held out included.
        present: job that tuned the project's present network, if one did.

    Returns:
        Whose network it is: this job's, or `present`.

    Raises:
        NotEnoughLabels, OutOfMemory: as `finetune`.
    """
    job_id = run.job.id
    found_by = find_tuned_by(project.id, job_id)
    if found_by is not None:
        return found_by
    loaded = load_project_backbone(project, on_progress=run.report)
    rows = _chosen_rows(data)
    adl = ADLSettings() if uses_adl(project) else None
    settings = replace(SETTINGS[Recipe(project.recipe)], adl=adl)
    digest = _digest(loaded.signature, settings, data, rows)
    if present is not None and _is_trained_on(tuned_path(project.id, present), digest):
        reuse_tuned(project.id, job_id, tuned_by=present)
        logger.info("job %s: no new labels for the network of job %s", job_id, present)
        return present
    return _tune(run, project, loaded, data, rows, settings=settings, digest=digest)


def _tune(
    run: JobRun,
    project: Project,
    loaded: ProjectBackbone,
    data: TrainingData,
    rows: IntArray,
    *,
    settings: FinetuneSettings,
    digest: str,
) -> int:
    pictures, is_read = _load_images(project, data.image_index[rows])
    rows = rows[is_read]
    class_index = data.class_index[rows]
    aside = heldout_mask(data.image_index[rows], salt="choose the epoch")
    found = finetune(
        loaded.backbone,
        pictures,
        class_index,
        num_classes=len(data.classes),
        heldout=without_starving(aside, class_index),
        settings=settings,
        on_progress=run.stage(STAGE),
    )
    run.check()
    save_tuned(tuned_path(project.id, run.job.id), found.backbone, metadata={TRAINED_ON: digest})
    logger.info("job %s: kept epoch %s of %s", run.job.id, found.best_epoch + 1, len(found.history))
    return run.job.id


def _digest(
    signature: Mapping[str, object], settings: FinetuneSettings, data: TrainingData, rows: IntArray
) -> str:
    """Of the network as it came, the recipe, and the labels of the chosen rows."""
    labels = [data.image_index[rows].tolist(), data.class_index[rows].tolist(), data.class_ids]
    facts = json.dumps([signature, asdict(settings), labels], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()


def _is_trained_on(path: Path, digest: str) -> bool:
    """Whether a network that can be read was tuned on just this; one that cannot is tuned anew."""
    try:
        return read_tuned_metadata(path).get(TRAINED_ON) == digest
    except CheckpointIncompatible as error:
        logger.warning("%s", error.message)
        return False


def _chosen_rows(data: TrainingData) -> IntArray:
    """Labels that are trained on, at most `MAX_IMAGES`, the classes as even as they can be; the same each time."""
    rows = np.flatnonzero(~data.heldout)
    if len(rows) <= MAX_IMAGES:
        return rows
    order = np.random.default_rng(0).permutation(rows)
    rank = np.zeros(len(data.class_index), dtype=np.int64)
    for value in np.unique(data.class_index):
        members = order[data.class_index[order] == value]
        rank[members] = np.arange(len(members))
    chosen = order[np.argsort(rank[order], kind="stable")[:MAX_IMAGES]]
    return np.sort(chosen)


def _load_images(project: Project, indexes: IntArray) -> tuple[UInt8Array, BoolArray]:
    """Those pictures that can be read, and which (n,) they are.

    Raises:
        NotEnoughLabels: none can.
    """
    images = list_stored_images_at(project, indexes.tolist())
    load = functools.partial(_load_or_none, size_px=project.input_size_px)
    with ThreadPoolExecutor(num_decoders(), thread_name_prefix="decode") as executor:
        pictures = list(executor.map(load, images))
    found = [picture for picture in pictures if picture is not None]
    if not found:
        raise NotEnoughLabels(f"none of {len(images)} labelled images can be read")
    return np.stack(found), np.array([picture is not None for picture in pictures])


def _load_or_none(image: StoredImage, *, size_px: int) -> UInt8Array | None:
    try:
        return load_image(image, size_px=size_px)
    except UnreadableImage as error:  # the features' job tells people
        logger.warning("the network is trained without %s", error.message)
        return None

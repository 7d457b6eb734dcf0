"""Recipes beyond the head: train the network itself on the project's labels, and keep it under the job that did.

Training starts from the backbone as it came, never from the last tuned one, so versions do not drift. Held-out labels
have no part in it: the epoch is chosen on a fifth of the training labels.
"""

import functools
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from labeler.datasets.models import Project, Recipe
from worker.ml.errors import NotEnoughLabels, UnreadableImage
from worker.ml.finetune import ADLSettings, FinetuneSettings, finetune
from worker.ml.head import heldout_mask
from worker.ml.tuned import save_tuned
from worker.ml.types import BoolArray, IntArray, UInt8Array
from worker.tasks.backbones import load_project_backbone
from worker.tasks.reading import load_image, num_decoders
from worker.tasks.running import JobRun
from worker.tasks.stored_features import StoredImage, list_stored_images_at, tuned_path
from worker.tasks.training_data import TrainingData, without_starving

logger = logging.getLogger(__name__)

STAGE = "finetune"
MAX_IMAGES = 4_000  # pictures that lie in memory while the network trains: 600 MB at 224 px
SETTINGS = {
    Recipe.CONV: FinetuneSettings(part="conv", num_epochs=10, learning_rate=5e-4),
    Recipe.LAST_STAGE: FinetuneSettings(part="last_stage"),
    Recipe.WHOLE: FinetuneSettings(part="whole"),
}


def tune_network(run: JobRun, project: Project, data: TrainingData) -> int:
    """Train the project's network by its recipe and keep it.

    An attempt that finds what an earlier one of the same job has kept does not train again.

    Returns:
        How many labelled images it was trained on; 0 when it was there already.

    Raises:
        NotEnoughLabels, OutOfMemory: as `finetune`.
    """
    path = tuned_path(project.id, run.job.id)
    if path.exists():
        return 0
    loaded = load_project_backbone(project, on_progress=run.report)
    rows = _chosen_rows(data)
    pictures, is_read = _load_images(project, data.image_index[rows])
    rows = rows[is_read]
    class_index = data.class_index[rows]
    aside = heldout_mask(data.image_index[rows], salt="choose the epoch")
    adl = ADLSettings() if project.uses_adl and project.recipe != Recipe.CONV else None
    found = finetune(
        loaded.backbone,
        pictures,
        class_index,
        num_classes=len(data.classes),
        heldout=without_starving(aside, class_index),
        settings=replace(SETTINGS[Recipe(project.recipe)], adl=adl),
        on_progress=run.stage(STAGE),
    )
    run.check()
    save_tuned(path, found.backbone)
    logger.info("job %s: kept epoch %s of %s", run.job.id, found.best_epoch + 1, len(found.history))
    return len(rows)


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

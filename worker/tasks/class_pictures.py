"""Draw what classes look like to a model: the image that maximises a class's score, for whoever asked."""

import io
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from labeler.datasets.models import Recipe
from labeler.lib.files import project_dir
from labeler.results.class_views import discard_class_picture, list_undrawn_pictures, store_class_picture
from labeler.results.models import ClassPicture, ModelVersion
from worker.ml.backbones import Backbone
from worker.ml.checkpoints import load_head
from worker.ml.errors import Cancelled, CheckpointIncompatible, MLError
from worker.ml.saliency.class_model import visualise_class
from worker.ml.saliency.network import ScoringNetwork, scoring_network
from worker.ml.tuned import load_tuned
from worker.ml.types import Progress, ProgressFn, UInt8Array
from worker.tasks.backbones import load_named_backbone
from worker.tasks.running import JobRun
from worker.tasks.stored_features import tuned_path

STAGE = "drawing"
MIN_SIDE_PX = 224  # a smaller grey picture may excite no unit at all, and then there is no gradient to follow


def draw_class_pictures(run: JobRun) -> str:
    """Draw every picture that was asked for and is not there, those asked for meanwhile included.

    Raises:
        CheckpointIncompatible: a model's classifier or its weights do not fit any more; the others are drawn first.
    """
    num_drawn = 0
    failure: MLError | None = None
    networks: dict[int, tuple[ScoringNetwork, list[int]]] = {}
    while pictures := list_undrawn_pictures(project_id=run.job.project_id):
        for picture in pictures:
            model = picture.model_version
            try:
                if model.id not in networks:
                    networks[model.id] = _load_network(model, on_progress=run.report)
                store_class_picture(picture, png=_draw(run, picture, *networks[model.id]))
                num_drawn += 1
            except Cancelled:
                raise
            except MLError as error:  # not to be tried again by every later job
                discard_class_picture(picture)
                failure = error
    if failure is not None:
        raise failure
    return f"Drew {num_drawn} pictures of classes"


def _draw(run: JobRun, picture: ClassPicture, network: ScoringNetwork, class_ids: list[int]) -> bytes:
    image = visualise_class(
        network,
        class_ids.index(picture.class_id),
        size_px=max(picture.model_version.input_size_px, MIN_SIDE_PX),
        on_progress=run.stage(STAGE),
    )
    return _png(image)


def _load_network(model: ModelVersion, *, on_progress: ProgressFn) -> tuple[ScoringNetwork, list[int]]:
    """The network with the head of a model version, and the class id of each of its outputs."""
    on_progress(Progress(STAGE, 0, 1))
    if model.job_id is None:
        raise CheckpointIncompatible(
            f"what model {model.number} was trained by is gone, and its head with it"
        )
    stored = load_head(project_dir(model.project_id) / "heads" / str(model.job_id))
    backbone, weights = load_named_backbone(model.backbone, on_progress=on_progress)
    if weights.preprocessing != stored.preprocessing:
        raise CheckpointIncompatible(
            f"model {model.number} was trained with another preprocessing than the weights of {model.backbone} have now"
        )
    if model.metrics.get("recipe", Recipe.HEAD) != Recipe.HEAD:
        tuned_by = model.metrics.get("tuned_by_job", model.job_id)
        _load_tuned(model, tuned_path(model.project_id, tuned_by), backbone)
    pooling = stored.metadata.get("pooling", "mean")
    make = partial(scoring_network, backbone, stored.head.weight, stored.head.bias)
    return make(pooling="wgap" if pooling == "wgap" else "mean"), list(stored.class_ids)


def _load_tuned(model: ModelVersion, path: Path, backbone: Backbone) -> None:
    """Put the network that a training has tuned into the backbone; only that of the project's present model is kept."""
    if not path.exists():
        raise CheckpointIncompatible(
            f"the network that model {model.number} was tuned with is not kept any more; "
            "ask for a picture of the latest model"
        )
    load_tuned(path, backbone)


def _png(image: UInt8Array) -> bytes:
    stream = io.BytesIO()
    Picture.fromarray(np.ascontiguousarray(image)).save(stream, "PNG", optimize=True)
    return stream.getvalue()

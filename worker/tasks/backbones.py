"""A project's backbone on this machine: its weights found or downloaded, loaded on the best device."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from django.conf import settings

from labeler.datasets.models import Project
from labeler.datasets.selectors import needs_weights
from labeler.datasets.services import report_backbones, set_weights_message
from worker.ml.backbones import BACKBONES, Backbone, load_backbone
from worker.ml.errors import CheckpointIncompatible, WeightsUnavailable
from worker.ml.tuned import load_tuned
from worker.ml.types import ProgressFn
from worker.ml.weights import WeightsFile, ensure_weights, find_weights
from worker.tasks.stored_features import tuned_path

BATCH_SIZE_ON_CPU = 16
BATCH_SIZE_ON_GPU = 128
DEFAULT_ON_CPU = "bundled"
DEFAULT_ON_GPU = "resnet34"


@dataclass(frozen=True)
class ProjectBackbone:
    """A loaded backbone. `signature` is what features made with it depend on, as JSON."""

    backbone: Backbone
    input_size_px: int
    signature: dict[str, object]

    @property
    def batch_size(self) -> int:
        """Images a forward pass."""
        return BATCH_SIZE_ON_CPU if self.backbone.device.type == "cpu" else BATCH_SIZE_ON_GPU


def load_project_backbone(project: Project, *, on_progress: ProgressFn) -> ProjectBackbone:
    """Load the project's backbone; keep on the project what is wrong with its weights, or that nothing is.

    Raises:
        WeightsUnavailable: there are none, or they do not fit; the message says where to put which file.
    """
    try:
        backbone, weights = load_named_backbone(project.backbone, on_progress=on_progress)
        tuned = None if project.tuned_by_job is None else tuned_path(project.id, project.tuned_by_job)
        if tuned is not None:
            load_tuned(tuned, backbone)
    except (WeightsUnavailable, CheckpointIncompatible) as error:
        set_weights_message(project_id=project.id, message=error.message)
        raise WeightsUnavailable(error.message) from error
    set_weights_message(project_id=project.id, message="")
    return ProjectBackbone(
        backbone=backbone,
        input_size_px=project.input_size_px,
        signature=_signature(project, weights, tuned=tuned),
    )


def load_named_backbone(name: str, *, on_progress: ProgressFn) -> tuple[Backbone, WeightsFile]:
    """Find or download a backbone's weights and load them on the best device.

    Raises:
        WeightsUnavailable: there are none.
        CheckpointIncompatible: they do not fit.
    """
    weights = _ensure_weights(name, on_progress)
    backbone = load_backbone(
        name,
        weights_path=weights.path,
        preprocessing=weights.preprocessing,
        device="cuda" if torch.cuda.is_available() else "cpu",
    )
    return backbone, weights


def describe_backbones() -> list[dict[str, Any]]:
    """The registry in its order, with whether this machine has each one's weights and what to do if not."""
    default = default_backbone(has_gpu=torch.cuda.is_available())
    return [
        {
            "name": spec.name,
            "title": spec.title,
            "channels": spec.channels,
            "licence": spec.licence,
            "megabytes": spec.megabytes,
            "speed_class": spec.speed_class,
            "fit_for_cpu": spec.fit_for_cpu,
            "is_default": spec.name == default,
            **_availability(spec.name),
        }
        for spec in BACKBONES.values()
    ]


def default_backbone(*, has_gpu: bool) -> str:
    """The better one where there is a GPU and its weights are at hand or may be fetched; else the one that ships."""
    if has_gpu and (_has_weights(DEFAULT_ON_GPU) or settings.WEIGHTS_DOWNLOAD):
        return DEFAULT_ON_GPU
    return DEFAULT_ON_CPU


def _ensure_weights(name: str, on_progress: ProgressFn) -> WeightsFile:
    """Find the weights or fetch them; the web side is told when it did not know of them."""
    weights = ensure_weights(
        name,
        settings.WEIGHTS_DIRS,
        download_to=settings.WEIGHTS_DIRS[-1] if settings.WEIGHTS_DOWNLOAD else None,
        base_url=settings.WEIGHTS_URL,
        on_progress=on_progress,
    )
    if needs_weights(name):
        report_backbones(describe_backbones())
    return weights


def _has_weights(name: str) -> bool:
    try:
        find_weights(name, settings.WEIGHTS_DIRS)
    except (WeightsUnavailable, CheckpointIncompatible):
        return False
    return True


def _availability(name: str) -> dict[str, Any]:
    try:
        weights = find_weights(name, settings.WEIGHTS_DIRS)
    except WeightsUnavailable as error:
        will_try = " A download is tried first." if settings.WEIGHTS_DOWNLOAD else ""
        return _absent(error.message + will_try, is_downloadable=settings.WEIGHTS_DOWNLOAD)
    except CheckpointIncompatible as error:
        return _absent(error.message, is_downloadable=False)
    return {"is_available": True, "is_downloadable": False, "detail": f"Weights: {weights.path.name}"}


def _absent(detail: str, *, is_downloadable: bool) -> dict[str, Any]:
    return {"is_available": False, "is_downloadable": is_downloadable, "detail": detail}


def _signature(project: Project, weights: WeightsFile, *, tuned: Path | None) -> dict[str, object]:
    return {
        "backbone": project.backbone,
        "input_size_px": project.input_size_px,
        "preprocessing": weights.preprocessing.to_json(),
        "weights_sha256": _sha256(weights.path),
        **({} if tuned is None else {"tuned_sha256": _sha256(tuned)}),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

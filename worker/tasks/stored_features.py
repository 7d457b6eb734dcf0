"""Where a project's features and originals are, for jobs that only read them: nothing here loads torch."""

from dataclasses import dataclass
from pathlib import Path

from labeler.datasets.models import Image, Project
from labeler.lib.files import features_dir, original_path
from labeler.results.models import Projection


@dataclass(frozen=True)
class StoredImage:
    """Where an image's original is, and how to name it to people."""

    index: int
    path: str
    location: Path


def features_root(project: Project) -> Path:
    """Folder of the project's feature shards, for its present backbone and input size."""
    return features_dir(project.id, project.backbone, project.input_size_px)


def list_stored_images(project: Project, *, start: int, stop: int) -> list[StoredImage]:
    """Images start .. stop - 1 with their originals."""
    rows = Image.objects.filter(project=project, index__gte=start, index__lt=stop).order_by("index")
    return [
        StoredImage(index, path, original_path(project.id, key))
        for index, path, key in rows.values_list("index", "path", "storage_key")
    ]


def is_of_present_features(projection: Projection, project: Project) -> bool:
    """True when a layout was made from features of the project's present backbone and input size."""
    made_with = (projection.parameters.get("backbone"), projection.parameters.get("input_size_px"))
    return made_with == (project.backbone, project.input_size_px)

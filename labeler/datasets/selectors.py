"""Reads of projects, images and imports."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db.models import QuerySet

from labeler.accounts.permissions import Role
from labeler.accounts.selectors import list_project_ids
from labeler.datasets.models import Backbone, Image, Import, ImportEntry, Project
from labeler.errors import InvalidInput, NotFound
from labeler.lib.files import CELL_SIZES_PX, bytes_per_cell, cells_path

MAX_CELLS_PER_REQUEST = 512
NUM_PREVIEWS = 9
SHIPPED_BACKBONE = "bundled"


def list_projects(*, user: User) -> QuerySet[Project]:
    """Projects that a user may see, most recently active first; site staff see all."""
    projects = Project.objects.filter(archived_at__isnull=True)
    return projects if user.is_staff else projects.filter(id__in=list_project_ids(user=user))


def get_project(*, project_id: int) -> Project:
    """One project that is not archived."""
    project = Project.objects.filter(id=project_id, archived_at__isnull=True).first()
    if project is None:
        raise NotFound(f"There is no project {project_id}")
    return project


def get_project_summary(project: Project, *, role: Role) -> dict[str, Any]:
    """A project as the API shows it: settings, counts, the caller's role, the latest model in one line."""
    names = [
        "id",
        "name",
        "backbone",
        "input_size_px",
        "labels_per_class_to_train",
        "trains_by_itself",
        "provisional_labels_per_class",
        "retrain_percent",
        "recipe",
        "uses_adl",
        "num_labels_at_training",
        "saliency_method",
        "retention",
        "projection_embedding",
        "projection_uses_labels",
        "num_images",
        "num_removed",
        "num_labelled",
        "label_sequence",
        "created_at",
        "last_activity_at",
    ]
    return {
        **{name: getattr(project, name) for name in names},
        "role": role,
        "num_classes": project.classes.filter(archived_at__isnull=True).count(),
        "weights_message": project.weights_message or None,
        "preview_indexes": _preview_indexes(project),
        "model": _model_summary(project),
    }


def _preview_indexes(project: Project) -> list[int]:
    """Images spread evenly over the project; in the place of one that was removed, the next that is there."""
    num = min(NUM_PREVIEWS, project.num_images)
    spread = [place * project.num_images // num for place in range(num)]
    if project.num_removed == 0:
        return spread
    there = Image.objects.filter(project=project, removed_at__isnull=True).order_by("index")
    found = {there.filter(index__gte=index).values_list("index", flat=True).first() for index in spread}
    return sorted(index for index in found if index is not None)


def _model_summary(project: Project) -> dict[str, Any] | None:
    versions = list(project.model_versions.order_by("-number")[:2])
    if not versions:
        return None
    metrics = versions[0].metrics
    before = versions[1].metrics["accuracy"] if len(versions) > 1 else None
    change = None if before is None or metrics["accuracy"] is None else metrics["accuracy"] - before
    return {
        "number": versions[0].number,
        "created_at": versions[0].created_at,
        "num_labels": versions[0].num_labels,
        "accuracy_change": change,
        "is_provisional": metrics.get("is_provisional", False),
        **{name: metrics[name] for name in ("num_heldout", "accuracy", "accuracy_low", "accuracy_high")},
    }


def list_backbones() -> QuerySet[Backbone]:
    """Backbones in order of offer."""
    return Backbone.objects.all()


def get_default_backbone() -> str:
    """The workers' choice for this machine; before they have reported, the one that ships with the project."""
    chosen = Backbone.objects.filter(is_default=True).first()
    return SHIPPED_BACKBONE if chosen is None else chosen.name


def needs_weights(backbone: str) -> bool:
    """True when the workers have said that they do not have this backbone's weights."""
    return Backbone.objects.filter(name=backbone, is_available=False).exists()


def get_image(*, project_id: int, index: int, with_removed: bool = False) -> Image:
    """One image by its index in the project."""
    image = Image.objects.filter(project_id=project_id, index=index).first()
    if image is None:
        raise NotFound(f"Project {project_id} has no image {index}")
    if image.removed_at is not None and not with_removed:
        raise NotFound(f"Image {index} was removed from project {project_id}", code="image_removed")
    return image


def list_images(*, project_id: int, after: int, limit: int) -> list[Image]:
    """Images with an index above `after`, in order; one more than `limit` tells that there is a next page."""
    images = Image.objects.filter(project_id=project_id, index__gt=after, removed_at__isnull=True)
    return list(images.order_by("index")[: limit + 1])


def list_removed_indexes(*, project_id: int, num_images: int) -> list[int]:
    """Which of the first images were removed from the project, ascending."""
    removed = Image.objects.filter(project_id=project_id, index__lt=num_images, removed_at__isnull=False)
    return list(removed.order_by("index").values_list("index", flat=True))


def get_aspects(*, project_id: int, count: int) -> bytes:
    """One byte an image for the first `count`: round(64 * log2(width / height)) + 128, within 0..255."""
    codes = np.full(count, 128, dtype=np.uint8)
    rows = Image.objects.filter(project_id=project_id, index__lt=count).values_list(
        "index", "width", "height"
    )
    for index, width, height in rows.iterator(chunk_size=10_000):
        codes[index] = min(255, max(0, round(64 * math.log2(width / height)) + 128))
    return codes.tobytes()


def get_image_facts(*, project_id: int, count: int) -> npt.NDArray[np.int32]:
    """int32 (5, count): width and height in pixels, kilobytes, import, added at (seconds since 1970).

    The import is 0 where it is not known; sizes are rounded up to whole kilobytes of 1000 bytes.
    """
    facts = np.zeros((5, count), dtype="<i4")
    rows = Image.objects.filter(project_id=project_id, index__lt=count).values_list(
        "index", "width", "height", "num_bytes", "source_import_id", "created_at"
    )
    for index, width, height, num_bytes, import_id, created_at in rows.iterator(chunk_size=10_000):
        kilobytes = -(-num_bytes // 1000)
        facts[:, index] = (width, height, kilobytes, import_id or 0, int(created_at.timestamp()))
    return facts


def find_images(*, project_id: int, text: str) -> npt.NDArray[np.int32]:
    """Indexes of the images whose path holds every word of `text`, in any case, ascending."""
    images = Image.objects.filter(project_id=project_id, removed_at__isnull=True)
    for word in text.split():
        images = images.filter(path__icontains=word)
    return np.fromiter(images.order_by("index").values_list("index", flat=True), dtype="<i4")


def read_cell_range(*, project_id: int, cell_px: int, start: int, count: int) -> bytes:
    """Cells of images start .. start + count - 1, as many as are stored."""
    size = _cell_size(cell_px)
    path = cells_path(project_id, cell_px)
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(start * size)
        data = file.read(count * size)
    return data[: len(data) // size * size]


def read_cells(*, project_id: int, cell_px: int, indexes: list[int]) -> Iterator[bytes]:
    """Cells of the given images in the given order.

    Raises:
        InvalidInput: too many indexes, or one without a cell.
    """
    size = _cell_size(cell_px)
    if len(indexes) > MAX_CELLS_PER_REQUEST:
        raise InvalidInput(f"{len(indexes)} indexes; at most {MAX_CELLS_PER_REQUEST} a request")
    path = cells_path(project_id, cell_px)
    num_stored = path.stat().st_size // size if path.exists() else 0
    # More are an import's half-done batch.
    num_cells = min(num_stored, get_project(project_id=project_id).num_images)
    wrong = next((index for index in indexes if not 0 <= index < num_cells), None)
    if wrong is not None:
        raise InvalidInput(f"Image {wrong} has no cell; there are {num_cells}", code="no_such_cell")
    if not indexes:
        return
    with path.open("rb") as file:
        for index in indexes:
            file.seek(index * size)
            yield file.read(size)


def list_imports(*, project_id: int) -> QuerySet[Import]:
    """Imports of a project, newest first."""
    return Import.objects.filter(project_id=project_id).select_related("job")


def get_import(*, project_id: int, import_id: int) -> Import:
    """One import of a project."""
    found = list_imports(project_id=project_id).filter(id=import_id).first()
    if found is None:
        raise NotFound(f"Project {project_id} has no import {import_id}")
    return found


def list_entries(*, import_id: int, outcome: str | None, after: int, limit: int) -> list[ImportEntry]:
    """Per-file results with an id above `after`, in order."""
    entries = ImportEntry.objects.filter(source_import_id=import_id, id__gt=after).select_related("image")
    if outcome is not None:
        entries = entries.filter(outcome=outcome)
    return list(entries.order_by("id")[: limit + 1])


def _cell_size(cell_px: int) -> int:
    if cell_px not in CELL_SIZES_PX:
        raise NotFound(f"There are no {cell_px} px cells; sizes are {', '.join(map(str, CELL_SIZES_PX))}")
    return bytes_per_cell(cell_px)

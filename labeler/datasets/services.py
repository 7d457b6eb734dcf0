"""Writes of projects, images and imports: one function per user action, one transaction each."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from labeler.accounts.audit import record
from labeler.accounts.models import Membership
from labeler.accounts.permissions import Role
from labeler.datasets import selectors
from labeler.datasets.models import (
    Backbone,
    Image,
    Import,
    ImportEntry,
    Outcome,
    Project,
    SaliencyMethod,
)
from labeler.errors import InvalidInput, NotFound
from labeler.jobs import events
from labeler.jobs.models import Job, JobKind
from labeler.jobs.schemas import ImagesAdded, ProjectChanged
from labeler.jobs.services import request_job
from labeler.lib.files import CELL_SIZES_PX, bytes_per_cell, cells_path

SALIENCY_METHODS = tuple(method.value for method in SaliencyMethod)
MAX_PATH_CHARS = 1024
IS_THERE = "The project has this picture already"
WAS_REMOVED = "This picture was removed from the project; restore it to have it back"
MAX_ENTRIES_AT_ONCE = 1000
ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"
)  # fmt: skip


@dataclass(frozen=True)
class NewImage:
    """An image that an import is about to add, its files already in storage.

    `cells` may be left empty where the project is known to have a picture of this sha256 already.
    """

    path: str
    storage_key: str
    sha256: str
    width: int
    height: int
    file_format: str
    num_bytes: int
    cells: dict[int, bytes]  # cell size in pixels -> BC1 bytes


@dataclass(frozen=True)
class RejectedFile:
    """A file of an import that cannot be used, and why, in words for people."""

    path: str
    reason: str


@transaction.atomic
def create_project(*, user: User, name: str, backbone: str | None, **fields: Any) -> Project:
    """Create a project; its maker becomes its admin. Weights that are missing are fetched before images come."""
    _check_settings(backbone=backbone, **fields)
    project = Project.objects.create(
        name=name, backbone=backbone or selectors.get_default_backbone(), created_by=user, **fields
    )
    Membership.objects.create(project=project, user=user, role=Role.ADMIN)
    if selectors.needs_weights(project.backbone):
        request_job(project_id=project.id, kind=JobKind.FEATURES, user=user)
    return project


def lock_project(project_id: int) -> Project:
    """The project with its row locked until the transaction ends: what changes its labels or images goes one by one.

    Raises:
        NotFound: there is none, or it is archived.
    """
    project = Project.objects.select_for_update().filter(id=project_id, archived_at__isnull=True).first()
    if project is None:
        raise NotFound(f"There is no project {project_id}")
    return project


@transaction.atomic
def update_project(*, project_id: int, changes: dict[str, Any], actor: User | None = None) -> Project:
    """Change settings, for `actor`. Another backbone or input size makes the features of all images anew, other options
    of the map its layouts.
    """
    project = lock_project(project_id)
    _check_settings(**changes)
    changed = {key for key, value in changes.items() if value != getattr(project, key)}
    needs_features = bool(changed & {"backbone", "input_size_px"})
    if needs_features:
        changes = {**changes, "tuned_by_job": None}  # a network tuned from another one, or for another size
    for key, value in changes.items():
        setattr(project, key, value)
    project.save(update_fields=list(changes)) if changes else None
    if actor is not None and changes:
        names = sorted(set(changes) - {"tuned_by_job"})
        record(project_id=project.id, actor=actor, action="project.update", settings=names)
    if needs_features and (project.num_images or selectors.needs_weights(project.backbone)):
        request_job(project_id=project.id, kind=JobKind.FEATURES, user=None)
    elif changed & {"projection_embedding", "projection_uses_labels"} and project.num_images:
        request_job(project_id=project.id, kind=JobKind.PROJECTION, user=actor)
    events.publish(project.id, ProjectChanged())
    return project


@transaction.atomic
def request_features(*, project_id: int, user: User) -> Job:
    """Look for the backbone's weights again, or go on with their download, and compute the features that lack."""
    selectors.get_project(project_id=project_id)
    return request_job(project_id=project_id, kind=JobKind.FEATURES, user=user)


@transaction.atomic
def archive_project(*, project_id: int, actor: User) -> None:
    """Take a project out of sight. Nothing is deleted."""
    if not Project.objects.filter(id=project_id, archived_at__isnull=True).update(archived_at=timezone.now()):
        raise NotFound(f"There is no project {project_id}")
    record(project_id=project_id, actor=actor, action="project.archive")


def touch_project(project_id: int) -> None:
    """Note activity, for the order of the project list."""
    Project.objects.filter(id=project_id).update(last_activity_at=timezone.now())


@transaction.atomic
def set_weights_message(*, project_id: int, message: str) -> None:
    """Keep what the worker says about the project's backbone weights; empty when they are at hand."""
    changed = (
        Project.objects.filter(id=project_id).exclude(weights_message=message).update(weights_message=message)
    )
    if changed:
        events.publish(project_id, ProjectChanged())


@transaction.atomic
def report_backbones(backbones: list[dict[str, Any]]) -> None:
    """Store the registry as a worker sees it, in its order; backbones it does not know are dropped."""
    for position, backbone in enumerate(backbones):
        Backbone.objects.update_or_create(name=backbone["name"], defaults={**backbone, "position": position})
    Backbone.objects.exclude(name__in=[backbone["name"] for backbone in backbones]).delete()


@transaction.atomic
def set_num_files(*, source: Import, num_files: int) -> None:
    """Store how many files an import holds once its folders and archives have been listed."""
    Import.objects.filter(id=source.id).update(num_files=num_files)


@transaction.atomic
def note_compared(*, source: Import, num_unchanged: int, gone: Mapping[str, int | None]) -> None:
    """Store what a re-sync met unchanged, and an entry for each file that is gone; their images stay.

    Args:
        gone: the image, where there is one, by the path of the file.
    """
    Import.objects.filter(id=source.id).update(num_unchanged=num_unchanged)
    entries = [_departure(source, path, image_id) for path, image_id in gone.items()]
    for start in range(0, len(entries), MAX_ENTRIES_AT_ONCE):
        _add_entries(source, entries[start : start + MAX_ENTRIES_AT_ONCE])


@transaction.atomic
def add_images(
    *,
    source: Import,
    images: Sequence[NewImage],
    rejected: Sequence[RejectedFile] = (),
    signatures: Mapping[str, str] | None = None,
) -> list[Image]:
    """Add a batch of new images with their cells; give them the next indexes; write one entry for every file.

    Cells are written at their offsets and flushed before the transaction commits: a crash between the two
    leaves bytes beyond the last index, which the next batch writes over. A file whose content the project has
    already becomes a duplicate entry instead; a picture that was removed stays removed, and the entry says so.
    `signatures` are those of the files, by path, for later re-syncs.

    Returns:
        The images added, in order.
    """
    project = Project.objects.select_for_update().get(id=source.project_id)
    there = Image.objects.filter(project=project, sha256__in=[new.sha256 for new in images])
    known = dict(there.values_list("sha256", "id"))
    removed = set(there.filter(removed_at__isnull=False).values_list("sha256", flat=True))
    fresh: dict[str, NewImage] = {}
    for new in images:
        if new.sha256 not in known:
            fresh.setdefault(new.sha256, new)
    rows = [
        Image(
            project=project,
            index=project.num_images + offset,
            storage_key=new.storage_key,
            sha256=new.sha256,
            width=new.width,
            height=new.height,
            file_format=new.file_format,
            num_bytes=new.num_bytes,
            path=new.path,
            source_import=source,
        )
        for offset, new in enumerate(fresh.values())
    ]
    _write_cells(project.id, first_index=project.num_images, images=list(fresh.values()))
    Image.objects.bulk_create(rows)
    known |= {row.sha256: row.id for row in rows}
    entries = [
        ImportEntry(
            source_import=source,
            path=new.path,
            outcome=Outcome.ADDED if fresh.get(new.sha256) is new else Outcome.DUPLICATE,
            reason=""
            if fresh.get(new.sha256) is new
            else (WAS_REMOVED if new.sha256 in removed else IS_THERE),
            image_id=known[new.sha256],
        )
        for new in images
    ]
    entries += [_rejection(source, file) for file in rejected]
    for entry in entries:
        entry.signature = (signatures or {}).get(entry.path, "")
    _add_entries(source, entries)
    if rows:
        project.num_images += len(rows)
        project.last_activity_at = timezone.now()
        project.save(update_fields=["num_images", "last_activity_at"])
        events.publish(project.id, ImagesAdded(num_images=project.num_images))
    return rows


def clean_relative_path(path: str) -> str:
    """A path for display and for class names: forward slashes, no `..`, no drive, no control characters.

    Raises:
        InvalidInput: nothing is left, or it is too long.
    """
    printable = "".join(char for char in path.replace("\\", "/") if char.isprintable() or char == " ")
    parts = [part for part in PurePosixPath(printable).parts if part not in {"/", "..", "."}]
    clean = "/".join(part for part in parts if not part.endswith(":"))
    if not clean:
        raise InvalidInput(f"{path[:80]!r} is no usable file name", code="bad_path")
    if len(clean) > MAX_PATH_CHARS:
        raise InvalidInput(
            f"A path of {len(clean)} characters; the limit is {MAX_PATH_CHARS}", code="bad_path"
        )
    return clean


def _rejection(source: Import, file: RejectedFile) -> ImportEntry:
    return ImportEntry(source_import=source, path=file.path, outcome=Outcome.REJECTED, reason=file.reason)


def _departure(source: Import, path: str, image_id: int | None) -> ImportEntry:
    reason = "No longer in the source" if image_id is None else "No longer in the source; its image stays"
    return ImportEntry(
        source_import=source, path=path, outcome=Outcome.GONE, reason=reason, image_id=image_id
    )


def _add_entries(source: Import, entries: Sequence[ImportEntry]) -> None:
    """Write one outcome for each path and count them; a path that has one already keeps it."""
    for entry in entries:
        entry.path = entry.path[:MAX_PATH_CHARS]
    entries_of_path = {entry.path: entry for entry in reversed(entries)}
    written = ImportEntry.objects.filter(source_import=source, path__in=list(entries_of_path))
    for path in written.values_list("path", flat=True):
        del entries_of_path[path]
    new = [entry for entry in entries if entries_of_path.get(entry.path) is entry]
    ImportEntry.objects.bulk_create(new)
    counts = Counter(f"num_{Outcome(entry.outcome).value}" for entry in new)
    if num_removed := sum(entry.reason == WAS_REMOVED for entry in new):
        counts["num_removed"] = num_removed
    if counts:
        Import.objects.filter(id=source.id).update(**{name: F(name) + num for name, num in counts.items()})


def _write_cells(project_id: int, *, first_index: int, images: list[NewImage]) -> None:
    for cell_px in CELL_SIZES_PX:
        size = bytes_per_cell(cell_px)
        path = cells_path(project_id, cell_px)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        with path.open("r+b") as file:
            file.seek(first_index * size)
            for image in images:
                cell = image.cells[cell_px]
                assert len(cell) == size, f"{cell_px} px cell of {len(cell)} bytes, not {size}"
                file.write(cell)
            file.flush()
            os.fsync(file.fileno())


def _check_settings(*, backbone: str | None = None, saliency_method: str | None = None, **_: Any) -> None:
    known = list(Backbone.objects.values_list("name", flat=True))
    if backbone is not None and known and backbone not in known:
        raise InvalidInput(
            f"There is no backbone {backbone!r}; known: {', '.join(known)}", code="no_such_backbone"
        )
    if saliency_method is not None and saliency_method not in SALIENCY_METHODS:
        raise InvalidInput(
            f"There is no saliency method {saliency_method!r}; known: {', '.join(SALIENCY_METHODS)}",
            code="no_such_method",
        )

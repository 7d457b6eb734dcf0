"""Import files: list, read, decode in threads, store originals and thumbnails, add in batches, label by folder.

A batch and the labels that its folders give are one transaction, so a killed import resumes exactly where its entries
end: files that have an outcome are skipped, the others are met in the same order.
"""

import hashlib
import os
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from labeler.annotations.classes import get_or_create_class
from labeler.annotations.selectors import list_classes
from labeler.annotations.services import assign_label
from labeler.datasets import services
from labeler.datasets.models import Image, Import, ImportEntry, ImportKind, Outcome, Project
from labeler.datasets.services import NewImage, RejectedFile
from labeler.errors import NotFound, NotReady
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.selectors import has_active_job
from labeler.jobs.services import request_job
from labeler.lib.files import CELL_SIZES_PX, original_path, thumbnail_path, upload_dir, write_atomically
from worker.ml.atlas import encode_cell
from worker.ml.errors import UnreadableImage
from worker.ml.images import decode_with_info, encode_thumbnail, squash
from worker.ml.types import Progress
from worker.tasks.import_listing import FoundFile, Limits, Listing, folder_name, has_image_suffix
from worker.tasks.import_remote import list_bucket, list_manifests
from worker.tasks.import_sources import list_folder, list_uploads, read_files
from worker.tasks.resync import compare_with_before
from worker.tasks.running import JobRun

BATCH_FILES = 64
BATCH_S = 2.0
MAX_DECODERS = 4
DECODE_PX = 512  # twice the thumbnail: large JPEGs are decoded smaller
MAX_CLASS_NAME_CHARS = 100
STAGE = "import"


@dataclass
class _Batch:
    """Files with an outcome that are not written to the database yet; `found` has those that were read, by path."""

    images: list[NewImage] = field(default_factory=list)
    rejected: list[RejectedFile] = field(default_factory=list)
    found: dict[str, FoundFile] = field(default_factory=dict)
    started_at: float = field(default_factory=time.monotonic)

    def __len__(self) -> int:
        return len(self.images) + len(self.rejected)

    def add(self, outcome: NewImage | RejectedFile, file: FoundFile | None) -> None:
        if isinstance(outcome, RejectedFile):
            self.rejected.append(outcome)
        else:
            self.images.append(outcome)
        if file is not None:
            self.found[file.path] = file

    def is_due(self) -> bool:
        return len(self) >= BATCH_FILES or (len(self) > 0 and time.monotonic() - self.started_at >= BATCH_S)


def import_files(run: JobRun) -> str:
    """Give every file of the job's import an outcome; ask for features as images come."""
    source = _source_of(run.job)
    limits = Limits(
        max_file_bytes=settings.MAX_IMPORT_FILE_BYTES,
        max_total_bytes=settings.MAX_IMPORT_TOTAL_BYTES,
        max_entries=settings.MAX_IMPORT_ENTRIES,
    )
    run.report(Progress("listing", 0, 0))
    listing = _list(source, limits=limits)
    compare_with_before(source, listing)
    services.set_num_files(source=source, num_files=len(listing.files) + len(listing.rejected))
    _create_classes(source, listing.files)
    try:
        _import_listed(run, source, listing, limits=limits)
    finally:  # also of what came before a failure or a cancel: predictions of new images wait for the import's end
        if Project.objects.filter(id=source.project_id, num_images__gt=0).exists():
            request_job(project_id=source.project_id, kind=JobKind.FEATURES, user=None)
    source.refresh_from_db()
    return _summary(source, num_ignored=listing.num_ignored)


def _source_of(job: Job) -> Import:
    source = Import.objects.filter(job=job).select_related("project", "created_by").first()
    if source is None:
        raise NotFound(f"Job {job.id} belongs to no import")
    return source


def _list(source: Import, *, limits: Limits) -> Listing:
    uploads = upload_dir(source.project_id, source.id)
    if source.kind == ImportKind.UPLOAD:
        return list_uploads(uploads, limits=limits)
    if source.kind == ImportKind.MANIFEST:
        return list_manifests(uploads, limits=limits)
    if source.kind == ImportKind.BUCKET:
        return list_bucket(source.bucket, source.prefix, limits=limits)
    folder = Path(source.folder)
    if not folder.is_dir():
        raise NotReady(
            f"The folder {source.folder} is not there on the worker's machine", code="no_such_folder"
        )
    return list_folder(folder, limits=limits)


def _class_name(source: Import, file: FoundFile) -> str:
    """Of a file, from its manifest, or from its folder if the import says so; empty where it has none."""
    name = file.class_name
    if not name and source.classes_from_folders and has_image_suffix(file.path):
        name = folder_name(file.path)
    return name[:MAX_CLASS_NAME_CHARS].strip()


def _import_listed(run: JobRun, source: Import, listing: Listing, *, limits: Limits) -> None:
    done_paths = set(ImportEntry.objects.filter(source_import=source).values_list("path", flat=True))
    files = [file for file in listing.files if file.path not in done_paths]
    rejected = [file for file in listing.rejected if file.path not in done_paths]
    total = len(listing.files) + len(listing.rejected)
    num_done = total - len(files) - len(rejected)
    run.report(Progress(STAGE, num_done, total))
    batch = _Batch()
    refused = ((outcome, None) for outcome in rejected)
    for outcome, file in chain(refused, _prepared(files, source=source, limits=limits)):
        batch.add(outcome, file)
        if batch.is_due():
            num_done += _write(source, batch)
            batch = _Batch()
            _request_features(run, source)
        run.report(Progress(STAGE, min(num_done + len(batch), total), total))
    num_done += _write(source, batch)
    run.report(Progress(STAGE, num_done, total))


def _prepared(
    files: Sequence[FoundFile], *, source: Import, limits: Limits
) -> Iterator[tuple[NewImage | RejectedFile, FoundFile]]:
    """Outcomes in the order of the files, while threads prepare the next few."""
    known = set(
        Image.objects.filter(project_id=source.project_id).values_list("sha256", flat=True).iterator()
    )
    num_decoders = max(1, min(MAX_DECODERS, os.cpu_count() or 1))
    executor = ThreadPoolExecutor(num_decoders, thread_name_prefix="decode")
    waiting: deque[tuple[Future[NewImage | RejectedFile], FoundFile]] = deque()
    try:
        for file, content in read_files(files, limits=limits):
            if isinstance(content, RejectedFile):
                done: Future[NewImage | RejectedFile] = Future()
                done.set_result(content)
            else:
                done = executor.submit(_prepare, file.path, content, source.project_id, known)
            waiting.append((done, file))
            if len(waiting) > 2 * num_decoders:
                first, of = waiting.popleft()
                yield first.result(), of
        for first, of in waiting:
            yield first.result(), of
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _prepare(path: str, content: bytes, project_id: int, known: set[str]) -> NewImage | RejectedFile:
    """Decode one file and store its original and thumbnail; runs in a thread and touches no database.

    A picture whose sha256 is in `known`, those that the project has, is not decoded again.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 in known:
        return NewImage(
            path=path, storage_key="", sha256=sha256, width=0, height=0, file_format="", num_bytes=0, cells={}
        )
    try:
        decoded = decode_with_info(content, max_pixels=settings.MAX_IMAGE_PIXELS, target_px=DECODE_PX)
    except UnreadableImage as error:
        return RejectedFile(path, error.message)
    info = decoded.info
    storage_key = f"{sha256[:2]}/{sha256}{info.extension}"
    _write_once(thumbnail_path(project_id, sha256), encode_thumbnail(decoded.image))
    _write_once(original_path(project_id, storage_key), content)
    return NewImage(
        path=path,
        storage_key=storage_key,
        sha256=sha256,
        width=info.width,
        height=info.height,
        file_format=info.format,
        num_bytes=len(content),
        cells={cell_px: encode_cell(squash(decoded.image, cell_px)) for cell_px in CELL_SIZES_PX},
    )


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whose name is its content's hash, unless it is there already."""
    if not path.exists():
        write_atomically(path, data)


@transaction.atomic
def _write(source: Import, batch: _Batch) -> int:
    """Store a batch and the labels that come with it together; return how many files it settled."""
    if len(batch):
        signatures = {path: file.signature for path, file in batch.found.items() if file.signature}
        services.add_images(
            source=source, images=batch.images, rejected=batch.rejected, signatures=signatures
        )
        names = {new.path: _class_name(source, batch.found[new.path]) for new in batch.images}
        if any(names.values()):
            _label(source, names)
    return len(batch)


def _create_classes(source: Import, files: Sequence[FoundFile]) -> None:
    """Make all classes before the first label, so that no training starts on the first two folders alone."""
    for name in sorted({_class_name(source, file) for file in files} - {""}):
        _get_class_id(source, name)


def _label(source: Import, names: Mapping[str, str]) -> None:
    """Label images by the class name of each path, one action a class. Images that have a label keep it."""
    entries = ImportEntry.objects.filter(
        source_import=source,
        path__in=list(names),
        outcome__in=[Outcome.ADDED, Outcome.DUPLICATE],
        image__resolved_class__isnull=True,
        image__removed_at__isnull=True,
    ).select_related("image")
    indexes: dict[str, list[int]] = defaultdict(list)
    seen: set[int] = set()
    for entry in entries.order_by("id"):
        assert entry.image is not None
        name = names.get(entry.path, "")
        if name and entry.image.index not in seen:
            seen.add(entry.image.index)
            indexes[name].append(entry.image.index)
    for name, members in indexes.items():
        class_id = _get_class_id(source, name)
        assign_label(
            project_id=source.project_id,
            user=_author(source),
            class_id=class_id,
            image_indexes=members,
            client_action_id=_action_id(source, class_id=class_id, first_index=min(members)),
            provenance={"gesture": "import"},
        )


def _get_class_id(source: Import, name: str) -> int:
    """The class called like a folder; `Cat` and `cat` are one class."""
    for known in list_classes(project_id=source.project_id, with_archived=True):
        if known.name.casefold() == name.casefold():
            name = known.name
    return int(get_or_create_class(project_id=source.project_id, name=name).id)


def _action_id(source: Import, *, class_id: int, first_index: int) -> uuid.UUID:
    """The same for the same import, class and batch, so that a repeated batch is no second action."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"import/{source.id}/class/{class_id}/from/{first_index}")


def _author(source: Import) -> User:
    if source.created_by is None:
        raise NotReady(
            f"Nobody is known as the author of import {source.id}; labels need one", code="no_author"
        )
    return source.created_by


def _request_features(run: JobRun, source: Import) -> None:
    """Ask for features while the import goes on, unless they are being made or just failed."""
    if has_active_job(project_id=source.project_id, kind=JobKind.FEATURES):
        return
    failed = Job.objects.filter(
        project_id=source.project_id,
        kind=JobKind.FEATURES,
        state=JobState.FAILED,
        created_at__gte=run.job.created_at,
    )
    if not failed.exists():
        request_job(project_id=source.project_id, kind=JobKind.FEATURES, user=None)


def _summary(source: Import, *, num_ignored: int) -> str:
    parts = [
        f"{source.num_added} added",
        f"{source.num_duplicate} duplicates"
        + (f" ({source.num_removed} of removed pictures)" if source.num_removed else ""),
        f"{source.num_rejected} rejected",
    ]
    if source.num_unchanged:
        parts.append(f"{source.num_unchanged} unchanged")
    if source.num_gone:
        parts.append(f"{source.num_gone} no longer there")
    if num_ignored:
        parts.append(f"{num_ignored} hidden or system files ignored")
    return ", ".join(parts)

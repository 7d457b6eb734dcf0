"""Request and response types of projects, images and imports."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from labeler.accounts.permissions import Role
from labeler.datasets.models import (
    CropPolicyKind,
    ImportKind,
    ImportState,
    Outcome,
    ProjectionEmbedding,
    Recipe,
    SaliencyMethod,
)
from labeler.jobs.models import JobState
from labeler.lib.text import PRINTABLE

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class BackboneOut(Schema):
    """A backbone as the workers report it.

    `speed_class` is fast, medium or slow; `is_downloadable` says that missing weights will be fetched; `is_default`
    marks the choice for this machine; `detail` says where weights came from or where to put them.
    """

    name: str
    title: str
    channels: int
    licence: str
    megabytes: float
    speed_class: str
    fit_for_cpu: bool
    is_available: bool
    is_downloadable: bool
    is_default: bool
    detail: str


class ModelSummary(Schema):
    """The latest model version in one line."""

    number: int
    created_at: datetime
    num_labels: int
    num_heldout: int
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    accuracy_change: float | None
    is_provisional: bool = False


class TrainingPolicy(Schema):
    """When a project trains by itself, and what. `provisional_labels_per_class` null: no provisional model."""

    labels_per_class_to_train: int = Field(default=100, ge=2, le=100_000)
    trains_by_itself: bool = True
    provisional_labels_per_class: int | None = Field(default=10, ge=2, le=100_000)
    retrain_percent: int = Field(default=20, ge=1, le=1000)
    recipe: Recipe = Recipe.HEAD
    uses_adl: bool = False


class ProjectIn(TrainingPolicy):
    name: Name
    backbone: str | None = None
    input_size_px: int = Field(default=224, ge=64, le=640, multiple_of=32)
    saliency_method: SaliencyMethod = SaliencyMethod.LABELER
    retention: float = Field(default=0.95, gt=0, le=1)
    projection_embedding: ProjectionEmbedding = ProjectionEmbedding.LOOKS
    projection_uses_labels: bool = False


class ProjectPatch(Schema):
    """Fields left out stay as they are; so do those that are null, but for `provisional_labels_per_class`."""

    name: Name | None = None
    backbone: str | None = None
    input_size_px: int | None = Field(default=None, ge=64, le=640, multiple_of=32)
    labels_per_class_to_train: int | None = Field(default=None, ge=2, le=100_000)
    trains_by_itself: bool | None = None
    provisional_labels_per_class: int | None = Field(default=None, ge=2, le=100_000)
    retrain_percent: int | None = Field(default=None, ge=1, le=1000)
    recipe: Recipe | None = None
    uses_adl: bool | None = None
    saliency_method: SaliencyMethod | None = None
    retention: float | None = Field(default=None, gt=0, le=1)
    projection_embedding: ProjectionEmbedding | None = None
    projection_uses_labels: bool | None = None


class ProjectOut(Schema):
    """`num_images` is the length of every array of the project, the next index; `num_removed` of them were removed.
    `preview_indexes` are a few images from all over it."""

    id: int
    name: str
    role: Role
    backbone: str
    input_size_px: int
    labels_per_class_to_train: int
    trains_by_itself: bool
    provisional_labels_per_class: int | None
    retrain_percent: int
    recipe: Recipe
    uses_adl: bool
    num_labels_at_training: int
    saliency_method: SaliencyMethod
    retention: float
    projection_embedding: ProjectionEmbedding
    projection_uses_labels: bool
    num_images: int
    num_removed: int
    preview_indexes: list[int]
    num_labelled: int
    num_classes: int
    label_sequence: int
    weights_message: str | None
    created_at: datetime
    last_activity_at: datetime
    model: ModelSummary | None


class UnreadableImageOut(Schema):
    """An image whose file is missing or damaged; `noted_at`: when it was last tried."""

    index: int
    path: str
    reason: str
    noted_at: datetime


class ImageOut(Schema):
    index: int
    path: str
    width: int
    height: int
    file_format: str
    num_bytes: int
    sha256: str
    class_id: int | None
    created_at: datetime


class ImportIn(Schema):
    """Without `folder`, `bucket` and `is_manifest`: an upload. At most one of the three."""

    name: str = Field(default="Upload", min_length=1, max_length=255, pattern=PRINTABLE)
    classes_from_folders: bool = False
    folder: str = Field(
        default="", max_length=4096, pattern=PRINTABLE, description="on the server, inside IMPORT_ROOTS"
    )
    bucket: str = Field(default="", max_length=255, pattern=PRINTABLE, description="one of IMPORT_BUCKETS")
    prefix: str = Field(default="", max_length=1024, pattern=PRINTABLE, description="of keys in the bucket")
    is_manifest: bool = Field(
        default=False, description="uploads are CSV or JSON Lines with `url`, and perhaps `path` and `label`"
    )

    @model_validator(mode="after")
    def _is_one_kind(self) -> "ImportIn":
        if sum(map(bool, (self.folder, self.bucket, self.is_manifest))) > 1:
            raise ValueError("at most one of folder, bucket and is_manifest")
        return self


FileSize = Annotated[int, Field(gt=0, lt=2**50)]


class ChunkIn(Schema):
    """Which piece of which file this is; `path` is the file's path in the import."""

    path: str = Field(min_length=1, max_length=4096)
    offset: int = Field(ge=0, lt=2**50)
    total: FileSize


class ChunkOut(Schema):
    """Bytes of the file that are here; complete when `received` is `total`."""

    received: int
    total: int


class ImportOut(Schema):
    """`num_removed` of the duplicates are pictures that had been removed from the project; they stay so."""

    id: int
    job_id: int | None
    job_state: JobState | None
    name: str
    kind: ImportKind
    syncs_id: int | None
    state: ImportState
    classes_from_folders: bool
    num_files: int
    num_added: int
    num_duplicate: int
    num_removed: int
    num_rejected: int
    num_unchanged: int
    num_gone: int
    created_at: datetime

    @staticmethod
    def resolve_job_state(obj: object) -> str | None:
        job = getattr(obj, "job", None)
        return None if job is None else job.state


class UploadOut(Schema):
    """How many files of an upload are stored and wait for the import to start."""

    num_files: int
    num_received: int


class EntryOut(Schema):
    id: int
    path: str
    outcome: Outcome
    reason: str
    image_index: int | None

    @staticmethod
    def resolve_image_index(obj: object) -> int | None:
        image = getattr(obj, "image", None)
        return None if image is None else image.index


class ImportSourcesOut(Schema):
    """What the operator of the site lets imports read, and the limits of one import."""

    folders: list[str]
    buckets: list[str]
    url_hosts: list[str]
    max_file_bytes: int
    max_total_bytes: int
    max_entries: int
    max_chunk_bytes: int


class FolderOut(Schema):
    name: str
    path: str


class FolderListOut(Schema):
    """A folder of the server: its subfolders by name, the first thousand of them, and how many files lie in it.

    `path` is empty at the top, where the folders are those that the operator allows.
    """

    path: str
    parent: str | None
    folders: list[FolderOut]
    num_folders: int
    num_files: int


class UploadedFileOut(Schema):
    """A file of an open import. `upload_id` is there while it still comes in pieces."""

    path: str
    num_bytes: int
    received: int
    upload_id: UUID | None


class CropRateSchema(Schema):
    """A retention in (0, 1], null for the whole image, and the share of images that get it."""

    model_config = ConfigDict(allow_inf_nan=False)

    retention: float | None
    share: float


class CropOverrideSchema(Schema):
    """All images of a class get this retention, null: the whole image."""

    model_config = ConfigDict(allow_inf_nan=False)

    class_id: int
    retention: float | None


class CropRatesIn(Schema):
    """Shares add up to 1. `by_object_size` gives the tightest rates to the smallest objects."""

    kind: CropPolicyKind
    rates: list[CropRateSchema]
    overrides: list[CropOverrideSchema] = []


class CropRatesOut(CropRatesIn):
    """`version` 0: nothing was saved yet, every image has the project's own retention."""

    version: int
    created_at: datetime | None


class SavedViewIn(Schema):
    """`search` is the part of an address behind "?"."""

    name: str = Field(min_length=1, max_length=60, pattern=PRINTABLE)
    search: str = Field(default="", max_length=2000, pattern=PRINTABLE)


class SavedViewOut(Schema):
    id: int
    name: str
    search: str

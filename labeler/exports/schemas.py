"""The export formats, what may be asked of them, the columns of a table, and exports made in the background."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, get_args

from ninja import Schema
from pydantic import Field, field_validator

from labeler.jobs.schemas import JobOut


class ExportFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    IMAGEFOLDER = "imagefolder"
    HUGGINGFACE = "huggingface"
    COCO = "coco"
    VOC = "voc"
    YOLO_CLASSIFY = "yolo_classify"
    YOLO_DETECT = "yolo_detect"
    LABEL_STUDIO = "label_studio"
    LABEL_STUDIO_CONFIG = "label_studio_config"
    FIFTYONE = "fiftyone"


class Pictures(StrEnum):
    """What a zip holds of each image: the file as it came, the crop at the retention, or nothing."""

    WHOLE = "whole"
    CROPPED = "cropped"
    NONE = "none"


class Labelled(StrEnum):
    """Which images are wanted by their label."""

    ALL = "all"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"
    DISAGREES = "disagrees"  # labelled, and the model says another class


Column = Literal[
    "index", "path", "width", "height", "sha256", "label", "annotator", "labelled_at", "predicted_label",
    "confidence", "model_version", "retention", "box_x1", "box_y1", "box_x2", "box_y2", "label_sequence",
    "num_annotators", "agreement", "provenance", "annotations",
]  # fmt: skip
COLUMNS: tuple[str, ...] = get_args(Column)
BOX_COLUMNS = ("box_x1", "box_y1", "box_x2", "box_y2")


class ExportIn(Schema):
    """What to export. The same `sequence`, `model_version` and `num_images` give the same bytes again."""

    format: ExportFormat = ExportFormat.CSV
    sequence: int | None = Field(
        default=None, ge=0, lt=2**63, description="labels as they were after this action; default: now"
    )
    model_version: int | None = Field(
        default=None,
        ge=0,
        lt=2**31,
        description="predictions and boxes of this model; 0: none; default: latest",
    )
    num_images: int | None = Field(
        default=None, ge=0, lt=2**31, description="images below this index only; default: all"
    )
    retention: float | None = Field(default=None, gt=0, le=1, description="of weak boxes and crops")
    crop_rates: int | None = Field(
        default=None,
        ge=0,
        lt=2**31,
        description="version of the crop rates for weak boxes and crops; 0: none; default: those in force, unless a "
        "retention is given",
    )
    labelled: Labelled = Labelled.ALL
    class_id: list[Annotated[int, Field(ge=0, lt=2**63)]] = Field(
        default=[], max_length=1_000, description="images labelled with one of these classes only"
    )
    annotator: list[Annotated[str, Field(max_length=150)]] = Field(
        default=[], max_length=100, description="images whose label is of one of these people only"
    )
    path_prefix: str = Field(default="", max_length=1024)
    columns: list[Column] = Field(default=[], max_length=len(COLUMNS), description="default: all")
    pictures: Pictures = Pictures.WHOLE
    validation_share: float = Field(
        default=0.2, ge=0, le=0.9, description="share of images in the validation split, by their content"
    )
    fill_with_predictions: bool = Field(
        default=False, description="images without a label count as what the model says"
    )

    @field_validator("columns")
    @classmethod
    def _are_distinct(cls, columns: list[str]) -> list[str]:
        if len(set(columns)) != len(columns):
            raise ValueError("a column is named twice")
        return columns


class ExportOut(Schema):
    """An export made in the background. `num_bytes` is null until it is ready."""

    id: int
    name: str
    job: JobOut | None
    options: ExportIn
    num_bytes: int | None
    created_by: str | None
    created_at: datetime

    @staticmethod
    def resolve_created_by(obj: object) -> str | None:
        user = getattr(obj, "created_by", None)
        return None if user is None else str(user.username)

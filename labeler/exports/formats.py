"""The registry of formats: media type, file suffix, whether pictures go in, and the function that writes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from labeler.errors import NotReady
from labeler.exports import (
    coco_format,
    csv_format,
    fiftyone_format,
    huggingface_format,
    imagefolder_format,
    jsonl_format,
    label_studio_format,
    parquet_format,
    voc_format,
    yolo_format,
)
from labeler.exports.rows import ExportSource
from labeler.exports.schemas import ExportFormat, Pictures


@dataclass(frozen=True)
class Format:
    """How one format is written."""

    content_type: str
    suffix: str
    write: Callable[[ExportSource], Iterator[bytes]]
    has_pictures: bool = False
    needs_model: bool = False


_JSON, _ZIP = "application/json", "application/zip"
FORMATS: dict[ExportFormat, Format] = {
    ExportFormat.CSV: Format("text/csv; charset=utf-8", "csv", csv_format.write),
    ExportFormat.JSONL: Format("application/jsonl; charset=utf-8", "jsonl", jsonl_format.write),
    ExportFormat.PARQUET: Format("application/vnd.apache.parquet", "parquet", parquet_format.write),
    ExportFormat.IMAGEFOLDER: Format(_ZIP, "zip", imagefolder_format.write, has_pictures=True),
    ExportFormat.HUGGINGFACE: Format(_ZIP, "zip", huggingface_format.write, has_pictures=True),
    ExportFormat.COCO: Format(_JSON, "json", coco_format.write),
    ExportFormat.VOC: Format(_ZIP, "zip", voc_format.write, has_pictures=True),
    ExportFormat.YOLO_CLASSIFY: Format(_ZIP, "zip", imagefolder_format.write, has_pictures=True),
    ExportFormat.YOLO_DETECT: Format(_ZIP, "zip", yolo_format.write, has_pictures=True, needs_model=True),
    ExportFormat.LABEL_STUDIO: Format(_JSON, "json", label_studio_format.write),
    ExportFormat.LABEL_STUDIO_CONFIG: Format("application/xml", "xml", label_studio_format.write_config),
    ExportFormat.FIFTYONE: Format(_JSON, "json", fiftyone_format.write),
}


def check_source(source: ExportSource) -> None:
    """Refuse what cannot be written.

    Raises:
        NotReady: crops, or a format of boxes, before the first model.
    """
    form = FORMATS[source.options.format]
    wants_crops = form.has_pictures and source.options.pictures is Pictures.CROPPED
    if source.columns is None and (form.needs_model or wants_crops):
        raise NotReady("Crops and weak boxes come from a model; there is none yet", code="no_model")


def file_name(source: ExportSource) -> str:
    """`<project>-<sequence>[-<format>].<suffix>`."""
    options = source.options
    form = FORMATS[options.format]
    name = f"{slugify(source.project.name) or 'project'}-{options.sequence}"
    is_named_by_suffix = form.suffix == options.format.value
    return f"{name}.{form.suffix}" if is_named_by_suffix else f"{name}-{options.format.value}.{form.suffix}"

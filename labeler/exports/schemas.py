"""The export formats and the columns of a row."""

from enum import StrEnum


class ExportFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


COLUMNS = (
    "index",
    "path",
    "width",
    "height",
    "sha256",
    "label",
    "annotator",
    "labelled_at",
    "predicted_label",
    "confidence",
    "model_version",
    "retention",
    "box_x1",
    "box_y1",
    "box_x2",
    "box_y2",
)

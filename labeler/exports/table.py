"""A row of an export as the columns of a table; shared by CSV, JSON Lines and Parquet."""

from collections.abc import Sequence
from typing import Any

from labeler.exports.rows import ExportRow
from labeler.exports.schemas import BOX_COLUMNS, COLUMNS, ExportIn


def columns_of(options: ExportIn) -> tuple[str, ...]:
    """The columns asked for, in the order asked; all by default."""
    return tuple(options.columns) or COLUMNS


def table_row(row: ExportRow, columns: Sequence[str]) -> dict[str, Any]:
    """The wanted columns. Times are ISO 8601; `provenance` and `annotations` stay objects."""
    values = {
        "index": row.image.index,
        "path": row.image.path,
        "width": row.image.width,
        "height": row.image.height,
        "sha256": row.image.sha256,
        "label": row.label,
        "annotator": row.annotator,
        "labelled_at": None if row.labelled_at is None else row.labelled_at.isoformat(),
        "predicted_label": row.predicted_label,
        "confidence": row.confidence,
        "model_version": row.model_version,
        "retention": row.retention,
        "label_sequence": row.label_sequence,
        "num_annotators": len(row.annotations),
        "agreement": row.agreement,
        "provenance": row.provenance or None,
        "annotations": [
            {
                "annotator": annotation.annotator,
                "label": annotation.label,
                "sequence": annotation.sequence,
                "labelled_at": annotation.labelled_at.isoformat(),
            }
            for annotation in row.annotations
        ],
        **dict(zip(BOX_COLUMNS, row.box or (None,) * 4, strict=True)),
    }
    return {column: values[column] for column in columns}

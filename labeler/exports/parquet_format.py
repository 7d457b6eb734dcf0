"""Parquet with typed columns, written row group by row group."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from labeler.exports.rows import ExportSource
from labeler.exports.table import columns_of, table_row
from labeler.lib.streaming import PieceCollector

ROWS_PER_GROUP = 10_000
_TIME = pa.timestamp("us", tz="UTC")
TYPES: dict[str, pa.DataType] = {
    "index": pa.int64(),
    "path": pa.string(),
    "width": pa.int32(),
    "height": pa.int32(),
    "sha256": pa.string(),
    "label": pa.string(),
    "annotator": pa.string(),
    "labelled_at": _TIME,
    "predicted_label": pa.string(),
    "confidence": pa.float64(),
    "model_version": pa.int32(),
    "retention": pa.float64(),
    "box_x1": pa.int32(),
    "box_y1": pa.int32(),
    "box_x2": pa.int32(),
    "box_y2": pa.int32(),
    "label_sequence": pa.int64(),
    "num_annotators": pa.int32(),
    "agreement": pa.float64(),
    "provenance": pa.string(),  # JSON: its fields differ from gesture to gesture
    "annotations": pa.list_(
        pa.struct(
            [
                ("annotator", pa.string()),
                ("label", pa.string()),
                ("sequence", pa.int64()),
                ("labelled_at", _TIME),
            ]
        )
    ),
}
"""Arrow type of every column."""


def write(source: ExportSource) -> Iterator[bytes]:
    """Row groups of `ROWS_PER_GROUP` images, compressed."""
    columns = columns_of(source.options)
    schema = pa.schema([(column, TYPES[column]) for column in columns])
    sink = PieceCollector()
    rows = (_typed(table_row(row, columns)) for row in source.rows())
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS_PER_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            yield sink.take()
    yield sink.take()


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("labelled_at") is not None:
        row["labelled_at"] = datetime.fromisoformat(row["labelled_at"])
    if row.get("provenance") is not None:
        row["provenance"] = json.dumps(row["provenance"], ensure_ascii=False, sort_keys=True)
    for annotation in row.get("annotations", []):
        annotation["labelled_at"] = datetime.fromisoformat(annotation["labelled_at"])
    return row

"""CSV, RFC 4180 with a header. Cells that a spreadsheet would run as a formula get a leading apostrophe."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.exports.rows import ExportSource
from labeler.exports.table import columns_of, table_row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_PER_PIECE = 500


def write(source: ExportSource) -> Iterator[bytes]:
    """One line an image; objects are JSON in their cell."""
    columns = columns_of(source.options)
    yield from encode((list(table_row(row, columns).values()) for row in source.rows()), header=columns)


def encode(rows: Iterable[Iterable[Any]], *, header: Iterable[str]) -> Iterator[bytes]:
    """Encode rows piece by piece, in UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(value) for value in row])
        if number % ROWS_PER_PIECE == 0:
            yield _take(buffer)
    yield _take(buffer)


def _cell(value: Any) -> Any:
    if value is None or value == []:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _take(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data

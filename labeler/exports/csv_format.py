"""CSV, RFC 4180 with a header. Cells that a spreadsheet would run as a formula get a leading apostrophe."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.exports.schemas import COLUMNS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_PER_PIECE = 500


def write_csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Encode rows piece by piece, in UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
        if number % ROWS_PER_PIECE == 0:
            yield _take(buffer)
    yield _take(buffer)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _take(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data

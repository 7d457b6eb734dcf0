"""JSON Lines: one object an image; the box is one array or null."""

import json
from collections.abc import Iterator

from labeler.exports.rows import ExportSource
from labeler.exports.schemas import BOX_COLUMNS
from labeler.exports.table import columns_of, table_row


def write(source: ExportSource) -> Iterator[bytes]:
    """Encode rows line by line, in UTF-8."""
    columns = columns_of(source.options)
    has_box = any(column in BOX_COLUMNS for column in columns)
    for row in source.rows():
        values = table_row(row, columns)
        line = {key: value for key, value in values.items() if key not in BOX_COLUMNS}
        if has_box:
            line["box"] = None if row.box is None else list(row.box)
        yield (json.dumps(line, ensure_ascii=False) + "\n").encode()

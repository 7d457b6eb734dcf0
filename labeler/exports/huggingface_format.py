"""Hugging Face `imagefolder`: `train/` and `validation/`, each with its pictures and a `metadata.jsonl`.

A line names the file, its label (null without one), who gave it, the prediction, and the weak boxes as xywh pixels.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from labeler.exports.about import NO_CROP, about
from labeler.exports.pictures import is_wanted, picture_bytes, picture_name
from labeler.exports.rows import VALIDATION, ExportRow, ExportSource
from labeler.exports.schemas import Pictures
from labeler.exports.zip_stream import stream_zip

SPLITS = {VALIDATION: "validation"}  # the other is called `train` there too


def write(source: ExportSource) -> Iterator[bytes]:
    """Every image with its line; labels and boxes may be missing."""
    return stream_zip(_members(source))


def _members(source: ExportSource) -> Iterator[tuple[str, bytes]]:
    kind = source.options.pictures
    lines: dict[str, list[str]] = {}
    left_out: Counter[str] = Counter()
    for row in source.rows():
        if not is_wanted(row, kind):
            left_out[NO_CROP] += 1
            continue
        split = source.split_of(row)
        split = SPLITS.get(split, split)
        name = picture_name(row, kind)
        lines.setdefault(split, []).append(
            json.dumps({"file_name": name, **_line(source, row)}, ensure_ascii=False)
        )
        if kind is not Pictures.NONE:
            yield f"{split}/{name}", picture_bytes(row, kind)
    for split, rows in sorted(lines.items()):
        yield f"{split}/metadata.jsonl", ("\n".join(rows) + "\n").encode()
    yield about(source, num_written=sum(map(len, lines.values())), left_out=left_out)


def _line(source: ExportSource, row: ExportRow) -> dict[str, Any]:
    found = source.class_of(row)
    line = {
        "label": None if found is None else found[1],
        "annotator": row.annotator,
        "predicted_label": row.predicted_label,
        "confidence": row.confidence,
        "path": row.image.path,
    }
    has_box = row.box is not None and row.predicted_label is not None
    if source.options.pictures is Pictures.CROPPED:
        return line
    x1, y1, x2, y2 = row.box or (0, 0, 0, 0)
    return {
        **line,
        "weak_objects": {
            "bbox": [[x1, y1, x2 - x1, y2 - y1]] if has_box else [],
            "category": [found[1] if found else row.predicted_label] if has_box else [],
        },
    }

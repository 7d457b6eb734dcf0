"""`labeler-export.json`, in every zip: what was exported, how to get the same again, and what was left out and why."""

import json
from collections import Counter

from labeler.exports.rows import ExportSource

FILE_NAME = "labeler-export.json"
NO_CLASS = "without a class"
NO_CROP = "without a crop: no model has seen them"
NO_BOX = "without a weak box: no model has seen them"


def about(source: ExportSource, *, num_written: int, left_out: Counter[str]) -> tuple[str, bytes]:
    """Name and content of the member that describes the export."""
    body = {
        "project": source.project.name,
        "options": source.options.dict(),
        "num_images_written": num_written,
        "num_images_left_out": dict(sorted(left_out.items())),
        "boxes": "weak: the quantile range of the model's saliency at the retention, from class labels only",
    }
    return FILE_NAME, (json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n").encode()

"""JSON Lines: one object an image; the box is one array or null."""

import json
from collections.abc import Iterable, Iterator
from typing import Any


def write_jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Encode rows line by line, in UTF-8."""
    for row in rows:
        box = [row.get(edge) for edge in ("box_x1", "box_y1", "box_x2", "box_y2")]
        line = {key: value for key, value in row.items() if not key.startswith("box_")}
        line["box"] = None if box[0] is None else box
        yield (json.dumps(line, ensure_ascii=False) + "\n").encode()

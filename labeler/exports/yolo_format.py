"""YOLO: `images/`, `labels/` and `data.yaml` for detection; the classification tree is ImageFolder's.

A line of a label file is `class x_centre y_centre width height`, in shares of the picture.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from labeler.exports.about import NO_BOX, NO_CLASS, about
from labeler.exports.pictures import picture_bytes, picture_name
from labeler.exports.rows import TRAINING, VALIDATION, ExportRow, ExportSource
from labeler.exports.schemas import Pictures
from labeler.exports.zip_stream import stream_zip


def write(source: ExportSource) -> Iterator[bytes]:
    """Images with a class and a weak box. One without either would teach the detector that nothing is there."""
    return stream_zip(_members(source))


def _members(source: ExportSource) -> Iterator[tuple[str, bytes]]:
    numbers = {class_id: number for number, class_id in enumerate(source.classes)}
    left_out: Counter[str] = Counter()
    num_written = 0
    yield "data.yaml", _data_yaml(source)
    for row in source.rows():
        found = source.class_of(row)
        if found is None or row.box is None:
            left_out[NO_CLASS if found is None else NO_BOX] += 1
            continue
        num_written += 1
        split = source.split_of(row)
        name = picture_name(row, Pictures.WHOLE)
        if source.options.pictures is not Pictures.NONE:
            yield f"images/{split}/{name}", picture_bytes(row, Pictures.WHOLE)
        yield f"labels/{split}/{PurePosixPath(name).stem}.txt", _label_line(row, numbers[found[0]])
    yield about(source, num_written=num_written, left_out=left_out)


def _data_yaml(source: ExportSource) -> bytes:
    """JSON strings are YAML strings, so names need no other quoting."""
    names = "".join(
        f"  {number}: {json.dumps(name, ensure_ascii=False)}\n"
        for number, name in enumerate(source.classes.values())
    )
    text = (
        "# Weak boxes, from class labels and saliency at retention "
        f"{source.retention or 'of each image (crop rates)'}; not drawn by people.\n"
        f"path: .\ntrain: images/{TRAINING}\nval: images/{VALIDATION}\nnc: {len(source.classes)}\n"
    )
    return (text + (f"names:\n{names}" if names else "names: {}\n")).encode()


def _label_line(row: ExportRow, number: int) -> bytes:
    assert row.box is not None
    x1, y1, x2, y2 = row.box
    width, height = row.image.width, row.image.height
    numbers = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    return f"{number} {' '.join(f'{value:.6f}' for value in numbers)}\n".encode()

"""Pascal VOC: `Annotations/*.xml`, `JPEGImages/`, `ImageSets/Main/*.txt` in a zip; weak boxes marked `<weak>`.

VOC counts pixels from 1 and includes both ends: edges (x1, y1, x2, y2) become xmin = x1 + 1, xmax = x2.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from labeler.exports.about import NO_CLASS, about
from labeler.exports.pictures import jpeg_bytes, picture_name
from labeler.exports.rows import TRAINING, VALIDATION, ExportRow, ExportSource
from labeler.exports.schemas import Pictures
from labeler.exports.zip_stream import stream_zip

FOLDER = "labeler"


def write(source: ExportSource) -> Iterator[bytes]:
    """One XML an image with a class; its object has a box where a model has seen the image."""
    return stream_zip(_members(source))


def _members(source: ExportSource) -> Iterator[tuple[str, bytes]]:
    sets: dict[str, list[str]] = {TRAINING: [], VALIDATION: []}
    left_out: Counter[str] = Counter()
    for row in source.rows():
        found = source.class_of(row)
        if found is None:
            left_out[NO_CLASS] += 1
            continue
        stem = PurePosixPath(picture_name(row, Pictures.WHOLE)).stem
        name = f"{stem}.jpg"  # the only suffix that readers of VOC look for
        sets[source.split_of(row)].append(stem)
        yield f"Annotations/{stem}.xml", _annotation(row, name=name, label=found[1])
        if source.options.pictures is not Pictures.NONE:
            yield f"JPEGImages/{name}", jpeg_bytes(row)
    everything = sorted(stem for stems in sets.values() for stem in stems)
    for split, stems in (*sets.items(), ("trainval", everything)):
        yield f"ImageSets/Main/{split}.txt", "".join(f"{stem}\n" for stem in stems).encode()
    yield about(source, num_written=len(everything), left_out=left_out)


def _annotation(row: ExportRow, *, name: str, label: str) -> bytes:
    root = ET.Element("annotation")
    _add(root, "folder", FOLDER)
    _add(root, "filename", name)
    _add(root, "path", row.image.path)
    origin = _add(root, "source")
    _add(origin, "database", "Labeler")
    _add(origin, "annotator", row.annotator or f"model {row.model_version}")
    size = _add(root, "size")
    for tag, value in (("width", row.image.width), ("height", row.image.height), ("depth", 3)):
        _add(size, tag, str(value))
    _add(root, "segmented", "0")
    _add(root, "label", label)
    if row.box is not None:
        _add_object(root, row, label=label)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8")) + b"\n"


def _add_object(root: ET.Element, row: ExportRow, *, label: str) -> None:
    assert row.box is not None
    found = _add(root, "object")
    for tag, text in (("name", label), ("pose", "Unspecified"), ("truncated", "0"), ("difficult", "0")):
        _add(found, tag, text)
    _add(found, "weak", "1")
    _add(found, "retention", "whole" if row.retention is None else str(row.retention))
    x1, y1, x2, y2 = row.box
    box = _add(found, "bndbox")
    for tag, edge in (("xmin", x1 + 1), ("ymin", y1 + 1), ("xmax", x2), ("ymax", y2)):
        _add(box, tag, str(edge))


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = None if text is None else "".join(char for char in text if char.isprintable())
    return child

"""A zip of `split/class/file`, as torchvision's ImageFolder, Keras and YOLO's classifier read it."""

from collections import Counter
from collections.abc import Iterator

from labeler.exports.about import NO_CLASS, NO_CROP, about
from labeler.exports.pictures import folder_names, is_wanted, picture_bytes, picture_name
from labeler.exports.rows import ExportSource
from labeler.exports.zip_stream import stream_zip


def write(source: ExportSource) -> Iterator[bytes]:
    """One file an image that has a class."""
    return stream_zip(_members(source))


def _members(source: ExportSource) -> Iterator[tuple[str, bytes]]:
    kind = source.options.pictures
    folders = folder_names(source.classes.items())
    left_out: Counter[str] = Counter()
    num_written = 0
    for row in source.rows():
        found = source.class_of(row)
        if found is None:
            left_out[NO_CLASS] += 1
        elif not is_wanted(row, kind):
            left_out[NO_CROP] += 1
        else:
            num_written += 1
            name = f"{source.split_of(row)}/{folders[found[0]]}/{picture_name(row, kind)}"
            yield name, picture_bytes(row, kind)
    yield about(source, num_written=num_written, left_out=left_out)

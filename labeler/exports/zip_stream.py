"""A zip as a stream of pieces, the same bytes for the same members: no times, no order but the given one."""

import zipfile
from collections.abc import Iterable, Iterator

from labeler.lib.streaming import PieceCollector

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
STORED_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")  # compressed already
_RIGHTS = 0o100644 << 16
_UNIX = 3


def stream_zip(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Pieces of a zip of (name, content) members, one member in memory at a time."""
    sink = PieceCollector()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.compress_type = (
                zipfile.ZIP_STORED if name.lower().endswith(STORED_SUFFIXES) else zipfile.ZIP_DEFLATED
            )
            info.external_attr, info.create_system = _RIGHTS, _UNIX
            archive.writestr(info, content)
            yield sink.take()
    yield sink.take()

"""Stream generated bodies from ASGI without collecting them: Django would read a plain iterator to its end first."""

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

FILE_CHUNK_BYTES = 256 * 1024


async def stream_pieces(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Take one piece at a time in the request's own thread, where its database connection lives."""
    take = sync_to_async(lambda: next(pieces, None), thread_sensitive=True)
    while (piece := await take()) is not None:
        yield piece


def file_response(path: Path, *, content_type: str, headers: dict[str, str]) -> StreamingHttpResponse:
    """Send a stored file in chunks of constant memory."""
    response = StreamingHttpResponse(
        stream_pieces(_read_chunks(path)), content_type=content_type, headers=headers
    )
    response["Content-Length"] = str(path.stat().st_size)
    return response


def _read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(FILE_CHUNK_BYTES):
            yield chunk


class PieceCollector(io.RawIOBase):
    """A write-only file that hands over what was written so far; it cannot seek, so writers stream into it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._num_bytes = 0

    def writable(self) -> bool:
        """It takes bytes and gives none back."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes until `take`."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._num_bytes += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Bytes written since the start."""
        return self._num_bytes

    def take(self) -> bytes:
        """What was written since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

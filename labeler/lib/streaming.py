"""Stream generated bodies from ASGI without collecting them: Django would read a plain iterator to its end first."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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

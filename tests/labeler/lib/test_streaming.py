"""Streaming: a stored file leaves in chunks, taken one by one."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest

from labeler.lib import streaming


async def test_pieces_are_taken_only_when_they_are_wanted() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            taken.append(number)
            yield bytes([number])

    stream = streaming.stream_pieces(pieces())
    assert taken == []
    assert await anext(stream) == b"\0"
    assert taken == [0]
    assert [piece async for piece in stream] == [b"\1", b"\2"]


async def test_a_file_leaves_in_chunks_with_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "FILE_CHUNK_BYTES", 4)
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    response = streaming.file_response(path, content_type="image/png", headers={"X-A": "b"})
    assert (response["Content-Length"], response["Content-Type"], response["X-A"]) == ("10", "image/png", "b")
    chunks = [chunk async for chunk in cast(AsyncIterator[bytes], response.streaming_content)]
    assert chunks == [b"0123", b"4567", b"89"]


async def test_an_error_in_the_middle_is_not_swallowed() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise OSError("the disk is gone")

    stream = streaming.stream_pieces(pieces())
    assert await anext(stream) == b"first"
    with pytest.raises(OSError, match="the disk is gone"):
        await anext(stream)

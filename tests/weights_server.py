"""A local server of weights files that answers as a test wants."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.local_server import QuietHandler, serving

Answer = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[int]]]:
    """A local server; `answer(handler, start)` replies to a request from byte `start`. Yields address and
    starts.
    """
    starts: list[int] = []

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            start = int(re.sub(r"\D", "", self.headers.get("Range", "0")))
            starts.append(start)
            answer(self, start)

    with serving(Handler) as address:
        yield f"{address}/models/", starts


def reply(handler: BaseHTTPRequestHandler, body: bytes, *, start: int, total: int, ranged: bool) -> None:
    handler.send_response(206 if ranged else 200)
    if ranged:
        handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
    handler.send_header("Content-Length", str(total - (start if ranged else 0)))
    handler.end_headers()
    handler.wfile.write(body)

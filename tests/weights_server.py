"""A local server of weights files that answers as a test wants."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[int]]]:
    """A local server; `answer(handler, start)` replies to a request from byte `start`. Yields address and
    starts.
    """
    starts: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = int(re.sub(r"\D", "", self.headers.get("Range", "0")))
            starts.append(start)
            answer(self, start)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    http_server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http_server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{http_server.server_address[1]}/models/", starts
    finally:
        http_server.shutdown()
        thread.join()
        http_server.server_close()


def reply(handler: BaseHTTPRequestHandler, body: bytes, *, start: int, total: int, ranged: bool) -> None:
    handler.send_response(206 if ranged else 200)
    if ranged:
        handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
    handler.send_header("Content-Length", str(total - (start if ranged else 0)))
    handler.end_headers()
    handler.wfile.write(body)

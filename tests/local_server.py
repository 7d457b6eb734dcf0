"""An HTTP server on a free port of this machine, in a thread of its own, for as long as a block runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

POLL_S = 0.01  # how soon it sees that it should stop; the library's half second adds up over many tests


class QuietHandler(BaseHTTPRequestHandler):
    """Answers without a line on the screen for each."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class _QuietFolderHandler(QuietHandler, SimpleHTTPRequestHandler):
    """Files of a folder, as quiet."""


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer with `handler` until the block ends. Gives the address, without a slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serving_folder(folder: Path) -> Iterator[str]:
    """Serve the files of `folder` until the block ends. Gives the address."""
    with serving(partial(_QuietFolderHandler, directory=str(folder))) as address:
        yield address

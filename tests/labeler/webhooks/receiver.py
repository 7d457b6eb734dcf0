"""A receiver of webhooks on this machine that answers as a test tells it to, and keeps what it was sent."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.local_server import QuietHandler, serving


@dataclass
class Receiver:
    """`statuses` are the next answers, 200 once they are used up; `dribbles` sends a byte now and then, for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    dribbles: bool = False
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def is_signed_with(self, secret: str, at: int) -> bool:
        """Check a signature as the standard says, without the code that made it."""
        headers = self.headers[at]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + self.raw[at]
        key = base64.b64decode(secret.split("_", 1)[1])
        expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        return f"v1,{expected}" in headers["webhook-signature"].split(" ")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """The receiver on a free port, until the block ends."""
    receiver = Receiver()
    ended = threading.Event()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.path)
            receiver.raw.append(raw)
            receiver.bodies.append(json.loads(raw))
            receiver.headers.append({name.lower(): value for name, value in self.headers.items()})
            if receiver.dribbles:
                self._dribble()
                return
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(f"answer {status}".encode())

        def do_GET(self) -> None:
            receiver.paths.append(f"GET {self.path}")

        def _dribble(self) -> None:
            try:
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                while not ended.is_set():
                    self.wfile.write(b"X")
                    time.sleep(0.02)
            except OSError:
                return

    with serving(Handler) as address:
        receiver.url = f"{address}/hook?of=gulls"
        try:
            yield receiver
        finally:
            ended.set()

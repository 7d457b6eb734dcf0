"""A browser's side of a websocket against the ASGI application in this process."""

import json
from typing import Any, cast

from asgiref.testing import ApplicationCommunicator

TIMEOUT_S = 10.0


class Socket:
    """One connection. Channels' own test client is not used: importing it asks for another web server."""

    def __init__(self, application: Any, path: str, *, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        self._pipe: Any = cast(Any, ApplicationCommunicator)(application, scope)  # asgiref has no types here

    async def open(self) -> bool:
        """Knock; True if the server accepts, which does not yet mean that it stays open."""
        await self._pipe.send_input({"type": "websocket.connect"})
        answer = await self._pipe.receive_output(TIMEOUT_S)
        return bool(answer["type"] == "websocket.accept")

    async def send(self, message: str | bytes) -> None:
        """Send a text or a binary frame."""
        key = "bytes" if isinstance(message, bytes) else "text"
        await self._pipe.send_input({"type": "websocket.receive", key: message})

    async def event(self) -> dict[str, Any]:
        """The next event."""
        answer = await self._pipe.receive_output(TIMEOUT_S)
        assert answer["type"] == "websocket.send", answer
        found: dict[str, Any] = json.loads(answer["text"])
        return found

    async def close_code(self) -> int:
        """The code that the server closes with; nothing may come before it."""
        answer = await self._pipe.receive_output(TIMEOUT_S)
        assert answer["type"] == "websocket.close", answer
        return int(answer["code"])

    async def is_silent(self, *, seconds: float) -> bool:
        """True if nothing comes within the time."""
        silent: bool = await self._pipe.receive_nothing(timeout=seconds)
        return silent

    async def leave(self) -> None:
        """Close from the browser's side and let the server finish."""
        await self._pipe.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._pipe.wait(TIMEOUT_S)

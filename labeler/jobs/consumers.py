"""The project websocket: members only, own origin only. Sends events; listens to nothing but pings.

Presence: every connection keeps a short-lived entry in the cache. Who joins gets the list of names at once; the others
get it once after `GATHER_S`, however many came and went meanwhile, so that a crowd that joins together costs each a few
lists and not one for each of the crowd. Every ping is answered with it, so that a lost update mends itself.

Membership is asked again every `RECHECK_S` before anything is sent: whoever was removed from the project stops
receiving.
"""

import asyncio
import json
import logging
import time
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import User
from django.core.cache import cache
from redis.exceptions import RedisError

from labeler.accounts.permissions import Action, Role, may
from labeler.accounts.selectors import get_role
from labeler.jobs.events import group_name
from labeler.jobs.schemas import Presence

logger = logging.getLogger(__name__)

CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NOT_ALLOWED = 4403
CLOSE_BAD_MESSAGE = 4400
CLOSE_TOO_LARGE = 4413
MAX_MESSAGE_CHARS = 4096
PRESENCE_TTL_S = 90
GATHER_S = 0.5
GATHER_LEASE_S = 10  # for a process that dies while it gathers
RECHECK_S = 15.0

_gathering: set[asyncio.Task[None]] = set()  # an event loop keeps no task alive by itself


class ProjectConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One browser tab that watches one project."""

    project_id: int
    group: str | None = None
    user: User
    _checked_at = 0.0
    _told_users: list[str] | None = None

    async def connect(self) -> None:
        self.project_id = int(self.scope["url_route"]["kwargs"]["project_id"])
        user = self.scope.get("user")
        await self.accept()  # accept first: a close code reaches the browser only on an open socket
        if not isinstance(user, User) or not user.is_active:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self.user = user
        if not await self._may_view():
            await self.close(code=CLOSE_NOT_ALLOWED)
            return
        self.group = group_name(self.project_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self._announce(is_here=True)

    async def disconnect(self, code: int) -> None:
        if self.group is not None:
            await self._announce(is_here=False)
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is None or len(text_data) > MAX_MESSAGE_CHARS:
            await self.close(code=CLOSE_BAD_MESSAGE if text_data is None else CLOSE_TOO_LARGE)
            return
        try:
            message = json.loads(text_data)
        except (json.JSONDecodeError, RecursionError):
            message = None
        if message != {"type": "ping"}:
            await self.close(code=CLOSE_BAD_MESSAGE)
            return
        if self.group is not None and await self._still_allowed():
            await self.send(text_data='{"type":"pong"}')
            users, _ = await self._touch(is_here=True)
            await self._tell(users)

    async def project_event(self, message: dict[str, Any]) -> None:
        """Channel-layer handler: pass an event on to the browser."""
        if await self._still_allowed():
            await self.send(text_data=message["body"])

    async def project_presence(self, message: dict[str, Any]) -> None:
        """Channel-layer handler: who is here now, unless this browser knows."""
        if message["users"] != self._told_users and await self._still_allowed():
            await self._tell(message["users"])

    async def _tell(self, users: list[str]) -> None:
        self._told_users = users
        await self.send(text_data=Presence(users=users).model_dump_json())

    async def _still_allowed(self) -> bool:
        """Ask again for the role when the last answer is old; close the socket of a former member."""
        if time.monotonic() - self._checked_at < RECHECK_S or await self._may_view():
            return True
        await self.close(code=CLOSE_NOT_ALLOWED)
        return False

    async def _may_view(self) -> bool:
        role: Role | None = await database_sync_to_async(_get_present_role)(self.user.pk, self.project_id)
        self._checked_at = time.monotonic()
        return may(role, Action.VIEW)

    async def _announce(self, *, is_here: bool) -> None:
        """Tell who joins, and, when a name comes or goes, soon everybody; a further tab of somebody changes nothing."""
        users, is_changed = await self._touch(is_here=is_here)
        if is_here:
            await self._tell(users)
        if is_changed and await sync_to_async(_is_first_to_gather)(self.project_id):
            task = asyncio.create_task(_tell_soon(self.project_id, self.channel_layer))
            _gathering.add(task)
            task.add_done_callback(_gathering.discard)

    async def _touch(self, *, is_here: bool) -> tuple[list[str], bool]:
        """Note this connection as here or gone; return the names of all who are here, and whether they changed."""
        users: tuple[list[str], bool] = await database_sync_to_async(_update_presence)(
            self.project_id, self.channel_name, self.user.username if is_here else None
        )
        return users


def _get_present_role(user_id: int, project_id: int) -> Role | None:
    user = User.objects.filter(id=user_id, is_active=True).first()
    return None if user is None else get_role(user=user, project_id=project_id)


async def _tell_soon(project_id: int, layer: Any) -> None:
    """Send the list to everybody, with all who come and go until then."""
    await asyncio.sleep(GATHER_S)
    try:
        users = await sync_to_async(_end_gathering)(project_id)
        await layer.group_send(group_name(project_id), {"type": "project.presence", "users": users})
    except (RedisError, OSError) as error:  # the next ping mends it
        logger.warning("presence not told in project %s: %s", project_id, error)


def _is_first_to_gather(project_id: int) -> bool:
    """True for the one connection, of all processes, that tells of what changes now."""
    return cache.add(f"presence-gathers:{project_id}", 1, GATHER_LEASE_S)


def _end_gathering(project_id: int) -> list[str]:
    """The names to tell. Whoever comes after this moment gathers anew, so that nobody is left out."""
    cache.delete(f"presence-gathers:{project_id}")
    everyone: dict[str, tuple[str, float]] = cache.get(f"presence:{project_id}") or {}
    return sorted({name for name, _ in everyone.values()})


def _update_presence(project_id: int, connection: str, username: str | None) -> tuple[list[str], bool]:
    key = f"presence:{project_id}"
    now = time.time()
    everyone: dict[str, tuple[str, float]] = cache.get(key) or {}
    alive = {name: seen for name, seen in everyone.items() if now - seen[1] < PRESENCE_TTL_S}
    alive.pop(connection, None)
    if username is not None:
        alive[connection] = (username, now)
    cache.set(key, alive, PRESENCE_TTL_S)
    users = sorted({seen[0] for seen in alive.values()})
    return users, users != sorted({seen[0] for seen in everyone.values()})

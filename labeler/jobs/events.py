"""Publish small events to the browsers that watch a project. A lost event costs nothing: clients read again."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from ninja import Schema
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def group_name(project_id: int) -> str:
    """Channel-layer group of everybody who watches a project."""
    return f"project.{project_id}"


def publish(project_id: int, event: Schema) -> None:
    """Send an event after the surrounding transaction commits, or at once outside one."""
    transaction.on_commit(lambda: send_now(project_id, event), robust=True)


def send_now(project_id: int, event: Schema) -> None:
    """Send an event at once. The database is the truth and the socket a hint, so a dead broker is only logged."""
    layer = get_channel_layer()
    if layer is None:
        return
    message = {"type": "project.event", "body": event.model_dump_json()}
    try:
        async_to_sync(layer.group_send)(group_name(project_id), message)
    except (RedisError, OSError) as error:
        logger.warning("event not sent to project %s: %s", project_id, error)

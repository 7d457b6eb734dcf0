"""Hooks and deliveries on the wire."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from labeler.lib.text import PRINTABLE
from labeler.webhooks.models import DeliveryState, WebhookEvent

Url = Annotated[str, Field(min_length=1, max_length=1000, pattern=PRINTABLE)]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=len(WebhookEvent))]


class WebhookIn(Schema):
    url: Url
    events: Events


class WebhookPatch(Schema):
    """`is_enabled: true` also clears what was noted when the hook was disabled."""

    url: Url | None = None
    events: Events | None = None
    is_enabled: bool | None = None


class WebhookOut(Schema):
    """`failing_since`: no delivery has succeeded since; `disabled_reason` is for people. `old_secret_until`: until when
    messages are signed with the secret before the present one, too; null when they are not.
    """

    id: int
    url: str
    events: list[WebhookEvent]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str
    num_pending: int
    old_secret_until: datetime | None


class WebhookCreated(WebhookOut):
    """The only answer that ever carries a secret: of a new hook, or after a rotation."""

    secret: str


class DeliveryOut(Schema):
    """`event` is one of the hook's events or `test`; `response_text` the answer's start, or why there was none."""

    id: int
    event: str
    payload: dict[str, Any]
    state: DeliveryState
    created_at: datetime
    num_attempts: int
    next_attempt_at: datetime | None
    finished_at: datetime | None
    response_status: int | None
    response_ms: int | None
    response_text: str

"""Writes of hooks, and the note of an event for each hook that asked for it.

An event is noted in the transaction that made it, so none is lost; a worker sends it (`delivery.py`).
"""

import logging
from datetime import timedelta
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from labeler.accounts.audit import record
from labeler.errors import Conflict, InvalidInput, NotFound
from labeler.jobs.names import QUEUE_OF, TaskName
from labeler.lib.remote_files import Refused, check_url
from labeler.lib.sealing import seal, unseal
from labeler.webhooks.delivery import hook_hosts
from labeler.webhooks.models import TEST_EVENT, DeliveryState, Webhook, WebhookDelivery, WebhookEvent
from labeler.webhooks.selectors import get_webhook
from labeler.webhooks.signing import SECRET_PURPOSE, new_secret

logger = logging.getLogger(__name__)

MAX_WEBHOOKS = 20  # of one project
OLD_SECRET_FOR = timedelta(hours=24)


@transaction.atomic
def create_webhook(
    *, project_id: int, actor: User, url: str, events: list[WebhookEvent]
) -> tuple[Webhook, str]:
    """Make a hook; the returned secret is shown once.

    Raises:
        InvalidInput: an address that is none, or names a private network.
        Conflict: the project has as many hooks as it may.
    """
    _check_url(url)
    num_hooks = Webhook.objects.filter(project_id=project_id).count()
    if num_hooks >= MAX_WEBHOOKS:
        raise Conflict(
            f"The project has {num_hooks} webhooks; {MAX_WEBHOOKS} is the limit", code="too_many_hooks"
        )
    secret = new_secret()
    hook = Webhook.objects.create(
        project_id=project_id,
        url=url,
        events=_sorted(events),
        sealed_secret=seal(secret, purpose=SECRET_PURPOSE),
        created_by=actor,
    )
    record(project_id=project_id, actor=actor, action="webhook.create", id=hook.id, url=url)
    return get_webhook(project_id=project_id, hook_id=hook.id), secret


@transaction.atomic
def update_webhook(
    *,
    project_id: int,
    actor: User,
    hook_id: int,
    url: str | None,
    events: list[WebhookEvent] | None,
    is_enabled: bool | None,
) -> Webhook:
    """Change a hook. Messages that wait go to the new address; enabling sends them at once."""
    hook = get_webhook(project_id=project_id, hook_id=hook_id)
    if url is not None:
        _check_url(url)
        hook.url = url
    if events is not None:
        hook.events = _sorted(events)
    if is_enabled is not None:
        hook.disabled_at = None if is_enabled else timezone.now()
        hook.disabled_reason = "" if is_enabled else f"Disabled by {actor.username}"
        hook.failing_since = None if is_enabled else hook.failing_since
    hook.save(update_fields=["url", "events", "disabled_at", "disabled_reason", "failing_since"])
    if is_enabled:
        hook.deliveries.filter(state=DeliveryState.PENDING).update(next_attempt_at=None)
        send_soon(hook.id)
    given = {"url": url, "events": events and _sorted(events), "is_enabled": is_enabled}
    told = {name: value for name, value in given.items() if value is not None}
    record(project_id=project_id, actor=actor, action="webhook.update", id=hook_id, **told)
    return get_webhook(project_id=project_id, hook_id=hook_id)


@transaction.atomic
def rotate_secret(*, project_id: int, actor: User, hook_id: int) -> tuple[Webhook, str]:
    """Give a hook a new secret, shown once. Messages are signed with the present one too for `OLD_SECRET_FOR`.

    Raises:
        Conflict: an older secret is still in use: its receivers would be cut off unnoticed.
    """
    hook = _locked(project_id=project_id, hook_id=hook_id)
    if hook.old_secret_until is not None:
        raise Conflict(
            f"Messages are signed with the old secret too, until {hook.old_secret_until:%Y-%m-%d %H:%M} UTC; "
            "end that first",
            code="old_secret_in_use",
        )
    secret = new_secret()
    is_readable = unseal(hook.sealed_secret, purpose=SECRET_PURPOSE) is not None
    hook.sealed_old_secret = hook.sealed_secret if is_readable else ""
    hook.old_secret_ends_at = timezone.now() + OLD_SECRET_FOR if is_readable else None
    hook.sealed_secret = seal(secret, purpose=SECRET_PURPOSE)
    hook.save(update_fields=["sealed_secret", "sealed_old_secret", "old_secret_ends_at"])
    record(project_id=project_id, actor=actor, action="webhook.rotate_secret", id=hook_id, url=hook.url)
    return get_webhook(project_id=project_id, hook_id=hook_id), secret


@transaction.atomic
def end_old_secret(*, project_id: int, actor: User, hook_id: int) -> None:
    """Sign with the present secret alone from now on. Nothing changes when that is so already."""
    hook = _locked(project_id=project_id, hook_id=hook_id)
    if hook.old_secret_until is None:
        return
    hook.sealed_old_secret, hook.old_secret_ends_at = "", None
    hook.save(update_fields=["sealed_old_secret", "old_secret_ends_at"])
    record(project_id=project_id, actor=actor, action="webhook.end_old_secret", id=hook_id, url=hook.url)


@transaction.atomic
def delete_webhook(*, project_id: int, actor: User, hook_id: int) -> None:
    """Remove a hook with all that waits for it."""
    hook = get_webhook(project_id=project_id, hook_id=hook_id)
    url = hook.url
    hook.delete()
    record(project_id=project_id, actor=actor, action="webhook.delete", id=hook_id, url=url)


@transaction.atomic
def send_test(*, project_id: int, hook_id: int) -> WebhookDelivery:
    """Queue a message of the event `test`."""
    hook = _enabled(project_id=project_id, hook_id=hook_id)
    return _queue(hook, TEST_EVENT, {"message": "A test of this webhook"})


@transaction.atomic
def send_again(*, project_id: int, hook_id: int, delivery_id: int) -> WebhookDelivery:
    """Queue the same message anew, after all that waits; it has an id of its own.

    Raises:
        Conflict: the hook is disabled, or the message has not been tried to the end yet.
    """
    hook = _enabled(project_id=project_id, hook_id=hook_id)
    delivery = hook.deliveries.filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound(f"Webhook {hook_id} has no delivery {delivery_id}")
    if delivery.state not in {DeliveryState.DELIVERED, DeliveryState.FAILED}:
        raise Conflict(f"Delivery {delivery_id} is {delivery.state}; it is sent anyway", code="not_finished")
    return _queue(hook, delivery.event, delivery.payload["data"])


def notify(*, project_id: int, event: WebhookEvent, data: dict[str, Any]) -> None:
    """Note an event for the project's hooks that want it; call it in the transaction that made the event."""
    hooks = Webhook.objects.filter(project_id=project_id, disabled_at__isnull=True)
    for hook in hooks:
        if event in hook.events:
            _queue(hook, event, data)


def notify_labels_changed(*, project_id: int, sequence: int) -> None:
    """Note that labels changed up to `sequence`.

    While the hook's last message is of this event and has not been tried, it grows instead of a second one: somebody
    who labels fast makes one message, not hundreds. Its receiver reads the label log after `first_sequence - 1`.
    """
    for hook in Webhook.objects.filter(project_id=project_id, disabled_at__isnull=True):
        if WebhookEvent.LABELS_CHANGED not in hook.events:
            continue
        last = hook.deliveries.select_for_update().order_by("-id").first()
        if last is not None and _may_grow(last):
            last.payload["data"]["last_sequence"] = sequence
            last.save(update_fields=["payload"])
        else:
            data = {"first_sequence": sequence, "last_sequence": sequence}
            _queue(hook, WebhookEvent.LABELS_CHANGED, data)


def send_soon(hook_id: int) -> None:
    """Ask a worker to deliver, once the transaction is through. Without a broker the sweep does it later."""

    def send() -> None:
        try:
            current_app.send_task(
                TaskName.DELIVER_WEBHOOKS.value,
                args=[hook_id],
                queue=QUEUE_OF[TaskName.DELIVER_WEBHOOKS].value,
            )
        except (OperationalError, OSError) as error:
            logger.error("webhook %s could not be queued, the sweep will try again: %s", hook_id, error)

    transaction.on_commit(send)


def _may_grow(delivery: WebhookDelivery) -> bool:
    is_new = delivery.state == DeliveryState.PENDING and delivery.num_attempts == 0
    return is_new and delivery.event == WebhookEvent.LABELS_CHANGED


def _queue(hook: Webhook, event: str, data: dict[str, Any]) -> WebhookDelivery:
    payload = {
        "type": event,
        "timestamp": timezone.now().isoformat(),
        "project_id": hook.project_id,
        "data": data,
    }
    delivery = WebhookDelivery.objects.create(hook=hook, event=event, payload=payload)
    send_soon(hook.id)
    return delivery


def _enabled(*, project_id: int, hook_id: int) -> Webhook:
    hook = get_webhook(project_id=project_id, hook_id=hook_id)
    if hook.disabled_at is not None:
        raise Conflict(f"Webhook {hook_id} is disabled; enable it first", code="hook_disabled")
    return hook


def _locked(*, project_id: int, hook_id: int) -> Webhook:
    """A hook whose row is locked, so that two rotations at once cannot lose a secret that receivers use."""
    get_webhook(project_id=project_id, hook_id=hook_id)
    return Webhook.objects.select_for_update().get(id=hook_id)


def _check_url(url: str) -> None:
    try:
        check_url(url, hosts=hook_hosts())
    except Refused as refusal:
        raise InvalidInput(f"The address is refused: {refusal}", code="address_refused") from refusal


def _sorted(events: list[WebhookEvent]) -> list[str]:
    return [event.value for event in WebhookEvent if event in events]

"""Send what waits for a hook, oldest first, one at a time.

A worker holds a hook by its `busy_until`. A message is tried until the receiver answers 2xx, each time later
(`BACK_OFF_S`); those after it wait, so the receiver sees them in order. After the last try it is given up and the next
has its turn. A worker that dies while it sends leaves the message `sending`; it is sent again when the hold runs out,
so a receiver may see a message twice, under the same id.
"""

import json
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from labeler.lib.remote_files import Hosts, Refused, post
from labeler.lib.sealing import unseal
from labeler.webhooks.models import WAITING, DeliveryState, Webhook, WebhookDelivery
from labeler.webhooks.signing import SECRET_PURPOSE, signed_headers

logger = logging.getLogger(__name__)

BACK_OFF_S = (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)  # after the first, second, ... failed try
TIMEOUT_S = 15.0  # of a whole try
HOLD_S = 120.0
KEPT = timedelta(days=30)
NUM_AT_ONCE = 50  # messages that one task sends before it lets others have their turn


def hook_hosts() -> Hosts:
    """Any public host, and the private ones that the operator lists."""
    return Hosts(allowed=("*",), private=tuple(settings.WEBHOOK_PRIVATE_HOSTS))


def deliver(hook_id: int) -> bool:
    """Send what is due; True if more is due at once. Nothing is done while another worker holds the hook."""
    if not _hold(hook_id):
        return False
    try:
        for _ in range(NUM_AT_ONCE):
            hook = Webhook.objects.get(id=hook_id)
            delivery = _next_due(hook)
            if delivery is None:
                return False
            _try(hook, delivery)
            _hold_on(hook_id)
        return True
    except Webhook.DoesNotExist:  # removed meanwhile
        return False
    finally:
        Webhook.objects.filter(id=hook_id).update(busy_until=None)


def list_due_hooks() -> list[int]:
    """Hooks with something that is due and nobody who sends it, for the sweep."""
    now = timezone.now()
    heads = WebhookDelivery.objects.filter(state__in=WAITING).values("hook_id").annotate(first=Min("id"))
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    hook_ids = WebhookDelivery.objects.filter(due, id__in=heads.values("first")).values("hook_id")
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=now)
    hooks = Webhook.objects.filter(free, disabled_at__isnull=True, id__in=hook_ids)
    return list(hooks.values_list("id", flat=True))


def drop_old_deliveries() -> int:
    """Forget what ended over 30 days ago; how many."""
    ended = WebhookDelivery.objects.filter(finished_at__lt=timezone.now() - KEPT)
    return ended.delete()[0]


def drop_old_secrets() -> int:
    """Forget secrets that nothing is signed with any more; how many."""
    ended = Webhook.objects.filter(old_secret_ends_at__lte=timezone.now())
    return ended.update(sealed_old_secret="", old_secret_ends_at=None)


def _hold(hook_id: int) -> bool:
    now = timezone.now()
    free = Webhook.objects.filter(Q(busy_until__isnull=True) | Q(busy_until__lte=now), id=hook_id)
    return bool(free.update(busy_until=now + timedelta(seconds=HOLD_S)))


def _hold_on(hook_id: int) -> None:
    until = timezone.now() + timedelta(seconds=HOLD_S)
    Webhook.objects.filter(id=hook_id).update(busy_until=until)


def _next_due(hook: Webhook) -> WebhookDelivery | None:
    """The oldest message that waits, claimed; `None` if there is none or it is not its time yet."""
    if hook.disabled_at is not None:
        return None
    waiting = hook.deliveries.filter(state__in=WAITING)
    first = waiting.order_by("id").values("id", "next_attempt_at").first()
    if first is None or (first["next_attempt_at"] is not None and first["next_attempt_at"] > timezone.now()):
        return None
    WebhookDelivery.objects.filter(id=first["id"]).update(state=DeliveryState.SENDING)
    return WebhookDelivery.objects.get(id=first["id"])  # read after the claim: a message grows until then


def _try(hook: Webhook, delivery: WebhookDelivery) -> None:
    started = time.monotonic()
    status, text = _send(hook, delivery)
    delivery.num_attempts += 1
    delivery.response_status = status
    delivery.response_text = text[:500]
    delivery.response_ms = round((time.monotonic() - started) * 1000)
    if status is not None and 200 <= status < 300:
        _note_success(hook, delivery)
    else:
        _note_failure(hook, delivery)


def _send(hook: Webhook, delivery: WebhookDelivery) -> tuple[int | None, str]:
    secret = unseal(hook.sealed_secret, purpose=SECRET_PURPOSE)
    if secret is None:
        return None, "The secret cannot be read: SECRET_KEY has changed. Give the hook a new one."
    old = unseal(hook.sealed_old_secret, purpose=SECRET_PURPOSE) if hook.old_secret_until else None
    body = json.dumps(delivery.payload, separators=(",", ":")).encode()
    headers = signed_headers(
        secrets_in_use=[secret] if old is None else [secret, old],
        message_id=f"msg_{delivery.id}",
        timestamp=int(time.time()),
        body=body,
    )
    try:
        answer = post(
            hook.url,
            body=body,
            headers={"Content-Type": "application/json", **headers},
            hosts=hook_hosts(),
            timeout_s=TIMEOUT_S,
        )
    except Refused as refusal:
        return None, str(refusal)
    return answer.status, answer.text


def _note_success(hook: Webhook, delivery: WebhookDelivery) -> None:
    delivery.state = DeliveryState.DELIVERED
    delivery.finished_at = timezone.now()
    delivery.save()
    if hook.failing_since is not None:
        Webhook.objects.filter(id=hook.id).update(failing_since=None)


def _note_failure(hook: Webhook, delivery: WebhookDelivery) -> None:
    now = timezone.now()
    if delivery.num_attempts > len(BACK_OFF_S):
        delivery.state, delivery.finished_at, delivery.next_attempt_at = DeliveryState.FAILED, now, None
    else:
        delivery.state = DeliveryState.PENDING
        delivery.next_attempt_at = now + timedelta(seconds=BACK_OFF_S[delivery.num_attempts - 1])
    delivery.save()
    since = hook.failing_since or now
    changes: dict[str, object] = {"failing_since": since}
    days = settings.WEBHOOK_DISABLE_AFTER_DAYS
    if now - since >= timedelta(days=days):
        changes |= {"disabled_at": now, "disabled_reason": f"No delivery has succeeded for {days} days"}
        logger.warning(
            "webhook %s of project %s is disabled: failing since %s", hook.id, hook.project_id, since
        )
    Webhook.objects.filter(id=hook.id).update(**changes)

"""Reads of hooks and of what was sent to them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from labeler.errors import NotFound
from labeler.webhooks.models import WAITING, Webhook


def list_webhooks(*, project_id: int) -> QuerySet[Webhook, Any]:
    """Hooks of a project, with `num_pending` messages that wait."""
    waiting = Count("deliveries", filter=Q(deliveries__state__in=WAITING))
    return Webhook.objects.filter(project_id=project_id).annotate(num_pending=waiting)


def get_webhook(*, project_id: int, hook_id: int) -> Webhook:
    """One hook, as `list_webhooks` gives it."""
    hook: Webhook | None = list_webhooks(project_id=project_id).filter(id=hook_id).first()
    if hook is None:
        raise NotFound(f"Project {project_id} has no webhook {hook_id}")
    return hook

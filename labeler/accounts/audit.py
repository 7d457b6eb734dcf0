"""The audit log: what admins did to a project's people and settings, in the transaction that did it."""

from typing import Any

from django.contrib.auth.models import User

from labeler.accounts.models import AuditEntry


def record(*, project_id: int, actor: User, action: str, **detail: Any) -> None:
    """Note what `actor` did; `action` is stable and for programs, such as `member.set`."""
    AuditEntry.objects.create(project_id=project_id, actor=actor.username, action=action, detail=detail)


def list_entries(*, project_id: int, before: int | None, limit: int) -> list[AuditEntry]:
    """Entries with an id below `before`, newest first; one more than `limit` tells that there is a next page."""
    entries = AuditEntry.objects.filter(project_id=project_id)
    if before is not None:
        entries = entries.filter(id__lt=before)
    return list(entries.order_by("-id")[: limit + 1])

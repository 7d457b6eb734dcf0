"""The audit log: what admins did to people and settings of a project or the site, in the transaction that did it."""

from typing import Any

from django.contrib.auth.models import User

from labeler.accounts.models import AuditEntry


def record(*, project_id: int | None, actor: User, action: str, **detail: Any) -> None:
    """Note what `actor` did; `action` is stable and for programs, such as `member.set`. No project: the site."""
    AuditEntry.objects.create(project_id=project_id, actor=actor.username, action=action, detail=detail)


def page_of_entries(*, project_id: int | None, before: int | None, limit: int) -> dict[str, Any]:
    """`items` with an id below `before`, newest first, and `next`, the `before` of the next page or null at the end.

    No project: the entries of all projects and of the site.
    """
    entries = AuditEntry.objects.order_by("-id")
    if project_id is not None:
        entries = entries.filter(project_id=project_id)
    if before is not None:
        entries = entries.filter(id__lt=before)
    found = list(entries[: limit + 1])
    page = found[:limit]
    return {"items": page, "next": page[-1].id if len(found) > limit else None}

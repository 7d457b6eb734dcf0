"""The audit log: what admins did to people and settings of a project or the site, in the transaction that did it."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from labeler.accounts.models import AuditEntry


def record(*, project_id: int | None, actor: User, action: str, **detail: Any) -> None:
    """Note what `actor` did; `action` is stable and for programs, such as `member.set`. No project: the site."""
    AuditEntry.objects.create(project_id=project_id, actor=actor.username, action=action, detail=detail)


def list_entries(*, project_id: int | None) -> QuerySet[AuditEntry]:
    """The entries of one project; no project: of all projects and of the site."""
    return (
        AuditEntry.objects.all() if project_id is None else AuditEntry.objects.filter(project_id=project_id)
    )

"""Invitations by link: make, revoke, look at, and accept one. Who has no account signs up first (`adapters.py`)."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from labeler.accounts.audit import record
from labeler.accounts.models import Invitation, Membership
from labeler.accounts.permissions import Role
from labeler.accounts.selectors import get_role, token_digest
from labeler.errors import Conflict, NotFound

SECRET_BYTES = 32
_SESSION_KEY = "invitation"
_UNKNOWN = "This invitation is unknown, used, revoked or expired"


def list_invitations(*, project_id: int) -> QuerySet[Invitation]:
    """Invitations of a project that can still be accepted, newest first."""
    return _open().filter(project_id=project_id).select_related("created_by")


@transaction.atomic
def create_invitation(
    *, project_id: int, actor: User, role: Role, expires_in_days: int
) -> tuple[Invitation, str]:
    """Make an invitation; the returned secret is shown once and never stored."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        project_id=project_id,
        role=role,
        digest=token_digest(secret),
        created_by=actor,
        expires_at=timezone.now() + timedelta(days=expires_in_days),
    )
    record(project_id=project_id, actor=actor, action="invitation.create", id=invitation.id, role=role.value)
    return invitation, secret


@transaction.atomic
def revoke_invitation(*, project_id: int, actor: User, invitation_id: int) -> None:
    """End an invitation that nobody accepted."""
    changed = _open().filter(project_id=project_id, id=invitation_id).update(revoked_at=timezone.now())
    if not changed:
        raise NotFound(f"Project {project_id} has no open invitation {invitation_id}")
    record(project_id=project_id, actor=actor, action="invitation.revoke", id=invitation_id)


def get_invitation(*, secret: str) -> Invitation:
    """The open invitation with this secret."""
    found = _open().filter(digest=token_digest(secret)).select_related("project", "created_by").first()
    if found is None:
        raise NotFound(_UNKNOWN, code="bad_invitation")
    return found


@transaction.atomic
def accept_invitation(*, secret: str, user: User) -> Membership:
    """Join the project once. A member keeps a role that is higher already.

    Raises:
        NotFound: nobody may accept it any more.
        Conflict: the user is in the project with the same role or a higher one.
    """
    invitation = _open().select_for_update().filter(digest=token_digest(secret)).first()
    if invitation is None:
        raise NotFound(_UNKNOWN, code="bad_invitation")
    role, present = Role(invitation.role), get_role(user=user, project_id=invitation.project_id)
    if present is not None and list(Role).index(present) >= list(Role).index(role):
        raise Conflict(f"You are in this project already, as {present.value}", code="already_member")
    membership, _ = Membership.objects.update_or_create(
        project_id=invitation.project_id, user=user, defaults={"role": role}
    )
    Invitation.objects.filter(id=invitation.id).update(accepted_at=timezone.now(), accepted_by=user)
    record(
        project_id=invitation.project_id,
        actor=user,
        action="invitation.accept",
        id=invitation.id,
        role=role.value,
    )
    return membership


def remember_invitation(request: HttpRequest, *, secret: str) -> None:
    """Note in the session that its holder has opened this invitation, so that signing up is open to them."""
    request.session[_SESSION_KEY] = secret


def shown_invitation(request: HttpRequest) -> str | None:
    """The secret of the invitation that this session has opened last, if any; it may have ended since."""
    secret: str | None = request.session.get(_SESSION_KEY)
    return secret


def forget_invitation(request: HttpRequest) -> None:
    """End what `remember_invitation` began."""
    request.session.pop(_SESSION_KEY, None)


def is_open(*, secret: str) -> bool:
    """True while the invitation can be accepted."""
    return _open().filter(digest=token_digest(secret)).exists()


def describe(invitation: Invitation) -> dict[str, Any]:
    """What the holder of the link is told before joining."""
    by = invitation.created_by
    return {
        "project_name": invitation.project.name,
        "role": invitation.role,
        "invited_by": None if by is None else by.username,
        "expires_at": invitation.expires_at,
    }


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        project__archived_at__isnull=True,
    )

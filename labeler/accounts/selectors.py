"""Reads of users, roles and tokens."""

import hashlib
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from labeler.accounts.models import ApiToken, Membership
from labeler.accounts.permissions import Role


def get_role(*, user: User, project_id: int) -> Role | None:
    """Role of `user` in the project; site staff are admins of every project.

    `None` for strangers, and for everybody where no such project is or it is archived: no route and no socket
    has to ask again.
    """
    if not 0 < project_id <= BigIntegerField.MAX_BIGINT:  # no such id, and SQLite fails on larger numbers
        return None
    if user.is_staff:
        projects = apps.get_model(
            "datasets", "Project"
        )._default_manager  # by name: accounts is the lowest layer
        is_there = projects.filter(id=project_id, archived_at__isnull=True).exists()
        return Role.ADMIN if is_there else None
    memberships = Membership.objects.filter(
        user=user, project_id=project_id, project__archived_at__isnull=True
    )
    role = memberships.values_list("role", flat=True).first()
    return Role(role) if role else None


def list_project_ids(*, user: User) -> QuerySet[Membership, Any]:
    """Ids of the projects that `user` is a member of, for use in a query."""
    return Membership.objects.filter(user=user).values_list("project_id", flat=True)


def list_members(*, project_id: int) -> QuerySet[Membership]:
    """Members of a project with their users."""
    return Membership.objects.filter(project_id=project_id).select_related("user")


def token_digest(secret: str) -> str:
    """SHA-256 of a token's secret in hex; the secret has 256 random bits, so no salt or stretching is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def get_token(*, secret: str) -> ApiToken | None:
    """The live token with this secret: not revoked, not expired, owner active."""
    token = ApiToken.objects.select_related("user").filter(digest=token_digest(secret)).first()
    if token is None or token.revoked_at is not None or not token.user.is_active:
        return None
    if token.expires_at is not None and token.expires_at <= timezone.now():
        return None
    return token


def list_tokens(*, user: User) -> QuerySet[ApiToken]:
    """A user's tokens that are not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True)

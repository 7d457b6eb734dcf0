"""Writes of users, members and tokens: one function per user action, one transaction each."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from labeler.accounts.audit import record
from labeler.accounts.models import ApiToken, Membership
from labeler.accounts.permissions import Role, Scope
from labeler.accounts.selectors import token_digest
from labeler.errors import Conflict, InvalidInput, NotFound

TOKEN_PREFIX = "lab_"  # noqa: S105  # a public marker that secret scanners can look for
LAST_USED_RESOLUTION = timedelta(minutes=1)


@transaction.atomic
def create_user(*, username: str, password: str | None, email: str = "", actor: User | None = None) -> User:
    """Create a user after Django's password validators; without a password, who has a reset link sets one.

    Raises:
        InvalidInput: the password is too weak.
        Conflict: the name is taken.
    """
    if password is not None:
        _check_password(password, User(username=username, email=email))
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"There is a user named {username!r} already", code="username_taken")
    try:
        with transaction.atomic():
            user = User.objects.create_user(username=username, password=password, email=email)
    except IntegrityError as error:  # somebody took it between the look and the write
        raise Conflict(f"There is a user named {username!r} already", code="username_taken") from error
    if email:
        EmailAddress.objects.create(user=user, email=email.lower(), primary=True)
    if actor is not None:
        record(project_id=None, actor=actor, action="user.create", username=username)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), code="weak_password") from error


@transaction.atomic
def create_first_admin(*, username: str, password: str | None) -> str | None:
    """Make one staff user if there is no user at all; return its password (random unless given), else `None`."""
    if User.objects.exists():
        return None
    password = password or secrets.token_urlsafe(12)
    User.objects.create_user(username=username, password=password, is_staff=True, is_superuser=True)
    return password


@transaction.atomic
def create_token(*, user: User, name: str, scope: Scope, expires_at: datetime | None) -> tuple[ApiToken, str]:
    """Make a token; the returned secret is shown once and never stored."""
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput(f"expires_at is {expires_at.isoformat()}, which is past", code="expiry_in_past")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:12],
        digest=token_digest(secret),
        scope=scope,
        expires_at=expires_at,
    )
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token_id: int) -> None:
    """End one of the user's own tokens."""
    changed = ApiToken.objects.filter(user=user, id=token_id, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    if not changed:
        raise NotFound(f"You have no token {token_id}")


def touch_token(token: ApiToken) -> None:
    """Note that a token was used, at most once a minute so that reading with it does not write each time."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_RESOLUTION:
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)


@transaction.atomic
def set_member(*, project_id: int, actor: User, username: str, role: Role) -> Membership:
    """Give a user a role in a project, or change it. The last admin cannot be demoted."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound(f"There is no user named {username!r}", code="no_such_user")
    if role is not Role.ADMIN:
        _keep_an_admin(project_id=project_id, user=user)
    try:
        membership, _ = Membership.objects.update_or_create(
            project_id=project_id, user=user, defaults={"role": role}
        )
    except IntegrityError as error:
        raise NotFound(f"There is no project {project_id}") from error
    record(project_id=project_id, actor=actor, action="member.set", username=username, role=role.value)
    return membership


@transaction.atomic
def remove_member(*, project_id: int, actor: User, username: str) -> None:
    """Take a user out of a project. The last admin stays."""
    membership = (
        Membership.objects.select_related("user")
        .filter(project_id=project_id, user__username=username)
        .first()
    )
    if membership is None:
        raise NotFound(f"{username!r} is not a member of project {project_id}")
    _keep_an_admin(project_id=project_id, user=membership.user)
    membership.delete()
    record(project_id=project_id, actor=actor, action="member.remove", username=username)


def _keep_an_admin(*, project_id: int, user: User) -> None:
    admins = Membership.objects.select_for_update().filter(project_id=project_id, role=Role.ADMIN)
    if list(admins.values_list("user_id", flat=True)) == [user.id]:
        raise Conflict(f"{user.username!r} is the project's last admin", code="last_admin")

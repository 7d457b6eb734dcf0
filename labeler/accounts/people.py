"""What site staff do to accounts: see them all, close and open one, hand out a reset link, take second factors off."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from labeler.accounts.audit import record
from labeler.errors import Conflict, NotFound


def list_people() -> QuerySet[User, Any]:
    """Every account, with `num_second_factors` (recovery codes are none) and `num_projects`."""
    is_factor = ~Q(authenticator__type=Authenticator.Type.RECOVERY_CODES)
    return User.objects.annotate(
        num_second_factors=Count("authenticator", distinct=True, filter=is_factor),
        num_projects=Count("memberships", distinct=True),
    )


@transaction.atomic
def update_person(*, actor: User, username: str, is_active: bool | None, is_staff: bool | None) -> User:
    """Close or open an account, give or take the rights of site staff.

    Raises:
        NotFound: no such user.
        Conflict: the site would have no staff left that can sign in.
    """
    user = _get(username)
    for name, value in (("is_active", is_active), ("is_staff", is_staff)):
        if value is not None:
            setattr(user, name, value)
    others = User.objects.select_for_update().filter(is_active=True, is_staff=True).exclude(id=user.id)
    if not (user.is_active and user.is_staff) and not others.exists():
        raise Conflict(f"{username!r} is the site's last staff member", code="last_staff")
    user.save(update_fields=["is_active", "is_staff"])
    changes = {"is_active": is_active, "is_staff": is_staff}
    told = {name: value for name, value in changes.items() if value is not None}
    record(project_id=None, actor=actor, action="user.update", username=username, **told)
    person: User = list_people().get(id=user.id)
    return person


@transaction.atomic
def make_reset_link(*, actor: User, username: str) -> str:
    """The path of the page on which this user sets a new password; it works once, for `PASSWORD_RESET_TIMEOUT`.

    Raises:
        NotFound: no such user, or the account is closed.
    """
    user = _get(username, is_active=True)
    record(project_id=None, actor=actor, action="user.reset_link", username=username)
    return f"/reset-password/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


@transaction.atomic
def remove_second_factors(*, actor: User, username: str) -> None:
    """Take every second factor and recovery code off an account, for somebody who lost them."""
    user = _get(username)
    Authenticator.objects.filter(user=user).delete()
    record(project_id=None, actor=actor, action="user.remove_second_factors", username=username)


def _get(username: str, **state: bool) -> User:
    user = User.objects.filter(username=username, **state).first()
    if user is None:
        raise NotFound(f"There is no user named {username!r}", code="no_such_user")
    return user

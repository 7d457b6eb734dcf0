"""Who is calling: a browser session (with CSRF on writes) or a bearer token. Gives every route a `Caller`."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from labeler.accounts.permissions import Action, Role, Scope, may, scope_allows
from labeler.accounts.selectors import get_role, get_token
from labeler.accounts.services import touch_token
from labeler.errors import NotAllowed, NotFound, NotSignedIn


@dataclass(frozen=True)
class Caller:
    """A signed-in user and, when a token brought them, the token's scope."""

    user: User
    scope: Scope | None = None

    def role_in(self, project_id: int) -> Role:
        """Role in a project; a stranger is told that there is no such project."""
        role = get_role(user=self.user, project_id=project_id)
        if role is None:
            raise NotFound(f"There is no project {project_id}")
        return role

    def require(self, project_id: int, action: Action) -> Role:
        """Return the role if it may do `action` in the project.

        Raises:
            NotFound: not a member, so the project's existence stays hidden.
            NotAllowed: a member whose role or token scope is too low.
        """
        role = self.role_in(project_id)
        if not may(role, action):
            raise NotAllowed(f"The role {role.value!r} may not {action.value.replace('_', ' ')}")
        if not scope_allows(self.scope, action):
            raise NotAllowed(
                f"A token of scope {cast(Scope, self.scope).value!r} may not {action.value.replace('_', ' ')}",
                code="token_scope",
            )
        return role


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def authenticate_request(request: HttpRequest) -> Caller:
    """The route guard given to django-ninja. A bearer token wins over a session."""
    header = request.headers.get("Authorization", "")
    if header:
        return _from_bearer(header)
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise NotSignedIn("Sign in, or send `Authorization: Bearer <token>`")
    check_csrf(request)
    return Caller(user=user)


def check_csrf(request: HttpRequest) -> None:
    """Refuse a state-changing request of a session that does not carry the session's CSRF token."""
    check = _CsrfCheck(lambda _request: None)  # type: ignore[arg-type]
    check.process_request(request)
    # Ninja marks its views as exempt, so the check of the middleware stack does not run; this one is ours.
    reason = check.process_view(request, lambda: None, (), {})  # type: ignore[arg-type,return-value]
    if reason:
        raise NotAllowed(f"CSRF check failed: {reason}", code="csrf_failed")


def get_caller(request: HttpRequest) -> Caller:
    """The `Caller` that the route guard put on the request."""
    caller: Caller = cast(Any, request).auth
    return caller


def session_user(request: HttpRequest) -> User:
    """The user of a browser session.

    Raises:
        NotAllowed: a token called.
    """
    caller = get_caller(request)
    if caller.scope is not None:
        raise NotAllowed("A token may not do this; sign in with a password", code="session_only")
    return caller.user


def _from_bearer(header: str) -> Caller:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn(f"Authorization scheme {scheme!r} is not supported; use Bearer", code="bad_scheme")
    token = get_token(secret=secret.strip())
    if token is None:
        raise NotSignedIn("The token is unknown, revoked or expired", code="bad_token")
    touch_token(token)
    return Caller(user=token.user, scope=Scope(token.scope))

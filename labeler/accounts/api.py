"""Routes of sign-in, tokens and members."""

import hashlib
from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest
from django.middleware.csrf import get_token as get_csrf_token
from ninja import Router, Status

from labeler.accounts import selectors, services
from labeler.accounts.auth import check_csrf, get_caller, session_user
from labeler.accounts.models import Membership
from labeler.accounts.permissions import Action
from labeler.accounts.schemas import (
    MemberIn,
    MemberOut,
    SessionOut,
    SignIn,
    TokenCreated,
    TokenIn,
    TokenOut,
    UserIn,
    UsernameInPath,
    UserOut,
)
from labeler.errors import NotAllowed, NotSignedIn, TooManyRequests
from labeler.lib.openapi import may_answer

router = Router(tags=["accounts"])

SIGN_IN_TRIES = 10
SIGN_IN_WINDOW_S = 300


@router.get("/session", response=SessionOut, auth=None, summary="Who is signed in")
def get_session(request: HttpRequest) -> dict[str, Any]:
    user = request.user if isinstance(request.user, User) else None
    return {"user": user, "csrf_token": get_csrf_token(request)}


@router.post(
    "/session", response=SessionOut, auth=None, summary="Sign in", openapi_extra=may_answer(401, 429)
)
def sign_in(request: HttpRequest, body: SignIn) -> dict[str, Any]:
    check_csrf(request)
    who = hashlib.sha256(body.username.lower().encode()).hexdigest()
    key = f"sign-in:{request.META.get('REMOTE_ADDR')}:{who}"
    if (cache.get_or_set(key, 0, SIGN_IN_WINDOW_S) or 0) >= SIGN_IN_TRIES:
        raise TooManyRequests(
            f"More than {SIGN_IN_TRIES} failed sign-ins; wait {SIGN_IN_WINDOW_S // 60} minutes"
        )
    user = authenticate(request, username=body.username, password=body.password)
    if not isinstance(user, User):
        _count_failure(key)
        raise NotSignedIn("The name or the password is wrong", code="bad_credentials")
    cache.delete(key)
    login(request, user)
    return {"user": user, "csrf_token": get_csrf_token(request)}


@router.delete("/session", response={204: None}, summary="Sign out")
def sign_out(request: HttpRequest) -> Any:
    logout(request)
    return Status(204, None)


@router.get("/tokens", response=list[TokenOut], summary="List your API tokens")
def list_tokens(request: HttpRequest) -> Any:
    return selectors.list_tokens(user=get_caller(request).user)


@router.post("/tokens", response={201: TokenCreated}, summary="Make an API token")
def create_token(request: HttpRequest, body: TokenIn) -> Any:
    token, secret = services.create_token(
        user=session_user(request), name=body.name, scope=body.scope, expires_at=body.expires_at
    )
    return Status(201, {**TokenOut.from_orm(token).dict(), "token": secret})


@router.delete("/tokens/{token_id}", response={204: None}, summary="Revoke an API token")
def revoke_token(request: HttpRequest, token_id: int) -> Any:
    services.revoke_token(user=session_user(request), token_id=token_id)
    return Status(204, None)


@router.post(
    "/users", response={201: UserOut}, summary="Create a user (site staff)", openapi_extra=may_answer(409)
)
def create_user(request: HttpRequest, body: UserIn) -> Any:
    if not session_user(request).is_staff:
        raise NotAllowed("Only site staff may create users")
    return Status(201, services.create_user(username=body.username, password=body.password))


@router.get("/projects/{project_id}/members", response=list[MemberOut], summary="List members")
def list_members(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return [_member(membership) for membership in selectors.list_members(project_id=project_id)]


@router.put(
    "/projects/{project_id}/members/{username}", response=MemberOut, summary="Add a member or change a role"
)
def set_member(request: HttpRequest, project_id: int, username: UsernameInPath, body: MemberIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_MEMBERS)
    return _member(
        services.set_member(project_id=project_id, actor=caller.user, username=username, role=body.role)
    )


@router.delete("/projects/{project_id}/members/{username}", response={204: None}, summary="Remove a member")
def remove_member(request: HttpRequest, project_id: int, username: UsernameInPath) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_MEMBERS)
    services.remove_member(project_id=project_id, actor=caller.user, username=username)
    return Status(204, None)


def _member(membership: Membership) -> dict[str, Any]:
    return {
        "username": membership.user.username,
        "role": membership.role,
        "created_at": membership.created_at,
    }


def _count_failure(key: str) -> None:
    try:
        cache.incr(key)
    except ValueError:  # expired between the check and here
        cache.set(key, 1, SIGN_IN_WINDOW_S)

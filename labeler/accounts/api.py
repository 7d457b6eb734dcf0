"""Routes of the session, tokens and members. Signing in itself is django-allauth's, under `/api/auth/`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from labeler.accounts import selectors, services, sessions
from labeler.accounts.auth import check_csrf, get_caller, session_user
from labeler.accounts.models import Membership
from labeler.accounts.permissions import Action
from labeler.accounts.schemas import (
    MemberIn,
    MemberOut,
    ProviderIn,
    ProviderOut,
    SessionOut,
    TokenCreated,
    TokenIn,
    TokenOut,
    UsernameInPath,
)
from labeler.errors import NotSignedIn
from labeler.lib.openapi import binary_body, may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page

router = Router(tags=["accounts"])


@router.get("/session", response=SessionOut, auth=None, summary="Who is signed in, and what the site offers")
def get_session(request: HttpRequest) -> Any:
    return sessions.session_of(request)


@router.post(
    "/session/provider",
    response=ProviderOut,
    auth=None,
    summary="Begin to sign in with an identity provider, or to connect one",
    openapi_extra=may_answer(401, 403, 404, 503),
)
def begin_provider(request: HttpRequest, body: ProviderIn) -> Any:
    check_csrf(request)
    if body.process == "connect" and not request.user.is_authenticated:
        raise NotSignedIn("Sign in before you connect another way to sign in")
    location = sessions.provider_location(
        request, provider_id=body.provider, process=body.process, next_path=body.next
    )
    return {"location": location}


@router.get(
    "/session/totp-picture",
    summary="QR code of the authenticator app's secret that is being set up",
    openapi_extra={
        "responses": binary_body("image/svg+xml")["responses"] | may_answer(403)["responses"],
    },
)
def get_totp_picture(request: HttpRequest) -> HttpResponse:
    picture = sessions.totp_picture(request, user=session_user(request))
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@router.get("/tokens", response=Page[TokenOut], summary="Your API tokens, newest first")
def list_tokens(request: HttpRequest, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE) -> Any:
    tokens = selectors.list_tokens(user=get_caller(request).user)
    return newest_first_page(tokens, after=after, limit=limit)


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


@router.get(
    "/projects/{project_id}/members", response=Page[MemberOut], summary="Members, who came last first"
)
def list_members(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    page = newest_first_page(selectors.list_members(project_id=project_id), after=after, limit=limit)
    return {**page, "items": [_member(membership) for membership in page["items"]]}


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

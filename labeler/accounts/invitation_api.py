"""Routes of invitations and of the audit log."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja import Router, Status

from labeler.accounts import audit, invitations
from labeler.accounts.auth import check_csrf, get_caller, session_user
from labeler.accounts.permissions import Action
from labeler.accounts.schemas import (
    AuditOut,
    InvitationAbout,
    InvitationCreated,
    InvitationIn,
    InvitationOut,
    InvitationSecret,
    SessionOut,
)
from labeler.accounts.sessions import session_of
from labeler.errors import TooManyRequests
from labeler.lib.openapi import may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page

router = Router(tags=["accounts"])

OPEN_TRIES = 20
OPEN_WINDOW_S = 3600


@router.get(
    "/projects/{project_id}/invitations",
    response=Page[InvitationOut],
    summary="Open invitations, newest first",
)
def list_invitations(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.EDIT_MEMBERS)
    found = invitations.list_invitations(project_id=project_id)
    return newest_first_page(found, after=after, limit=limit)


@router.post(
    "/projects/{project_id}/invitations",
    response={201: InvitationCreated},
    summary="Make an invitation; its link is shown once",
)
def create_invitation(request: HttpRequest, project_id: int, body: InvitationIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_MEMBERS)
    invitation, secret = invitations.create_invitation(
        project_id=project_id, actor=caller.user, role=body.role, expires_in_days=body.expires_in_days
    )
    about = InvitationOut.from_orm(invitation).dict()
    return Status(201, {**about, "secret": secret, "path": f"/invitations/{secret}"})


@router.delete(
    "/projects/{project_id}/invitations/{invitation_id}", response={204: None}, summary="Revoke an invitation"
)
def revoke_invitation(request: HttpRequest, project_id: int, invitation_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_MEMBERS)
    invitations.revoke_invitation(project_id=project_id, actor=caller.user, invitation_id=invitation_id)
    return Status(204, None)


@router.post(
    "/invitations/about",
    auth=None,
    response=InvitationAbout,
    summary="What an invitation is to; opens sign-up to this session",
    openapi_extra=may_answer(403, 404, 429),
)
def about_invitation(request: HttpRequest, body: InvitationSecret) -> Any:
    check_csrf(request)
    _count_try(request)
    invitation = invitations.get_invitation(secret=body.secret)
    invitations.remember_invitation(request, secret=body.secret)
    return invitations.describe(invitation)


@router.post(
    "/invitations/accept",
    response=SessionOut,
    summary="Join a project with an invitation",
    openapi_extra=may_answer(404, 409),
)
def accept_invitation(request: HttpRequest, body: InvitationSecret) -> Any:
    user = session_user(request)
    invitations.accept_invitation(secret=body.secret, user=user)
    invitations.forget_invitation(request)
    return session_of(request)


@router.get(
    "/projects/{project_id}/audit-log",
    response=Page[AuditOut],
    summary="What admins did to people and settings, newest first",
)
def list_audit_log(
    request: HttpRequest,
    project_id: int,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.EDIT_MEMBERS)
    return newest_first_page(audit.list_entries(project_id=project_id), after=after, limit=limit)


def _count_try(request: HttpRequest) -> None:
    """Guessing a secret is hopeless; this only keeps somebody from trying at our cost."""
    key = f"invitation:{request.META.get('REMOTE_ADDR')}"
    if cache.get_or_set(key, 0, OPEN_WINDOW_S) >= OPEN_TRIES:  # type: ignore[operator]  # an int
        raise TooManyRequests(f"More than {OPEN_TRIES} tries; wait an hour")
    cache.incr(key)

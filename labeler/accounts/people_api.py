"""Routes of site staff: accounts, and the audit log of the whole site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from ninja import Router, Status

from labeler.accounts import audit, people, services
from labeler.accounts.auth import session_user
from labeler.accounts.schemas import (
    AuditOut,
    PersonOut,
    ResetLink,
    UserIn,
    UsernameInPath,
    UserOut,
    UserPatch,
)
from labeler.errors import NotAllowed
from labeler.lib.openapi import may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page

router = Router(tags=["accounts"])


@router.get(
    "/users",
    response=Page[PersonOut],
    summary="Every account, newest first (site staff)",
    openapi_extra=may_answer(403),
)
def list_users(request: HttpRequest, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE) -> Any:
    _staff(request)
    return newest_first_page(people.list_people(), after=after, limit=limit)


@router.post(
    "/users", response={201: UserOut}, summary="Create a user (site staff)", openapi_extra=may_answer(409)
)
def create_user(request: HttpRequest, body: UserIn) -> Any:
    actor = _staff(request)
    user = services.create_user(username=body.username, password=body.password, email=body.email, actor=actor)
    return Status(201, user)


@router.patch(
    "/users/{username}", response=PersonOut, summary="Close or open an account, or make it staff (site staff)"
)
def update_user(request: HttpRequest, username: UsernameInPath, body: UserPatch) -> Any:
    return people.update_person(
        actor=_staff(request), username=username, is_active=body.is_active, is_staff=body.is_staff
    )


@router.post(
    "/users/{username}/reset-link",
    response=ResetLink,
    summary="Make a link with which somebody sets a new password (site staff)",
)
def create_reset_link(request: HttpRequest, username: UsernameInPath) -> Any:
    path = people.make_reset_link(actor=_staff(request), username=username)
    return {"path": path, "expires_in_hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


@router.delete(
    "/users/{username}/second-factors",
    response={204: None},
    summary="Take all second factors off an account (site staff)",
)
def remove_second_factors(request: HttpRequest, username: UsernameInPath) -> Any:
    people.remove_second_factors(actor=_staff(request), username=username)
    return Status(204, None)


@router.get(
    "/audit-log",
    response=Page[AuditOut],
    summary="What admins did, on the site and in all projects, newest first (site staff)",
    openapi_extra=may_answer(403),
)
def list_site_audit_log(
    request: HttpRequest,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    _staff(request)
    return newest_first_page(audit.list_entries(project_id=None), after=after, limit=limit)


def _staff(request: HttpRequest) -> User:
    user = session_user(request)
    if not user.is_staff:
        raise NotAllowed("Only site staff may do this")
    return user

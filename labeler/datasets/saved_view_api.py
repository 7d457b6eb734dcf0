"""Routes of a person's saved views."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets import saved_views
from labeler.datasets.schemas import SavedViewIn, SavedViewOut

router = Router(tags=["datasets"])


@router.get(
    "/projects/{project_id}/saved-views",
    response=list[SavedViewOut],
    summary="Your views of a project, by name",
)
def list_saved_views(request: HttpRequest, project_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.VIEW)
    return saved_views.list_saved_views(project_id=project_id, user=caller.user)


@router.post(
    "/projects/{project_id}/saved-views",
    response=SavedViewOut,
    summary="Keep a view under a name; one of the same name is replaced",
)
def save_view(request: HttpRequest, project_id: int, body: SavedViewIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.SAVE_VIEW)
    return saved_views.save_view(project_id=project_id, user=caller.user, name=body.name, search=body.search)


@router.delete(
    "/projects/{project_id}/saved-views/{view_id}", response={204: None}, summary="Forget one of your views"
)
def forget_view(request: HttpRequest, project_id: int, view_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.SAVE_VIEW)
    saved_views.forget_view(project_id=project_id, user=caller.user, view_id=view_id)
    return Status(204, None)

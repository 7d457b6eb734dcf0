"""Routes of removed images: take out, list, bring back."""

from operator import itemgetter
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.annotations.packing import unpack_indexes
from labeler.datasets.models import Image
from labeler.datasets.selectors import get_project
from labeler.errors import InvalidInput
from labeler.lib.binary import array_response
from labeler.lib.openapi import array_body
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, page_of_rows
from labeler.results import removals
from labeler.results.removal_schemas import (
    RemovalIn,
    RemovalOut,
    RemovalSummary,
    RemovedImageOut,
    RestoreIn,
    RestoreOut,
)

router = Router(tags=["removed images"])


@router.post(
    "/projects/{project_id}/removals",
    response=RemovalOut,
    summary="Remove images from the project; nothing is deleted",
    description="They are shown, counted, exported and trained on no more. Files and labels are kept, and come back.",
)
def remove_images(request: HttpRequest, project_id: int, body: RemovalIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.REMOVE_IMAGES)
    removal = removals.remove_images(
        project_id=project_id,
        user=caller.user,
        image_indexes=body.image_indexes,
        client_action_id=body.client_action_id,
    )
    return {
        "id": removal.id,
        "removed_by": caller.user.username,
        "created_at": removal.created_at,
        "image_indexes": unpack_indexes(bytes(removal.image_indexes)),
        "num_labelled": removal.num_labelled,
    }


@router.get(
    "/projects/{project_id}/removals",
    response=Page[RemovalSummary],
    summary="Removals of which images are still out, newest first",
)
def list_removals(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.REMOVE_IMAGES)
    rows = removals.list_removals(project_id=project_id, after=after, limit=limit)
    return page_of_rows(rows, limit=limit, cursor=itemgetter("id"))


@router.get(
    "/projects/{project_id}/removals/{removal_id}/images",
    response=Page[RemovedImageOut],
    summary="Images of one removal that are still out, by index",
)
def list_removed_images(
    request: HttpRequest,
    project_id: int,
    removal_id: int,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.REMOVE_IMAGES)
    images = removals.list_removed_images(
        project_id=project_id, removal_id=removal_id, after=after, limit=limit
    )
    page = page_of_rows(images, limit=limit, cursor=lambda image: image.index)
    return {"items": [_image_out(image) for image in page["items"]], "next": page["next"]}


@router.post(
    "/projects/{project_id}/restore-images",
    response=RestoreOut,
    summary="Bring removed images back, with their labels",
)
def restore_images(request: HttpRequest, project_id: int, body: RestoreIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.REMOVE_IMAGES)
    return removals.restore_images(
        project_id=project_id,
        user=caller.user,
        image_indexes=body.image_indexes,
        removal_id=body.removal_id,
        import_id=body.import_id,
    )


@router.get(
    "/projects/{project_id}/removed",
    summary="uint8, 1 where one of the first `count` images was removed",
    openapi_extra=array_body(),
)
def get_removed(request: HttpRequest, project_id: int, count: Annotated[int, Query(ge=0)]) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    project = get_project(project_id=project_id)
    if count > project.num_images:
        raise InvalidInput(f"count is {count}; the project has {project.num_images} images")
    mask = removals.get_removed_mask(project_id=project_id, count=count)
    return array_response(mask.tobytes(), dtype="uint8", shape=[count], immutable=False)


def _image_out(image: Image) -> dict[str, Any]:
    return {"index": image.index, "path": image.path, "class_id": image.resolved_class_id}

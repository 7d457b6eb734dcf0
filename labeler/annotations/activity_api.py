"""Routes of the activity page: the log newest first, labels per second, agreement."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.annotations import activity, selectors
from labeler.annotations.models import LabelAction
from labeler.annotations.packing import unpack_indexes
from labeler.annotations.schemas import ActivityItem, AnnotatorOut, MeterOut
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page, page_of_rows

router = Router(tags=["annotations"])

NUM_FIRST_IMAGES = 6  # shown beside an action


@router.get("/projects/{project_id}/activity", response=Page[ActivityItem], summary="The log, newest first")
def list_activity(
    request: HttpRequest,
    project_id: int,
    after: Cursor = None,
    annotator: Annotated[str | None, Query(max_length=150)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    actions = selectors.list_recent_actions(
        project_id=project_id, before=after, annotator=annotator, limit=limit
    )
    page = page_of_rows(actions, limit=limit, cursor=lambda action: action.sequence)
    return {"items": [_item_out(action) for action in page["items"]], "next": page["next"]}


@router.get("/projects/{project_id}/meter", response=MeterOut, summary="Labels per second, and agreement")
def get_meter(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return {
        "annotators": activity.get_speed(project_id=project_id),
        "agreement": activity.get_agreement(project_id=project_id),
    }


@router.get(
    "/projects/{project_id}/annotators",
    response=Page[AnnotatorOut],
    summary="Everybody who labelled, newest account first",
)
def list_annotators(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return newest_first_page(selectors.list_annotators(project_id=project_id), after=after, limit=limit)


def _item_out(action: LabelAction) -> dict[str, Any]:
    packed = bytes(action.image_indexes)
    return {
        "sequence": action.sequence,
        "kind": action.kind,
        "annotator": action.annotator.username,
        "class_id": action.label_class_id if action.undoes is None else action.undoes.label_class_id,
        "num_images": len(packed) // 4,
        "num_changed": action.num_changed,
        "first_image_indexes": unpack_indexes(packed[: 4 * NUM_FIRST_IMAGES]),
        "undoes": None if action.undoes is None else action.undoes.sequence,
        "is_undone": action.undone_by_id is not None,
        "gesture": action.provenance.get("gesture", ""),
        "seconds_shown": action.provenance.get("seconds_shown"),
        "created_at": action.created_at,
    }

"""Routes of classes and label actions."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.annotations import class_edits, classes, label_facts, selectors, services
from labeler.annotations.models import LabelAction
from labeler.annotations.packing import unpack_indexes
from labeler.annotations.schemas import (
    ClassIn,
    ClassOrderIn,
    ClassOut,
    ClassPatch,
    LabelActionIn,
    LabelActionOut,
    LabelActionPage,
    MergeIn,
    MergeOut,
    UndoIn,
)
from labeler.annotations.services import ActionResult
from labeler.datasets.selectors import get_image
from labeler.errors import InvalidInput
from labeler.lib.binary import array_response
from labeler.lib.openapi import array_body

router = Router(tags=["annotations"])

MAX_IMAGES_PER_PAGE = 100_000


@router.get("/projects/{project_id}/classes", response=list[ClassOut], summary="Classes in order")
def list_classes(request: HttpRequest, project_id: int, archived: bool = False) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return selectors.list_classes(project_id=project_id, with_archived=archived)


@router.post("/projects/{project_id}/classes", response={201: ClassOut}, summary="Add a class")
def create_class(request: HttpRequest, project_id: int, body: ClassIn) -> Any:
    get_caller(request).require(project_id, Action.EDIT_CLASSES)
    return Status(201, classes.create_class(project_id=project_id, **body.dict()))


@router.patch("/projects/{project_id}/classes/{class_id}", response=ClassOut, summary="Change a class")
def update_class(request: HttpRequest, project_id: int, class_id: int, body: ClassPatch) -> Any:
    get_caller(request).require(project_id, Action.EDIT_CLASSES)
    changes = {key: value for key, value in body.dict(exclude_unset=True).items() if value is not None}
    return classes.update_class(project_id=project_id, class_id=class_id, changes=changes)


@router.put("/projects/{project_id}/class-order", response=list[ClassOut], summary="Put classes in order")
def order_classes(request: HttpRequest, project_id: int, body: ClassOrderIn) -> Any:
    get_caller(request).require(project_id, Action.EDIT_CLASSES)
    return class_edits.order_classes(project_id=project_id, class_ids=body.class_ids)


@router.post(
    "/projects/{project_id}/classes/{class_id}/merge",
    response=MergeOut,
    summary="Move all images of a class to another class, and archive it",
)
def merge_class(request: HttpRequest, project_id: int, class_id: int, body: MergeIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_CLASSES)
    caller.require(project_id, Action.LABEL)
    merged = class_edits.merge_class(
        project_id=project_id,
        class_id=class_id,
        into_class_id=body.into_class_id,
        user=caller.user,
        client_action_id=body.client_action_id,
    )
    action = None if merged.action is None else _action_out(merged.action)
    return {"source": merged.source, "action": action}


@router.get(
    "/projects/{project_id}/labels",
    summary="int32 class id of every image, 0 = none; X-Label-Sequence tells how new",
    openapi_extra=array_body(X_Label_Sequence="sequence of the last label action in these labels"),
)
def get_labels(request: HttpRequest, project_id: int) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    sequence, data = selectors.get_labels(project_id=project_id)
    return array_response(
        data, dtype="int32", shape=[len(data) // 4], immutable=False, X_Label_Sequence=str(sequence)
    )


@router.get(
    "/projects/{project_id}/label-facts",
    summary="int32 (4, N): annotator, people who labelled, those who agree with the label, labelled at (s)",
    openapi_extra=array_body(X_Label_Sequence="sequence of the last label action in these facts"),
)
def get_label_facts(request: HttpRequest, project_id: int) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    sequence, facts = label_facts.get_label_facts(project_id=project_id)
    return array_response(
        facts.tobytes(),
        dtype="int32",
        shape=list(facts.shape),
        immutable=False,
        X_Label_Sequence=str(sequence),
    )


@router.post("/projects/{project_id}/label-actions", response=LabelActionOut, summary="Label or clear images")
def create_label_action(request: HttpRequest, project_id: int, body: LabelActionIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.LABEL)
    if (body.class_id is None) != (body.kind == "clear"):
        raise InvalidInput("`assign` and `accept` need a class_id and `clear` takes none")
    result = services.assign_label(
        project_id=project_id,
        user=caller.user,
        class_id=body.class_id,
        image_indexes=body.image_indexes,
        client_action_id=body.client_action_id,
        provenance=body.provenance.dict(exclude_none=True),
        is_accepted=body.kind == "accept",
    )
    return _action_out(result)


@router.get("/projects/{project_id}/label-actions", response=LabelActionPage, summary="The log, by sequence")
def list_label_actions(
    request: HttpRequest, project_id: int, after: int = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    actions = selectors.list_actions(project_id=project_id, after=after, limit=limit)
    page = _first_page(actions[:limit])
    return {
        "items": [_logged_out(project_id, action) for action in page],
        "next": page[-1].sequence if len(actions) > len(page) else None,
    }


@router.post(
    "/projects/{project_id}/label-actions/{sequence}/undo", response=LabelActionOut, summary="Undo one action"
)
def undo_action(request: HttpRequest, project_id: int, sequence: int, body: UndoIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.UNDO_OWN)
    target = selectors.get_action(project_id=project_id, sequence=sequence)
    if target.annotator_id != caller.user.id:
        caller.require(project_id, Action.UNDO_ANY)
    result = services.undo_action(
        project_id=project_id, user=caller.user, sequence=sequence, client_action_id=body.client_action_id
    )
    return _action_out(result)


@router.post("/projects/{project_id}/undo", response=LabelActionOut, summary="Undo your newest action")
def undo_last(request: HttpRequest, project_id: int, body: UndoIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.UNDO_OWN)
    result = services.undo_last(
        project_id=project_id, user=caller.user, client_action_id=body.client_action_id
    )
    return _action_out(result)


@router.post("/projects/{project_id}/redo", response=LabelActionOut, summary="Redo what you undid last")
def redo_last(request: HttpRequest, project_id: int, body: UndoIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.UNDO_OWN)
    result = services.redo_last(
        project_id=project_id, user=caller.user, client_action_id=body.client_action_id
    )
    return _action_out(result)


@router.get(
    "/projects/{project_id}/images/{index}/history",
    response=list[LabelActionOut],
    summary="Label actions that touched one image, newest first",
)
def list_history(request: HttpRequest, project_id: int, index: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    get_image(project_id=project_id, index=index)
    actions = selectors.list_history(project_id=project_id, index=index)
    return [_action_out(ActionResult(action, changes=[]), image_indexes=[index]) for action in actions]


def _first_page(actions: list[LabelAction]) -> list[LabelAction]:
    """As many actions as hold `MAX_IMAGES_PER_PAGE` images together, at least one."""
    num_images = 0
    for position, action in enumerate(actions):
        num_images += len(action.image_indexes) // 4
        if num_images > MAX_IMAGES_PER_PAGE:
            return actions[: max(1, position)]
    return actions


def _logged_out(project_id: int, action: LabelAction) -> dict[str, Any]:
    indexes = unpack_indexes(bytes(action.image_indexes))
    left_out = {name: action.provenance.get(name, []) for name in ("skipped", "removed")}
    changes = selectors.get_changes(project_id=project_id, indexes=indexes)
    return _action_out(ActionResult(action, changes=changes, **left_out))


def _action_out(result: ActionResult, *, image_indexes: list[int] | None = None) -> dict[str, Any]:
    action = result.action
    indexes = unpack_indexes(bytes(action.image_indexes)) if image_indexes is None else image_indexes
    return {
        "sequence": action.sequence,
        "kind": action.kind,
        "annotator": action.annotator.username,
        "class_id": action.label_class_id,
        "image_indexes": indexes,
        "num_changed": action.num_changed,
        "changes": result.changes,
        "skipped": result.skipped,
        "removed": result.removed,
        "undoes": None if action.undoes is None else action.undoes.sequence,
        "is_undone": action.undone_by_id is not None,
        "client_action_id": action.client_action_id,
        "created_at": action.created_at,
    }

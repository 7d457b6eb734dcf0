"""Routes of suggestions, "label the rest", doubted labels, what to label next, neighbours, and crop rates by image."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets.selectors import get_project
from labeler.errors import InvalidInput
from labeler.lib.binary import array_response
from labeler.lib.openapi import array_body, may_answer
from labeler.results import suggestions
from labeler.results.image_rates import get_image_rates
from labeler.results.neighbours import list_neighbours, measure_oddness
from labeler.results.schemas import (
    DisagreementList,
    LabelTheRestIn,
    LabelTheRestOut,
    NeighboursIn,
    NeighboursOut,
    NextToLabel,
    OddnessIn,
    SuggestionPage,
    SuggestionSummary,
    SuspectList,
)

router = Router(tags=["suggestions"])

Precision = Annotated[float, Query(ge=0.5, le=0.999)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get(
    "/projects/{project_id}/suggestions",
    response=SuggestionSummary,
    summary='Per class: images that wait, and what "label the rest" can promise',
    openapi_extra=may_answer(409),
)
def summarize_suggestions(request: HttpRequest, project_id: int, precision: Precision = 0.95) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return suggestions.summarize_classes(project_id=project_id, precision=precision)


@router.get(
    "/projects/{project_id}/suggestions/{class_id}",
    response=SuggestionPage,
    summary="Unlabelled images predicted so, most certain first, cursor-paged",
    openapi_extra=may_answer(409),
)
def list_suggestions(
    request: HttpRequest, project_id: int, class_id: int, after: int = -1, limit: Limit = 100
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return suggestions.list_ranked(project_id=project_id, class_id=class_id, after=after, limit=limit)


@router.post(
    "/projects/{project_id}/label-the-rest",
    response=LabelTheRestOut,
    summary="Accept predictions of a class at a stated precision, as one undoable action",
)
def label_the_rest(request: HttpRequest, project_id: int, body: LabelTheRestIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.LABEL)
    result = suggestions.label_the_rest(project_id=project_id, user=caller.user, **body.dict())
    return {
        "sequence": result.action.sequence,
        "num_labelled": len(result.action.image_indexes) // 4,
        "skipped": sorted(result.skipped + result.removed),
    }


@router.get(
    "/projects/{project_id}/next-to-label",
    response=NextToLabel,
    summary="Unlabelled images, the best to label first",
    openapi_extra=may_answer(409),
)
def list_to_label_next(request: HttpRequest, project_id: int, num: Limit = 100) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return suggestions.list_to_label_next(project_id=project_id, num=num)


@router.post(
    "/projects/{project_id}/neighbours",
    response=NeighboursOut,
    summary="More like this: images like one image or a selection",
)
def find_neighbours(request: HttpRequest, project_id: int, body: NeighboursIn) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    found = list_neighbours(
        project_id=project_id, image_indexes=body.image_indexes, num=body.num, view=body.view
    )
    return {"image_indexes": [index for index, _ in found], "similarity": [cosine for _, cosine in found]}


@router.post(
    "/projects/{project_id}/oddness",
    summary="float32 distance of each image from the middle of those given, by their embeddings; NaN = not known",
    openapi_extra=array_body(),
)
def get_oddness(request: HttpRequest, project_id: int, body: OddnessIn) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    oddness = measure_oddness(project_id=project_id, image_indexes=body.image_indexes, view=body.view)
    return array_response(
        oddness.astype("<f4").tobytes(), dtype="float32", shape=[len(oddness)], immutable=False
    )


@router.get(
    "/projects/{project_id}/suspects",
    response=SuspectList,
    summary="Labels that the model doubts, worst first",
    openapi_extra=may_answer(409),
)
def list_suspects(request: HttpRequest, project_id: int, limit: Limit = 200) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return suggestions.list_suspects(project_id=project_id, limit=limit)


@router.get(
    "/projects/{project_id}/disagreements",
    response=DisagreementList,
    summary="Images to which annotators gave different classes",
)
def list_disagreements(request: HttpRequest, project_id: int, limit: Limit = 200) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return suggestions.list_disagreements(project_id=project_id, limit=limit)


@router.get(
    "/projects/{project_id}/crop-rates/by-image",
    summary="uint8 crop rate of every image: 255 = whole, else 255 times the retention",
    openapi_extra=array_body(),
)
def get_rates_by_image(
    request: HttpRequest, project_id: int, count: Annotated[int | None, Query(ge=0)] = None
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    project = get_project(project_id=project_id)
    if count is not None and count > project.num_images:
        raise InvalidInput(f"count is {count}; the project has {project.num_images} images")
    # With a count it is the map's address, which also names all that the rates depend on.
    codes = get_image_rates(project_id=project_id).to_codes()[:count]
    return array_response(codes.tobytes(), dtype="uint8", shape=[len(codes)], immutable=count is not None)

"""Routes of the map, arrays, models and predictions."""

from operator import itemgetter
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets.selectors import get_project
from labeler.jobs.schemas import JobOut
from labeler.lib.binary import IMMUTABLE, array_response
from labeler.lib.openapi import array_body, binary_body, may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, page_of_rows
from labeler.results import class_views, selectors, services
from labeler.results.schemas import ClassViewOut, ImagePrediction, MapOut, ModelOut

router = Router(tags=["results"])


@router.get("/projects/{project_id}/map", response=MapOut, summary="Manifest of all that the map draws")
def get_map(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    get_project(project_id=project_id)
    return selectors.get_map(project_id=project_id)


@router.get(
    "/projects/{project_id}/arrays/{array_id}", summary="One immutable array", openapi_extra=array_body()
)
def get_array(request: HttpRequest, project_id: int, array_id: int) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    array = selectors.get_array(project_id=project_id, array_id=array_id)
    data = selectors.array_path(array).read_bytes()
    return array_response(data, dtype=array.dtype, shape=array.shape, immutable=True)


@router.get("/projects/{project_id}/models", response=Page[ModelOut], summary="Model versions, newest first")
def list_models(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    models = selectors.list_models(project_id=project_id, after=after, limit=limit)
    return page_of_rows(models, limit=limit, cursor=itemgetter("number"))


@router.get(
    "/projects/{project_id}/models/{number}/probabilities/{class_id}",
    summary="uint8 probability of one class for every image, 255 = certain",
    openapi_extra=array_body(),
)
def get_class_probabilities(
    request: HttpRequest, project_id: int, number: int, class_id: int
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    column = selectors.get_class_probabilities(project_id=project_id, model_version=number, class_id=class_id)
    return array_response(column.tobytes(), dtype="uint8", shape=[len(column)], immutable=True)


@router.post("/projects/{project_id}/training", response={202: JobOut}, summary="Train now")
def start_training(request: HttpRequest, project_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.TRAIN)
    return Status(202, services.request_training(project_id=project_id, user=caller.user))


@router.get(
    "/projects/{project_id}/images/{index}/prediction",
    response=ImagePrediction,
    summary="Prediction, crop box and profile of one image",
    openapi_extra=may_answer(409),
)
def get_prediction(
    request: HttpRequest,
    project_id: int,
    index: int,
    retention: Annotated[float, Query(gt=0, le=1)] = 0.95,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return selectors.get_prediction(project_id=project_id, index=index, retention=retention)


@router.get(
    "/projects/{project_id}/images/{index}/saliency",
    summary="Saliency map of one image and class",
    description=(
        "A small map of the latest model to lay over the picture, enlarged smoothly: uint8 (height, width), 255 = the "
        "strongest place. Of the class of its crop by default; maps of the likeliest classes are kept."
    ),
    openapi_extra={
        "responses": {
            **array_body(
                X_Class_Id="class of this map",
                X_Class_Ids="classes that have a map, separated by commas, the predicted one first",
                X_Model_Version="number of the model",
            )["responses"],
            **may_answer(409)["responses"],
        }
    },
)
def get_saliency(
    request: HttpRequest, project_id: int, index: int, class_id: int | None = None
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    found = selectors.get_saliency(project_id=project_id, index=index, class_id=class_id)
    return array_response(
        found.codes.tobytes(),
        dtype=found.codes.dtype.name,
        shape=list(found.codes.shape),
        immutable=False,
        X_Class_Id=str(found.class_id),
        X_Class_Ids=",".join(map(str, found.class_ids)),
        X_Model_Version=str(found.model_version),
    )


@router.get(
    "/projects/{project_id}/models/{number}/classes/{class_id}",
    response=ClassViewOut,
    summary="What a class is to a model: its units and its picture",
)
def get_class_view(request: HttpRequest, project_id: int, number: int, class_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    view = class_views.get_class_view(project_id=project_id, number=number, class_id=class_id)
    is_drawn = view.picture is not None and view.picture.path
    return {
        "class_id": view.class_id,
        "is_asked_for": view.picture is not None,
        "picture_url": f"{request.path}/picture" if is_drawn else None,
        "units": view.units,
    }


@router.get(
    "/projects/{project_id}/models/{number}/classes/{class_id}/picture",
    summary="The drawn image that maximises a class's score",
    openapi_extra={
        "responses": {**binary_body("image/png")["responses"], **may_answer(409)["responses"]},
    },
)
def get_class_picture(request: HttpRequest, project_id: int, number: int, class_id: int) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    png = class_views.read_class_picture(project_id=project_id, number=number, class_id=class_id)
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": IMMUTABLE})


@router.post(
    "/projects/{project_id}/models/{number}/classes/{class_id}/picture",
    response={202: JobOut, 204: None},
    summary="Draw the image that maximises a class's score",
    description="202 with the job that draws it; 204 when it is drawn already.",
)
def draw_class_picture(request: HttpRequest, project_id: int, number: int, class_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.TRAIN)
    job = class_views.request_class_picture(
        project_id=project_id, number=number, class_id=class_id, user=caller.user
    )
    return Status(204, None) if job is None else Status(202, job)

"""Routes of projects, images and imports."""

from typing import Annotated, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action, Role, may, scope_allows
from labeler.datasets import crop_rates, selectors, services
from labeler.datasets.models import Image, ReadFailure
from labeler.datasets.read_failures import list_read_failures
from labeler.datasets.schemas import (
    BackboneOut,
    CropRatesIn,
    CropRatesOut,
    ImageOut,
    ProjectIn,
    ProjectOut,
    ProjectPatch,
    UnreadableImageOut,
)
from labeler.errors import InvalidInput, NotAllowed, NotFound
from labeler.jobs.schemas import JobOut
from labeler.lib.binary import IMMUTABLE, array_response
from labeler.lib.files import original_path, thumbnail_path
from labeler.lib.openapi import array_body, binary_body
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page, page_of_rows
from labeler.lib.security import UPLOAD_POLICY
from labeler.lib.streaming import file_response
from labeler.lib.text import PRINTABLE

router = Router(tags=["datasets"])


@router.get(
    "/backbones", response=list[BackboneOut], summary="Backbones and whether their weights are at hand"
)
def list_backbones(request: HttpRequest) -> Any:
    return selectors.list_backbones()


@router.get(
    "/projects",
    response=Page[ProjectOut],
    summary="Your projects, newest first",
    description="`last_activity_at` tells which were used last; it is no cursor, since it moves while one reads.",
)
def list_projects(request: HttpRequest, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE) -> Any:
    caller = get_caller(request)
    page = newest_first_page(selectors.list_projects(user=caller.user), after=after, limit=limit)
    page["items"] = [
        selectors.get_project_summary(project, role=caller.role_in(project.id)) for project in page["items"]
    ]
    return page


@router.post("/projects", response={201: ProjectOut}, summary="Create a project; you become its admin")
def create_project(request: HttpRequest, body: ProjectIn) -> Any:
    caller = get_caller(request)
    if not scope_allows(caller.scope, Action.EDIT_PROJECT):
        raise NotAllowed("A token needs the scope 'admin' to create projects", code="token_scope")
    project = services.create_project(user=caller.user, **body.dict())
    return Status(201, selectors.get_project_summary(project, role=Role.ADMIN))


@router.get("/projects/{project_id}", response=ProjectOut, summary="One project")
def get_project(request: HttpRequest, project_id: int) -> Any:
    role = get_caller(request).require(project_id, Action.VIEW)
    return selectors.get_project_summary(selectors.get_project(project_id=project_id), role=role)


@router.patch("/projects/{project_id}", response=ProjectOut, summary="Change a project's settings")
def update_project(request: HttpRequest, project_id: int, body: ProjectPatch) -> Any:
    caller = get_caller(request)
    role = caller.require(project_id, Action.EDIT_PROJECT)
    changes = {
        key: value
        for key, value in body.dict(exclude_unset=True).items()
        if value is not None or key == "provisional_labels_per_class"  # null turns provisional models off
    }
    project = services.update_project(project_id=project_id, changes=changes, actor=caller.user)
    return selectors.get_project_summary(project, role=role)


@router.post(
    "/projects/{project_id}/features",
    response={202: JobOut},
    summary="Look for the backbone's weights again and compute the features that are missing",
)
def request_features(request: HttpRequest, project_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.IMPORT)
    return Status(202, services.request_features(project_id=project_id, user=caller.user))


@router.delete(
    "/projects/{project_id}", response={204: None}, summary="Archive a project; nothing is deleted"
)
def archive_project(request: HttpRequest, project_id: int) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.ARCHIVE_PROJECT)
    services.archive_project(project_id=project_id, actor=caller.user)
    return Status(204, None)


@router.get("/projects/{project_id}/images", response=Page[ImageOut], summary="Images by index, cursor-paged")
def list_images(
    request: HttpRequest, project_id: int, after: int = -1, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    images = selectors.list_images(project_id=project_id, after=after, limit=limit)
    page = page_of_rows(images, limit=limit, cursor=lambda image: image.index)
    return {
        "items": [_image_out(image) for image in page["items"]],
        "next": page["next"],
    }


@router.get("/projects/{project_id}/images/{index}", response=ImageOut, summary="One image")
def get_image(request: HttpRequest, project_id: int, index: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return _image_out(selectors.get_image(project_id=project_id, index=index))


@router.get(
    "/projects/{project_id}/unreadable-images",
    response=Page[UnreadableImageOut],
    summary="Images whose files are missing or damaged, by index",
    description="They have no place on the map and no prediction. `POST .../features` tries them again.",
)
def list_unreadable_images(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    failures = list_read_failures(project_id=project_id, after=after, limit=limit)
    page = page_of_rows(failures, limit=limit, cursor=lambda failure: failure.image.index)
    return {"items": [_failure_out(failure) for failure in page["items"]], "next": page["next"]}


@router.get(
    "/projects/{project_id}/images/{index}/thumbnail",
    summary="WebP of 256 px long side",
    description="Of a removed image only for those who may bring it back.",
    openapi_extra=binary_body("image/webp"),
)
def get_thumbnail(request: HttpRequest, project_id: int, index: int) -> HttpResponse:
    role = get_caller(request).require(project_id, Action.VIEW)
    image = selectors.get_image(
        project_id=project_id, index=index, with_removed=may(role, Action.REMOVE_IMAGES)
    )
    path = thumbnail_path(project_id, image.sha256)
    if not path.exists():
        raise NotFound(f"Image {index} has no thumbnail")
    return HttpResponse(path.read_bytes(), content_type="image/webp", headers={"Cache-Control": IMMUTABLE})


@router.get(
    "/projects/{project_id}/images/{index}/original",
    summary="The imported file",
    openapi_extra=binary_body("image/*"),
)
def get_original(request: HttpRequest, project_id: int, index: int) -> StreamingHttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    image = selectors.get_image(project_id=project_id, index=index)
    path = original_path(project_id, image.storage_key)
    if not path.exists():
        raise NotFound(f"The file of image {index} is missing from storage")
    name = quote(image.path.rsplit("/", 1)[-1])
    return file_response(
        path,
        content_type=f"image/{image.file_format.lower()}",
        headers={
            "Cache-Control": IMMUTABLE,
            "Content-Security-Policy": UPLOAD_POLICY,
            "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        },
    )


@router.get(
    "/projects/{project_id}/aspects",
    summary="uint8 aspect code of the first `count` images",
    openapi_extra=array_body(),
)
def get_aspects(request: HttpRequest, project_id: int, count: Annotated[int, Query(ge=0)]) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    project = selectors.get_project(project_id=project_id)
    if count > project.num_images:
        raise InvalidInput(f"count is {count}; the project has {project.num_images} images")
    data = selectors.get_aspects(project_id=project_id, count=count)
    return array_response(data, dtype="uint8", shape=[count], immutable=True)


@router.get(
    "/projects/{project_id}/image-facts",
    summary="int32 (5, count): width, height, kilobytes, import, added at (s) of the first `count` images",
    openapi_extra=array_body(),
)
def get_image_facts(
    request: HttpRequest, project_id: int, count: Annotated[int, Query(ge=0)]
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    project = selectors.get_project(project_id=project_id)
    if count > project.num_images:
        raise InvalidInput(f"count is {count}; the project has {project.num_images} images")
    facts = selectors.get_image_facts(project_id=project_id, count=count)
    return array_response(facts.tobytes(), dtype="int32", shape=list(facts.shape), immutable=True)


@router.get(
    "/projects/{project_id}/image-search",
    summary="int32 indexes of the images whose path holds every word of `text`",
    openapi_extra=array_body(),
)
def find_images(
    request: HttpRequest,
    project_id: int,
    text: Annotated[str, Query(min_length=1, max_length=200, pattern=PRINTABLE)],
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    found = selectors.find_images(project_id=project_id, text=text)
    return array_response(found.tobytes(), dtype="int32", shape=[len(found)], immutable=False)


@router.get(
    "/projects/{project_id}/cells/{cell_px}",
    summary="BC1 thumbnail cells: a range, or chosen images",
    openapi_extra=array_body(),
)
def get_cells(
    request: HttpRequest,
    project_id: int,
    cell_px: int,
    start: Annotated[int, Query(ge=0, lt=2**32)] = 0,
    count: Annotated[int, Query(ge=0, le=65_536)] = 1024,
    indexes: str | None = None,
) -> HttpResponse:
    get_caller(request).require(project_id, Action.VIEW)
    if indexes is None:
        data = selectors.read_cell_range(project_id=project_id, cell_px=cell_px, start=start, count=count)
    else:
        wanted = _parse_indexes(indexes)
        data = b"".join(selectors.read_cells(project_id=project_id, cell_px=cell_px, indexes=wanted))
    return array_response(data, dtype="uint8", shape=[len(data)], immutable=indexes is not None)


@router.get("/projects/{project_id}/crop-rates", response=CropRatesOut, summary="Crop rates in force")
def get_crop_rates(request: HttpRequest, project_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    selectors.get_project(project_id=project_id)
    return _rates_out(crop_rates.get_rates(project_id=project_id))


@router.put(
    "/projects/{project_id}/crop-rates",
    response=CropRatesOut,
    summary="Put a new version of the crop rates in force",
)
def save_crop_rates(request: HttpRequest, project_id: int, body: CropRatesIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    overrides = {override.class_id: override.retention for override in body.overrides}
    if len(overrides) < len(body.overrides):
        raise InvalidInput("A class has two overrides; give it one", code="bad_rates")
    rates = [crop_rates.Rate(rate.retention, rate.share) for rate in body.rates]
    saved = crop_rates.save_rates(
        project_id=project_id, user=caller.user, kind=body.kind, rates=rates, overrides=overrides
    )
    return _rates_out(saved)


def _image_out(image: Image) -> dict[str, Any]:
    names = ("index", "path", "width", "height", "file_format", "num_bytes", "sha256", "created_at")
    return {**{name: getattr(image, name) for name in names}, "class_id": image.resolved_class_id}


def _rates_out(rates: crop_rates.Rates) -> dict[str, Any]:
    overrides = [
        {"class_id": class_id, "retention": retention} for class_id, retention in rates.overrides.items()
    ]
    return {
        "version": rates.version,
        "kind": rates.kind,
        "rates": [{"retention": rate.retention, "share": rate.share} for rate in rates.rates],
        "overrides": overrides,
        "created_at": rates.created_at,
    }


def _parse_indexes(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part]
    except ValueError as error:
        raise InvalidInput(f"indexes must be integers separated by commas, not {text[:80]!r}") from error


def _failure_out(failure: ReadFailure) -> dict[str, Any]:
    image = failure.image
    return {"index": image.index, "path": image.path, "reason": failure.reason, "noted_at": failure.noted_at}

"""Routes of layouts: quality, clusters, and what changed."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.datasets.selectors import get_project
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page
from labeler.results import changes, layouts
from labeler.results.models import View
from labeler.results.projection_schemas import ChangesBy, ChangesOut, ClustersOut, ProjectionOut

router = Router(tags=["results"])


@router.get(
    "/projects/{project_id}/projections",
    response=Page[ProjectionOut],
    summary="Finished layouts, newest first",
)
def list_projections(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    get_project(project_id=project_id)
    page = newest_first_page(layouts.list_projections(project_id=project_id), after=after, limit=limit)
    return {**page, "items": [layouts.describe_projection(made) for made in page["items"]]}


@router.get(
    "/projects/{project_id}/clusters",
    response=ClustersOut,
    summary="Dense places of the latest layout, with a suggested class",
)
def get_clusters(request: HttpRequest, project_id: int, view: View = View.WHOLE) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    get_project(project_id=project_id)
    return layouts.get_clusters(project_id=project_id, view=view)


@router.get(
    "/projects/{project_id}/changes",
    response=ChangesOut,
    summary="Images that changed most between two model versions",
)
def get_changes(
    request: HttpRequest,
    project_id: int,
    view: View = View.CROP,
    from_version: int | None = None,
    to_version: int | None = None,
    by: ChangesBy = "both",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    get_project(project_id=project_id)
    return changes.get_changes(
        project_id=project_id,
        view=view,
        from_version=from_version,
        to_version=to_version,
        by=by,
        limit=limit,
    )

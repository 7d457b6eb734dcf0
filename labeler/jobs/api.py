"""Routes of jobs."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.errors import NotFound
from labeler.jobs import selectors, services
from labeler.jobs.schemas import EventEnvelope, JobOut
from labeler.lib.openapi import may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page

router = Router(tags=["jobs"])


@router.get(
    "/projects/{project_id}/jobs",
    response=Page[JobOut],
    summary="Jobs that are active or of the last day, newest first",
)
def list_jobs(
    request: HttpRequest,
    project_id: int,
    active: bool = False,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    jobs = selectors.list_jobs(project_id=project_id, only_active=active)
    return newest_first_page(jobs, after=after, limit=limit)


@router.get("/projects/{project_id}/jobs/{job_id}", response=JobOut, summary="One job, however old")
def get_job(request: HttpRequest, project_id: int, job_id: int) -> Any:
    get_caller(request).require(project_id, Action.VIEW)
    return selectors.get_job(job_id=job_id, project_id=project_id)


@router.post("/projects/{project_id}/jobs/{job_id}/cancel", response=JobOut, summary="Cancel a job")
def cancel_job(request: HttpRequest, project_id: int, job_id: int) -> Any:
    get_caller(request).require(project_id, Action.CANCEL_JOB)
    return services.cancel_job(job_id=job_id, project_id=project_id)


@router.get(
    "/event-types",
    response=EventEnvelope,
    summary="The events of the websocket",
    description="Documents the union of events sent on /ws/projects/{project_id}/; answers 404 when called.",
    openapi_extra=may_answer(404),
)
def describe_events(request: HttpRequest) -> Any:
    raise NotFound("Events are sent on the websocket /ws/projects/{project_id}/")

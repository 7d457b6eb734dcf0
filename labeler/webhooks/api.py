"""Routes of webhooks. Admins of the project only."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from labeler.accounts.auth import get_caller
from labeler.accounts.permissions import Action
from labeler.lib.openapi import may_answer
from labeler.lib.pages import DEFAULT_PAGE_SIZE, Cursor, Page, PageLimit, newest_first_page
from labeler.webhooks import selectors, services
from labeler.webhooks.models import Webhook
from labeler.webhooks.schemas import (
    DeliveryOut,
    WebhookCreated,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
)

router = Router(tags=["webhooks"])
HOOKS = "/projects/{project_id}/webhooks"
Id = Annotated[int, Path(ge=0, lt=2**63)]


@router.get(HOOKS, response=Page[WebhookOut], summary="Webhooks, newest first")
def list_webhooks(
    request: HttpRequest, project_id: int, after: Cursor = None, limit: PageLimit = DEFAULT_PAGE_SIZE
) -> Any:
    get_caller(request).require(project_id, Action.EDIT_PROJECT)
    return newest_first_page(selectors.list_webhooks(project_id=project_id), after=after, limit=limit)


@router.post(HOOKS, response={201: WebhookCreated}, summary="Make a webhook; its secret is shown once")
def create_webhook(request: HttpRequest, project_id: int, body: WebhookIn) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    hook, secret = services.create_webhook(
        project_id=project_id, actor=caller.user, url=body.url, events=body.events
    )
    return Status(201, _with_secret(hook, secret))


@router.patch(HOOKS + "/{hook_id}", response=WebhookOut, summary="Change, disable or enable a webhook")
def update_webhook(request: HttpRequest, project_id: int, hook_id: Id, body: WebhookPatch) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    return services.update_webhook(
        project_id=project_id, actor=caller.user, hook_id=hook_id, **body.model_dump()
    )


@router.delete(HOOKS + "/{hook_id}", response={204: None}, summary="Remove a webhook")
def delete_webhook(request: HttpRequest, project_id: int, hook_id: Id) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    services.delete_webhook(project_id=project_id, actor=caller.user, hook_id=hook_id)
    return Status(204, None)


@router.post(
    HOOKS + "/{hook_id}/secret",
    response={201: WebhookCreated},
    summary="Give a webhook a new secret, shown once; the old one is in use for 24 hours more",
    description="Until then messages carry two signatures, so that receivers can change over without losing any.",
    openapi_extra=may_answer(409),
)
def rotate_secret(request: HttpRequest, project_id: int, hook_id: Id) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    hook, secret = services.rotate_secret(project_id=project_id, actor=caller.user, hook_id=hook_id)
    return Status(201, _with_secret(hook, secret))


@router.delete(
    HOOKS + "/{hook_id}/old-secret",
    response={204: None},
    summary="Sign with the new secret alone from now on",
)
def end_old_secret(request: HttpRequest, project_id: int, hook_id: Id) -> Any:
    caller = get_caller(request)
    caller.require(project_id, Action.EDIT_PROJECT)
    services.end_old_secret(project_id=project_id, actor=caller.user, hook_id=hook_id)
    return Status(204, None)


@router.post(HOOKS + "/{hook_id}/test", response={202: DeliveryOut}, summary="Send a test message")
def send_test(request: HttpRequest, project_id: int, hook_id: Id) -> Any:
    get_caller(request).require(project_id, Action.EDIT_PROJECT)
    return Status(202, services.send_test(project_id=project_id, hook_id=hook_id))


@router.get(
    HOOKS + "/{hook_id}/deliveries", response=Page[DeliveryOut], summary="What was sent, newest first"
)
def list_deliveries(
    request: HttpRequest,
    project_id: int,
    hook_id: Id,
    after: Cursor = None,
    limit: PageLimit = DEFAULT_PAGE_SIZE,
) -> Any:
    get_caller(request).require(project_id, Action.EDIT_PROJECT)
    hook = selectors.get_webhook(project_id=project_id, hook_id=hook_id)
    return newest_first_page(hook.deliveries.all(), after=after, limit=limit)


@router.post(
    HOOKS + "/{hook_id}/deliveries/{delivery_id}/send-again",
    response={202: DeliveryOut},
    summary="Send a message again",
    openapi_extra=may_answer(409),
)
def send_again(request: HttpRequest, project_id: int, hook_id: Id, delivery_id: Id) -> Any:
    get_caller(request).require(project_id, Action.EDIT_PROJECT)
    delivery = services.send_again(project_id=project_id, hook_id=hook_id, delivery_id=delivery_id)
    return Status(202, delivery)


def _with_secret(hook: Webhook, secret: str) -> dict[str, Any]:
    return {**WebhookOut.from_orm(hook).dict(), "secret": secret}

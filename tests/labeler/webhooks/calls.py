"""What tests of webhooks ask of the API, and what they read of the log."""

from typing import Any

from django.test import Client
from django.utils import timezone

from labeler.datasets.models import Project
from labeler.webhooks.models import DeliveryState, WebhookDelivery, WebhookEvent
from labeler.webhooks.services import notify

ALL = [event.value for event in WebhookEvent]


def call(client: Client, method: str, project: Project, path: str = "", **body: Any) -> tuple[int, Any]:
    url = f"/api/v1/projects/{project.id}/webhooks{path}"
    send = getattr(client, method)
    answer = send(url, body) if method == "get" else send(url, body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def make_hook(ada: Client, project: Project, url: str, events: list[str] = ALL) -> dict[str, Any]:
    status, hook = call(ada, "post", project, url=url, events=events)
    assert status == 201
    found: dict[str, Any] = hook
    return found


def export_ready(project: Project, number: int) -> None:
    notify(project_id=project.id, event=WebhookEvent.EXPORT_READY, data={"export_id": number})


def log_of(ada: Client, project: Project, hook: dict[str, Any]) -> list[tuple[Any, ...]]:
    """(event, state, tries, status) of each delivery, oldest first."""
    items = call(ada, "get", project, f"/{hook['id']}/deliveries")[1]["items"]
    return [
        (item["event"], item["state"], item["num_attempts"], item["response_status"])
        for item in reversed(items)
    ]


def let_time_pass() -> None:
    """As if the next try were due."""
    WebhookDelivery.objects.filter(state=DeliveryState.PENDING).update(next_attempt_at=timezone.now())

"""Webhooks: made by admins, signed, in order, tried again, given up, disabled; against a receiver on this machine."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from labeler.accounts.models import AuditEntry
from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from labeler.webhooks import delivery as deliveries
from labeler.webhooks.delivery import (
    BACK_OFF_S,
    deliver,
    drop_old_deliveries,
    list_due_hooks,
)
from labeler.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from labeler.webhooks.services import notify_labels_changed
from tests.factories import assign, make_class, make_member, make_project, make_user, signed_in
from tests.labeler.webhooks.calls import ALL, call, export_ready, let_time_pass, log_of, make_hook
from tests.labeler.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_test_message_arrives_signed_and_the_secret_is_shown_once(
    ada: Client,
    project: Project,
    receiver: Receiver,
    sent_tasks: list[Any],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    hook = make_hook(ada, project, receiver.url)
    with django_capture_on_commit_callbacks(execute=True):
        status, queued = call(ada, "post", project, f"/{hook['id']}/test")
    assert (status, queued["state"], sent_tasks) == (
        202,
        "pending",
        [("deliver_webhooks", [hook["id"]], "cpu")],
    )
    assert deliver(hook["id"]) is False
    (body,) = receiver.bodies
    assert body["data"] == {"message": "A test of this webhook"}
    assert (body["type"], body["project_id"]) == ("test", project.id)
    assert receiver.paths == ["/hook?of=gulls"]
    assert receiver.headers[0]["webhook-id"] == f"msg_{queued['id']}"
    assert receiver.headers[0]["content-type"] == "application/json"
    assert receiver.is_signed_with(hook["secret"], 0)
    assert not receiver.is_signed_with("whsec_AAAA", 0)
    assert log_of(ada, project, hook) == [("test", "delivered", 1, 200)]
    listed = call(ada, "get", project)[1]["items"]
    assert "secret" not in listed[0]
    assert hook["secret"] not in str(list(Webhook.objects.values()))


def test_a_label_an_export_and_a_model_are_told_to_who_asked(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    labels = make_hook(ada, project, receiver.url, ["labels.changed"])
    others = make_hook(ada, project, receiver.url, ["export.ready", "model.published"])
    assign(project, make_user("ann"), make_class(project, "gull"), [0, 1])
    export_ready(project, 7)
    deliver(labels["id"])
    assert [(body["type"], body["data"]) for body in receiver.bodies] == [
        ("labels.changed", {"first_sequence": 1, "last_sequence": 1})
    ]
    deliver(others["id"])
    assert receiver.bodies[1]["data"] == {"export_id": 7}


def test_labels_that_come_fast_make_one_message_until_it_is_tried(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    for sequence in (1, 2, 3):
        notify_labels_changed(project_id=project.id, sequence=sequence)
    export_ready(project, 7)
    notify_labels_changed(project_id=project.id, sequence=4)  # not before the export: order holds
    receiver.statuses = [200, 200, 503]
    deliver(hook["id"])
    notify_labels_changed(project_id=project.id, sequence=5)  # the last one was tried, and may have arrived
    let_time_pass()
    deliver(hook["id"])
    sent = [tuple(value for _, value in sorted(body["data"].items())) for body in receiver.bodies]
    assert sent == [(1, 3), (7,), (4, 4), (4, 4), (5, 5)]


def test_a_message_is_tried_again_later_and_those_after_it_wait(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    export_ready(project, 2)
    receiver.statuses = [500, 404]
    before = timezone.now()
    deliver(hook["id"])
    assert log_of(ada, project, hook) == [
        ("export.ready", "pending", 1, 500),
        ("export.ready", "pending", 0, None),
    ]
    first = WebhookDelivery.objects.earliest("id")
    assert timedelta(seconds=9) < first.next_attempt_at - before < timedelta(seconds=15)  # type: ignore[operator]
    assert first.response_text == "answer 500"
    deliver(hook["id"])  # not its time yet
    assert (len(receiver.bodies), list_due_hooks()) == (1, [])
    let_time_pass()
    assert list_due_hooks() == [hook["id"]]
    deliver(hook["id"])
    assert call(ada, "get", project)[1]["items"][0]["failing_since"] is not None
    let_time_pass()
    deliver(hook["id"])
    assert [body["data"]["export_id"] for body in receiver.bodies] == [1, 1, 1, 2]
    ids = [headers["webhook-id"] for headers in receiver.headers]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert all(receiver.is_signed_with(hook["secret"], at) for at in range(4))
    (shown,) = call(ada, "get", project)[1]["items"]
    assert (shown["failing_since"], shown["num_pending"]) == (None, 0)


def test_after_the_last_try_it_is_given_up_and_the_next_has_its_turn(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    export_ready(project, 2)
    receiver.statuses = [500] * (len(BACK_OFF_S) + 1)
    for _ in range(len(BACK_OFF_S) + 1):
        deliver(hook["id"])
        let_time_pass()
    deliver(hook["id"])
    assert log_of(ada, project, hook) == [
        ("export.ready", "failed", 9, 500),
        ("export.ready", "delivered", 1, 200),
    ]


def test_a_hook_that_fails_for_days_is_disabled_with_a_note_until_it_is_enabled(
    ada: Client, project: Project, receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_DISABLE_AFTER_DAYS = 3
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    receiver.statuses = [500, 500]
    deliver(hook["id"])
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    let_time_pass()
    deliver(hook["id"])
    (shown,) = call(ada, "get", project)[1]["items"]
    assert shown["disabled_reason"] == "No delivery has succeeded for 3 days"
    export_ready(project, 2)  # nobody listens
    let_time_pass()
    assert list_due_hooks() == []
    deliver(hook["id"])
    assert len(receiver.bodies) == 2
    assert call(ada, "post", project, f"/{hook['id']}/test")[1]["code"] == "hook_disabled"
    status, enabled = call(ada, "patch", project, f"/{hook['id']}", is_enabled=True)
    assert (status, enabled["disabled_at"], enabled["failing_since"]) == (200, None, None)
    deliver(hook["id"])
    assert [body["data"]["export_id"] for body in receiver.bodies] == [1, 1, 1]


def test_a_redirect_is_not_followed(ada: Client, project: Project, receiver: Receiver) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    receiver.statuses = [302]
    deliver(hook["id"])
    assert log_of(ada, project, hook) == [("export.ready", "pending", 1, 302)]
    assert receiver.paths == ["/hook?of=gulls"]


def test_a_receiver_that_never_ends_its_answer_is_left(
    ada: Client, project: Project, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "TIMEOUT_S", 0.3)
    receiver.dribbles = True
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    deliver(hook["id"])
    assert WebhookDelivery.objects.get().response_text == "cannot be sent: no answer within 0.3 s"
    assert log_of(ada, project, hook) == [("export.ready", "pending", 1, None)]


def test_a_receiver_that_is_not_there_is_a_failure(ada: Client, project: Project, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    hook = make_hook(ada, project, "http://127.0.0.1:9/")
    export_ready(project, 1)
    deliver(hook["id"])
    assert "cannot be reached" in WebhookDelivery.objects.get().response_text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/", "not a public address"),
        ("http://10.1.2.3/hook", "not a public address"),
        ("http://169.254.169.254/latest", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://[::ffff:10.0.0.1]/", "not a public address"),
        ("https://example.org:8443/", "port 8443"),
        ("ftp://example.org/", "no http or https"),
        ("https://ann:secret@example.org/", "no usable address"),
        ("hook", "no http or https"),
    ],
)
def test_addresses_that_may_not_be_told_are_refused(
    ada: Client, project: Project, url: str, why: str
) -> None:
    status, problem = call(ada, "post", project, url=url, events=ALL)
    assert (status, problem["code"]) == (422, "address_refused")
    assert why in problem["detail"]
    assert not Webhook.objects.exists()


def test_a_name_that_stands_for_a_private_address_is_refused_when_it_is_told(
    ada: Client, project: Project
) -> None:
    hook = make_hook(ada, project, "http://localhost/")
    export_ready(project, 1)
    deliver(hook["id"])
    assert "which is not a public address" in WebhookDelivery.objects.get().response_text


def test_a_message_is_sent_again_when_asked_as_a_new_one(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    first = WebhookDelivery.objects.get()
    again = f"/{hook['id']}/deliveries/{first.id}/send-again"
    assert call(ada, "post", project, again)[1]["code"] == "not_finished"
    deliver(hook["id"])
    assert call(ada, "post", project, again)[0] == 202
    deliver(hook["id"])
    assert [body["data"] for body in receiver.bodies] == [{"export_id": 1}] * 2
    assert len({headers["webhook-id"] for headers in receiver.headers}) == 2
    assert call(ada, "post", project, f"/{hook['id']}/deliveries/0/send-again")[0] == 404


def test_one_worker_at_a_time_and_a_dead_one_loses_nothing(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    Webhook.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    WebhookDelivery.objects.update(state=DeliveryState.SENDING)  # it died in the middle
    deliver(hook["id"])
    assert (receiver.bodies, list_due_hooks()) == ([], [])
    Webhook.objects.update(busy_until=timezone.now())
    assert list_due_hooks() == [hook["id"]]
    deliver(hook["id"])
    assert log_of(ada, project, hook) == [("export.ready", "delivered", 1, 200)]


def test_much_is_sent_in_turns(
    ada: Client, project: Project, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "NUM_AT_ONCE", 2)
    hook = make_hook(ada, project, receiver.url)
    for number in range(3):
        export_ready(project, number)
    assert [deliver(hook["id"]), deliver(hook["id"])] == [True, False]
    assert [body["data"]["export_id"] for body in receiver.bodies] == [0, 1, 2]


def test_a_secret_of_a_forgotten_key_is_told_not_guessed(
    ada: Client, project: Project, receiver: Receiver, settings: Settings
) -> None:
    hook = make_hook(ada, project, receiver.url)
    export_ready(project, 1)
    settings.SECRET_KEY = "another"
    deliver(hook["id"])
    assert receiver.bodies == []
    assert "SECRET_KEY has changed" in WebhookDelivery.objects.get().response_text


def test_changes_are_in_the_audit_log_and_other_projects_are_out_of_reach(
    ada: Client, project: Project
) -> None:
    hook = make_hook(ada, project, "https://example.org/a")
    call(ada, "patch", project, f"/{hook['id']}", url="https://example.org/b", events=["export.ready"])
    call(ada, "patch", project, f"/{hook['id']}", is_enabled=False)
    assert Webhook.objects.get().disabled_reason == "Disabled by ada"
    other = make_project(name="Terns")
    boss = signed_in(make_member(other, "bob", role=Role.ADMIN))
    for method, path in (("patch", ""), ("delete", ""), ("post", "/test"), ("get", "/deliveries")):
        assert call(boss, method, other, f"/{hook['id']}{path}")[0] == 404
    assert call(ada, "delete", project, f"/{hook['id']}")[0] == 204
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "webhook.create",
        "webhook.update",
        "webhook.update",
        "webhook.delete",
    ]
    assert AuditEntry.objects.order_by("id")[1].detail == {
        "id": hook["id"],
        "url": "https://example.org/b",
        "events": ["export.ready"],
    }


def test_there_is_a_limit_to_the_hooks_of_a_project(ada: Client, project: Project) -> None:
    for number in range(20):
        make_hook(ada, project, f"https://example.org/{number}")
    status, problem = call(ada, "post", project, url="https://example.org/", events=ALL)
    assert (status, problem["code"]) == (409, "too_many_hooks")


def test_what_ended_long_ago_is_forgotten(ada: Client, project: Project) -> None:
    hook = make_hook(ada, project, "https://example.org/")
    for _ in range(2):
        export_ready(project, 1)
    old = WebhookDelivery.objects.earliest("id")
    old.finished_at = timezone.now() - timedelta(days=31)
    old.save()
    assert drop_old_deliveries() == 1
    assert hook["id"] == WebhookDelivery.objects.get().hook_id

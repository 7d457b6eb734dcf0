"""The secret of a webhook is changed: for a day both sign."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from labeler.accounts.models import AuditEntry
from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from labeler.webhooks.delivery import (
    deliver,
    drop_old_secrets,
)
from labeler.webhooks.models import Webhook
from tests.factories import make_member, make_project, signed_in
from tests.labeler.webhooks.calls import call, export_ready, make_hook
from tests.labeler.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_new_secret_is_shown_once_and_both_sign_for_a_day(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    before = timezone.now()

    status, rotated = call(ada, "post", project, f"/{hook['id']}/secret")

    assert status == 201
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != hook["secret"]
    until = datetime.fromisoformat(rotated["old_secret_until"])
    assert timedelta(hours=24) <= until - before < timedelta(hours=24, minutes=1)
    (listed,) = call(ada, "get", project)[1]["items"]
    assert "secret" not in listed
    assert listed["old_secret_until"] == rotated["old_secret_until"]
    assert rotated["secret"] not in str(list(Webhook.objects.values()))
    export_ready(project, 1)
    deliver(hook["id"])
    assert [receiver.is_signed_with(known["secret"], 0) for known in (hook, rotated)] == [True, True]
    assert receiver.headers[0]["webhook-signature"].count("v1,") == 2

    Webhook.objects.update(old_secret_ends_at=timezone.now() - timedelta(seconds=1))
    export_ready(project, 2)
    deliver(hook["id"])
    assert [receiver.is_signed_with(known["secret"], 1) for known in (hook, rotated)] == [False, True]
    assert call(ada, "get", project)[1]["items"][0]["old_secret_until"] is None
    assert (drop_old_secrets(), drop_old_secrets()) == (1, 0)
    assert Webhook.objects.get().sealed_old_secret == ""


def test_the_old_secret_is_ended_early_and_no_second_rotation_cuts_it_off(
    ada: Client, project: Project, receiver: Receiver
) -> None:
    hook = make_hook(ada, project, receiver.url)
    first = call(ada, "post", project, f"/{hook['id']}/secret")[1]
    status, problem = call(ada, "post", project, f"/{hook['id']}/secret")
    assert (status, problem["code"]) == (409, "old_secret_in_use")

    assert [call(ada, "delete", project, f"/{hook['id']}/old-secret")[0] for _ in range(2)] == [204, 204]

    export_ready(project, 1)
    deliver(hook["id"])
    assert [receiver.is_signed_with(known["secret"], 0) for known in (hook, first)] == [False, True]
    second = call(ada, "post", project, f"/{hook['id']}/secret")[1]
    export_ready(project, 2)
    deliver(hook["id"])
    assert [receiver.is_signed_with(known["secret"], 1) for known in (hook, first, second)] == [
        False,
        True,
        True,
    ]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "webhook.create",
        "webhook.rotate_secret",
        "webhook.end_old_secret",
        "webhook.rotate_secret",
    ]


def test_a_secret_that_cannot_be_read_is_replaced_and_not_kept(
    ada: Client, project: Project, receiver: Receiver, settings: Settings
) -> None:
    hook = make_hook(ada, project, receiver.url)
    Webhook.objects.update(sealed_secret="sealed under a key that is forgotten")

    rotated = call(ada, "post", project, f"/{hook['id']}/secret")[1]

    assert rotated["old_secret_until"] is None
    export_ready(project, 1)
    deliver(hook["id"])
    assert receiver.is_signed_with(rotated["secret"], 0)


def test_secrets_of_other_projects_are_out_of_reach(ada: Client, project: Project) -> None:
    hook = make_hook(ada, project, "https://example.org/a")
    other = make_project(name="Terns")
    boss = signed_in(make_member(other, "bob", role=Role.ADMIN))
    ann = signed_in(make_member(project, "ann", role=Role.ANNOTATOR))
    for method, path in (("post", "secret"), ("delete", "old-secret")):
        assert call(boss, method, other, f"/{hook['id']}/{path}")[0] == 404
        assert call(ann, method, project, f"/{hook['id']}/{path}")[0] == 403

"""Images go out of a project and come back: counts, labels, exports, the map and the log follow."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labeler.accounts.models import AuditEntry
from labeler.accounts.permissions import Role, Scope
from labeler.annotations.replay import find_differences
from labeler.datasets.models import Image, Project, Removal
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportIn
from labeler.jobs.models import Job, JobKind
from labeler.results.removals import remove_images, restore_images
from labeler.webhooks.models import WebhookDelivery, WebhookEvent
from labeler.webhooks.services import create_webhook
from tests.factories import (
    assign,
    make_class,
    make_member,
    make_project,
    make_token,
    signed_in,
    undo,
    with_token,
)

pytestmark = pytest.mark.django_db


def make_gulls() -> tuple[Project, Any, Any, Any]:
    """Eight images; 0-2 are gulls, 3 and 4 terns; the admin, and both classes."""
    project = make_project(num_images=8)
    ada = make_member(project, "ada", role=Role.ADMIN)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ada, gull, [0, 1, 2])
    assign(project, ada, tern, [3, 4])
    return project, ada, gull, tern


def remove(project: Project, user: Any, indexes: Sequence[int], **options: Any) -> Removal:
    action_id = options.pop("client_action_id", None) or uuid.uuid4()
    return remove_images(project_id=project.id, user=user, image_indexes=indexes, client_action_id=action_id)


def restore(project: Project, user: Any, **which: Any) -> list[int]:
    return restore_images(project_id=project.id, user=user, **which).image_indexes


def post(client: Client, project: Project, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/projects/{project.id}/{path}", body, content_type="application/json")


def get(client: Client, project: Project, path: str) -> Any:
    answer = client.get(f"/api/v1/projects/{project.id}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def labels_of(client: Client, project: Project) -> list[int]:
    data = client.get(f"/api/v1/projects/{project.id}/labels").content
    values: list[int] = np.frombuffer(data, dtype="<i4").tolist()
    return values


def counts(client: Client, project: Project) -> dict[str, Any]:
    shown = get(client, project, "")
    classes = {row["name"]: row["num_labels"] for row in get(client, project, "/classes")}
    names = ("num_images", "num_removed", "num_labelled")
    return {**{name: shown[name] for name in names}, **classes}


def test_counts_labels_and_lists_leave_out_what_was_removed() -> None:
    project, ada, gull, tern = make_gulls()
    client = signed_in(ada)
    answer = post(
        client,
        project,
        "removals",
        {"image_indexes": [2, 3, 7, 3], "client_action_id": str(uuid.uuid4())},
    )
    assert answer.status_code == 200
    assert answer.json()["image_indexes"] == [2, 3, 7]
    assert (answer.json()["num_labelled"], answer.json()["removed_by"]) == (2, "ada")
    assert counts(client, project) == {
        "num_images": 8,
        "num_removed": 3,
        "num_labelled": 3,
        "gull": 2,
        "tern": 1,
    }
    assert labels_of(client, project) == [gull.id, gull.id, 0, 0, tern.id, 0, 0, 0]
    assert [row["index"] for row in get(client, project, "/images")["items"]] == [0, 1, 4, 5, 6]
    assert client.get(f"/api/v1/projects/{project.id}/images/2").json()["code"] == "image_removed"
    facts = np.frombuffer(client.get(f"/api/v1/projects/{project.id}/label-facts").content, dtype="<i4")
    assert (facts.reshape(4, 8)[1] > 0).tolist() == [True, True, False, False, True, False, False, False]
    assert find_differences(project_id=project.id) == []


def test_the_map_says_where_nothing_is_to_be_drawn_under_an_address_that_changes() -> None:
    project, ada, *_ = make_gulls()
    client = signed_in(ada)
    names = [ref["name"] for ref in get(client, project, "/map")["arrays"]]
    assert "removed" not in names
    remove(project, ada, [1, 6])
    refs = {ref["name"]: ref for ref in get(client, project, "/map")["arrays"]}
    assert (refs["removed"]["dtype"], refs["removed"]["shape"]) == ("uint8", [8])
    answer = client.get(refs["removed"]["url"])
    assert list(answer.content) == [0, 1, 0, 0, 0, 0, 1, 0]
    assert answer["Cache-Control"] == "no-store"
    restore(project, ada, image_indexes=[6])
    later = {ref["name"]: ref for ref in get(client, project, "/map")["arrays"]}
    assert later["removed"]["url"] != refs["removed"]["url"]
    assert list(client.get(later["removed"]["url"]).content) == [0, 1, 0, 0, 0, 0, 0, 0]


def test_images_come_back_with_their_labels() -> None:
    project, ada, gull, tern = make_gulls()
    client = signed_in(ada)
    before = counts(client, project)
    remove(project, ada, [2, 3, 7])
    answer = post(client, project, "restore-images", {"image_indexes": [2, 3, 5]})
    assert answer.json() == {"image_indexes": [2, 3], "num_labelled": 2}
    assert labels_of(client, project) == [gull.id, gull.id, gull.id, tern.id, tern.id, 0, 0, 0]
    assert post(client, project, "restore-images", {"all": True}).json()["image_indexes"] == [7]
    assert counts(client, project) == before
    assert post(client, project, "restore-images", {"all": True}).json()["image_indexes"] == []
    assert find_differences(project_id=project.id) == []


def test_the_same_request_again_changes_nothing() -> None:
    project, ada, *_ = make_gulls()
    action_id = uuid.uuid4()
    first = remove(project, ada, [0, 1], client_action_id=action_id)
    restore(project, ada, image_indexes=[0])
    again = remove(project, ada, [0, 1], client_action_id=action_id)
    assert again.id == first.id
    assert list(Image.objects.filter(removed_at__isnull=False).values_list("index", flat=True)) == [1]
    project.refresh_from_db()
    assert project.num_removed == 1


def test_what_is_out_already_is_passed_over_and_keeps_who_removed_it() -> None:
    project, ada, *_ = make_gulls()
    bea = make_member(project, "bea", role=Role.ADMIN)
    remove(project, ada, [0])
    second = remove(project, bea, [0, 1])
    assert np.frombuffer(second.image_indexes, dtype="<u4").tolist() == [1]
    rows = get(signed_in(ada), project, "/removals")["items"]
    assert [(row["removed_by"], row["num_images"], row["num_labelled"]) for row in rows] == [
        ("bea", 1, 1),
        ("ada", 1, 1),
    ]


def test_somebody_elses_action_id_is_refused() -> None:
    project, ada, *_ = make_gulls()
    bea = make_member(project, "bea", role=Role.ADMIN)
    action_id = uuid.uuid4()
    remove(project, ada, [0], client_action_id=action_id)
    body = {"image_indexes": [1], "client_action_id": str(action_id)}
    answer = post(signed_in(bea), project, "removals", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "client_action_id_taken")


def test_an_index_without_an_image_removes_none() -> None:
    project, ada, *_ = make_gulls()
    client = signed_in(ada)
    body = {"image_indexes": [0, 8], "client_action_id": str(uuid.uuid4())}
    answer = post(client, project, "removals", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_image")
    assert not Image.objects.filter(removed_at__isnull=False).exists()
    assert post(client, project, "restore-images", {"image_indexes": [8]}).status_code == 422


@pytest.mark.parametrize("body", [{}, {"all": False}, {"all": True, "removal_id": 1}, {"image_indexes": []}])
def test_a_restore_names_exactly_one_way_to_choose(body: dict[str, Any]) -> None:
    project, ada, *_ = make_gulls()
    assert post(signed_in(ada), project, "restore-images", body).status_code == 422


def test_only_admins_and_tokens_of_everything_may() -> None:
    project, ada, *_ = make_gulls()
    body = {"image_indexes": [0], "client_action_id": str(uuid.uuid4())}
    rita = make_member(project, "rita", role=Role.REVIEWER)
    assert post(signed_in(rita), project, "removals", body).status_code == 403
    writer = with_token(make_token(ada, scope=Scope.WRITE))
    assert post(writer, project, "removals", body).json()["code"] == "token_scope"
    assert post(with_token(make_token(ada, scope=Scope.ADMIN)), project, "removals", body).status_code == 200


def test_one_removal_is_listed_and_comes_back_by_itself() -> None:
    project, ada, gull, _ = make_gulls()
    client = signed_in(ada)
    first, second = remove(project, ada, [0, 5]), remove(project, ada, [6, 7])
    rows = get(client, project, "/removals?limit=1")
    assert [row["id"] for row in rows["items"]] == [second.id]
    assert [row["id"] for row in get(client, project, f"/removals?after={rows['next']}")["items"]] == [
        first.id
    ]
    page = get(client, project, f"/removals/{first.id}/images?limit=1")
    assert page == {"items": [{"index": 0, "path": "birds/0.jpg", "class_id": gull.id}], "next": 0}
    assert get(client, project, f"/removals/{first.id}/images?after=0")["items"][0]["index"] == 5
    assert restore(project, ada, removal_id=first.id) == [0, 5]
    assert [row["id"] for row in get(client, project, "/removals")["items"]] == [second.id]
    missing = post(client, project, "restore-images", {"removal_id": 999})
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_removal")


def test_a_label_action_leaves_removed_images_out_and_says_so() -> None:
    project, ada, _, tern = make_gulls()
    remove(project, ada, [5, 6])
    client = signed_in(ada)
    body = {"class_id": tern.id, "image_indexes": [5, 6, 7], "client_action_id": str(uuid.uuid4())}
    answer = post(client, project, "label-actions", body).json()
    assert (answer["image_indexes"], answer["removed"]) == ([7], [5, 6])
    assert post(client, project, "label-actions", body).json()["removed"] == [5, 6]  # sent again
    refused = post(
        client,
        project,
        "label-actions",
        {**body, "image_indexes": [5], "client_action_id": str(uuid.uuid4())},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "images_removed")
    assert refused.json()["detail"] == "Image 5 was removed from the project"
    assert find_differences(project_id=project.id) == []


def test_an_undo_reaches_images_that_were_removed_since() -> None:
    project, ada, gull, tern = make_gulls()
    client = signed_in(ada)
    assign(project, ada, gull, [3, 5])  # 3 was a tern, 5 had none
    remove(project, ada, [3, 5])
    result = undo(project, ada)
    assert (result.changes, result.skipped) == ([], [])
    assert counts(client, project)["tern"] == 1
    assert find_differences(project_id=project.id) == []
    restore(project, ada, image_indexes=[3, 5])
    assert labels_of(client, project) == [gull.id, gull.id, gull.id, tern.id, tern.id, 0, 0, 0]
    assert counts(client, project)["num_labelled"] == 5
    assert find_differences(project_id=project.id) == []


def test_a_merge_takes_removed_images_along() -> None:
    project, ada, gull, tern = make_gulls()
    client = signed_in(ada)
    remove(project, ada, [3])
    body = {"into_class_id": gull.id, "client_action_id": str(uuid.uuid4())}
    merged = post(client, project, f"classes/{tern.id}/merge", body).json()
    assert merged["action"]["changes"] == [{"class_id": gull.id, "image_indexes": [4]}]
    restore(project, ada, image_indexes=[3])
    assert labels_of(client, project) == [gull.id] * 5 + [0] * 3
    assert counts(client, project)["gull"] == 5
    assert find_differences(project_id=project.id) == []


def test_an_export_that_is_open_keeps_the_images_that_it_began_with() -> None:
    project, ada, *_ = make_gulls()
    remove(project, ada, [1])
    source = open_source(project_id=project.id, options=ExportIn())
    remove(project, ada, [2])
    restore(project, ada, image_indexes=[1])
    expected = [0, 2, 3, 4, 5, 6, 7]
    assert [row.image.index for row in source.rows()] == expected
    assert [row.image.index for row in open_source(project_id=project.id, options=ExportIn()).rows()] == [
        0, 1, 3, 4, 5, 6, 7
    ]  # fmt: skip


def test_growth_since_the_last_training_stays_the_same_ratio() -> None:
    project, ada, *_ = make_gulls()
    Project.objects.filter(id=project.id).update(num_labels_at_training=10)
    remove(project, ada, [0, 1])  # 3 of 5 labels stay
    project.refresh_from_db()
    assert project.num_labels_at_training == 6  # 10 * 3 / 5
    restore(project, ada, image_indexes=[0, 1])
    project.refresh_from_db()
    assert project.num_labels_at_training == 10
    assert not Job.objects.filter(kind=JobKind.TRAINING).exists()


def test_labels_that_come_back_may_start_the_first_training() -> None:
    project, ada, *_ = make_gulls()
    remove(project, ada, [3])
    Project.objects.filter(id=project.id).update(labels_per_class_to_train=2)
    assert not Job.objects.filter(kind=JobKind.TRAINING).exists()
    restore(project, ada, image_indexes=[3])
    assert Job.objects.filter(kind=JobKind.TRAINING).count() == 1


def test_the_audit_log_and_the_webhooks_are_told() -> None:
    project, ada, *_ = make_gulls()
    create_webhook(
        project_id=project.id,
        actor=ada,
        url="https://example.org/",
        events=[WebhookEvent.IMAGES_REMOVED, WebhookEvent.IMAGES_RESTORED],
    )
    removal = remove(project, ada, [0, 5])
    restore(project, ada, image_indexes=[5])
    entries = AuditEntry.objects.filter(action__startswith="images.").order_by("id")
    assert [(entry.actor, entry.action, entry.detail) for entry in entries] == [
        ("ada", "images.remove", {"removal": removal.id, "num_images": 2, "num_labelled": 1}),
        ("ada", "images.restore", {"num_images": 1, "num_labelled": 0}),
    ]
    told = WebhookDelivery.objects.order_by("id").values_list("event", "payload__data")
    assert [(event, json.loads(data) if isinstance(data, str) else data) for event, data in told] == [
        ("images.removed", {"num_images": 2, "num_removed": 2}),
        ("images.restored", {"num_images": 1, "num_removed": 1}),
    ]


def test_previews_of_a_project_show_images_that_are_there() -> None:
    project, ada, *_ = make_gulls()
    assert get(signed_in(ada), project, "")["preview_indexes"] == list(range(8))
    remove(project, ada, [0, 1, 7])
    assert get(signed_in(ada), project, "")["preview_indexes"] == [2, 3, 4, 5, 6]


def test_ten_thousand_images_take_a_few_statements() -> None:
    project = make_project(num_images=10_000)
    ada = make_member(project, "ada", role=Role.ADMIN)
    assign(project, ada, make_class(project), range(0, 10_000, 2))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        remove(project, ada, range(10_000))
    assert len(asked) < 25
    with CaptureQueriesContext(connection) as asked:
        assert len(restore(project, ada)) == 10_000
    assert len(asked) < 35
    project.refresh_from_db()
    assert (project.num_labelled, project.num_removed) == (5_000, 0)

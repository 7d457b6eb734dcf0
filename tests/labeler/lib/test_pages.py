"""Every list that grows has the same pages: `after`, `limit`, `items`, `next`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from django.contrib.auth.models import User

from labeler.accounts.audit import record
from labeler.accounts.invitations import create_invitation
from labeler.accounts.permissions import Role, Scope
from labeler.accounts.services import create_token
from labeler.annotations.models import LabelClass
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Project
from labeler.exports.schemas import ExportIn
from labeler.exports.services import request_export
from labeler.jobs.models import JobKind
from labeler.lib.pages import MAX_CURSOR
from labeler.results.models import Projection, View
from labeler.results.services import store_array
from labeler.webhooks.models import WebhookEvent
from labeler.webhooks.services import create_webhook
from tests.factories import (
    assign,
    make_class,
    make_member,
    make_model,
    make_project,
    make_running_job,
    make_user,
    signed_in,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Given:
    """A project with two images and a class, its admin, and the number of the row to make."""

    project: Project
    ada: User
    gull: LabelClass
    number: int


def make_another_project(given: Given) -> None:
    if given.number:  # the first is there
        make_project().memberships.create(user=given.ada, role=Role.VIEWER)


def make_another_user(given: Given) -> None:
    if given.number:
        make_user(f"user {given.number}")


def make_version(given: Given) -> None:
    make_model(
        given.project,
        [given.gull],
        predicted=[0, 0],
        confidence=[255, 255],
        profiles=np.zeros((2, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
    )


def make_layout(given: Given) -> None:
    array = store_array(project_id=given.project.id, name="layout", array=np.zeros((2, 2), np.float32))
    Projection.objects.create(project=given.project, array=array, num_images=2, view=View.WHOLE)


def make_hook(given: Given) -> None:
    url = f"https://example.org/{given.number}"
    create_webhook(project_id=given.project.id, actor=given.ada, url=url, events=[WebhookEvent.EXPORT_READY])


def label_as_another(given: Given) -> None:
    person = make_member(given.project, f"annotator {given.number}")
    assign(given.project, person, given.gull, [given.number % 2])


IN_PROJECT = "/projects/{project}"
LISTS: dict[str, tuple[str, Callable[[Given], object]]] = {
    "projects": ("/projects", make_another_project),
    "users": ("/users", make_another_user),
    "tokens": (
        "/tokens",
        lambda given: create_token(
            user=given.ada, name=f"token {given.number}", scope=Scope.READ, expires_at=None
        ),
    ),
    "jobs": (
        f"{IN_PROJECT}/jobs",
        lambda given: make_running_job(given.project, list(JobKind)[given.number]),
    ),
    "imports": (
        f"{IN_PROJECT}/imports",
        lambda given: create_import(
            project_id=given.project.id, user=given.ada, name=str(given.number), classes_from_folders=False
        ),
    ),
    "exports": (
        f"{IN_PROJECT}/exports",
        lambda given: request_export(project_id=given.project.id, user=given.ada, options=ExportIn()),
    ),
    "models": (f"{IN_PROJECT}/models", make_version),
    "activity": (
        f"{IN_PROJECT}/activity",
        lambda given: assign(given.project, given.ada, given.gull, [given.number % 2]),
    ),
    "annotators": (f"{IN_PROJECT}/annotators", label_as_another),
    "audit log": (
        f"{IN_PROJECT}/audit-log",
        lambda given: record(project_id=given.project.id, actor=given.ada, action="project.update"),
    ),
    "invitations": (
        f"{IN_PROJECT}/invitations",
        lambda given: create_invitation(
            project_id=given.project.id, actor=given.ada, role=Role.VIEWER, expires_in_days=1
        ),
    ),
    "projections": (f"{IN_PROJECT}/projections", make_layout),
    "webhooks": (f"{IN_PROJECT}/webhooks", make_hook),
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_pages_together_hold_every_row_once_newest_first(name: str) -> None:
    project = make_project(num_images=2)
    path, make = LISTS[name]
    ada = make_member(project, "ada", role=Role.ADMIN)
    User.objects.filter(id=ada.id).update(is_staff=name == "users")
    client = signed_in(ada)
    gull = make_class(project, "gull")
    for number in range(3):
        make(Given(project, ada, gull, number))
    url = "/api/v1" + path.format(project=project.id)
    key = {"models": "number", "activity": "sequence"}.get(name, "id")

    whole = client.get(url).json()
    ids = [row[key] for row in whole["items"]]
    assert len(ids) == 3
    assert ids == sorted(ids, reverse=True)
    assert whole["next"] is None

    first = client.get(url, {"limit": 2}).json()
    assert ([row[key] for row in first["items"]], first["next"]) == (ids[:2], ids[1])
    second = client.get(url, {"limit": 2, "after": first["next"]}).json()
    assert ([row[key] for row in second["items"]], second["next"]) == (ids[2:], None)
    exact = client.get(url, {"limit": 3}).json()
    assert (len(exact["items"]), exact["next"]) == (3, None)


def test_the_cursor_of_members_is_no_part_of_a_member() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    for name in ("zoe", "bob"):
        make_member(project, name)
    url = f"/api/v1/projects/{project.id}/members"
    first = client.get(url, {"limit": 2}).json()
    second = client.get(url, {"limit": 2, "after": first["next"]}).json()
    assert [row["username"] for row in first["items"]] == ["bob", "zoe"]
    assert [row["username"] for row in second["items"]] == ["ada"]
    assert second["next"] is None


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"after": -1}, {"after": MAX_CURSOR + 1}])
def test_a_page_that_is_none_is_refused(query: dict[str, int]) -> None:
    client = signed_in(make_member(make_project(), "ada"))
    answer = client.get("/api/v1/projects", query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_a_row_that_comes_between_two_pages_shifts_nothing() -> None:
    project = make_project()
    ada = make_member(project, "ada", role=Role.ADMIN)
    client = signed_in(ada)
    for name in ("a", "b", "c"):
        create_import(project_id=project.id, user=ada, name=name, classes_from_folders=False)
    url = f"/api/v1/projects/{project.id}/imports"
    first = client.get(url, {"limit": 2}).json()
    create_import(project_id=project.id, user=ada, name="d", classes_from_folders=False)
    second = client.get(url, {"limit": 2, "after": first["next"]}).json()
    assert [row["name"] for row in first["items"] + second["items"]] == ["c", "b", "a"]

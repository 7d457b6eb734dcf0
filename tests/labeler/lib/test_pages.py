"""Every list that grows has the same pages: `after`, `limit`, `items`, `next`."""

from typing import Any

import numpy as np
import pytest
from django.test import Client

from labeler.accounts.permissions import Role, Scope
from labeler.accounts.services import create_token
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Project
from labeler.exports.schemas import ExportIn
from labeler.exports.services import request_export
from labeler.jobs.models import JobKind
from labeler.lib.pages import MAX_CURSOR
from tests.factories import (
    assign,
    make_class,
    make_member,
    make_model,
    make_project,
    make_running_job,
    signed_in,
)

pytestmark = pytest.mark.django_db

LISTS = {
    "projects": "/projects",
    "tokens": "/tokens",
    "jobs": "/projects/{project}/jobs",
    "imports": "/projects/{project}/imports",
    "exports": "/projects/{project}/exports",
    "models": "/projects/{project}/models",
    "activity": "/projects/{project}/activity",
}


def make_three(name: str, project: Project, client: Client) -> None:
    """Three rows in a list."""
    ada = project.memberships.get().user
    gull = make_class(project, "gull")
    for number in range(3):
        if name == "projects" and number:
            make_member_of_another(ada)
        elif name == "tokens":
            create_token(user=ada, name=f"token {number}", scope=Scope.READ, expires_at=None)
        elif name == "jobs":
            make_running_job(project, list(JobKind)[number])
        elif name == "imports":
            create_import(project_id=project.id, user=ada, name=str(number), classes_from_folders=False)
        elif name == "exports":
            request_export(project_id=project.id, user=ada, options=ExportIn())
        elif name == "models":
            make_model(
                project,
                [gull],
                predicted=[0, 0],
                confidence=[255, 255],
                profiles=np.zeros((2, 5), dtype=np.uint8),
                map_height=2,
                map_width=3,
            )
        elif name == "activity":
            assign(project, ada, gull, [number % 2])


def make_member_of_another(user: Any) -> None:
    make_project().memberships.create(user=user, role=Role.VIEWER)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_pages_together_hold_every_row_once_newest_first(name: str) -> None:
    project = make_project(num_images=2)
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    make_three(name, project, client)
    url = "/api/v1" + LISTS[name].format(project=project.id)
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

"""Saved views: private to a person, one of a name, at most so many."""

from typing import Any

import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from labeler.datasets.saved_views import MAX_VIEWS, save_view
from tests.factories import make_member, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db


def address(project: Project, suffix: str = "") -> str:
    return f"/api/v1/projects/{project.id}/saved-views{suffix}"


def save(client: Client, project: Project, **body: Any) -> Any:
    return client.post(address(project), body, content_type="application/json")


def test_a_saved_view_is_there_for_the_same_person_and_nobody_else() -> None:
    project = make_project()
    vera = make_member(project, "vera", role=Role.VIEWER)
    saved = save(signed_in(vera), project, name="doubtful", search="confidence=0..60")
    assert saved.status_code == 200
    other_machine = signed_in(vera).get(address(project)).json()
    assert other_machine == [{"id": saved.json()["id"], "name": "doubtful", "search": "confidence=0..60"}]
    assert signed_in(make_member(project, "ann")).get(address(project)).json() == []


def test_a_view_of_the_same_name_is_replaced_and_views_come_by_name() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ann"))
    for name, search in (("b", "label=1"), ("a", "label=2"), ("b", "label=3")):
        save(client, project, name=name, search=search)
    assert [(view["name"], view["search"]) for view in client.get(address(project)).json()] == [
        ("a", "label=2"),
        ("b", "label=3"),
    ]


def test_a_view_of_another_project_or_person_is_not_found_and_stays() -> None:
    project, other = make_project(), make_project(name="Terns")
    ann = make_member(project, "ann")
    make_member(project, "milo")
    kept = save_view(project_id=project.id, user=ann, name="mine", search="")
    milo = signed_in(make_member(other, "nils"))
    assert milo.delete(address(other, f"/{kept.id}")).status_code == 404
    client = signed_in(ann)
    assert len(client.get(address(project)).json()) == 1
    assert client.delete(address(project, f"/{kept.id}")).status_code == 204
    assert client.delete(address(project, f"/{kept.id}")).status_code == 404
    assert client.get(address(project)).json() == []


def test_somebody_outside_the_project_gets_nothing() -> None:
    project = make_project()
    stan = signed_in(make_user("stan"))
    assert stan.get(address(project)).status_code == 404
    assert save(stan, project, name="mine").status_code == 404


def test_names_and_addresses_that_are_too_long_or_empty_are_refused() -> None:
    project = make_project()
    client = signed_in(make_member(project, "ann"))
    assert save(client, project, name="").status_code == 422
    assert save(client, project, name="n" * 61).status_code == 422
    assert save(client, project, name="n", search="s" * 2001).status_code == 422
    assert save(client, project, name="two\nlines").status_code == 422
    assert client.get(address(project)).json() == []


def test_one_view_too_many_says_the_limit_and_a_replaced_one_still_fits() -> None:
    project = make_project()
    ann = make_member(project, "ann")
    for number in range(MAX_VIEWS):
        save_view(project_id=project.id, user=ann, name=f"view {number}", search="")
    client = signed_in(ann)
    refused = save(client, project, name="one more")
    assert refused.status_code == 422
    assert refused.json()["detail"] == "You have 100 saved views in this project; at most 100 are kept"
    assert save(client, project, name="view 7", search="label=1").status_code == 200
    assert len(client.get(address(project)).json()) == 100

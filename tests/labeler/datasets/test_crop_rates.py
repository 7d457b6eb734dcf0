"""Crop rates: shares of retentions, versioned, and which image gets which."""

from typing import Any

import numpy as np
import pytest

from labeler.accounts.permissions import Role
from labeler.datasets.crop_rates import Rate, Rates, get_rates, pick_rates
from labeler.datasets.models import CropPolicy, CropPolicyKind, Project
from tests.factories import make_class, make_member, make_project, signed_in

RANDOM, BY_SIZE = CropPolicyKind.RANDOM, CropPolicyKind.BY_OBJECT_SIZE
THIRDS = (Rate(None, 0.25), Rate(0.9, 0.5), Rate(0.6, 0.25))


def picked(rates: Rates, **options: Any) -> list[float | None]:
    options = {"project_id": 1, "salient_area": None, "class_ids": None, **options}
    found = pick_rates(rates, **options)
    return [
        None if whole else float(value) for value, whole in zip(found.retention, found.is_whole, strict=True)
    ]


def put(project: Project, body: dict[str, Any], *, role: Role = Role.ADMIN) -> Any:
    client = signed_in(make_member(project, f"a {role}", role=role))
    url = f"/api/v1/projects/{project.id}/crop-rates"
    return client.put(url, body, content_type="application/json")


def body(*rates: tuple[float | None, float], kind: str = "random", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "rates": [{"retention": r, "share": s} for r, s in rates], **more}


def test_the_smallest_objects_get_the_tightest_rate_each_its_share() -> None:
    rates = Rates(1, BY_SIZE, THIRDS, {})
    area = np.array([0.5, 0.1, 0.9, 0.2])
    assert picked(rates, num_images=4, salient_area=area) == [0.9, 0.6, None, 0.9]


def test_images_that_came_after_the_model_get_the_loosest_and_move_no_other() -> None:
    rates = Rates(1, BY_SIZE, THIRDS, {})
    area = np.array([0.5, 0.1, 0.9, 0.2])
    assert picked(rates, num_images=6, salient_area=area) == [0.9, 0.6, None, 0.9, None, None]
    assert picked(rates, num_images=2) == [None, None]


def test_the_hash_gives_each_rate_its_share_and_an_image_keeps_its_rate() -> None:
    rates = Rates(1, RANDOM, THIRDS, {})
    found = picked(rates, num_images=40_000)
    shares = [found.count(rate.retention) / 40_000 for rate in THIRDS]
    assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.01)
    assert picked(rates, num_images=500) == found[:500]
    assert picked(rates, num_images=500, project_id=2) != found[:500]


def test_an_override_goes_before_the_shares() -> None:
    rates = Rates(1, RANDOM, (Rate(0.8, 1.0),), {7: None, 9: 0.5})
    classes = np.array([0, 7, 9])
    assert picked(rates, num_images=4, class_ids=classes) == [0.8, None, 0.5, 0.8]


def test_codes_tell_the_whole_image_from_the_loosest_crop() -> None:
    rates = Rates(1, BY_SIZE, (Rate(None, 0.25), Rate(1.0, 0.25), Rate(0.95, 0.25), Rate(0.001, 0.25)), {})
    found = pick_rates(rates, project_id=1, num_images=4, salient_area=np.array([0, 1, 2, 3]), class_ids=None)
    assert found.to_codes().tolist() == [1, 242, 254, 255]


@pytest.mark.django_db
def test_before_anything_is_saved_all_images_have_the_projects_retention() -> None:
    project = make_project(retention=0.9)
    rates = get_rates(project_id=project.id)
    assert (rates.version, rates.rates) == (0, (Rate(0.9, 1.0),))


@pytest.mark.django_db
def test_each_save_is_a_new_version_that_answers_as_it_was_sent() -> None:
    project = make_project()
    gull = make_class(project)
    first = put(project, body((0.95, 1.0)))
    assert (first.status_code, first.json()["version"]) == (200, 1)
    overrides = [{"class_id": gull.id, "retention": None}]
    sent = body((None, 0.1), (0.95, 0.2), (0.8, 0.7), kind="by_object_size", overrides=overrides)
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    url = f"/api/v1/projects/{project.id}/crop-rates"
    client.put(url, sent, content_type="application/json")
    answer = client.get(url).json()
    assert answer.pop("created_at") is not None
    assert answer == {**sent, "version": 2}
    assert CropPolicy.objects.get(version=1).rates.get().retention == 0.95  # the old one stays as it was


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rates", "code", "message"),
    [
        ([(0.9, 0.5), (0.8, 0.4)], "bad_shares", "add up to 90 %"),
        ([(0.9, 1.2)], "bad_shares", "share of 1.2"),
        ([(0.9, 1.0), (0.8, 0.0)], "bad_shares", "share of 0;"),
        ([(1.1, 1.0)], "bad_rates", "retention of 1.1"),
        ([(0.0, 1.0)], "bad_rates", "retention of 0;"),
        ([(0.9, 0.5), (0.9, 0.5)], "bad_rates", "two shares for a retention of 0.9"),
        ([(None, 0.5), (None, 0.5)], "bad_rates", "the whole image"),
        ([], "bad_rates", "0 crop rates"),
    ],
)
def test_rates_that_make_no_sense_are_refused_with_the_number(
    rates: list[tuple[float | None, float]], code: str, message: str
) -> None:
    project = make_project()
    answer = put(project, body(*rates))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert message in answer.json()["detail"]
    assert not CropPolicy.objects.exists()


@pytest.mark.django_db
def test_overrides_are_of_the_projects_own_classes_once_each() -> None:
    project, other = make_project(), make_class(make_project(name="Other"))
    wrong = put(project, body((0.9, 1.0), overrides=[{"class_id": other.id, "retention": 0.5}]))
    assert wrong.json()["code"] == "no_such_class"
    gull = make_class(project)
    client = signed_in(make_member(project, "ada", role=Role.ADMIN))
    twice = body((0.9, 1.0), overrides=[{"class_id": gull.id, "retention": r} for r in (0.5, 0.6)])
    url = f"/api/v1/projects/{project.id}/crop-rates"
    assert client.put(url, twice, content_type="application/json").status_code == 422


@pytest.mark.django_db
def test_only_admins_change_them() -> None:
    assert put(make_project(), body((0.9, 1.0)), role=Role.REVIEWER).status_code == 403

"""Facts of all images as one array, and finding images by their path."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.contrib.auth.models import User

from labeler.accounts.permissions import Role
from labeler.datasets.models import Image, Import, Project
from tests.factories import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db


def indexes(project: Project, text: str) -> list[int]:
    client = signed_in(project_viewer(project))
    answer = client.get(f"/api/v1/projects/{project.id}/image-search", {"text": text})
    assert answer.status_code == 200, answer.content
    found: list[int] = np.frombuffer(answer.content, dtype="<i4").tolist()
    return found


def project_viewer(project: Project) -> User:
    membership = project.memberships.filter(role=Role.VIEWER).first()
    return membership.user if membership else make_member(project, "vera", role=Role.VIEWER)


def test_facts_hold_size_kilobytes_import_and_time() -> None:
    project = make_project(num_images=3)
    source = Import.objects.create(project=project, name="First")
    added = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    changed = Image.objects.filter(project=project, index=1)
    changed.update(width=640, height=90, num_bytes=1_001, source_import=source, created_at=added)
    client = signed_in(project_viewer(project))
    answer = client.get(f"/api/v1/projects/{project.id}/image-facts?count=2")
    assert answer["X-Array-Shape"] == "5,2"
    facts = np.frombuffer(answer.content, dtype="<i4").reshape(5, 2)
    assert facts[:4].tolist() == [[300, 640], [200, 90], [1, 2], [0, source.id]]
    assert facts[4, 1] == int(added.timestamp())
    wrong = client.get(f"/api/v1/projects/{project.id}/image-facts?count=4")
    assert wrong.status_code == 422
    assert "3 images" in wrong.json()["detail"]


def test_every_word_of_the_text_must_be_in_the_path() -> None:
    project = make_project(num_images=4)
    for index, path in enumerate(["sea/Gull_01.jpg", "sea/tern_01.jpg", "land/gull_02.jpg", "a%b_c.jpg"]):
        Image.objects.filter(project=project, index=index).update(path=path)
    assert indexes(project, "gull") == [0, 2]
    assert indexes(project, "sea gull") == [0]
    assert indexes(project, "%b_") == [3]
    assert indexes(project, "owl") == []


def test_a_removed_image_is_not_found() -> None:
    project = make_project(num_images=2)
    Image.objects.filter(index=0).update(removed_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert indexes(project, "birds") == [1]


def test_an_empty_text_is_refused() -> None:
    project = make_project(num_images=1)
    client = signed_in(project_viewer(project))
    assert client.get(f"/api/v1/projects/{project.id}/image-search?text=").status_code == 422

"""A project, its admin, and a receiver of webhooks."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from labeler.accounts.permissions import Role
from labeler.datasets.models import Project
from tests.factories import make_member, make_project, signed_in
from tests.labeler.webhooks.receiver import Receiver, receiving


@pytest.fixture
def project(db: None) -> Project:
    return make_project(num_images=4)


@pytest.fixture
def ada(project: Project) -> Client:
    """An admin of the project."""
    return signed_in(make_member(project, "ada", role=Role.ADMIN))


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found

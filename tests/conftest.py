"""What every test gets: a folder of its own for files, empty cache, captured Celery sending, a mark for the database.

Objects come from `tests/factories.py`. Marks: `database` is put on every test that touches it, so that
`python -m tests.run_on_postgres` can run those again on PostgreSQL.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from tests import settings as test_settings

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark that `pytest_collection_modifyitems` gives."""
    config.addinivalue_line("markers", "database: needs the database (given automatically)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


def pytest_unconfigure() -> None:
    """Remove the folder that `tests/settings.py` made."""
    shutil.rmtree(test_settings.TEST_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end, close what threads of asynchronous tests left open; PostgreSQL would not drop the database."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def media_root(request: pytest.FixtureRequest) -> Iterator[Path | None]:
    """A media folder of the test's own, and a cache without entries of other tests."""
    if not request.node.get_closest_marker("database"):
        yield None
        return
    wrapper: Settings = request.getfixturevalue("settings")
    folder: Path = request.getfixturevalue("tmp_path") / "media"
    wrapper.MEDIA_ROOT = folder
    cache.clear()
    yield folder
    cache.clear()


@pytest.fixture(autouse=True)
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any], str]]:
    """Celery messages as (task name, arguments, queue) instead of on a broker."""
    sent: list[tuple[str, list[Any], str]] = []

    def send_task(name: str, *, args: list[Any], queue: str) -> None:
        sent.append((name, args, queue))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return sent

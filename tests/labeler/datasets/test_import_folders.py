"""The browser of the server's folders shows what may be imported and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from labeler.accounts.permissions import Role
from labeler.datasets import import_sources
from labeler.datasets.models import Project
from tests.factories import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    """An allowed folder beside one that is not."""
    root = tmp_path.resolve() / "photos"
    for folder in ("Zoo", "birds/gull", ".hidden"):
        (root / folder).mkdir(parents=True)
    (root / "birds" / "a.jpg").touch()
    (root / "birds" / ".b.jpg").touch()
    (tmp_path / "secret").mkdir()
    (root / "way-out").symlink_to(tmp_path / "secret")
    settings.IMPORT_ROOTS = [root]
    return root


def browse(path: Path | str = "", *, role: Role = Role.ADMIN) -> Any:
    project = Project.objects.first() or make_project()
    client: Client = signed_in(make_member(project, f"{role.value}-{project.memberships.count()}", role=role))
    return client.get(f"/api/v1/projects/{project.id}/import-folders", {"path": str(path)})


def test_the_top_lists_the_allowed_folders(root: Path) -> None:
    assert browse().json() == {
        "path": "",
        "parent": None,
        "folders": [{"name": str(root), "path": str(root)}],
        "num_folders": 1,
        "num_files": 0,
    }


def test_a_folder_lists_subfolders_by_name_without_links_and_hidden_ones(root: Path) -> None:
    shown = browse(root).json()
    assert [folder["name"] for folder in shown["folders"]] == ["birds", "Zoo"]
    assert (shown["parent"], shown["num_folders"], shown["num_files"]) == ("", 2, 0)
    birds = browse(root / "birds").json()
    assert birds["folders"] == [{"name": "gull", "path": str(root / "birds" / "gull")}]
    assert (birds["parent"], birds["num_files"]) == (str(root), 1)


def test_nothing_outside_the_roots_is_shown(root: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "secret", tmp_path, root / "..", root / "way-out", "/", "/nowhere"):
        answer = browse(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "folder_not_allowed")


def test_what_is_no_folder_is_told(root: Path) -> None:
    for path in (root / "nothing", root / "birds" / "a.jpg"):
        answer = browse(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "no_such_folder")


def test_only_admins_browse(root: Path) -> None:
    assert browse(role=Role.REVIEWER).status_code == 403


def test_very_many_folders_are_counted_and_the_first_are_listed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_sources, "MAX_FOLDERS_LISTED", 1)
    shown = browse(root).json()
    assert ([folder["name"] for folder in shown["folders"]], shown["num_folders"]) == (["birds"], 2)


def test_the_sources_of_a_site_are_told(root: Path, settings: Settings) -> None:
    settings.IMPORT_BUCKETS = ["birds"]
    settings.IMPORT_URL_HOSTS, settings.IMPORT_PRIVATE_HOSTS = ["*.example.org"], ["nas"]
    project = make_project()
    ada = signed_in(make_member(project, "ada", role=Role.ADMIN))
    told = ada.get(f"/api/v1/projects/{project.id}/import-sources").json()
    assert told["folders"] == [str(root)]
    assert (told["buckets"], told["url_hosts"]) == (["birds"], ["*.example.org", "nas"])
    assert told["max_file_bytes"] == settings.MAX_IMPORT_FILE_BYTES
    assert told["max_chunk_bytes"] == 64 * 2**20

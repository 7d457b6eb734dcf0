"""The documentation site builds without a dead link or anchor, and fetches nothing from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.blocks import REPOSITORY

pytestmark = pytest.mark.slow

FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
NOT_FETCHED = {"canonical", "next", "prev"}  # links for readers of the page, by their `rel`


class Fetches(HTMLParser):
    """What a browser fetches for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in FETCHED and named.get("rel") not in NOT_FETCHED:
            self.found.append(named.get(FETCHED[tag]) or "")


def build(folder: Path, config: Path = REPOSITORY / "mkdocs.yml") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(folder / "site")],
        env={**os.environ, "DATA_DIR": str(folder / "data"), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; `--strict` fails on a dead link, a dead anchor and a page that no menu names."""
    folder = tmp_path_factory.mktemp("docs")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 18
    for page in pages:
        parser = Fetches()
        parser.feed(page.read_text(encoding="utf-8"))
        assert any(address.endswith(".css") for address in parser.found)
        foreign = [address for address in parser.found if re.match(r"(https?:)?//", address)]
        assert foreign == [], f"{page.name} fetches {foreign}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet.name


def test_generated_tables_are_there(site: Path) -> None:
    text = {
        name: (site / f"{name}.html").read_text(encoding="utf-8") for name in ("settings", "commands", "api")
    }
    assert "IMPORT_ROOTS" in text["settings"]
    assert "--classes-from-folders" in text["commands"]
    assert "/projects/{project_id}/imports/{import_id}/files" in text["api"]
    for page in site.glob("*.html"):
        assert "<!-- generated" not in page.read_text(encoding="utf-8")


def test_a_dead_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n\n[gone](gone.md) [there](#no-such-part)\n")
    config = (REPOSITORY / "mkdocs.yml").read_text().split("\nnav:")[0]
    config = config.replace("hooks: [docs/site/hooks.py]\n", "").replace(
        "docs_dir: docs", f"docs_dir: {tmp_path}/docs"
    )
    (tmp_path / "mkdocs.yml").write_text(config)
    done = build(tmp_path, tmp_path / "mkdocs.yml")
    assert done.returncode != 0
    assert "gone.md" in done.stderr
    assert "no-such-part" in done.stderr

"""Every setting that the code reads from the environment stands in the README's table, and the other way round."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from labeler.jobs.names import Queue, TaskName

REPOSITORY = Path(__file__).resolve().parents[2]
READERS = {
    "os.environ.get",
    "os.getenv",
    "choice_from_env",
    "flag_from_env",
    "list_from_env",
    "path_list_from_env",
}
OF_OTHER_LIBRARIES = {"DJANGO_SETTINGS_MODULE", "NUMBA_CACHE_DIR"}


def _settings_in(source: str) -> Iterator[str]:
    """Names read by `os.environ.get("X")`, `os.environ["X"]` or one of the helpers of `labeler/lib/env.py`."""
    for node in ast.walk(ast.parse(source)):
        name: ast.expr | None = None
        if isinstance(node, ast.Call) and node.args:
            if ast.unparse(node.func) in READERS:
                name = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isupper():
            yield name.value


def _settings_read() -> set[str]:
    files = [path for folder in ("labeler", "worker") for path in (REPOSITORY / folder).rglob("*.py")]
    return {name for path in files for name in _settings_in(path.read_text())} - OF_OTHER_LIBRARIES


def _settings_documented() -> set[str]:
    section = (REPOSITORY / "README.md").read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def test_the_readme_lists_exactly_what_the_code_reads() -> None:
    assert _settings_documented() == _settings_read()


def test_the_reader_finds_each_way_of_reading() -> None:
    source = 'os.environ.get("ONE"), os.environ["TWO"], flag_from_env("THREE"), request.META.get("FOUR")'
    assert set(_settings_in(source)) == {"ONE", "TWO", "THREE"}


def test_every_make_target_is_explained_and_every_one_named_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert targets == explained
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run"):
        text = (REPOSITORY / name).read_text()
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.MULTILINE))
        assert named <= targets, f"{name} names make targets that do not exist: {named - targets}"


def test_the_schedule_sends_tasks_that_exist_to_queues_that_exist() -> None:
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    for entry in schedule.values():
        assert entry["task"] in set(TaskName)
        assert entry["options"]["queue"] in set(Queue)

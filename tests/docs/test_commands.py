"""Every command in the documentation is one that exists, with arguments that it takes."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, get_commands, load_command_class

from labeler.exports.schemas import ExportFormat
from tests.docs.blocks import PAGES, REPOSITORY, blocks, commands, words

PYTHONS = {"python", ".venv/bin/python"}
CHECKED_ELSEWHERE = {"curl"}  # run against a server by test_examples.py


def targets() -> set[str]:
    text = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


def parse_django(arguments: list[str]) -> None:
    """Let the command's own parser read its arguments; it raises on one that it does not know."""
    name, *rest = arguments
    app = get_commands().get(name)
    assert app is not None, f"manage.py has no command {name!r}"
    parser = load_command_class(app if isinstance(app, str) else app.name, name).create_parser(
        "manage.py", name
    )
    parser.called_from_command_line = False
    parser.parse_args([_example(argument) for argument in rest])


def _example(argument: str) -> str:
    """`SET...` stands for one or more of them."""
    return argument.removesuffix("...")


def parse_module(module: str, arguments: list[str]) -> None:
    """A benchmark: its file is there and names every option; importing it would load half of the machine."""
    path = REPOSITORY / Path(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__main__.py"
    assert source.exists(), f"there is no module {module}"
    known = {
        node.value
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for argument in arguments:
        if argument.startswith("--"):
            assert argument in known, f"{module} has no option {argument}"


def parse_compose(arguments: list[str]) -> None:
    flag, file, action, *options = arguments
    assert (flag, action, options) == ("-f", "up", ["--build"])
    assert yaml.safe_load((REPOSITORY / file).read_text())["services"]


def check(line: str) -> None:
    first, *rest = words(line)
    if first in CHECKED_ELSEWHERE:
        return
    if first == "make":
        assert set(rest) <= targets(), f"make has no target {rest}"
    elif first == "manage.py":
        parse_django(rest)
    elif first in PYTHONS and rest[0] == "manage.py":
        parse_django(rest[1:])
    elif first in PYTHONS and rest[0] == "-m":
        parse_module(rest[1], rest[2:])
    elif [first, *rest[:1]] == ["docker", "compose"]:
        parse_compose(rest[1:])
    else:
        raise AssertionError(f"nobody checks {line!r}; teach this test or leave it out")


@pytest.mark.parametrize(("page", "line"), commands(), ids=lambda value: str(value)[:70])
def test_a_command_exists_and_takes_its_arguments(page: str, line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    "line",
    [
        "make nothing",
        "python manage.py nothing",
        "python manage.py import_images x --project p --nothing",
        "python manage.py import_images --project p",
        "python -m bench.nothing",
        "python -m bench.saliency --nothing x",
        "rm -rf /",
    ],
)
def test_a_command_that_is_wrong_would_be_found(line: str) -> None:
    with pytest.raises((AssertionError, CommandError)):
        check(line)


def test_commands_within_sentences_exist() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"`(?:[\w./]+ )?manage\.py (\w+)", text):
            assert name in get_commands() or name.isupper(), f"{path.name} names manage.py {name}"
        for module in re.findall(r"python -m ((?:bench|worker|tests)[\w.]*)", text):
            parse_module(module, [])
        for name in re.findall(r"`make ([a-z-]+)", text):
            assert name in targets(), f"{path.name} names make {name}"


def test_every_block_says_its_language() -> None:
    known = {"sh", "python", "json", "text"}  # text: nothing to run
    for path in PAGES:
        for language in re.findall(r"^```(\w*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[::2]:
            assert language in known, f"{path.name} has a block of {language!r} that nobody checks"


def test_every_export_format_has_its_row() -> None:
    text = (REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")
    named = {
        name for line in text.splitlines() if line.startswith("| `") for name in re.findall(r"`(\w+)`", line)
    }
    assert {form.value for form in ExportFormat} <= named


def test_json_blocks_are_json() -> None:
    found = blocks("json")
    assert found
    for block in found:
        for line in block.text.strip().splitlines():
            json.loads(line)

"""What the site says of the code is read from the code: settings, commands, routes, permissions, formats.

A page names a table by a comment such as `<!-- generated: settings -->`.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

REPOSITORY = Path(__file__).resolve().parents[2]
MARK = re.compile(r"<!-- generated: (\w+) -->")
OWN_APPS = ("labeler.", "worker")

sys.path.insert(0, str(REPOSITORY))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")
django.setup()


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put generated text in the place of its marks."""
    return MARK.sub(lambda found: GENERATED[found[1]](), markdown)


def settings_table() -> str:
    """The table of the README, which a test compares with what the code reads."""
    section = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("\n## Settings\n")[1]
    return "\n".join(line for line in section.split("\n## ")[0].splitlines() if line.startswith("|"))


def commands() -> str:
    """Every command of `manage.py` that is ours, as its own parser explains it."""
    parts = []
    for name, parser in sorted(own_commands().items()):
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        own = [action for action in parser._actions if not _is_djangos(action)]
        rows = [f"| {_spelling(action)} | {action.help or ''} |" for action in own]
        table = ["", "| argument | meaning |", "| --- | --- |", *rows] if rows else []
        parts.append("\n".join([f"## {name}", "", parser.description or "", *table, ""]))
    return "\n".join(parts)


def own_commands() -> dict[str, argparse.ArgumentParser]:
    """Parsers of our own commands by name."""
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415  # after setup

    found = {name: app for name, app in get_commands().items() if str(app).startswith(OWN_APPS)}
    return {
        name: load_command_class(app, name).create_parser("manage.py", name) for name, app in found.items()
    }


def routes() -> str:
    """Every route of the API with what it does."""
    from labeler.api import api  # noqa: PLC0415  # after setup

    by_tag: dict[str, list[str]] = {}
    for path, methods in api.get_openapi_schema(path_prefix="").get("paths", {}).items():
        for method, operation in methods.items():
            row = f"| `{method.upper()}` | `{path}` | {operation['summary']} |"
            by_tag.setdefault(operation["tags"][0], []).append(row)
    return "\n".join(
        "\n".join([f"### {tag.capitalize()}", "", "| | route | |", "| --- | --- | --- |", *rows, ""])
        for tag, rows in by_tag.items()
    )


def permissions() -> str:
    """Who may do what, from the one table."""
    from labeler.accounts.permissions import MINIMUM_ROLE, MINIMUM_SCOPE  # noqa: PLC0415  # after setup

    rows = [
        f"| {action.value.replace('_', ' ')} | {role.value} | {MINIMUM_SCOPE[action].value} |"
        for action, role in MINIMUM_ROLE.items()
    ]
    return "\n".join(["| to | least role | least scope of a token |", "| --- | --- | --- |", *rows])


def events() -> str:
    """The events of the websocket with their fields."""
    from labeler.api import api  # noqa: PLC0415  # after setup

    schemas = api.get_openapi_schema(path_prefix="")["components"]["schemas"]
    rows = []
    for reference in schemas["EventEnvelope"]["properties"]["event"]["oneOf"]:
        event = schemas[reference["$ref"].rsplit("/", 1)[1]]
        fields = ", ".join(f"`{name}`" for name in event["properties"] if name != "type")
        about = " ".join(event.get("description", "").split())
        rows.append(f"| `{event['properties']['type']['const']}` | {fields} | {about} |")
    return "\n".join(["| `type` | fields | |", "| --- | --- | --- |", *rows])


def _is_djangos(action: argparse.Action) -> bool:
    from django.core.management.base import DjangoHelpFormatter  # noqa: PLC0415  # after setup

    djangos = {*DjangoHelpFormatter.show_last, "--help"}
    return action.help == argparse.SUPPRESS or bool(djangos & set(action.option_strings))


def _spelling(action: argparse.Action) -> str:
    name = action.metavar or action.dest.upper()
    value = "" if action.nargs == 0 else f" {name}"
    choices = f" {', '.join(map(str, action.choices))}" if action.choices else ""
    if not action.option_strings:
        return f"`{name}`{choices}"
    return f"`{action.option_strings[-1]}{'' if choices else value}`{choices}"


GENERATED: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "commands": commands,
    "routes": routes,
    "permissions": permissions,
    "events": events,
}

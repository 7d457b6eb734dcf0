"""`manage.py export_openapi FILE`: write the API's schema, from which the browser's types are generated."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from labeler.api import api


class Command(BaseCommand):
    help = "Write the OpenAPI document of the API."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = api.get_openapi_schema(path_prefix="/api/v1/")
        path.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")

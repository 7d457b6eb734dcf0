"""`manage.py export_openapi FILE SIGN_IN_FILE`: write the schemas from which the browser's types are generated."""

import json
from pathlib import Path
from typing import Any

from allauth.headless.spec.internal.schema import get_schema as get_sign_in_schema
from django.core.management.base import BaseCommand, CommandParser

from labeler.api import api


class Command(BaseCommand):
    help = "Write the OpenAPI documents of the API and of signing in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("sign_in_file", type=Path, help="for that of django-allauth, under /api/auth/")

    def handle(self, *args: Any, **options: Any) -> None:
        schemas = {
            options["file"]: api.get_openapi_schema(path_prefix="/api/v1/"),
            options["sign_in_file"]: get_sign_in_schema(),
        }
        for path, schema in schemas.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")

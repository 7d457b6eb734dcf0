"""`manage.py prepare`: what must be done before the product starts. Safe to run again."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from labeler.accounts.services import create_first_admin
from labeler.jobs.services import requeue_interrupted_jobs


class Command(BaseCommand):
    help = "Migrate and make the first admin; with --no-workers-run also queue again the jobs that a stop cut off."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-workers-run",
            action="store_true",
            help="every running job was cut off: queue it again at once (the start of the product on one machine)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except Error as error:
            raise CommandError(f"The database does not answer: {error}. Check DATABASE_URL.") from error
        call_command("migrate", interactive=False, verbosity=0)
        self._make_admin()
        num_jobs = requeue_interrupted_jobs() if options["no_workers_run"] else 0
        if num_jobs:
            self.stdout.write(f"{num_jobs} interrupted jobs go on")

    def _make_admin(self) -> None:
        username = os.environ.get("ADMIN_USERNAME", "admin")
        given = os.environ.get("ADMIN_PASSWORD")
        password = create_first_admin(username=username, password=given)
        if password is None:
            return
        shown = "the one in ADMIN_PASSWORD" if given else password
        self.stdout.write(f"First start: sign in as {username!r} with the password: {shown}")
        if not given:
            self.stdout.write("It is shown this once; `manage.py changepassword` sets another.")

"""`manage.py import_images FOLDER --project NAME`: import a folder of this machine and wait until it is done.

The worker does the work, so the product must run (`manage.py up`). Ctrl-C leaves the import going on.
"""

import time
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError
from tqdm import tqdm

from labeler.datasets import import_services, selectors, services
from labeler.datasets.import_sources import resolve_import_folder
from labeler.datasets.models import Import, Outcome, Project
from labeler.errors import LabelerError
from labeler.jobs.models import ACTIVE_STATES, Job, JobState
from labeler.jobs.names import QUEUE_OF, TaskName

POLL_S = 0.3
ANSWER_TIMEOUT_S = 3.0
MAX_REJECTED_SHOWN = 50


class Command(BaseCommand):
    help = "Import the images of a folder on this machine into a project, and wait until they are in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="folder of images; zip archives in it are looked into")
        parser.add_argument("--project", required=True, metavar="NAME", help="name or id of the project")
        parser.add_argument(
            "--create", action="store_true", help="make the project if there is none of that name"
        )
        parser.add_argument(
            "--classes-from-folders",
            action="store_true",
            help="the name of a file's folder becomes its class and label",
        )
        parser.add_argument(
            "--backbone", help="of a project made by --create; by default the best one at hand"
        )
        parser.add_argument("--user", metavar="USERNAME", help="whose import and labels these are")
        parser.add_argument("--no-wait", action="store_true", help="start the import and return")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = resolve_import_folder(options["folder"])
            user = _find_user(options["user"])
            _require_worker()
            project = _find_project(options["project"]) or _create_project(user, options)
            source = import_services.create_import(
                project_id=project.id,
                user=user,
                name=folder.name or str(folder),
                classes_from_folders=options["classes_from_folders"],
                folder=str(folder),
            )
            job = import_services.start_import(import_id=source.id, project_id=project.id, user=user)
        except LabelerError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Project {project.id} {project.name!r}, import {source.id}, job {job.id}")
        if not options["no_wait"]:
            _wait(job)
            self._tell(source, job)

    def _tell(self, source: Import, job: Job) -> None:
        """Print how it ended: counts, and each file that could not be used."""
        source.refresh_from_db()
        entries = selectors.list_entries(
            import_id=source.id, outcome=Outcome.REJECTED, after=0, limit=MAX_REJECTED_SHOWN
        )
        for entry in entries[:MAX_REJECTED_SHOWN]:
            self.stdout.write(f"rejected  {entry.path}: {entry.reason}")
        if len(entries) > MAX_REJECTED_SHOWN:
            self.stdout.write(
                f"rejected  ... {source.num_rejected - MAX_REJECTED_SHOWN} more; the page lists all"
            )
        if job.state != JobState.SUCCEEDED:
            raise CommandError(f"The import {job.state}: {job.error_message or 'no reason is known'}")
        self.stdout.write(job.summary)


def _find_user(username: str | None) -> User:
    """The named user, else the first administrator of the site."""
    if username is not None:
        named = User.objects.filter(username=username).first()
        if named is None:
            raise CommandError(f"There is no user {username!r}")
        return named
    first = User.objects.filter(is_staff=True, is_active=True).order_by("id").first()
    if first is None:
        raise CommandError("There is no administrator yet; start the product once, or name a --user")
    return first


def _find_project(name: str) -> Project | None:
    projects = Project.objects.filter(archived_at__isnull=True)
    found = list(projects.filter(name=name))
    if not found and name.isdecimal():
        found = list(projects.filter(id=int(name)))
    if len(found) > 1:
        ids = ", ".join(str(project.id) for project in found)
        raise CommandError(f"{len(found)} projects are called {name!r}; say which by its id: {ids}")
    return found[0] if found else None


def _create_project(user: User, options: dict[str, Any]) -> Project:
    if not options["create"]:
        raise CommandError(f"There is no project {options['project']!r}; --create makes it")
    return services.create_project(user=user, name=options["project"], backbone=options["backbone"])


def _require_worker() -> None:
    """One clear line when the broker is away or nobody takes imports from it."""
    queue = QUEUE_OF[TaskName.IMPORT].value
    try:
        answers = current_app.control.inspect(timeout=ANSWER_TIMEOUT_S).active_queues() or {}
    except (OperationalError, OSError) as error:
        raise CommandError(
            f"The broker does not answer: {error}. Start the product (`manage.py up`), or set REDIS_URL."
        ) from error
    if not any(row["name"] == queue for queues in answers.values() for row in queues):
        raise CommandError(
            f"No worker takes imports (queue {queue!r}) here. Start the product (`manage.py up`), or set "
            "REDIS_URL to the broker of the workers."
        )


def _wait(job: Job) -> None:
    """Show the job's progress until it ends."""
    with tqdm(unit=" files", dynamic_ncols=True) as bar:
        while True:
            job.refresh_from_db()
            bar.set_description(job.stage or job.state)
            bar.total = job.total or None
            bar.n = job.done
            bar.refresh()
            if job.state not in ACTIVE_STATES:
                return
            time.sleep(POLL_S)

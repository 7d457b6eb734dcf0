"""`manage.py check_labels`: prove that the log of label actions alone gives the stored labels, classes and counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeler.annotations.replay import find_differences
from labeler.datasets.models import Project


class Command(BaseCommand):
    help = "Rebuild labels from the log of actions and report every difference from what is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", type=int, help="id of one project; all projects when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        projects = Project.objects.order_by("id")
        if options["project"] is not None:
            projects = projects.filter(id=options["project"])
            if not projects:
                raise CommandError(f"There is no project {options['project']}")
        num_differences = 0
        for project in projects:
            differences = find_differences(project_id=project.id)
            num_differences += len(differences)
            for difference in differences:
                self.stdout.write(f"project {project.id}: {difference}")
            if not differences:
                self.stdout.write(
                    f"project {project.id}: {project.label_sequence} actions give "
                    f"{project.num_labelled} labelled images"
                )
        if num_differences:
            raise CommandError(f"{num_differences} differences between the log and what is stored")

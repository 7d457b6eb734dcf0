"""A project with generated pictures, labels, a model and crops, made through the product's own services.

Steps: write the pictures; create the project; import them; name the classes and label some pictures of each, by the
rule that drew them; wait for the training that follows. What is done already is left as it is, so it may be
stopped anywhere and started again. Workers must run.
"""

import csv
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.db.models import Q

from labeler.annotations.classes import get_or_create_class
from labeler.annotations.models import LabelAction
from labeler.annotations.services import assign_label
from labeler.datasets.import_services import create_import, start_import
from labeler.datasets.models import Backbone, Image, Import, Project
from labeler.datasets.services import create_project
from labeler.errors import LabelerError
from labeler.jobs.models import ACTIVE_STATES, Job, JobState
from labeler.results.models import View
from labeler.results.selectors import get_latest_model, get_latest_projection
from worker.ml.synthetic import write_dataset

PROJECT_NAME = "Demo: generated shapes"
BACKBONE = "bundled"
NUM_IMAGES = 480
NUM_CLASSES = 8
LABELS_PER_CLASS = 12
SEED = 4
POLL_S = 0.5
STEP_TIMEOUT_S = 1800.0
_ACTIONS = uuid.UUID("6f1c0f0e-52c5-4a6e-9d2b-0d4f6b0e4a11")  # namespace of the label actions' ids

Say = Callable[[str], None]


class DemoFailed(LabelerError):
    """A step of the demo did not succeed."""

    code = "demo_failed"


@dataclass(frozen=True)
class DemoSize:
    """How many pictures and classes, and how many pictures of each class get a label."""

    num_images: int = NUM_IMAGES
    num_classes: int = NUM_CLASSES
    labels_per_class: int = LABELS_PER_CLASS


def fill_demo(folder: Path, *, user: User, size: DemoSize = DemoSize(), say: Say) -> Project:
    """Do what is missing of the demo; return its project once it has a model and both maps.

    Args:
        folder: where the pictures are kept.
        user: who makes the project and the labels.
        size: of a set that is not there yet; a written one stays as it is.
        say: told each step in a line.

    Raises:
        DemoFailed: a job failed, or a step took longer than `STEP_TIMEOUT_S`.
    """
    truth = _write_pictures(folder, size, say)
    project = _find_or_create_project(user, size)
    _import_pictures(project, folder, user=user, say=say)
    if get_latest_model(project_id=project.id) is None:
        _label(project, truth, user=user, size=size, say=say)
        say("Training a model and cropping every picture")
    _wait(lambda: _is_laid_out(project), project)
    project.refresh_from_db()
    return project


def _write_pictures(folder: Path, size: DemoSize, say: Say) -> dict[str, str]:
    """Class of each picture by its path in `folder`; the set is written beside and then renamed."""
    index = folder / "index.csv"
    if not index.exists():
        say(f"Drawing {size.num_images} pictures of {size.num_classes} classes")
        beside = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(beside, ignore_errors=True)
        write_dataset(beside, num_images=size.num_images, num_classes=size.num_classes, seed=SEED)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    with index.open(newline="", encoding="utf-8") as stream:
        return {row["file"]: row["label"] for row in csv.DictReader(stream)}


def _find_or_create_project(user: User, size: DemoSize) -> Project:
    found = Project.objects.filter(name=PROJECT_NAME, archived_at__isnull=True).order_by("id").first()
    if found is not None:
        return found
    _wait(Backbone.objects.exists, None)  # the workers report them when they are up
    return create_project(
        user=user,
        name=PROJECT_NAME,
        backbone=BACKBONE,
        labels_per_class_to_train=size.labels_per_class,
    )


def _import_pictures(project: Project, folder: Path, *, user: User, say: Say) -> None:
    source = Import.objects.filter(project=project, folder=str(folder)).select_related("job").first()
    if source is None or source.job is None or source.job.state in {JobState.FAILED, JobState.CANCELLED}:
        source = create_import(
            project_id=project.id,
            user=user,
            name="Generated pictures",
            classes_from_folders=False,
            folder=str(folder),
        )
        start_import(import_id=source.id, project_id=project.id, user=user)
        say("Importing them")
    source_id = source.id
    _wait(lambda: Import.objects.filter(id=source_id, job__state=JobState.SUCCEEDED).exists(), project)


def _label(project: Project, truth: dict[str, str], *, user: User, size: DemoSize, say: Say) -> None:
    """Label the first pictures of every class, one action a class; an action that is there is not repeated."""
    names = list(dict.fromkeys(truth.values()))
    classes = {name: get_or_create_class(project_id=project.id, name=name) for name in names}
    paths = Image.objects.filter(project=project, removed_at__isnull=True).values_list("index", "path")
    indexes: dict[str, list[int]] = {name: [] for name in names}
    for index, path in paths:
        name = _class_of(path, truth)
        if name is not None:
            indexes[name].append(index)
    num_labelled = 0
    for name, label_class in classes.items():
        action_id = uuid.uuid5(_ACTIONS, f"{project.id} {name}")
        chosen = indexes[name][: size.labels_per_class]
        num_labelled += len(chosen)
        if LabelAction.objects.filter(project=project, client_action_id=action_id).exists():
            continue
        assign_label(
            project_id=project.id,
            user=user,
            class_id=label_class.id,
            image_indexes=chosen,
            client_action_id=action_id,
            provenance={"gesture": "demo"},
        )
    say(
        f"Labelled {num_labelled} of {project.num_images or len(truth)} pictures, {size.labels_per_class} a class"
    )


def _class_of(path: str, truth: dict[str, str]) -> str | None:
    """Paths in the project may begin with the folder's name."""
    parts = path.split("/")
    return next((truth[tail] for i in range(len(parts)) if (tail := "/".join(parts[i:])) in truth), None)


def _is_laid_out(project: Project) -> bool:
    model = get_latest_model(project_id=project.id)
    crops = get_latest_projection(project_id=project.id, view=View.CROP)
    whole = get_latest_projection(project_id=project.id, view=View.WHOLE)
    return model is not None and crops is not None and whole is not None


def _wait(is_done: Callable[[], bool], project: Project | None) -> None:
    """Poll until it is so; a failed job of the project, after which nothing works on it, ends the wait."""
    deadline = time.monotonic() + STEP_TIMEOUT_S
    started_after = _last_job_id(project)
    while not is_done():
        if project is not None:
            _raise_for_failure(project, since=started_after)
        if time.monotonic() > deadline:
            raise DemoFailed(f"A step of the demo took longer than {STEP_TIMEOUT_S:.0f} s")
        time.sleep(POLL_S)


def _last_job_id(project: Project | None) -> int:
    """Newest job that ended badly before; what failed in an earlier start does not count now."""
    if project is None:
        return 0
    ended = Job.objects.filter(project=project, state=JobState.FAILED).order_by("-id").first()
    return 0 if ended is None else ended.id


def _raise_for_failure(project: Project, *, since: int) -> None:
    jobs = Job.objects.filter(project=project)
    failed = jobs.filter(state=JobState.FAILED, id__gt=since).first()
    if failed is not None and not jobs.filter(Q(state__in=ACTIVE_STATES)).exists():
        raise DemoFailed(f"The demo's {failed.kind} failed: {failed.error_message}")

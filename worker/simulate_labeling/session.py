"""A project that the simulation labels: made from a folder with the product's own import, features, layouts, training.

Jobs are run here, one after another, by the tasks that a worker runs.
"""

import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.contrib.auth.models import User

from labeler.annotations.classes import create_class
from labeler.annotations.services import assign_label
from labeler.celery import app
from labeler.datasets.import_services import create_import, start_import
from labeler.datasets.models import Image, Import, Project
from labeler.datasets.services import create_project
from labeler.jobs.models import Job, JobKind, JobState
from labeler.jobs.services import TASK_OF, cancel_job, request_job
from labeler.lib.files import project_dir
from labeler.results.models import View
from labeler.results.selectors import get_latest_model, get_latest_projection, get_model_array, read_array
from labeler.results.services import request_training
from worker.ml.errors import MLError
from worker.ml.types import FloatArray, IntArray
from worker.tasks import by_name

__all__ = ["by_name"]

RETRAIN_GROWTH = 1.2
NEVER_TRAIN_BY_ITSELF = 100_000


class SimulationFailed(MLError):
    """A job of the simulated project did not succeed; the message is the job's."""

    code = "simulation_failed"


@dataclass(frozen=True)
class Point:
    """Where the labeling stands: `accuracy` is the share of all images that are right by their label, or without one
    by the latest model's prediction."""

    gestures: int
    labelled: int
    accuracy: float


@dataclass(frozen=True)
class Shown:
    """Which images without a label the map shows alone: those the model is at most so sure of, those it takes for one
    class, or both; all images where neither is given.
    """

    unsure: float | None = None
    class_index: int | None = None

    def num_clicks_to(self, other: "Shown") -> int:
        """One for each that changes."""
        return (self.unsure != other.unsure) + (self.class_index != other.class_index)


ALL = Shown()


@dataclass
class Session:
    """A project being labelled, the true classes (N,), and the curve so far; `labels` (N,) has -1 for none.
    `predicted` and `confidence` (N,) are of the latest model; -1 and 0 before the first.

    Without `embeds_crops` the exact crops that a training asks for are never made: the model sees whole images alone.
    """

    project: Project
    user: User
    class_ids: list[int]
    classes: IntArray
    rng: np.random.Generator
    gestures: int = 0
    curve: list[Point] = field(default_factory=list)
    num_trained: int = 0
    embeds_crops: bool = True
    shown: Shown = field(default_factory=Shown)
    labels: IntArray = field(init=False)
    predicted: IntArray = field(init=False)
    confidence: FloatArray = field(init=False)
    _layouts: dict[View, FloatArray | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.labels = np.full(len(self.classes), -1, dtype=np.int64)
        self.predicted = np.full(len(self.classes), -1, dtype=np.int64)
        self.confidence = np.zeros(len(self.classes), dtype=np.float32)
        self.note()

    def note(self) -> None:
        """Put the present state on the curve."""
        answer = np.where(self.labels >= 0, self.labels, self.predicted)
        accuracy = float((answer == self.classes).mean())
        self.curve.append(Point(self.gestures, int((self.labels >= 0).sum()), accuracy))

    def label(self, images: IntArray, class_index: int, *, gestures: int, gesture: str) -> None:
        """Give images a class through the product's own service."""
        self.gestures += gestures
        if len(images):
            assign_label(
                project_id=self.project.id,
                user=self.user,
                class_id=self.class_ids[class_index],
                image_indexes=images.tolist(),
                client_action_id=uuid.uuid4(),
                provenance={"gesture": gesture},
                is_accepted=gesture == "confirm",
            )
            self.labels[images] = class_index
        self.note()

    @property
    def num_labels(self) -> int:
        """Images with a label."""
        return int((self.labels >= 0).sum())

    @property
    def has_model(self) -> bool:
        """Whether there are predictions."""
        return bool((self.predicted >= 0).any())

    def show(self, shown: Shown) -> None:
        """Show some images alone, or all: a click for each that changes."""
        self.gestures += self.shown.num_clicks_to(shown)
        self.shown = shown

    def train_if_due(self) -> bool:
        """Train when two classes have labels and there are 20 % more than at the last training."""
        is_due = self.num_labels >= RETRAIN_GROWTH * self.num_trained
        if not is_due or len(np.unique(self.labels[self.labels >= 0])) < 2:
            return False
        self._train()
        return True

    def train_now(self) -> None:
        """Ask for a training, which is a gesture."""
        self.gestures += 1
        self._train()

    def _train(self) -> None:
        self.num_trained = self.num_labels
        request_training(project_id=self.project.id, user=self.user)
        run_jobs(self.project, embeds_crops=self.embeds_crops)
        model = get_latest_model(project_id=self.project.id)
        assert model is not None
        of_id = {class_id: index for index, class_id in enumerate(self.class_ids)}
        column = read_array(get_model_array(model=model, name="predicted_class"))
        self.predicted = np.array([of_id[int(class_id)] for class_id in column], dtype=np.int64)
        proba = read_array(get_model_array(model=model, name="probabilities"))
        self.confidence = np.array(proba.max(axis=1), dtype=np.float32)
        self._layouts.clear()
        self.note()

    def layout(self, view: View) -> FloatArray | None:
        """The latest layout (N, 2) of a view. Only a training makes a new one."""
        if view not in self._layouts:
            latest = get_latest_projection(project_id=self.project.id, view=view)
            self._layouts[view] = (
                None if latest is None else np.array(read_array(latest.array), dtype=np.float32)
            )
        return self._layouts[view]


def make_project(folder: Path, *, backbone: str, input_size_px: int) -> Project:
    """Import a folder of class folders and compute features and the first layout."""
    user, _ = User.objects.get_or_create(username="oracle")
    project = create_project(
        user=user,
        name=folder.name,
        backbone=backbone,
        input_size_px=input_size_px,
        labels_per_class_to_train=NEVER_TRAIN_BY_ITSELF,
    )
    source = create_import(
        project_id=project.id, user=user, name=folder.name, classes_from_folders=False, folder=str(folder)
    )
    start_import(import_id=source.id, project_id=project.id, user=user)
    run_jobs(project)
    request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
    run_jobs(project)
    return Project.objects.get(id=project.id)


def open_session(base: Project, *, seed: int) -> Session:
    """A copy of the base project without labels: its own rows and files, the same features and first layout."""
    user = User.objects.get(username="oracle")
    project = Project.objects.get(id=base.id)
    project.pk, project.label_sequence, project.num_labelled = None, 0, 0
    project.save()
    source = Import.objects.create(project=project, name="copy", created_by=user)
    rows = list(Image.objects.filter(project=base).order_by("index"))
    for row in rows:
        row.pk, row.project, row.source_import = None, project, source
    Image.objects.bulk_create(rows)
    for name in ("originals", "features", "cells"):
        place = project_dir(base.id) / name
        if place.exists():
            shutil.copytree(place, project_dir(project.id) / name)
    request_job(project_id=project.id, kind=JobKind.PROJECTION, user=None)
    run_jobs(project)
    names = sorted({row.path.split("/")[-2] for row in rows})
    class_ids = [create_class(project_id=project.id, name=name).id for name in names]
    classes = np.array([names.index(row.path.split("/")[-2]) for row in rows], dtype=np.int64)
    return Session(project, user, class_ids, classes, np.random.default_rng(seed))


def run_jobs(project: Project, *, embeds_crops: bool = True) -> None:
    """Be the worker until nothing is queued; exact crops are cancelled unless wanted.

    Raises:
        SimulationFailed: a job failed.
    """
    while job := Job.objects.filter(project=project, state=JobState.QUEUED).order_by("id").first():
        if job.kind == JobKind.CROPS and not embeds_crops:
            cancel_job(job_id=job.id, project_id=project.id)
            continue
        app.tasks[TASK_OF[JobKind(job.kind)].value].apply(args=[job.id], throw=True)
        job.refresh_from_db()
        if job.state != JobState.SUCCEEDED:
            raise SimulationFailed(f"the {job.kind} job {job.state}: {job.error_message}")

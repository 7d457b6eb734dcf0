"""The job on the wire, and the union of websocket events."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from labeler.jobs.models import JobKind, JobState


class JobOut(Schema):
    id: int
    project_id: int
    kind: JobKind
    state: JobState
    stage: str
    done: int
    total: int
    rate_per_s: float | None = None
    seconds_left: float | None = None
    error_code: str
    error_message: str
    summary: str
    created_at: datetime
    started_at: datetime | None
    cancel_requested_at: datetime | None
    finished_at: datetime | None


class LabelChange(Schema):
    """Images that have this class now; null: they have none."""

    class_id: int | None
    image_indexes: list[int]


class LabelsChanged(Schema):
    """A label action took effect. `changes` is null when there are too many: read the labels again."""

    type: Literal["labels.changed"] = "labels.changed"
    sequence: int
    annotator: str
    kind: str
    client_action_id: UUID
    changes: list[LabelChange] | None


class JobProgress(Schema):
    type: Literal["job.progress"] = "job.progress"
    job: JobOut


class JobFinished(Schema):
    type: Literal["job.finished"] = "job.finished"
    job: JobOut


class ModelPublished(Schema):
    type: Literal["model.published"] = "model.published"
    number: int


class ProjectionPublished(Schema):
    type: Literal["projection.published"] = "projection.published"
    view: Literal["whole", "crop"]
    num_images: int


class ImagesAdded(Schema):
    type: Literal["images.added"] = "images.added"
    num_images: int


class ImagesRemoved(Schema):
    """`by` took images out of the project: read the map and the labels again."""

    type: Literal["images.removed"] = "images.removed"
    num_images: int
    by: str


class ImagesRestored(Schema):
    """`by` brought removed images back: read the map and the labels again."""

    type: Literal["images.restored"] = "images.restored"
    num_images: int
    by: str


class ClassesChanged(Schema):
    type: Literal["classes.changed"] = "classes.changed"


class ProjectChanged(Schema):
    type: Literal["project.changed"] = "project.changed"


class ExportReady(Schema):
    """A background export can be downloaded."""

    type: Literal["export.ready"] = "export.ready"
    export_id: int
    name: str


class Presence(Schema):
    type: Literal["presence"] = "presence"
    users: list[str]


Event = Annotated[
    LabelsChanged
    | JobProgress
    | JobFinished
    | ModelPublished
    | ProjectionPublished
    | ImagesAdded
    | ImagesRemoved
    | ImagesRestored
    | ClassesChanged
    | ProjectChanged
    | ExportReady
    | Presence,
    Field(discriminator="type"),
]


class EventEnvelope(Schema):
    """Carries the event union into the OpenAPI document, from which the browser's types are made."""

    event: Event

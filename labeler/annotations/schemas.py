"""Request and response types of classes and label actions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from labeler.annotations.models import MAX_NAME_CHARS, ActionKind
from labeler.jobs.schemas import LabelChange
from labeler.lib.text import PRINTABLE

ClassName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARS, pattern=PRINTABLE)
]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Hotkey = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]?$")]

MAX_IMAGES_PER_ACTION = 1_000_000


class ClassIn(Schema):
    """Colour and hotkey left out are chosen: the next of the palette, the next free digit or letter."""

    name: ClassName
    colour: Colour | None = None
    hotkey: Hotkey | None = None


class ClassPatch(Schema):
    """Fields left out stay as they are."""

    name: ClassName | None = None
    colour: Colour | None = None
    hotkey: Hotkey | None = None
    position: int | None = Field(default=None, ge=0, le=100_000)
    is_archived: bool | None = None


class ClassOut(Schema):
    id: int
    name: str
    colour: str
    hotkey: str
    position: int
    is_archived: bool
    num_labels: int

    @staticmethod
    def resolve_is_archived(obj: object) -> bool:
        return getattr(obj, "archived_at", None) is not None


class Provenance(Schema):
    """How a label came about; kept with the action for exports and for weighing labels."""

    model_config = ConfigDict(allow_inf_nan=False)  # JSON columns cannot hold them

    gesture: Literal["lasso", "box", "click", "grid", "keyboard", "import", "api"] = "api"
    view: Literal["whole", "crop"] | None = None
    polygon: list[tuple[float, float]] | None = Field(default=None, max_length=2_000)
    projection_id: int | None = Field(default=None, ge=0, lt=2**63)
    model_version: int | None = Field(default=None, ge=0, lt=2**31)
    retention: float | None = Field(default=None, gt=0, le=1)
    seconds_shown: float | None = Field(default=None, ge=0)


class LabelActionIn(Schema):
    """One gesture. The same `client_action_id` sent again returns the first action and changes nothing."""

    client_action_id: UUID
    kind: Literal["assign", "clear"] = "assign"
    class_id: int | None = None
    image_indexes: list[Annotated[int, Field(ge=0, lt=2**32)]] = Field(
        min_length=1, max_length=MAX_IMAGES_PER_ACTION
    )
    provenance: Provenance = Provenance()


class UndoIn(Schema):
    client_action_id: UUID


class LabelActionOut(Schema):
    """A label action. `changes` says which class its images have now; `skipped` lists images that an undo left
    alone because somebody labelled them since."""

    sequence: int
    kind: ActionKind
    annotator: str
    class_id: int | None
    image_indexes: list[int]
    num_changed: int
    changes: list[LabelChange]
    skipped: list[int]
    undoes: int | None
    is_undone: bool
    client_action_id: UUID
    created_at: datetime


class LabelActionPage(Schema):
    """Actions in order of sequence; `next` is the sequence to go on after, null at the end."""

    items: list[LabelActionOut]
    next: int | None

"""Request and response types of classes and label actions."""

from datetime import date, datetime
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
    """Colour and hotkey left out are chosen: the next of the palette, the next free digit or letter.

    Letters that the Label screen has for itself (b, c, f, h, l, n, o, t, v, x) are refused.
    """

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


class ClassOrderIn(Schema):
    """Classes in their new order; those not named follow in the order they have."""

    class_ids: list[int] = Field(max_length=100_000)


class MergeIn(Schema):
    """Every image of the class in the address gets this class; that class is archived."""

    into_class_id: int
    client_action_id: UUID


class Provenance(Schema):
    """How a label came about; kept with the action for exports and for weighing labels."""

    model_config = ConfigDict(allow_inf_nan=False)  # JSON columns cannot hold them

    gesture: Literal[
        "lasso", "box", "click", "grid", "keyboard", "confirm", "rest", "review", "import", "api"
    ] = "api"
    view: Literal["whole", "crop"] | None = None
    polygon: list[tuple[float, float]] | None = Field(default=None, max_length=2_000)
    projection_id: int | None = Field(default=None, ge=0, lt=2**63)
    model_version: int | None = Field(default=None, ge=0, lt=2**31)
    retention: float | None = Field(default=None, gt=0, le=1)
    seconds_shown: float | None = Field(default=None, ge=0)


class LabelActionIn(Schema):
    """One gesture; `accept` is an `assign` of what a model proposed. The same `client_action_id` sent again returns
    the first action and changes nothing."""

    client_action_id: UUID
    kind: Literal["assign", "clear", "accept"] = "assign"
    class_id: int | None = None
    image_indexes: list[Annotated[int, Field(ge=0, lt=2**32)]] = Field(
        min_length=1, max_length=MAX_IMAGES_PER_ACTION
    )
    provenance: Provenance = Provenance()


class UndoIn(Schema):
    client_action_id: UUID


class LabelActionOut(Schema):
    """A label action. `changes` says which class its images have now; `skipped` lists images that an undo left
    alone because somebody labelled them since; `removed` those that were not labelled because they had been removed
    from the project."""

    sequence: int
    kind: ActionKind
    annotator: str
    class_id: int | None
    image_indexes: list[int]
    num_changed: int
    changes: list[LabelChange]
    skipped: list[int]
    removed: list[int]
    undoes: int | None
    is_undone: bool
    client_action_id: UUID
    created_at: datetime


class LabelActionPage(Schema):
    """Actions in order of sequence; `next` is the sequence to go on after, null at the end."""

    items: list[LabelActionOut]
    next: int | None


class MergeOut(Schema):
    """The merged class, archived now, and the action that moved its images; null when it had none."""

    source: ClassOut
    action: LabelActionOut | None


class ActivityItem(Schema):
    """One action of the log in one line; `gesture` and `seconds_shown` say how it came about."""

    sequence: int
    kind: ActionKind
    annotator: str
    class_id: int | None
    num_images: int
    num_changed: int
    first_image_indexes: list[int]
    undoes: int | None
    is_undone: bool
    gesture: str
    seconds_shown: float | None
    created_at: datetime


class DayCount(Schema):
    day: date
    num_labels: int


class AnnotatorSpeed(Schema):
    """What one person gave by hand. `active_s` leaves out pauses of two minutes and more."""

    annotator: str
    num_actions: int
    num_given: int
    num_undone: int
    active_s: float
    labels_per_s: float | None
    last_at: datetime | None
    days: list[DayCount]


class PairAgreement(Schema):
    """Two annotators on the images that both gave a class; Cohen's kappa, null where chance always agrees."""

    first: str
    second: str
    num_images: int
    num_same: int
    kappa: float | None


class AgreementOut(Schema):
    """Images that at least two people gave a class; Krippendorff's alpha, null where chance always agrees."""

    num_images: int
    num_unanimous: int
    alpha: float | None
    pairs: list[PairAgreement]


class MeterOut(Schema):
    """Labels per second and agreement of a project."""

    annotators: list[AnnotatorSpeed]
    agreement: AgreementOut


class AnnotatorOut(Schema):
    """Somebody who labelled in the project; `id` is the number in the label facts."""

    id: int
    username: str

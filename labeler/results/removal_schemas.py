"""Request and response types of removed images."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field, model_validator

from labeler.annotations.schemas import MAX_IMAGES_PER_ACTION

Indexes = Annotated[
    list[Annotated[int, Field(ge=0, lt=2**32)]], Field(min_length=1, max_length=MAX_IMAGES_PER_ACTION)
]
RowId = Annotated[int, Field(ge=0, lt=2**63)]


class RemovalIn(Schema):
    """The same `client_action_id` sent again returns the first removal and changes nothing."""

    client_action_id: UUID
    image_indexes: Indexes


class RemovalOut(Schema):
    """What one request removed: `image_indexes` leaves out those that were removed before; `num_labelled` of them have
    a label, which is kept."""

    id: int
    removed_by: str | None
    created_at: datetime
    image_indexes: list[int]
    num_labelled: int


class RemovalSummary(Schema):
    """Images that one request removed and that are still out. `removed_by` is null where the account is gone."""

    id: int
    removed_by: str | None
    created_at: datetime
    num_images: int
    num_labelled: int


class RemovedImageOut(Schema):
    """`class_id` is the label that comes back with the image."""

    index: int
    path: str
    class_id: int | None


class RestoreIn(Schema):
    """Which images come back: chosen ones, those of one removal, those that an import met again as duplicates, or all.
    Exactly one of the four; images that are in the project are passed over."""

    image_indexes: Indexes | None = None
    removal_id: RowId | None = None
    import_id: RowId | None = None
    all: bool = False

    @model_validator(mode="after")
    def _is_one_kind(self) -> "RestoreIn":
        given = [self.image_indexes is not None, self.removal_id is not None, self.import_id is not None]
        if sum([*given, self.all]) != 1:
            raise ValueError("exactly one of image_indexes, removal_id, import_id and all")
        return self


class RestoreOut(Schema):
    """The images that came back by this request, `num_labelled` of them with a label."""

    image_indexes: list[int]
    num_labelled: int

"""Response types of layouts: their quality, their clusters, and what changed from one to the next."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from labeler.results.models import View
from labeler.results.schemas import ArrayRef

Point = Annotated[list[float], Field(min_length=2, max_length=2)]
"""x and y in the layout's coordinates."""


class ProjectionOut(Schema):
    """A finished layout. `quality` names and values as measured, null where there were too few images; `parameters` say
    how it was made, their `input` from what."""

    id: int
    view: View
    model_version: int | None
    num_images: int
    created_at: datetime
    quality: dict[str, float | None]
    parameters: dict[str, Any]


class ClusterOut(Schema):
    """A dense place of the map. `class_id` is what most of its images are labelled or predicted, `class_share` of them;
    null where no class has enough. Corners of `outline` are in the layout's coordinates."""

    cluster: int
    num_images: int
    num_unlabelled: int
    class_id: int | None
    class_share: float | None
    outline: list[Point]


class ClustersOut(Schema):
    """Largest first. `cluster_of_image` is (N,) int32, -1 between clusters; null when there are none."""

    projection: int | None
    cluster_of_image: ArrayRef | None
    clusters: list[ClusterOut]


ChangesBy = Literal["both", "class", "neighbourhood"]


class ChangeOut(Schema):
    """An image that changed. `class_shift` is the total variation between the two predictions, `lost_neighbours` the
    share of its nearest neighbours on the map that went, both in [0, 1]; `moved` is in radii of the earlier map. What
    compares places is null unless `are_places_compared`."""

    index: int
    class_id_before: int
    class_id: int
    class_shift: float
    lost_neighbours: float | None
    moved: float | None
    place_before: Point | None
    place: Point


class ChangesOut(Schema):
    """What changed most from one model version to a later one; versions are null while there are not two. Places are
    not compared where the maps of the two were made with different options (embedding, labels)."""

    from_version: int | None
    to_version: int | None
    are_places_compared: bool
    num_compared: int
    num_class_changed: int
    median_moved: float | None
    items: list[ChangeOut]

"""Response types of the map, models and saliency."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from labeler.datasets.models import SaliencyMethod
from labeler.results.models import View

Index = Annotated[int, Field(ge=-(2**31), lt=2**31)]
"""Of an image; those below 0 are refused by what reads it, in its own words."""


class ArrayRef(Schema):
    """Where to read an array: raw little-endian numbers in C order. Immutable when `url` names an array id."""

    name: str
    url: str
    dtype: str
    shape: list[int]


class CellsRef(Schema):
    """Thumbnail cells: BC1 blocks in raster order, `bytes_per_cell` an image, at image index x size."""

    cell_px: int
    format: Literal["bc1"]
    bytes_per_cell: int
    url: str


class ProfileShape(Schema):
    height: int
    width: int


class ProjectionRef(Schema):
    id: int
    num_images: int
    model_version: int | None
    array: ArrayRef
    quality: dict[str, float | None]


class Projections(Schema):
    whole: ProjectionRef | None
    crop: ProjectionRef | None


class MapOut(Schema):
    """Everything a browser needs to draw the map. Arrays may cover fewer images than `num_images`: those that
    came after the model or the projection have no row yet. The array `removed`, there only if images were removed, is
    1 where nothing is to be drawn."""

    num_images: int
    label_sequence: int
    model_version: int | None
    retention: float
    class_ids: list[int]
    arrays: list[ArrayRef]
    cells: list[CellsRef]
    projections: Projections
    profile_shape: ProfileShape | None


class ClassMetricsOut(Schema):
    """On held-out labels; null where there are none."""

    class_id: int
    precision: float | None
    recall: float | None
    support: int
    num_predicted: int


class ModelOut(Schema):
    """`views`: what it predicts from: whole images, and their crops where they have been embedded. `sees_neighbours`:
    also from the labels of the images that look most alike.
    """

    number: int
    created_at: datetime
    label_sequence: int
    num_labels: int
    num_images: int
    backbone: str
    input_size_px: int
    saliency_method: SaliencyMethod
    retention: float
    views: list[View]
    sees_neighbours: bool
    class_ids: list[int]
    is_provisional: bool
    num_heldout: int
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    expected_calibration_error: float | None
    per_class: list[ClassMetricsOut]
    confusion: list[list[int]]
    seconds: dict[str, float]


class ClassProbability(Schema):
    class_id: int
    probability: float


class ImagePrediction(Schema):
    """What the latest model says of one image; box corners in unit coordinates at the given retention.

    `saliency_class_ids`: the classes whose saliency map can be read, first the one that the crop is of: what heads
    predict that never saw the held-out labels, nearly always `class_id`. `probabilities`: those of the likeliest
    classes, the largest first.
    """

    model_version: int
    class_id: int
    confidence: float
    retention: float
    box: tuple[float, float, float, float]
    profile_x: list[int]
    profile_y: list[int]
    saliency_class_ids: list[int]
    probabilities: list[ClassProbability]


class SuggestedImage(Schema):
    index: int
    confidence: float


class SuggestionPage(Schema):
    """Unlabelled images predicted so, most certain first. `next` is the cursor for the next page, null at the end;
    `num_after` images come behind this page."""

    model_version: int
    class_id: int
    num_predicted: int
    num_waiting: int
    num_after: int
    items: list[SuggestedImage]
    next: int | None


class ClassSuggestions(Schema):
    """What "label the rest" can promise for a class: the `num_above` unlabelled images at or above `confidence` are
    right with at least the precision asked for. `confidence` null: it cannot; `num_needed` held-out labels are the
    fewest that could. `num_right` of `num_accepted` held-out predictions gave the lower 95 % `bound`."""

    class_id: int
    num_waiting: int
    num_above: int
    confidence: float | None
    bound: float | None
    num_right: int
    num_accepted: int
    num_heldout: int
    num_needed: int


class SuggestionSummary(Schema):
    model_version: int
    precision: float
    classes: list[ClassSuggestions]


class LabelTheRestIn(Schema):
    """`model_version` is the one whose promise was shown; another latest one is a conflict."""

    client_action_id: UUID
    class_id: int
    precision: float = Field(ge=0.5, le=0.999)
    model_version: int


class LabelTheRestOut(Schema):
    """`skipped` lists images that were labelled or removed by others meanwhile."""

    sequence: int
    num_labelled: int
    skipped: list[int]


class NextToLabel(Schema):
    """Unlabelled images, the best to label first: `diverse` before a model, `uncertain` after it."""

    kind: Literal["diverse", "uncertain"]
    model_version: int | None
    num_waiting: int
    image_indexes: list[int]


class NeighboursIn(Schema):
    image_indexes: list[Index] = Field(min_length=1, max_length=100_000)
    num: int = Field(default=200, ge=1, le=10_000)
    view: View = View.WHOLE


class OddnessIn(Schema):
    image_indexes: list[Index] = Field(min_length=1, max_length=1_000_000)
    view: View = View.WHOLE


class NeighboursOut(Schema):
    """Images like the given ones, most alike first; `similarity` is a cosine in [-1, 1]."""

    image_indexes: list[int]
    similarity: list[float]


class Suspect(Schema):
    """A label that the model doubts; `quality` is the probability of the given class, in [0, 1]."""

    index: int
    class_id: int
    suggested_class_id: int
    quality: float


class SuspectList(Schema):
    """Worst first. `label_sequence`: labels up to here were looked at."""

    label_sequence: int
    num_suspects: int
    items: list[Suspect]


class GivenLabel(Schema):
    annotator: str
    class_id: int


class Disagreement(Schema):
    """An image with labels of different classes; `class_id` is what it counts as."""

    index: int
    class_id: int | None
    labels: list[GivenLabel]


class DisagreementList(Schema):
    num_images: int
    items: list[Disagreement]


class UnitImage(Schema):
    index: int
    activation: float


class ClassUnit(Schema):
    """A channel of the network that speaks for a class, and the images that excite it most."""

    channel: int
    weight: float
    images: list[UnitImage]


class ClassViewOut(Schema):
    """What a class is to a model. `picture_url` is null until a picture is drawn; `is_asked_for`: somebody wants it."""

    class_id: int
    is_asked_for: bool
    picture_url: str | None
    units: list[ClassUnit]

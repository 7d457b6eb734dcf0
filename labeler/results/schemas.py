"""Response types of the map, models and saliency."""

from datetime import datetime
from typing import Literal

from ninja import Schema

from labeler.datasets.models import SaliencyMethod


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
    came after the model or the projection have no row yet."""

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
    number: int
    created_at: datetime
    label_sequence: int
    num_labels: int
    num_images: int
    backbone: str
    input_size_px: int
    saliency_method: SaliencyMethod
    retention: float
    class_ids: list[int]
    num_heldout: int
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    expected_calibration_error: float | None
    per_class: list[ClassMetricsOut]
    confusion: list[list[int]]
    seconds: dict[str, float]


class ImagePrediction(Schema):
    """What the latest model says of one image; box corners in unit coordinates at the given retention.

    `saliency_class_ids`: the classes whose saliency map can be read, the predicted one first.
    """

    model_version: int
    class_id: int
    confidence: float
    retention: float
    box: tuple[float, float, float, float]
    profile_x: list[int]
    profile_y: list[int]
    saliency_class_ids: list[int]

"""How well boxes keep the object: recall, precision, IoU, area reduction, localization accuracies, mAP, R@50.

An image's object is the union of its true boxes, measured exactly (not its hull). All boxes are unit xyxy:
squashing an image keeps ratios of areas, so results equal those in original pixels.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, BoolArray, DoubleArray, FloatArray, IntArray

IOU_THRESHOLD = 0.5
WHOLE_OBJECT_RECALL = 0.95
TARGET_REDUCTION = 0.5
BISECTION_STEPS = 40

BoxesAt = Callable[[float], FloatArray]
"""Boxes (N, 4) of all images at one retention."""


@dataclass(frozen=True)
class Objects:
    """True boxes of N images.

    `boxes[i]` (m_i, 4), and their unions as rectangles (R, 4) that do not overlap.
    """

    boxes: tuple[DoubleArray, ...]
    rectangles: DoubleArray
    image_index: IntArray
    area: DoubleArray

    def __len__(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True)
class CropQuality:
    """Means over images of crops against objects.

    `whole_object_share`: share of images with recall >= 0.95.
    """

    recall: float
    precision: float
    iou: float
    reduction: float
    whole_object_share: float

    def to_json(self) -> dict[str, float]:
        """Return the means by name."""
        return asdict(self)


@dataclass(frozen=True)
class RecallAtReduction:
    """Mean recall at the retention where the mean area reduction is the target, and the centred box's
    beside it.

    `reduction` is what was reached: it differs from the target only if the boxes cannot be that large or
    small.
    """

    retention: float
    reduction: float
    recall: float
    recall_center: float


def make_objects(true_boxes: Sequence[AnyArray]) -> Objects:
    """Collect the true boxes of each image. N: images; m_i: boxes of image i.

    Args:
        true_boxes: N arrays (m_i, 4) of unit xyxy with x1 < x2 and y1 < y2, m_i >= 1.

    Raises:
        InvalidArray: for an image without a box, or a box that is empty, not finite or outside [0, 1].
    """
    boxes = tuple(np.asarray(item, dtype=np.float64).reshape(-1, 4) for item in true_boxes)
    for i, item in enumerate(boxes):
        is_box = np.isfinite(item).all() and (item[:, :2] < item[:, 2:]).all()
        if len(item) == 0 or not is_box or item.min() < 0 or item.max() > 1:
            raise InvalidArray(f"image {i} needs at least one non-empty box in [0, 1]; got {item.tolist()}")
    unions = [_disjoint_rectangles(item) for item in boxes]
    rectangles = np.concatenate(unions) if unions else np.zeros((0, 4))
    image_index = np.repeat(np.arange(len(unions)), [len(union) for union in unions])
    area = _sums(_areas(rectangles), image_index, len(unions))
    return Objects(boxes=boxes, rectangles=rectangles, image_index=image_index, area=area)


def object_recall(boxes: AnyArray, objects: Objects) -> DoubleArray:
    """Share (N,) of each object's area inside its predicted box; errors as `crop_quality`."""
    recall: DoubleArray = _intersections(boxes, objects) / objects.area
    return recall


def area_reduction(boxes: AnyArray) -> DoubleArray:
    """Share (N,) of the image that each unit box (N, 4) leaves out."""
    return 1.0 - _areas(boxes.astype(np.float64))


def crop_quality(boxes: AnyArray, objects: Objects) -> CropQuality:
    """Measure predicted boxes (N, 4), one an image, against the objects.

    Raises:
        InvalidArray: if there are no images or the counts differ.
    """
    inside = _intersections(boxes, objects)
    if len(objects) == 0:
        raise InvalidArray("crop quality needs at least one image")
    box_area = _areas(boxes.astype(np.float64))
    recall = inside / objects.area
    precision = np.where(box_area > 0, inside / np.where(box_area > 0, box_area, 1.0), 0.0)
    return CropQuality(
        recall=float(recall.mean()),
        precision=float(precision.mean()),
        iou=float((inside / (objects.area + box_area - inside)).mean()),
        reduction=float(1.0 - box_area.mean()),
        whole_object_share=float((recall >= WHOLE_OBJECT_RECALL).mean()),
    )


def best_iou(boxes: AnyArray, objects: Objects) -> DoubleArray:
    """Largest IoU (N,) of each predicted box (N, 4) with a single true box of its image."""
    _check_count(boxes, objects)
    predicted = boxes.astype(np.float64)
    best = [_iou(predicted[i], objects.boxes[i]).max() for i in range(len(objects))]
    return np.array(best, dtype=np.float64)


def gt_known_localization(boxes: AnyArray, objects: Objects) -> float:
    """Share of images whose box, from the map of the true class, has IoU >= 0.5 with a true box."""
    return float((best_iou(boxes, objects) >= IOU_THRESHOLD).mean())


def top_k_localization(
    boxes: AnyArray, objects: Objects, *, scores: AnyArray, class_index: IntArray, k: int
) -> float:
    """Share of images with the true class among the k best scores and a right box for it.

    A class of the k best counts with its own box, so only the box of the true class can be right.

    Args:
        boxes: (N, 4) from the map of the *true* class.
        objects: the N images' true boxes.
        scores: (N, K) class scores; of equal scores the lower class index is the better.
        class_index: (N,) true classes.
        k: how many classes are offered; 1 gives Top-1 Loc.
    """
    is_offered = top_k_mask(scores, class_index, k=k)
    return float((is_offered & (best_iou(boxes, objects) >= IOU_THRESHOLD)).mean())


def top_k_mask(scores: AnyArray, class_index: IntArray, *, k: int) -> BoolArray:
    """Say for each image whether its true class is among the k best of `scores` (N, K); ties to the lower
    index.

    Raises:
        InvalidArray: if k < 1 or the shapes do not fit.
    """
    if k < 1 or scores.ndim != 2 or class_index.shape != (len(scores),):
        raise InvalidArray(
            f"need k >= 1 and (N, K) scores; got k {k}, shapes {scores.shape}, {class_index.shape}"
        )
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    mask: BoolArray = (order == class_index[:, None]).any(axis=1)
    return mask


def mean_average_precision(
    boxes: AnyArray, objects: Objects, *, confidence: AnyArray, predicted: IntArray, class_index: IntArray
) -> float:
    """VOC 2010 mAP at IoU 0.5 with one detection an image: its predicted class and that class's box.

    Args:
        boxes: (N, 4) from the map of the predicted class.
        objects: the N images' true boxes; each image is one positive of its class.
        confidence: (N,) probability of the predicted class; ties keep the order of the images.
        predicted: (N,) predicted classes.
        class_index: (N,) true classes.

    Returns:
        Mean over the classes that occur of the area under the precision envelope.
    """
    is_right = (predicted == class_index) & (best_iou(boxes, objects) >= IOU_THRESHOLD)
    order = np.argsort(-confidence, kind="stable")
    precisions = [
        _average_precision(
            is_right[order][predicted[order] == current], num_positives=int((class_index == current).sum())
        )
        for current in np.unique(class_index)
    ]
    return float(np.mean(precisions))


def recall_at_reduction(
    boxes_at: BoxesAt, objects: Objects, *, target_reduction: float = TARGET_REDUCTION
) -> RecallAtReduction:
    """R@50: bisect the one retention at which the mean area reduction is the target, and measure recall
    there.

    Args:
        boxes_at: boxes (N, 4) of all images at a retention in (0, 1]; mean area must not fall with retention.
        objects: the N images' true boxes.
        target_reduction: mean area reduction to reach, in (0, 1).

    Returns:
        The retention and recall found; beside it the recall of one centred box with the mean area reached.

    Raises:
        InvalidArray: if `target_reduction` leaves (0, 1) or there are no images.
    """
    if not 0 < target_reduction < 1 or len(objects) == 0:
        raise InvalidArray(f"need images and a target in (0, 1); got {len(objects)}, {target_reduction}")
    low, high = 0.0, 1.0
    for _ in range(BISECTION_STEPS):
        middle = (low + high) / 2
        is_too_large = area_reduction(boxes_at(middle)).mean() < target_reduction
        low, high = (low, middle) if is_too_large else (middle, high)
    boxes = boxes_at(high)
    reduction = float(area_reduction(boxes).mean())
    return RecallAtReduction(
        retention=high,
        reduction=reduction,
        recall=float(object_recall(boxes, objects).mean()),
        recall_center=float(object_recall(centered_boxes(len(objects), reduction=reduction), objects).mean()),
    )


def centered_boxes(num_images: int, *, reduction: float) -> FloatArray:
    """Return the baseline (N, 4).

    For every image the centred box of its proportions that leaves out `reduction`.
    """
    half = np.sqrt(1.0 - reduction) / 2
    return np.tile(np.array([0.5 - half, 0.5 - half, 0.5 + half, 0.5 + half], np.float32), (num_images, 1))


def _intersections(boxes: AnyArray, objects: Objects) -> DoubleArray:
    """Area (N,) of each predicted box inside its image's object."""
    _check_count(boxes, objects)
    chosen = boxes.astype(np.float64)[objects.image_index]
    low = np.maximum(chosen[:, :2], objects.rectangles[:, :2])
    high = np.minimum(chosen[:, 2:], objects.rectangles[:, 2:])
    overlap = np.prod(np.maximum(high - low, 0.0), axis=1)
    return _sums(overlap, objects.image_index, len(objects))


def _sums(values: DoubleArray, image_index: IntArray, num_images: int) -> DoubleArray:
    totals = np.zeros(num_images)
    np.add.at(totals, image_index, values)
    return totals


def _check_count(boxes: AnyArray, objects: Objects) -> None:
    if boxes.shape != (len(objects), 4) or not np.isfinite(boxes).all():
        raise InvalidArray(f"boxes must be finite ({len(objects)}, 4); got shape {boxes.shape}")


def _areas(boxes: DoubleArray) -> DoubleArray:
    areas: DoubleArray = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    return areas


def _iou(box: DoubleArray, others: DoubleArray) -> DoubleArray:
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    inside = np.prod(np.maximum(high - low, 0.0), axis=1)
    iou: DoubleArray = inside / (_areas(others) + _areas(box[None]) - inside)
    return iou


def _disjoint_rectangles(boxes: DoubleArray) -> DoubleArray:
    """Cut the union of boxes (m, 4) at all their x edges into rectangles (r, 4) that do not overlap."""
    edges = np.unique(boxes[:, [0, 2]])
    found: list[list[float]] = []
    for left, right in pairwise(edges.tolist()):
        spans = boxes[(boxes[:, 0] <= left) & (boxes[:, 2] >= right)][:, [1, 3]]
        found += [[left, top, right, bottom] for top, bottom in _merge_spans(spans)]
    return np.array(found)


def _merge_spans(spans: DoubleArray) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for top, bottom in spans[np.argsort(spans[:, 0])].tolist():
        if merged and top <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    return merged


def _average_precision(is_right: BoolArray, *, num_positives: int) -> float:
    """Area under the precision envelope of detections in falling order of confidence."""
    hits = np.cumsum(is_right)
    precision = hits / np.arange(1, len(is_right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[is_right].sum() / num_positives)

"""MaxBoxAcc and MaxBoxAccV2 in the convention of clovaai/wsolevaluation, for comparison with published
numbers.

Its convention differs from ours on purpose: maps of the true class are upsampled bicubic to 224 px and
stretched to [0, 1], boxes are whole pixels with inclusive ends, and one threshold serves all images.

Source: Choe, Oh et al. 2020, arXiv:2001.07437.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, DoubleArray, IntArray, UInt8Array

SIDE_PX = 224
NUM_THRESHOLDS = 1000
IOU_LEVELS = (0.3, 0.5, 0.7)


@dataclass(frozen=True)
class MaxBoxAcc:
    """`v1`.

    Largest contour, best threshold at IoU 0.5. `v2`: any contour, mean over IoU 0.3, 0.5, 0.7 of the best.
    """

    v1: float
    v2: float
    threshold_v1: float


def max_box_acc(cams: Sequence[AnyArray] | AnyArray, true_boxes: Sequence[AnyArray]) -> MaxBoxAcc:
    """Measure raw maps of the true class, N of (h_i, w_i), against unit boxes, `true_boxes[i]` (m_i, 4).

    Raises:
        InvalidArray: if there are no images, the counts differ or a map is not 2-D.
    """
    if len(cams) == 0 or len(cams) != len(true_boxes) or any(cam.ndim != 2 for cam in cams):
        raise InvalidArray(f"need N maps (h, w) and N lists of boxes; got {len(cams)}, {len(true_boxes)}")
    largest = np.zeros((len(IOU_LEVELS), NUM_THRESHOLDS))
    every = np.zeros((len(IOU_LEVELS), NUM_THRESHOLDS))
    for cam, boxes in zip(cams, true_boxes, strict=True):
        of_largest, of_every = _ious(_to_uint8(cam), _to_raster(boxes))
        for row, level in enumerate(IOU_LEVELS):
            largest[row] += of_largest >= level
            every[row] += of_every >= level
    v1_curve = largest[IOU_LEVELS.index(0.5)] / len(cams)
    return MaxBoxAcc(
        v1=float(v1_curve.max()),
        v2=float((every / len(cams)).max(axis=1).mean()),
        threshold_v1=float(v1_curve.argmax() / NUM_THRESHOLDS),
    )


def _to_uint8(cam: AnyArray) -> UInt8Array:
    """Upsample bicubic and stretch to 0..255; constant or not finite maps become zeros."""
    # Asked before upsampling, whose rounding makes a constant map not quite constant.
    if not np.isfinite(cam).all() or cam.max() == cam.min():
        return np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    raster = cv2.resize(cam.astype(np.float32), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
    span = raster.max() - raster.min()
    codes: UInt8Array = ((raster - raster.min()) / span * 255).astype(np.uint8)
    return codes


def _to_raster(boxes: AnyArray) -> IntArray:
    raster: IntArray = (boxes * SIDE_PX).astype(np.int64)
    return raster


def _ious(codes: UInt8Array, true_boxes: IntArray) -> tuple[DoubleArray, DoubleArray]:
    """Best IoU with a true box at each threshold: of the largest contour, and of any contour; each (T,)."""
    cuts = (np.arange(NUM_THRESHOLDS) / NUM_THRESHOLDS * int(codes.max())).astype(np.int64)
    distinct, place = np.unique(cuts, return_inverse=True)
    found = np.array([_iou_at(codes, int(cut), true_boxes) for cut in distinct])
    return found[place, 0], found[place, 1]


def _iou_at(codes: UInt8Array, cut: int, true_boxes: IntArray) -> tuple[float, float]:
    _, mask = cv2.threshold(codes, cut, 255, cv2.THRESH_BINARY)
    contours, _ = cv2.findContours(mask, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        nothing = float(_inclusive_iou(np.zeros((1, 4), np.int64), true_boxes).max())
        return nothing, nothing
    ious = _inclusive_iou(np.array([_contour_box(contour) for contour in contours]), true_boxes).max(axis=1)
    largest = int(np.argmax([cv2.contourArea(contour) for contour in contours]))
    return float(ious[largest]), float(ious.max())


def _contour_box(contour: AnyArray) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect(contour)
    return x, y, min(x + width, SIDE_PX - 1), min(y + height, SIDE_PX - 1)


def _inclusive_iou(boxes: IntArray, others: IntArray) -> DoubleArray:
    """IoU (n, m) of whole-pixel boxes whose ends belong to them: sides are x2 - x1 + 1."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    inside = np.prod(np.maximum(high - low + 1, 0), axis=2)
    area = np.prod(boxes[:, 2:] - boxes[:, :2] + 1, axis=1)[:, None]
    other_area = np.prod(others[:, 2:] - others[:, :2] + 1, axis=1)[None]
    iou: DoubleArray = inside / (area + other_area - inside)
    return iou

"""Crops from class evidence and contrast to the picture's border: the project's own method.

1. `contrast_maps`: how unlike the border each cell of an earlier stage is; the mean over a few stages is cached.
2. `evidence_maps`: class map, laid a little lower, and contrast through one logistic curve with fixed constants.
3. `nested_boxes`: at a falling price of area, the box with the most evidence for its area (once a head).
4. `marginals_from_boxes`: two marginals whose quantile range is that box, so profiles carry it unchanged.

Boxes and marginals are in `nested_boxes`; training takes the class maps from cached codes (`cached.cams_from_codes`).

Nothing is learned from boxes. How the constants were chosen, and what they give: `docs/crops.md`.

Sources of the parts: class map, Zhou et al. 2016, arXiv:1512.04150; the border as a sample of the background,
Wei et al. 2012 (ECCV, "Geodesic saliency using background priors").
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.saliency.inputs import class_weights, weighted_sum
from worker.ml.saliency.nested_boxes import marginals_from_boxes, nested_boxes
from worker.ml.types import AnyArray, DoubleArray, FloatArray, IntArray

GRID = 14
"""Side of the grid, in cells, on which evidence is put together and boxes are searched."""
_TINY = 1e-9


@dataclass(frozen=True)
class EvidenceCurve:
    """Evidence = sigmoid(class_gain * class map + contrast_gain * contrast + offset) ** power, both maps /
    max.

    `class_down`: cells of the grid by which the class map is laid lower first, because it marks what tells a class,
    such as a head, and most of an object stands below that. The defaults hold for every set and backbone; see
    `docs/crops.md` before changing them.
    """

    class_gain: float = 1.5
    contrast_gain: float = 5.0
    offset: float = -4.0
    power: float = 4.0
    class_down: float = 0.75


DEFAULT_CURVE = EvidenceCurve()


def compute(
    maps: FloatArray,
    weight: FloatArray,
    class_index: IntArray,
    *,
    contrast: FloatArray,
    proba: FloatArray | None = None,
    curve: EvidenceCurve = DEFAULT_CURVE,
) -> FloatArray:
    """Map whose quantile boxes are the nested boxes. N images, K classes, C channels.

    Args:
        maps: (N, h, w, C) feature maps >= 0 of the last stage.
        weight: (K, C) gauge-fixed head weights.
        class_index: (N,) the class of each image's map; ignored where `proba` is given.
        contrast: (N, h', w') from `contrast_maps` or `combine_contrasts`, of any scale.
        proba: (N, K) class probabilities. The class map is then that of the expected weights, which beats the
            map of the best class where the head is unsure.
        curve: the constants.

    Returns:
        (N, 28, 28) >= 0: the outer product of the marginals, which `profiles_from_maps` gives
        back. Zero, so that the box is the whole image, where the evidence is the same everywhere. To show
        a person where the evidence lies, use `evidence_maps`.

    Raises:
        InvalidArray: if shapes do not fit or a value is not finite.
    """
    cams = class_maps(maps, weight, class_index, proba=proba)
    x_mass, y_mass = marginals(evidence_maps(cams, contrast, curve=curve))
    outer: FloatArray = (y_mass[:, :, None] * x_mass[:, None, :]).astype(np.float32)
    return outer


def class_maps(
    maps: FloatArray, weight: FloatArray, class_index: IntArray, *, proba: FloatArray | None = None
) -> FloatArray:
    """Signed class activation maps (N, h, w), of the expected class where `proba` (N, K) is given.

    See `compute`.
    """
    chosen = class_weights(maps, weight, class_index)
    if proba is not None:
        if proba.shape != (len(maps), len(weight)) or not np.isfinite(proba).all():
            raise InvalidArray(f"proba must be finite ({len(maps)}, {len(weight)}); got shape {proba.shape}")
        chosen = (proba @ weight).astype(np.float32)
    return weighted_sum(maps, chosen)


def contrast_maps(stage_maps: FloatArray) -> FloatArray:
    """One minus the cosine between each cell's features and the mean direction of the border cells.

    The border of a photograph is mostly background, and features of an earlier, finer stage tell materials
    apart without knowing classes. No label enters, so it is computed once and cached.

    Args:
        stage_maps: (N, h, w, C) >= 0 after a ReLU, of a stage of about stride 16: for MobileNet V2 the
            expansion of the
            first block of stride 32 (14 x 14 x 576 at 224 px).

    Returns:
        (N, h, w) in [0, 1]; 1 at a cell without features, zero everywhere where the border has none.

    Raises:
        InvalidArray: if the maps are not 4-D, are empty, negative or not finite.
    """
    if stage_maps.ndim != 4 or 0 in stage_maps.shape[1:]:
        raise InvalidArray(f"stage maps must be (N, h, w, C) with h, w, C >= 1; got {stage_maps.shape}")
    # One pass for the squares tells values that are not finite too; the maps are the largest arrays here.
    length = np.sqrt(np.einsum("nhwc,nhwc->nhw", stage_maps, stage_maps))
    if not np.isfinite(length).all() or stage_maps.min(initial=0.0) < 0:
        raise InvalidArray("stage maps must be finite and >= 0")
    ground = _unit(_unit(stage_maps[:, border_cells(*stage_maps.shape[1:3])]).mean(axis=1))
    along = np.matmul(stage_maps, ground[:, None, :, None])[..., 0]
    contrast = 1.0 - along / np.where(length > 0, length, 1.0)
    has_ground = ground.max(axis=1, keepdims=True)[:, :, None] > 0
    return np.where(has_ground, contrast.clip(0, 1), 0).astype(np.float32)


def combine_contrasts(contrasts: Sequence[FloatArray]) -> FloatArray:
    """Mean over stages of the contrast maps, each brought to the grid and divided by its own maximum.

    Args:
        contrasts: one (N, h, w) from `contrast_maps` per stage; sizes may differ.

    Returns:
        (N, GRID, GRID) in [0, 1].

    Raises:
        InvalidArray: if there are none, or they differ in number of images, or a value is not finite.
    """
    if not contrasts or len({len(contrast) for contrast in contrasts}) != 1:
        raise InvalidArray(f"contrasts must be of the same images; got {[c.shape for c in contrasts]}")
    combined: FloatArray = np.stack([_share_of_peak(c) for c in contrasts]).mean(axis=0).astype(np.float32)
    return combined


def border_cells(height: int, width: int) -> AnyArray:
    """(h, w) bool: the outermost ring of cells."""
    is_border = np.ones((height, width), dtype=bool)
    is_border[1:-1, 1:-1] = False
    return is_border


def evidence_maps(
    cams: FloatArray, contrast: FloatArray, *, curve: EvidenceCurve = DEFAULT_CURVE
) -> FloatArray:
    """Put class maps and contrast together on one grid.

    Args:
        cams: (N, h, w) signed class activation maps of any scale and size.
        contrast: (N, h', w') contrast of any scale >= 0 and size.
        curve: the constants.

    Returns:
        (N, GRID, GRID) in (0, 1); zero everywhere for an image whose two maps are both without a positive
        value.

    Raises:
        InvalidArray: if the maps are not 3-D, differ in number, are empty or not finite.
    """
    if cams.ndim != 3 or contrast.ndim != 3 or len(cams) != len(contrast):
        raise InvalidArray(f"cams and contrast must be (N, h, w); got {cams.shape} and {contrast.shape}")
    class_share, contrast_share = _share_of_peak(cams, down=curve.class_down), _share_of_peak(contrast)
    is_known = (class_share + contrast_share).max(axis=(1, 2), initial=0.0, keepdims=True) > 0
    against = -(curve.class_gain * class_share + curve.contrast_gain * contrast_share + curve.offset)
    # sigmoid(x)^power as exp(-power log(1 + exp(-x))): numpy has vector instructions for these in float32, not for **
    evidence = np.exp(-curve.power * np.log(1 + np.exp(against)))
    return np.where(is_known, evidence, np.float32(0))


def marginals(evidence: FloatArray) -> tuple[DoubleArray, DoubleArray]:
    """Marginals of the nested boxes, x and y, each (N, 28); zero where evidence (N, h, w) is constant."""
    x_mass, y_mass = marginals_from_boxes(nested_boxes(evidence))
    keep = (np.ptp(evidence, axis=(1, 2)) > _TINY)[:, None]
    return x_mass * keep, y_mass * keep


def _share_of_peak(maps: AnyArray, *, down: float = 0.0) -> FloatArray:
    """Positive part of maps (N, h, w) on the grid, `down` cells lower, over its maximum; zero where there is none.

    A new float32 array.
    """
    if 0 in maps.shape[1:] or not np.isfinite(maps).all():
        raise InvalidArray(f"maps must be finite with h, w >= 1; got shape {maps.shape}")
    num_images, height, width = maps.shape
    flat = maps.reshape(num_images, height * width).astype(np.float32)
    if (height, width, down) != (GRID, GRID, 0.0):
        flat = flat @ _resizing(height, width, down)
    np.maximum(flat, 0, out=flat)
    peak = flat.max(axis=1, initial=0.0, keepdims=True)
    flat /= np.where(peak > _TINY, peak, np.float32(np.inf))
    return flat.reshape(num_images, GRID, GRID)


@functools.cache
def _resizing(height: int, width: int, down: float) -> FloatArray:
    """(h * w, GRID * GRID) weights that bring a map to the grid, `down` cells lower, in one product."""
    rows, columns = _bilinear(height, GRID, shift=down), _bilinear(width, GRID)
    weights: FloatArray = np.kron(rows, columns).T.astype(np.float32)
    return np.ascontiguousarray(weights)


def _bilinear(size: int, target: int, *, shift: float = 0.0) -> DoubleArray:
    """(target, size) weights of bilinear resizing with half-pixel centres and clamped edges, no smoothing.

    What it gives lies `shift` target cells further on.
    """
    place = ((np.arange(target) + 0.5 - shift) * size / target - 0.5).clip(0, size - 1)
    first = np.minimum(place.astype(np.int64), max(size - 2, 0))
    rest = place - first
    weights = np.zeros((target, size))
    weights[np.arange(target), first] = 1 - rest
    weights[np.arange(target), np.minimum(first + 1, size - 1)] += rest
    return weights


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1)).astype(np.float32)

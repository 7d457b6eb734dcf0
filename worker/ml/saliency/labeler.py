"""Crops from class evidence and contrast to the picture's border: the project's own method.

1. `contrast_maps`: how unlike the border each cell of an earlier stage is; the mean over a few stages is cached.
2. `evidence_maps`: class map and contrast through one logistic curve with fixed constants.
3. `nested_boxes`: at a falling price of area, the box with the most evidence for its area (once a head).
4. `marginals_from_boxes`: two marginals whose quantile range is that box, so profiles carry it unchanged.

Nothing is learned from boxes. How the constants were chosen, and what they give: `docs/crops.md`.

Sources of the parts: class map, Zhou et al. 2016, arXiv:1512.04150; the border as a sample of the background,
Wei et al. 2012 (ECCV, "Geodesic saliency using background priors"); maximum-sum rectangle, Bentley 1984
("Programming
pearls: algorithm design techniques", Communications of the ACM 27).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from worker.ml.compiled import compiled
from worker.ml.errors import InvalidArray
from worker.ml.saliency.inputs import class_weights, weighted_sum
from worker.ml.types import AnyArray, DoubleArray, FloatArray, IntArray

GRID = 14
"""Side of the grid, in cells, on which evidence is put together and boxes are searched."""
NUM_BINS = 28
"""Length of each marginal: 2 * 28 bytes a profile. Half a cell of the grid."""
PRICES: DoubleArray = np.geomspace(6.0, 0.05, 24)
"""Prices of area, falling: share of the evidence that a box must gain for the share of the image it adds."""
_ODDS_SCALE, _ODDS_POWER = 0.21, 1.32  # of `retentions_of_prices`
_TINY = 1e-9


@dataclass(frozen=True)
class EvidenceCurve:
    """Evidence = sigmoid(class_gain * class map + contrast_gain * contrast + offset) ** power, both maps /
    max.

    The defaults hold for every set and backbone; see `docs/crops.md` before changing them.
    """

    class_gain: float = 1.5
    contrast_gain: float = 5.0
    offset: float = -4.0
    power: float = 3.0


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
        (N, NUM_BINS, NUM_BINS) >= 0: the outer product of the marginals, which `profiles_from_maps` gives
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
    class_share, contrast_share = _share_of_peak(cams), _share_of_peak(contrast)
    logit = curve.class_gain * class_share + curve.contrast_gain * contrast_share + curve.offset
    evidence = (1.0 / (1.0 + np.exp(-logit))) ** curve.power
    is_known = (class_share + contrast_share).max(axis=(1, 2), initial=0.0, keepdims=True) > 0
    return np.where(is_known, evidence, 0.0).astype(np.float32)


def marginals(evidence: FloatArray) -> tuple[DoubleArray, DoubleArray]:
    """Marginals x (N, NUM_BINS) and y (N, NUM_BINS) of the nested boxes.

    Zero where evidence (N, h, w) is constant.
    """
    boxes = nested_boxes(evidence)
    is_flat = np.ptp(evidence, axis=(1, 2)) <= _TINY
    keep = np.where(is_flat, 0.0, 1.0)[:, None]
    x_mass, y_mass = marginals_from_boxes(boxes)
    return x_mass * keep, y_mass * keep


def nested_boxes(evidence: FloatArray, *, prices: DoubleArray = PRICES) -> FloatArray:
    """Box that maximises (share of the evidence inside) - price * (share of the image), for each price.

    With evidence as the chance that a cell is object, the first term estimates the recall of the object's
    area. One price for a whole set spends area where it buys most recall: small objects get tight boxes,
    spread ones loose ones. A box is widened to hold the one of the price before it, so boxes are nested.

    Args:
        evidence: (N, h, w), finite and >= 0.
        prices: (L,) > 0, falling.

    Returns:
        (L, N, 4) unit xyxy on the edges of cells. At least one cell; of equal boxes the first in order of
        rows.

    Raises:
        InvalidArray: for other shapes or values.
    """
    if (
        evidence.ndim != 3
        or 0 in evidence.shape[1:]
        or not np.isfinite(evidence).all()
        or (evidence < 0).any()
    ):
        raise InvalidArray(f"evidence must be finite (N, h, w) >= 0; got shape {evidence.shape}")
    if prices.ndim != 1 or not (prices > 0).all() or not (np.diff(prices) < 0).all():
        raise InvalidArray(f"prices must be positive and fall; got {prices}")
    num_images, height, width = evidence.shape
    edges = np.zeros((len(prices), num_images, 4), dtype=np.int64)
    _search(evidence.astype(np.float64), prices.astype(np.float64), edges)
    boxes: FloatArray = (edges / np.array([width, height, width, height])).astype(np.float32)
    return boxes


def retentions_of_prices(prices: DoubleArray) -> DoubleArray:
    """Retention r at which a profile gives the box of each price p > 0: (1 - r) / r = 0.21 p^1.32.

    A price says nothing to people. This curve makes one retention leave about the same mean crop area as it does
    with Grad-CAM, between those of two networks on five sets of photographs (`docs/crops.md`); no box was needed.
    """
    retentions: DoubleArray = 1.0 / (1.0 + _ODDS_SCALE * prices**_ODDS_POWER)
    return retentions


def marginals_from_boxes(
    boxes: FloatArray, *, prices: DoubleArray = PRICES, num_bins: int = NUM_BINS
) -> tuple[DoubleArray, DoubleArray]:
    """Marginals whose quantile range at the retention of a price (`retentions_of_prices`) is the box of that price.

    Between two boxes the edges move evenly; the bins round them, an edge that stays takes a bin's width.

    Args:
        boxes: (L, N, 4) nested boxes, growing.
        prices: (L,) their prices, falling.
        num_bins: length of a marginal.

    Returns:
        x and y marginals, each (N, num_bins), of sum 1.

    Raises:
        InvalidArray: if shapes do not fit.
    """
    if boxes.ndim != 3 or boxes.shape[2] != 4 or prices.shape != boxes.shape[:1] or num_bins < 1:
        raise InvalidArray(f"boxes must be ({prices.size}, N, 4), bins >= 1; got {boxes.shape}, {num_bins}")
    retention = np.concatenate([[0.0], retentions_of_prices(prices), [1.0]])
    edges = boxes.astype(np.float64)
    return (
        _axis_marginal(edges[..., 0], edges[..., 2], retention, num_bins),
        _axis_marginal(edges[..., 1], edges[..., 3], retention, num_bins),
    )


def _axis_marginal(low: DoubleArray, high: DoubleArray, retention: DoubleArray, num_bins: int) -> DoubleArray:
    """Spread half of each step of retention (L + 2,) over the way that either edge (L, N) moves in it."""
    centre = (low[:1] + high[:1]) / 2
    low = np.concatenate([centre, low, np.zeros_like(centre)])
    high = np.concatenate([centre, high, np.ones_like(centre)])
    mass = np.zeros((low.shape[1], num_bins))
    for step, share in enumerate(np.diff(retention) / 2):
        mass += share * _spread(low[step + 1], low[step], num_bins)
        mass += share * _spread(high[step], high[step + 1], num_bins)
    return mass


def _spread(start: DoubleArray, stop: DoubleArray, num_bins: int) -> DoubleArray:
    """Share (N, num_bins) of [start, stop] (N,) in each bin.

    An empty range is widened to one bin about it.
    """
    widen = np.where(stop - start < 1e-6, 0.5 / num_bins, 0.0)
    start, stop = (start - widen).clip(0, 1), (stop + widen).clip(0, 1)
    bins = np.linspace(0, 1, num_bins + 1)
    overlap = np.minimum(stop[:, None], bins[1:]) - np.maximum(start[:, None], bins[:-1])
    shares: DoubleArray = overlap.clip(min=0.0) / (stop - start)[:, None]
    return shares


def _share_of_peak(maps: AnyArray) -> DoubleArray:
    """Positive part of maps (N, h, w) on the grid, divided by its maximum; zero where there is none."""
    if 0 in maps.shape[1:] or not np.isfinite(maps).all():
        raise InvalidArray(f"maps must be finite with h, w >= 1; got shape {maps.shape}")
    rows, columns = _bilinear(maps.shape[1], GRID), _bilinear(maps.shape[2], GRID)
    resized = np.einsum("ah,nhw,bw->nab", rows, maps.astype(np.float64), columns, optimize=True).clip(min=0.0)
    peak = resized.max(axis=(1, 2), initial=0.0, keepdims=True)
    share: DoubleArray = resized / np.where(peak > _TINY, peak, np.inf)
    return share


def _bilinear(size: int, target: int) -> DoubleArray:
    """(target, size) weights of bilinear resizing with half-pixel centres and clamped edges, no smoothing."""
    place = ((np.arange(target) + 0.5) * size / target - 0.5).clip(0, size - 1)
    first = np.minimum(place.astype(np.int64), max(size - 2, 0))
    rest = place - first
    weights = np.zeros((target, size))
    weights[np.arange(target), first] = 1 - rest
    weights[np.arange(target), np.minimum(first + 1, size - 1)] += rest
    return weights


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1)).astype(np.float32)


@compiled
def _search(evidence: DoubleArray, prices: DoubleArray, edges: IntArray) -> None:
    """Fill `edges` (L, N, 4), in cells: Kadane's scan along the columns for every pair of rows."""
    num_images, height, width = evidence.shape
    cell = 1.0 / (height * width)
    for n in range(num_images):
        total = max(evidence[n].sum(), 1e-9)
        x0, y0, x1, y1 = width, height, 0, 0
        for level in range(len(prices)):
            best = -np.inf
            box = (0, 0, width, height)
            for top in range(height):
                columns = np.zeros(width)
                for bottom in range(top + 1, height + 1):
                    columns += evidence[n, bottom - 1] / total - prices[level] * cell
                    run = 0.0
                    start = 0
                    for right in range(width):
                        if run <= 0.0:
                            run = 0.0
                            start = right
                        run += columns[right]
                        if run > best:
                            best = run
                            box = (start, top, right + 1, bottom)
            x0, y0, x1, y1 = min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3])
            edges[level, n] = (x0, y0, x1, y1)

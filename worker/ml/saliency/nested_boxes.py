"""Boxes with the most evidence for their area, at a falling price of area, and the marginals that carry them.

A marginal's quantile range at the retention of a price is the box of that price, so profiles carry boxes unchanged.

Source: the maximum-sum rectangle, Bentley 1984 ("Programming pearls: algorithm design techniques", Communications of
the ACM 27), for all prices at once.
"""

import numpy as np

from worker.ml.compiled import compiled
from worker.ml.errors import InvalidArray
from worker.ml.types import DoubleArray, FloatArray, IntArray

PRICES: DoubleArray = np.geomspace(6.0, 0.05, 24)
"""Prices of area, falling: share of the evidence that a box must gain for the share of the image it adds."""
NUM_BINS = 28
"""Length of each marginal: 2 * 28 bytes a profile. Half a cell of the grid on which boxes are searched."""
_ODDS_SCALE, _ODDS_POWER = 0.25, 1.10  # of `retentions_of_prices`


def nested_boxes(evidence: FloatArray, *, prices: DoubleArray = PRICES) -> FloatArray:
    """Box that maximises (share of the evidence inside) - price * (share of the image), for each price.

    With evidence as the chance that a cell is object, the first term estimates the recall of the object's
    area. One price for a whole set spends area where it buys most recall: small objects get tight boxes,
    spread ones loose ones. A box is widened to hold the one of the price before it, so boxes are nested.

    Args:
        evidence: (N, h, w), finite and >= 0.
        prices: (L,) > 0, falling.

    Returns:
        (L, N, 4) unit xyxy on the edges of cells. At least one cell; of equal boxes that of fewer rows, then of fewer
        columns, then the first in order of rows.

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
    """Retention r at which a profile gives the box of each price p > 0: (1 - r) / r = 0.25 p^1.1.

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
    shares, edges = np.diff(retention) / 2, boxes.astype(np.float64)
    x_mass, y_mass = (np.zeros((boxes.shape[1], num_bins)) for _ in range(2))
    _spread_steps(edges[..., 0], edges[..., 2], shares, x_mass)
    _spread_steps(edges[..., 1], edges[..., 3], shares, y_mass)
    return x_mass, y_mass


@compiled
def _search(evidence: DoubleArray, prices: DoubleArray, edges: IntArray) -> None:
    """Fill `edges` (L, N, 4), in cells.

    A price only chooses between sizes: the most evidence in a box of each size is found once for all prices.
    """
    num_images, height, width = evidence.shape
    sums = np.zeros((height + 1, width + 1))  # share of the evidence above and to the left
    most = np.zeros((height + 1, width + 1))  # the most in a box of so many rows and columns
    strip = np.zeros(width + 1)
    for n in range(num_images):
        total = max(evidence[n].sum(), 1e-9)
        for y in range(height):
            row = 0.0
            for x in range(width):
                row += evidence[n, y, x] / total
                sums[y + 1, x + 1] = sums[y, x + 1] + row
        most[:] = -np.inf
        for top in range(height):
            for bottom in range(top + 1, height + 1):
                for x in range(width + 1):
                    strip[x] = sums[bottom, x] - sums[top, x]
                for columns in range(1, width + 1):
                    best = most[bottom - top, columns]
                    for left in range(width + 1 - columns):
                        best = max(best, strip[left + columns] - strip[left])
                    most[bottom - top, columns] = best
        x0, y0, x1, y1 = width, height, 0, 0
        for level in range(len(prices)):
            rows, columns = _worthiest_size(most, prices[level] / (height * width))
            left, top = _first_place(sums, rows, columns, most[rows, columns])
            x0, y0, x1, y1 = min(x0, left), min(y0, top), max(x1, left + columns), max(y1, top + rows)
            edges[level, n] = (x0, y0, x1, y1)


@compiled
def _worthiest_size(most: DoubleArray, price_of_cell: float) -> tuple[int, int]:
    best, size = -np.inf, (1, 1)
    for rows in range(1, most.shape[0]):
        for columns in range(1, most.shape[1]):
            worth = most[rows, columns] - price_of_cell * (rows * columns)
            if worth > best:
                best, size = worth, (rows, columns)
    return size


@compiled
def _first_place(sums: DoubleArray, rows: int, columns: int, wanted: float) -> tuple[int, int]:
    """Left and top of the first box of a size that holds so much, summed as in `_search`, so that equality is exact."""
    for top in range(sums.shape[0] - rows):
        for left in range(sums.shape[1] - columns):
            right, bottom = left + columns, top + rows
            if (sums[bottom, right] - sums[top, right]) - (sums[bottom, left] - sums[top, left]) == wanted:
                return left, top
    raise AssertionError("no box of that size holds so much")


@compiled
def _spread_steps(low: DoubleArray, high: DoubleArray, shares: DoubleArray, mass: DoubleArray) -> None:
    """Add to `mass` (N, B) half of each step's mass, `shares` (L + 1,), over the way either edge (L, N) moves in it.

    The first step starts at the centre of the first box, the last ends at the frame.
    """
    num_levels, num_images = low.shape
    for n in range(num_images):
        inner_low = inner_high = (low[0, n] + high[0, n]) / 2
        for step in range(num_levels + 1):
            outer_low = low[step, n] if step < num_levels else 0.0
            outer_high = high[step, n] if step < num_levels else 1.0
            _spread(outer_low, inner_low, shares[step], mass[n])
            _spread(inner_high, outer_high, shares[step], mass[n])
            inner_low, inner_high = outer_low, outer_high


@compiled
def _spread(start: float, stop: float, share: float, mass: DoubleArray) -> None:
    """Add `share` to the bins (B,) that [start, stop] in [0, 1] covers; an empty range becomes one bin about it."""
    num_bins = len(mass)
    if stop - start < 1e-6:
        start, stop = start - 0.5 / num_bins, stop + 0.5 / num_bins
    start, stop = max(start, 0.0), min(stop, 1.0)
    for place in range(min(int(start * num_bins), num_bins - 1), num_bins):
        overlap = min(stop, (place + 1) / num_bins) - max(start, place / num_bins)
        if overlap > 0:
            mass[place] += share * overlap / (stop - start)
        elif place / num_bins > stop:
            break

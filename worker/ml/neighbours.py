"""An approximate nearest-neighbour index over embeddings: a graph (HNSW) on rotated, shortened, normalised rows.

The index is one file that a reader maps into memory and asks at once: a key is the row's number, the distance is
1 - cosine. The vectors can be read back from it by key, so the file is all that "more like this" needs.
"""

import numpy as np
from scipy.linalg import eigh
from usearch.index import Index

from worker.ml.errors import InvalidArray
from worker.ml.features import has_features
from worker.ml.types import DoubleArray, FloatArray, Progress, ProgressFn, ignore_progress
from worker.ml.vectors import unit_rows

MAX_DIMENSIONS = 64
BLOCK_ROWS = 1024
_FIT_ROWS = 20_000  # rows that the rotation is learned from
_LEAST_EXTENT = 1e-6  # of the largest: below it an axis is rounding


def build_neighbour_index(
    features: FloatArray, *, seed: int = 0, on_progress: ProgressFn = ignore_progress
) -> bytes:
    """Index rows by cosine. N: rows; D: their length.

    Rows are scaled to length 1, centred, rotated onto at most `MAX_DIMENSIONS` principal components, and kept as
    float16. A row of zeros lies at the centre.

    Args:
        features: (N, D), finite, N >= 1; a row of NaN has no features and is left out.
        seed: of the rows that the rotation is learned from, above 20,000.
        on_progress: stage "neighbours", in rows.

    Returns:
        The index's file: keys 0..N-1 but for rows left out, metric cosine.

    Raises:
        InvalidArray: for another shape, or values that are not finite.

    Source: Malkov and Yashunin 2016, arXiv:1603.09320, as in usearch.
    """
    if features.ndim != 2 or 0 in features.shape:
        raise InvalidArray(f"features are (N, D) with N, D >= 1, got {features.shape}")
    keys = np.flatnonzero(has_features(features))
    if len(keys) == 0 or not np.isfinite(features[keys]).all():
        raise InvalidArray(f"features are finite, got {features.shape} with NaN or infinity")
    rows = shorten(features[keys], seed=seed)
    index = Index(ndim=rows.shape[1], metric="cos", dtype="f16")
    for start in range(0, len(rows), BLOCK_ROWS):
        block = rows[start : start + BLOCK_ROWS]
        index.add(keys[start : start + len(block)], block, threads=1)
        on_progress(Progress("neighbours", start + len(block), len(rows)))
    return bytes(index.save() or b"")


def shorten(features: FloatArray, *, seed: int = 0) -> FloatArray:
    """Rows (N, D) scaled to length 1, centred, on their first min(N, D, 64) principal components."""
    sample = unit = unit_rows(features)
    if len(unit) > _FIT_ROWS:
        sample = unit[np.random.default_rng(seed).permutation(len(unit))[:_FIT_ROWS]]
    mean = sample.mean(axis=0)
    basis = _first_components((sample - mean).astype(np.float64), min(MAX_DIMENSIONS, *features.shape))
    short: FloatArray = ((unit - mean) @ basis.astype(np.float32)).astype(np.float32)
    return short


def _first_components(centred: DoubleArray, num: int) -> DoubleArray:
    """The first `num` principal axes (D, num) of centred rows (n, D); zeros where the rows have no more extent.

    From the smaller of the two products of the rows with themselves: of 120 rows of 1280 numbers that is a matrix a
    hundred times smaller.
    """
    num_rows, num_columns = centred.shape
    is_wide = num_rows < num_columns
    product = centred @ centred.T if is_wide else centred.T @ centred
    side = len(product)
    values, vectors = eigh(product, subset_by_index=(side - num, side - 1))
    axes: DoubleArray = vectors[:, ::-1]
    if is_wide:
        lengths = np.sqrt(np.maximum(values[::-1], 0))
        has_extent = lengths > _LEAST_EXTENT * lengths.max(initial=0)
        axes = centred.T @ axes / np.where(has_extent, lengths, np.inf)
    return axes

"""Vectors by their direction alone."""

import numpy as np

from worker.ml.types import FloatArray


def unit_rows(features: FloatArray) -> FloatArray:
    """Rows (N, C) scaled to length 1, so that Euclidean neighbours are those by angle; a zero row stays zero."""
    length = np.linalg.norm(features, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(features / np.where(length > 0, length, 1), dtype=np.float32)

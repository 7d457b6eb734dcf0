"""Made-up features of well separated groups, for tests of layouts."""

import numpy as np

from worker.ml.types import FloatArray, IntArray


def groups(
    num: int = 200, *, num_groups: int = 5, channels: int = 30, seed: int = 0
) -> tuple[FloatArray, IntArray]:
    """Non-negative features of well separated groups, in mixed order."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(7).gamma(0.5, size=(num_groups, channels))
    class_index = random.integers(0, num_groups, num)
    noise = random.normal(scale=0.1, size=(num, channels))
    return np.maximum(centres[class_index] + noise, 0).astype(np.float32), class_index

"""Compile what numba compiles, so that the first user does not wait for it: `python -m worker.tasks.warm_up`.

The worker runs this once at its start, beside its work, at low priority. The compiled code stays in `NUMBA_CACHE_DIR`;
with everything there already this takes a few seconds.
"""

import fcntl
import logging
import os
import sys
import time
from pathlib import Path

import numpy as np

from worker.ml.atlas import encode_cells
from worker.ml.features import encode_maps, pool_boxes
from worker.ml.projection import fit_projection
from worker.ml.saliency.cached import gradcams_from_codes

logger = logging.getLogger(__name__)

NUM_IMAGES = 64
NUM_CHANNELS = 32


def warm_up() -> float:
    """Run each compiled kernel once on a few made-up numbers; return the seconds that it took."""
    started = time.monotonic()
    rng = np.random.default_rng(0)
    encode_cells(rng.integers(0, 256, (1, 16, 16, 3), dtype=np.uint8))
    maps = rng.random((NUM_IMAGES, 3, 2, NUM_CHANNELS), dtype=np.float32)
    encoded = encode_maps(maps)
    pooled = pool_boxes(encoded, np.tile(np.array([0, 0, 1, 0.5], dtype=np.float32), (NUM_IMAGES, 1)))
    gradcams_from_codes(
        encoded.codes,
        encoded.scale,
        pooled=pooled,
        weight=rng.random((2, NUM_CHANNELS), dtype=np.float32),
        class_index=np.zeros(NUM_IMAGES, dtype=np.int64),
    )
    cold = fit_projection(pooled[:-4])
    fit_projection(pooled, init=cold.layout)
    return time.monotonic() - started


def main() -> None:
    """Warm up unless another process of this machine is doing so."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "warm-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        logger.info("compiled kernels are ready after %.1f s", warm_up())


if __name__ == "__main__":
    main()

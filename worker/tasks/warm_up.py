"""Compile what numba compiles, so that the first user does not wait for it: `python -m worker.tasks.warm_up`.

Each worker starts this once, beside its work, at low priority. The compiled code stays in `NUMBA_CACHE_DIR` with a
stamp of the sources; where that is there already, nothing is loaded and the process ends at once.
"""

import fcntl
import hashlib
import logging
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import worker.ml

logger = logging.getLogger(__name__)

NUM_IMAGES = 64
NUM_CHANNELS = 32
STAMP_NAME = "warm-up.stamp"


def warm_up() -> float:
    """Run each compiled kernel once on a few made-up numbers; return the seconds that it took."""
    import numpy as np  # noqa: PLC0415  # only when there is something to compile

    from worker.ml.atlas import encode_cells  # noqa: PLC0415
    from worker.ml.features import encode_maps, pool_boxes  # noqa: PLC0415
    from worker.ml.projection.fit import fit_projection  # noqa: PLC0415
    from worker.ml.saliency.cached import gradcams_from_codes  # noqa: PLC0415
    from worker.ml.saliency.nested_boxes import marginals_from_boxes, nested_boxes  # noqa: PLC0415

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
    marginals_from_boxes(nested_boxes(rng.random((1, 3, 2), dtype=np.float32)))
    cold = fit_projection(pooled[:-4])
    fit_projection(pooled, init=cold.layout)
    return time.monotonic() - started


def sources_stamp() -> str:
    """A hash of what compiled code depends on: Python, numba, and the files of `worker.ml`."""
    folder = Path(worker.ml.__file__).parent
    parts = [sys.version, version("numba")]
    for path in sorted(folder.rglob("*.py")):
        facts = path.stat()
        parts.append(f"{path.relative_to(folder)} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def warm_up_once(folder: Path) -> bool:
    """Warm up unless that was done for these sources, or another process is doing it; True if it was done now."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "warm-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stamp, path = sources_stamp(), folder / STAMP_NAME
        if path.exists() and path.read_text() == stamp:
            return False
        logger.info("compiled kernels are ready after %.1f s", warm_up())
        path.write_text(stamp)
        return True


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    warm_up_once(Path(os.environ["NUMBA_CACHE_DIR"]))

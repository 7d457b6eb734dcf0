"""Array types and the progress callback shared by `worker.ml`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
DoubleArray = npt.NDArray[np.float64]
UInt8Array = npt.NDArray[np.uint8]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
AnyArray = npt.NDArray[Any]


@dataclass(frozen=True)
class Progress:
    """How far a computation is: `done` of `total` units of `stage`."""

    stage: str
    done: int
    total: int


ProgressFn = Callable[[Progress], None]
"""Called between units of work. May raise `Cancelled` to stop the computation."""


def ignore_progress(progress: Progress) -> None:
    """A `ProgressFn` for callers that do not watch."""

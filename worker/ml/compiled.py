"""Typed decorator for loops that numba compiles once and keeps on disk.

The compiled code goes to `__pycache__` beside the source, or, where that cannot be written (an installed
package, a read-only image), to the folder named by the environment variable `NUMBA_CACHE_DIR`. A new
process then loads it in milliseconds; without a writable place numba compiles in every process, which
takes seconds.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compile in nopython mode on first call, cached on disk; IEEE arithmetic, so results repeat exactly."""
    return cast(_Function, numba.njit(cache=True, nogil=True)(function))

"""Keep small matrix work on one thread.

BLAS and OpenMP threads wait for each other by spinning. On a machine with other work, two threads made a head of 452
labels cost 32 s of processor time where one needs 0.5 s. Backbones, whose steps are long, keep their threads.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit BLAS and OpenMP to one thread in this process until the block ends."""
    with threadpool_limits(limits=1):
        yield

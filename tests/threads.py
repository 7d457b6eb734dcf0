"""Run the same step in several threads at once, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
S = TypeVar("S")


def run_together(step: Callable[[S], T], inputs: Sequence[S]) -> list[T | Exception]:
    """Start all threads at a barrier; return each result, or the exception that it raised, in order."""
    barrier = threading.Barrier(len(inputs))
    results: list[T | Exception] = [RuntimeError("the thread did not end")] * len(inputs)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[number] = step(inputs[number])
        except Exception as error:  # noqa: BLE001  # handed to the test, which asserts on it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results

"""Compiling ahead of the first user: once for each state of the sources, by one process at a time."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from worker.tasks import warm_up
from worker.tasks.warm_up import STAMP_NAME, sources_stamp, warm_up_once


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each warm-up instead of compiling."""
    done: list[str] = []

    def note() -> float:
        done.append("compiled")
        return 1.0

    monkeypatch.setattr(warm_up, "warm_up", note)
    return done


def test_every_kernel_runs_on_what_it_is_given() -> None:
    assert warm_up.warm_up() > 0


def test_it_compiles_once_for_the_same_sources(tmp_path: Path, compiled: list[str]) -> None:
    assert [warm_up_once(tmp_path / "numba"), warm_up_once(tmp_path / "numba")] == [True, False]
    assert compiled == ["compiled"]
    assert (tmp_path / "numba" / STAMP_NAME).read_text() == sources_stamp()


def test_it_compiles_again_when_a_source_changed(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up_once(tmp_path)
    monkeypatch.setattr(warm_up, "version", lambda name: "another numba")

    assert warm_up_once(tmp_path)
    assert len(compiled) == 2


def test_a_warm_up_that_failed_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> float:
        raise RuntimeError("killed")

    monkeypatch.setattr(warm_up, "warm_up", fail)
    with pytest.raises(RuntimeError, match="killed"):
        warm_up_once(tmp_path)

    assert not (tmp_path / STAMP_NAME).exists()


def test_a_second_process_leaves_it_to_the_first(tmp_path: Path, compiled: list[str]) -> None:
    with (tmp_path / "warm-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert not warm_up_once(tmp_path)
    assert compiled == []


_LAYOUTS = """
import sys
import numpy as np
from numba.core.dispatcher import Dispatcher
from worker.ml.projection.density_clusters import density_clusters
from worker.ml.projection.large import fit_large_projection
from worker.ml.projection.fit import fit_projection
from worker.tasks.warm_up import warm_up

def compiled():
    modules = [module for name, module in sys.modules.items() if name.startswith("worker.ml")]
    kernels = {value for module in modules for value in vars(module).values() if isinstance(value, Dispatcher)}
    return {kernel.py_func.__qualname__: len(kernel.signatures) for kernel in kernels}

warm_up()
before = compiled()
rows = np.random.default_rng(0).random((300, 260), dtype=np.float32)
first = fit_projection(rows, class_index=np.arange(300) % 3, on_layout=lambda layout: None).layout
fit_projection(rows, init=first, anchor=0.0)
fit_projection(rows[5:], init=first[5:], anchor_to=first[5:], anchor=0.3, limit=0.04)
fit_large_projection(lambda: iter([rows.astype(np.float16)]), num_rows=300, num_fit=200)
density_clusters(first)
assert before["_epoch"] == before["_memberships"] == before["_excess_of_rank"] == 1, before
assert compiled() == before, {name: num for name, num in compiled().items() if num != before[name]}
"""


@pytest.mark.slow
def test_after_it_no_kind_of_layout_compiles_anything() -> None:
    subprocess.run([sys.executable, "-c", _LAYOUTS], check=True)

"""The worker's Celery app: the web side's app with the tasks registered and the process set up for numeric work.

Start it with `celery -A worker.app worker -Q cpu,gpu --pool prefork`. The parent process loads neither torch nor numba:
each pool child loads them for itself, so no thread of theirs is ever forked.
"""

import os
import subprocess
import sys
import threading
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")
# Waiting threads sleep instead of spinning: several workers and the web server share the cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import django
from celery import signals

from labeler.celery import app
from labeler.lib.env import numba_cache_dir

# Before numba is loaded anywhere: compiled kernels are kept between processes and starts.
os.environ["NUMBA_CACHE_DIR"] = str(numba_cache_dir())
django.setup()

from labeler.jobs.names import QUEUE_OF, TaskName  # noqa: E402  # after django.setup
from worker.tasks import by_name  # noqa: E402  # after django.setup

__all__ = ["app", "by_name"]

WARM_UP_NICENESS = 10
PRELOAD_AFTER_S = 5.0  # the web server, which starts at the same time, is ready by then


def set_up_child(**_: Any) -> None:
    """Give a pool child its share of the cores, unless the operator chose with `OMP_NUM_THREADS`; load ahead."""
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    timer = threading.Timer(PRELOAD_AFTER_S, preload)
    timer.daemon = True
    timer.start()


def preload() -> None:
    """Load what imports and layouts need, so that the first does not wait for it.

    Torch is left to the first job that computes: it costs half a gigabyte, which a child that only imports is spared.
    """
    for module in ("importing", "projections"):
        import_module(f"worker.tasks.{module}")


def greet(**_: Any) -> None:
    """Tell the web side which backbones this worker has, and compile what the first user would wait for."""
    name = TaskName.REPORT_BACKBONES
    app.send_task(name.value, queue=QUEUE_OF[name].value, expires=300)
    _start_warm_up()


def stop_warm_up(**_: Any) -> None:
    """Leave no process behind."""
    for process in _warm_ups:
        if process.poll() is None:
            process.terminate()
            process.wait()
    _warm_ups.clear()


_warm_ups: list[subprocess.Popen[bytes]] = []


def _start_warm_up() -> None:
    command = [sys.executable, "-m", "worker.tasks.warm_up"]
    _warm_ups.append(
        subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=lambda: os.nice(WARM_UP_NICENESS))  # noqa: PLW1509
    )


signals.worker_process_init.connect(set_up_child)
signals.worker_ready.connect(greet)
signals.worker_shutdown.connect(stop_warm_up)

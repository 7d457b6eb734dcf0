"""The web side knows tasks by name only: every name is registered here, on the queue that the web side sends to."""

import subprocess
import sys

from labeler.jobs.models import JobKind
from labeler.jobs.names import QUEUE_OF, TaskName
from labeler.jobs.services import TASK_OF
from worker.app import app


def test_every_task_name_is_registered_and_nothing_else() -> None:
    ours = {name for name in app.tasks if not name.startswith("celery.")}

    assert ours == {name.value for name in TaskName}


def test_every_task_has_the_queue_that_the_web_side_sends_to() -> None:
    assert {name: app.amqp.router.route({}, name.value)["queue"].name for name in TaskName} == {
        name: queue.value for name, queue in QUEUE_OF.items()
    }


def test_every_kind_of_job_has_a_task() -> None:
    assert set(TASK_OF) == set(JobKind)


HEAVY = ("torch", "numba", "faiss")


def loaded_with(module: str, *, then: str = "", heavy: tuple[str, ...] = HEAVY) -> str:
    """Which heavy libraries a fresh worker process has after it imported a module and ran a line."""
    code = f"import sys, worker.app, {module}\n{then}\nprint(*sorted(set({heavy}) & sys.modules.keys()))"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_parent_of_the_pool_loads_nothing_that_must_not_be_forked() -> None:
    assert loaded_with("worker.app") == ""


def test_workers_of_the_queue_cpu_do_without_torch() -> None:
    """It costs each process half a gigabyte."""
    assert loaded_with("worker.tasks.importing") == "numba"
    assert loaded_with("worker.tasks.projections") == "faiss numba"


def test_workers_with_the_bundled_network_do_without_torchvision_and_the_compiler_of_torch() -> None:
    """They cost each process 150 MB and a second or two at its start."""
    look = (
        "import numpy as np\n"
        "from worker.ml.backbones import BACKBONES, load_backbone\n"
        "worker.tasks.backbones.describe_backbones()\n"
        "bundled = load_backbone('bundled', weights_path=BACKBONES['bundled'].shipped_weights)\n"
        "bundled.maps(np.zeros((1, 64, 64, 3), np.uint8))"
    )
    modules = "worker.tasks.backbones, worker.tasks.features, worker.tasks.training, worker.tasks.saliency"
    assert loaded_with(modules, then=look, heavy=("torch", "torchvision", "torch._dynamo")) == "torch"

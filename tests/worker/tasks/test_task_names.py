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


def test_the_parent_of_the_pool_loads_neither_torch_nor_numba() -> None:
    code = "import sys, worker.app; print(sorted({'torch', 'numba', 'faiss'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"

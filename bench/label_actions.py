"""How long a label action takes at the API: `python -m bench.label_actions --json FILE` in a database of its own.

Started by `bench.loop` once for each database, with `DATABASE_URL` and `DATA_DIR` set. Requests go through Django's
test client: URL routing, JSON, authentication, the service and its transaction; no network. `cpu` is the processor
time of this process and of its PostgreSQL backend together (Linux): on a machine that others use too it says more than
the wall clock.
"""

import argparse
import json
import multiprocessing
import os
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from labeler.accounts.models import Membership  # noqa: E402
from labeler.accounts.permissions import Role  # noqa: E402
from labeler.annotations.classes import create_class  # noqa: E402
from labeler.annotations.models import LabelAction, LabelClass  # noqa: E402
from labeler.annotations.packing import pack_class_ids, pack_indexes, pack_sequences  # noqa: E402
from labeler.datasets.models import Image, Project  # noqa: E402

NUM_IMAGES = 12_000
LARGE, SMALL = 10_000, 400
BLOCK = 20_000

Seconds = dict[str, float]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--stored-actions", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    call_command("migrate", interactive=False, verbosity=0)
    bench = _Bench()
    result: dict[str, Any] = {"database": connection.vendor}
    result["images_10000_s"] = bench.times(LARGE, options.repeats)
    result["images_400_s"] = bench.times(SMALL, 30)
    with _training():
        result["images_400_while_training_s"] = bench.times(SMALL, 100)
    bench.store_actions(options.stored_actions)
    result["stored_actions"] = options.stored_actions
    result["images_400_with_stored_actions_s"] = bench.times(SMALL, 30)
    result["images_10000_with_stored_actions_s"] = bench.times(LARGE, options.repeats)
    result["undo_400_with_stored_actions_s"] = bench.undo_times(10)
    options.json.write_text(json.dumps(result))


class _Bench:
    """A project of images and two classes, and a signed-in annotator."""

    def __init__(self) -> None:
        self.user = User.objects.create_user("bench", password=uuid.uuid4().hex)
        self.project = Project.objects.create(
            name="bench", backbone="bundled", num_images=NUM_IMAGES, trains_by_itself=False
        )
        Membership.objects.create(project=self.project, user=self.user, role=Role.ADMIN)
        Image.objects.bulk_create(
            (
                Image(
                    project=self.project,
                    index=index,
                    storage_key=f"{index}.jpg",
                    sha256=f"{index:064x}",
                    width=300,
                    height=200,
                    file_format="JPEG",
                    num_bytes=1,
                    path=f"{index}.jpg",
                )
                for index in range(NUM_IMAGES)
            ),
            batch_size=BLOCK,
        )
        self.classes: list[LabelClass] = [
            create_class(project_id=self.project.id, name=name) for name in ("gull", "tern")
        ]
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(self.user)
        self._turn = 0

    def times(self, num_images: int, repeats: int) -> list[Seconds]:
        """Seconds of each of so many actions; each gives its images another class than they had."""
        seconds: list[Seconds] = []
        for _ in range(repeats):
            self._turn += 1
            body = {
                "client_action_id": str(uuid.uuid4()),
                "class_id": self.classes[self._turn % 2].id,
                "image_indexes": np.random.default_rng(self._turn)
                .permutation(NUM_IMAGES)[:num_images]
                .tolist(),
            }
            seconds.append(self._timed(f"/api/v1/projects/{self.project.id}/label-actions", body))
        return seconds

    def undo_times(self, repeats: int) -> list[Seconds]:
        """Seconds of undoing an action of 400 images."""
        seconds: list[Seconds] = []
        for _ in range(repeats):
            self.times(SMALL, 1)
            url = f"/api/v1/projects/{self.project.id}/undo"
            seconds.append(self._timed(url, {"client_action_id": str(uuid.uuid4())}))
        return seconds

    def store_actions(self, num_actions: int) -> None:
        """Put so many actions of one image into the log, as if given long ago."""
        self.project.refresh_from_db()
        first, now = self.project.label_sequence + 1, timezone.now()
        for start in range(0, num_actions, BLOCK):
            LabelAction.objects.bulk_create(
                LabelAction(
                    project=self.project,
                    sequence=first + number,
                    annotator=self.user,
                    kind="assign",
                    label_class=self.classes[number % 2],
                    image_indexes=pack_indexes([number % NUM_IMAGES]),
                    previous_class_ids=pack_class_ids([0]),
                    previous_sequences=pack_sequences([0]),
                    num_changed=1,
                    client_action_id=uuid.UUID(int=first + number),
                    created_at=now,
                )
                for number in range(start, min(start + BLOCK, num_actions))
            )
        Project.objects.filter(id=self.project.id).update(label_sequence=first + num_actions)
        with connection.cursor() as cursor:
            # As PostgreSQL's autovacuum has long done by itself in a log that grew slowly.
            cursor.execute("ANALYZE")

    def _timed(self, url: str, body: dict[str, Any]) -> Seconds:
        text = json.dumps(body)
        started, cpu = time.perf_counter(), _cpu_s()
        answer = self.client.post(url, text, content_type="application/json")
        seconds = {"wall": time.perf_counter() - started, "cpu": _cpu_s() - cpu}
        assert answer.status_code in {200, 201}, answer.content[:500]
        return seconds


def _cpu_s() -> float:
    """Processor seconds of this process, and of the PostgreSQL backend that serves it."""
    own = time.process_time()
    backend = getattr(connection.connection, "info", None)
    if backend is None or not hasattr(backend, "backend_pid"):
        return own
    path = Path(f"/proc/{backend.backend_pid}/stat")
    if not path.exists():  # the server is on another machine
        return own
    fields = path.read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _training:  # noqa: N801  # used as a context manager
    """Another process that trains heads without a pause, as a worker beside the web server."""

    def __enter__(self) -> None:
        self._process = multiprocessing.get_context("spawn").Process(target=_train_forever, daemon=True)
        self._process.start()
        time.sleep(5.0)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


def _train_forever() -> None:
    from worker.ml.head import train_head  # noqa: PLC0415  # in the other process only

    rng = np.random.default_rng(0)
    class_index = rng.integers(0, 10, 4000)
    pooled = rng.random((4000, 512), dtype=np.float32)
    heldout = np.zeros(4000, dtype=np.bool_)
    while True:
        train_head(pooled, class_index, num_classes=10, heldout=heldout)


if __name__ == "__main__":
    main()

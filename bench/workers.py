"""What a second worker is worth: `python -m bench.workers --json FILE [--images 2000] [--redis-url URL]`.

A site of its own in a temporary folder (SQLite, a Redis of its own unless one is named) with so many generated
pictures, labelled by the rule that drew them. Then real Celery workers of the queue `gpu`, each one process of one
thread: one worker, then two, in turns. Each arrangement first runs once to load torch, then is measured: features of
all images, a training (scoring and saliency, which one worker does alone), and exact crops. Seconds are those of the
job, from its start to its end. A machine with fewer free cores than workers shows that, not the product.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from labeler.lib.embedded_redis import embedded_redis

CHILD = "LABELER_BENCH_WORKERS"  # set in the process that measures
NUM_CLASSES = 4
RETENTION = 0.5  # tight, so that every crop is embedded
JOB_TIMEOUT_S = 3600.0
STEPS = ("features", "training", "crops")


def main() -> None:
    """Measure in a process whose settings know the temporary site; print and write what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--redis-url", default="")
    options = parser.parse_args()
    if os.environ.get(CHILD):
        options.json.write_text(json.dumps(_measure(options.images, options.workers, options.repeats)))
        return
    with (
        tempfile.TemporaryDirectory(prefix="bench-workers-") as folder,
        _redis(folder, options.redis_url) as url,
    ):
        environment = {
            **os.environ,
            CHILD: "1",
            "DATA_DIR": str(Path(folder) / "data"),
            "DATABASE_URL": "",
            "REDIS_URL": url,
            "SECRET_KEY": "for a bench only",
            "OMP_NUM_THREADS": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        (Path(folder) / "data" / "static").mkdir(parents=True)
        command = [sys.executable, "-m", "bench.workers", *sys.argv[1:]]
        subprocess.run(command, env=environment, check=True)
    print(json.dumps(json.loads(options.json.read_text()), indent=1))


@contextmanager
def _redis(folder: str, named: str) -> Iterator[str]:
    if named:
        yield named
        return
    described = embedded_redis(data_dir=Path(folder))
    server = subprocess.Popen(described.command, stdout=subprocess.DEVNULL)
    try:
        yield described.url
    finally:
        server.terminate()
        server.wait()


def _measure(num_images: int, arrangements: list[int], repeats: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeler.settings")
    import django  # noqa: PLC0415  # here the settings are those of the temporary site

    django.setup()
    project_id = _make_project(num_images)
    seconds: dict[int, dict[str, list[float]]] = {num: {step: [] for step in STEPS} for num in arrangements}
    for _ in range(repeats):
        for num in arrangements:
            with _workers(num):
                _run_all(project_id)  # torch and weights are loaded now
                for step, found in _run_all(project_id).items():
                    seconds[num][step].append(found)
    medians = {
        str(num): {step: round(float(np.median(found)), 2) for step, found in steps.items()}
        for num, steps in seconds.items()
    }
    first = medians[str(arrangements[0])]
    return {
        "num_images": num_images,
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "seconds": {str(num): steps for num, steps in seconds.items()},
        "median_s": medians,
        "times_faster": {
            num: {step: round(first[step] / found, 2) for step, found in steps.items()}
            for num, steps in medians.items()
        },
    }


def _make_project(num_images: int) -> int:
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from labeler.datasets.import_services import create_import, start_import  # noqa: PLC0415
    from labeler.datasets.services import create_project  # noqa: PLC0415
    from worker.ml.synthetic import write_dataset  # noqa: PLC0415
    from worker.tasks.by_name import run_import  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    folder = settings.DATA_DIR / "pictures"
    write_dataset(folder, num_images=num_images, num_classes=NUM_CLASSES, seed=0)
    user = User.objects.create_user("bench", is_staff=True)
    project = create_project(
        user=user, name="bench", backbone="bundled", trains_by_itself=False, retention=RETENTION
    )
    source = create_import(
        project_id=project.id, user=user, name="bench", classes_from_folders=False, folder=str(folder)
    )
    run_import.apply(
        args=[start_import(import_id=source.id, project_id=project.id, user=user).id], throw=True
    )
    project.jobs.all().delete()
    _label(project.id, folder, user=user)
    return int(project.id)


def _label(project_id: int, folder: Path, *, user: Any) -> None:
    import csv  # noqa: PLC0415
    import uuid  # noqa: PLC0415

    from labeler.annotations.classes import get_or_create_class  # noqa: PLC0415
    from labeler.annotations.services import assign_label  # noqa: PLC0415
    from labeler.datasets.models import Image  # noqa: PLC0415

    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        truth = {Path(row["file"]).name: row["label"] for row in csv.DictReader(stream)}
    members: dict[str, list[int]] = {}
    for index, path in Image.objects.filter(project_id=project_id).values_list("index", "path"):
        members.setdefault(truth[Path(path).name], []).append(index)
    for name, indexes in members.items():
        assign_label(
            project_id=project_id,
            user=user,
            class_id=get_or_create_class(project_id=project_id, name=name).id,
            image_indexes=indexes,
            client_action_id=uuid.uuid4(),
            provenance={},
        )


@contextmanager
def _workers(num: int) -> Iterator[None]:
    """So many workers of the queue that computes, as `manage.py up` starts them."""
    command = [sys.executable, "-m", "celery", "-A", "worker.app", "worker", "--loglevel", "WARNING"]
    options = ["--without-gossip", "--without-mingle", "-Q", "gpu", "--concurrency", "1"]
    environment = {name: value for name, value in os.environ.items() if name != CHILD}
    running = [
        subprocess.Popen([*command, *options, "-n", f"gpu{number}@%h"], env=environment)
        for number in range(num)
    ]
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()


def _run_all(project_id: int) -> dict[str, float]:
    """Seconds of each step, from nothing, after the end of what followed the last ones: a training that saw crops."""
    from labeler.jobs.models import ACTIVE_STATES, Job, JobKind  # noqa: PLC0415
    from labeler.lib.files import project_dir  # noqa: PLC0415

    kinds = {"features": JobKind.FEATURES, "training": JobKind.TRAINING, "crops": JobKind.CROPS}
    jobs = Job.objects.filter(project_id=project_id)
    while jobs.filter(state__in=ACTIVE_STATES, kind__in=kinds.values()).exists():
        time.sleep(0.2)
    for name in ("features", "heads"):
        shutil.rmtree(project_dir(project_id) / name, ignore_errors=True)
    jobs.delete()
    return {step: _seconds_of(project_id, kind) for step, kind in kinds.items()}


def _seconds_of(project_id: int, kind: Any) -> float:
    """Ask for a job, or find the one that the step before asked for, and wait for its end."""
    from labeler.jobs.models import ACTIVE_STATES, Job, JobState  # noqa: PLC0415
    from labeler.jobs.services import request_job  # noqa: PLC0415

    job = Job.objects.filter(project_id=project_id, kind=kind).order_by("-id").first()
    if job is None or job.state == JobState.SUCCEEDED:
        job = request_job(project_id=project_id, kind=kind, user=None)
    deadline = time.monotonic() + JOB_TIMEOUT_S
    while job.state in ACTIVE_STATES:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the {kind} took longer than {JOB_TIMEOUT_S:.0f} s")
        time.sleep(0.05)
        job.refresh_from_db()
    if job.state != JobState.SUCCEEDED or job.started_at is None or job.finished_at is None:
        raise RuntimeError(f"the {kind} ended as {job.state}: {job.error_message}")
    return float((job.finished_at - job.started_at).total_seconds())


if __name__ == "__main__":
    main()

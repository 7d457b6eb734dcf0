"""An import killed in its middle and gone on with: `python -m bench.zip_import --files 50000`.

One zip of so many small distinct pictures is uploaded into a new site in a temporary folder. A process runs the
worker's import task and is killed (SIGKILL) once half of the pictures are in; the sweep queues the job again, and a
second process runs it to its end. Then every picture must be there once, under an index of its own. Prints JSON; fails
where one is missing or there twice.
"""

import argparse
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture

PICTURE_SHAPE = (12, 16)  # height, width in pixels
START_S = 600.0


def main() -> None:
    """Measure and print; with `--step`, be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--step", choices=["upload", "import", "sweep", "count"], help="internal")
    options = parser.parse_args()
    if options.step:
        print(json.dumps(_run_step(options.step, options.files)))  # read by the other process
        return
    print(json.dumps(measure(num_files=options.files), indent=2))


def measure(*, num_files: int) -> dict[str, Any]:
    """Kill and resume one import; what was there at the kill and in the end.

    Raises:
        AssertionError: a picture is missing, or there twice.
    """
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        _finish(_start("upload", num_files, data_dir))
        begin = time.perf_counter()
        first = _start("import", num_files, data_dir)
        _wait_until_half_is_in(data_dir, num_files, first)
        first.send_signal(signal.SIGKILL)
        first.wait()
        killed = time.perf_counter()
        at_kill = _num_images(data_dir)
        _finish(_start("sweep", num_files, data_dir))
        again = time.perf_counter()
        _finish(_start("import", num_files, data_dir))
        done = time.perf_counter()
        found = _finish(_start("count", num_files, data_dir))
    assert found == {
        "state": "succeeded",
        "attempts": 2,
        "images": num_files,
        "paths": num_files,
        "contents": num_files,
        "last_index": num_files - 1,
        "entries": num_files,
        "added": num_files,
    }, found
    return {
        "files": num_files,
        "images_at_kill": at_kill,
        "first_process_s": round(killed - begin, 1),
        "second_process_s": round(done - again, 1),
        **found,
    }


def prepare_project() -> Any:
    """A new site's project, of a person."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from labeler.datasets.services import create_project  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    return create_project(user=User.objects.create_user("ada"), name="Many", backbone="bundled")


def upload_zip(project: Any, *, num_files: int, seed: int) -> Any:
    """Upload one zip of small distinct pictures and start its import; return the job."""
    from django.core.files import File  # noqa: PLC0415

    from labeler.datasets.import_services import create_import, start_import  # noqa: PLC0415
    from labeler.datasets.uploads import add_upload  # noqa: PLC0415

    user = project.created_by
    source = create_import(project_id=project.id, user=user, name="zip", classes_from_folders=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.zip"
        _write_zip(path, num_files=num_files, seed=seed)
        with path.open("rb") as data:
            file: Any = File(data)
            add_upload(import_id=source.id, project_id=project.id, path="set.zip", file=file)
    return start_import(import_id=source.id, project_id=project.id, user=user)


def _write_zip(path: Path, *, num_files: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(num_files):
            buffer = io.BytesIO()
            pixels = random.integers(0, 256, (*PICTURE_SHAPE, 3), dtype=np.uint8)
            Picture.fromarray(pixels).save(buffer, "PNG")
            archive.writestr(f"{index % 50}/{index}.png", buffer.getvalue())


def _start(step: str, num_files: int, data_dir: Path) -> "subprocess.Popen[str]":
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.Popen(
        [sys.executable, "-m", "bench.zip_import", "--step", step, "--files", str(num_files)],
        env={
            **env,
            "DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "bench.memory_settings",
            "JOB_HEARTBEAT_TIMEOUT_S": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
    )


def _finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def _wait_until_half_is_in(data_dir: Path, num_files: int, process: "subprocess.Popen[str]") -> None:
    while _num_images(data_dir) < num_files // 2:
        if process.poll() is not None:
            raise RuntimeError("the import ended before it could be killed")
        time.sleep(0.02)


def _num_images(data_dir: Path) -> int:
    with sqlite3.connect(data_dir / "db.sqlite3", timeout=START_S) as database:
        (count,) = database.execute("select count(*) from datasets_image").fetchone()
    database.close()
    return int(count)


def _run_step(step: str, num_files: int) -> dict[str, Any]:
    import django  # noqa: PLC0415  # the settings come from the environment of this process

    django.setup()
    from labeler.datasets.models import Image, ImportEntry  # noqa: PLC0415
    from labeler.jobs.models import Job, JobKind, JobState  # noqa: PLC0415
    from labeler.jobs.services import sweep  # noqa: PLC0415
    from worker.tasks.by_name import run_import  # noqa: PLC0415

    if step == "upload":
        return {"job": upload_zip(prepare_project(), num_files=num_files, seed=3).id}
    job = Job.objects.get(kind=JobKind.IMPORT)
    if step == "import":
        run_import(job.id)
        return {}
    if step == "sweep":
        while job.state == JobState.RUNNING:
            time.sleep(0.2)
            sweep()
            job.refresh_from_db()
        return {"state": job.state}
    images = Image.objects.all()
    return {
        "state": job.state,
        "attempts": job.num_attempts,
        "images": images.count(),
        "paths": images.values("path").distinct().count(),
        "contents": images.values("sha256").distinct().count(),
        "last_index": images.order_by("-index").values_list("index", flat=True)[0],
        "entries": ImportEntry.objects.count(),
        "added": ImportEntry.objects.filter(outcome="added").count(),
    }


if __name__ == "__main__":
    main()

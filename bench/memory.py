"""How memory grows with the number of images: `python -m bench.memory --counts 10000 100000 --json FILE`.

Each count gets a database of its own. Every measured step runs in a fresh process, which reports how far its peak
resident memory rose above what it held just before the step (Linux). Exports stream every image as CSV and as JSON
Lines; `--zip-counts` imports one zip of so many small pictures.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STEPS = ("csv", "jsonl", "zip")
NUM_CLASSES = 4
BLOCK = 10_000


def main() -> None:
    """Measure and write; with `--step`, be the process that is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--zip-counts", type=int, nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", choices=["fill", *STEPS], help="internal: what this process does")
    options = parser.parse_args()
    if options.step:
        print(json.dumps(_run_step(options.step, options.counts[0])))  # read by the other process
        return
    report = measure(counts=options.counts, zip_counts=options.zip_counts)
    text = json.dumps(report, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


def measure(*, counts: list[int], zip_counts: list[int]) -> list[dict[str, Any]]:
    """One row a step and count: growth in MiB, seconds, what came out."""
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            _in_process("fill", count, Path(folder))
            rows += [_in_process(step, count, Path(folder)) for step in ("csv", "jsonl")]
    for count in zip_counts:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_in_process("zip", count, Path(folder)))
    return rows


def _in_process(step: str, count: int, folder: Path) -> dict[str, Any]:
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory", "--step", step, "--counts", str(count)],
        env={**env, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bench.memory_settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def _run_step(step: str, count: int) -> dict[str, Any]:
    import django  # noqa: PLC0415  # the settings come from the environment of this process

    django.setup()
    if step == "fill":
        _fill(count)
        return {}
    work = _prepare_zip(count) if step == "zip" else _prepare_export(step)
    before, start = _memory_bytes("VmRSS"), time.perf_counter()
    out = work()
    peak = _memory_bytes("VmHWM")
    return {
        "step": step,
        "images": count,
        "growth_mib": round((peak - before) / 2**20, 1),
        "peak_mib": round(peak / 2**20, 1),
        "seconds": round(time.perf_counter() - start, 2),
        **out,
    }


def _memory_bytes(name: str) -> int:
    """`VmRSS` (resident now) or `VmHWM` (the most so far) of this program alone, from /proc.

    `getrusage` would give the peak of the process that started it, where that is larger.
    """
    status = Path("/proc/self/status").read_text()
    (line,) = [row for row in status.splitlines() if row.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


def _fill(count: int) -> None:
    """A project with so many images, all labelled; no files."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from labeler.annotations.classes import create_class  # noqa: PLC0415
    from labeler.annotations.services import assign_label  # noqa: PLC0415
    from labeler.datasets.models import Image, Project  # noqa: PLC0415
    from labeler.datasets.services import create_project  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    user = User.objects.create_user("ada")
    project = create_project(user=user, name="Many", backbone="bundled")
    for start in range(0, count, BLOCK):
        Image.objects.bulk_create(
            make_image(project, index) for index in range(start, min(count, start + BLOCK))
        )
    Project.objects.filter(id=project.id).update(num_images=count, trains_by_itself=False)
    for number in range(NUM_CLASSES):
        label_class = create_class(project_id=project.id, name=f"class {number}")
        members = list(range(number, count, NUM_CLASSES))
        for start in range(0, len(members), BLOCK):
            assign_label(
                project_id=project.id,
                user=user,
                class_id=label_class.id,
                image_indexes=members[start : start + BLOCK],
                client_action_id=_uuid(),
                provenance={},
            )


def make_image(project: Any, index: int) -> Any:
    """A row of an image whose files are not there."""
    from labeler.datasets.models import Image  # noqa: PLC0415

    digest = f"{index:064x}"
    return Image(
        project=project,
        index=index,
        storage_key=f"{digest[:2]}/{digest}.jpg",
        sha256=digest,
        width=640,
        height=480,
        file_format="JPEG",
        num_bytes=50_000,
        path=f"folder {index % 97}/picture {index}.jpg",
    )


def _uuid() -> Any:
    import uuid  # noqa: PLC0415

    return uuid.uuid4()


def _prepare_export(step: str) -> Any:
    """Everything but the export itself: a first export of one row has loaded what an export loads."""
    from labeler.datasets.models import Project  # noqa: PLC0415
    from labeler.exports.formats import FORMATS  # noqa: PLC0415
    from labeler.exports.rows import open_source  # noqa: PLC0415
    from labeler.exports.schemas import ExportFormat, ExportIn  # noqa: PLC0415

    project = Project.objects.get()
    columns = ["index", "path", "sha256", "label", "annotator", "labelled_at"]
    form = FORMATS[ExportFormat(step)]

    def export(num_images: int | None = None) -> dict[str, Any]:
        options = ExportIn.model_validate({"format": step, "num_images": num_images, "columns": columns})
        pieces = form.write(open_source(project_id=project.id, options=options))
        return {"bytes": sum(map(len, pieces))}

    export(1)
    return export


def _prepare_zip(count: int) -> Any:
    """An uploaded zip of small pictures, and the worker's task that imports it."""
    from bench.zip_import import prepare_project, upload_zip  # noqa: PLC0415
    from worker.tasks.by_name import run_import  # noqa: PLC0415

    project = prepare_project()
    run_import(upload_zip(project, num_files=10, seed=2).id)
    job = upload_zip(project, num_files=count, seed=3)

    def work() -> dict[str, Any]:
        start = time.perf_counter()
        run_import(job.id)
        seconds = time.perf_counter() - start
        job.refresh_from_db()
        return {"summary": job.summary, "files_per_s": round(count / seconds, 1)}

    return work


if __name__ == "__main__":
    main()

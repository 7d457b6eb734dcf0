"""Where a project's features and originals are, for jobs that only read them: nothing here loads torch."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from labeler.datasets.models import Image, Project
from labeler.jobs.models import ACTIVE_STATES, Job, JobKind
from labeler.lib.files import features_dir, original_path, project_dir
from labeler.results.models import Projection

_REUSED = ".reused"  # a file of a training that works with another's network: that job's id


@dataclass(frozen=True)
class StoredImage:
    """Where an image's original is, and how to name it to people."""

    index: int
    path: str
    location: Path
    is_removed: bool = False


def features_root(project: Project) -> Path:
    """Folder of the project's feature shards, for its present backbone, as it came or tuned, and input size."""
    root = features_dir(project.id, project.backbone, project.input_size_px)
    tuned = project.tuned_by_job
    return root if tuned is None else root.with_name(f"{root.name}-tuned-{tuned}")


def tuned_path(project_id: int, job_id: int) -> Path:
    """The network that a training has tuned."""
    return project_dir(project_id) / "tuned" / f"{job_id}.safetensors"


def reuse_tuned(project_id: int, job_id: int, *, tuned_by: int) -> None:
    """Note that a training works with the network that the job `tuned_by` has tuned."""
    path = _reused_path(project_id, job_id)
    beside = path.with_suffix(".part")
    beside.write_text(str(tuned_by))
    beside.replace(path)


def find_tuned_by(project_id: int, job_id: int) -> int | None:
    """The job that tuned the network which a training works with: itself, an earlier one, or none as yet."""
    if tuned_path(project_id, job_id).exists():
        return job_id
    try:
        tuned_by = int(_reused_path(project_id, job_id).read_text())
    except FileNotFoundError:
        return None
    return tuned_by if tuned_path(project_id, tuned_by).exists() else None


def project_of(job: Job) -> Project:
    """A job's project with the network that the job works with: a training's is the plain one where it tunes none."""
    project = Project.objects.get(id=job.project_id)
    if job.kind == JobKind.TRAINING:
        project.tuned_by_job = find_tuned_by(project.id, job.id)
    return project


def list_stored_images_at(project: Project, indexes: Sequence[int]) -> list[StoredImage]:
    """Images at these indexes, in the order of the indexes given, with their originals."""
    found: dict[int, StoredImage] = {}
    for start in range(0, len(indexes), 500):
        rows = Image.objects.filter(project=project, index__in=indexes[start : start + 500])
        for image in _stored(project, rows):
            found[image.index] = image
    return [found[index] for index in indexes]


def list_stored_images(project: Project, *, start: int, stop: int) -> list[StoredImage]:
    """Images start .. stop - 1 with their originals."""
    rows = Image.objects.filter(project=project, index__gte=start, index__lt=stop).order_by("index")
    return list(_stored(project, rows))


def is_of_present_features(projection: Projection, project: Project) -> bool:
    """True when a layout was made from features of the project's present network and input size."""
    made_with = tuple(projection.parameters.get(key) for key in ("backbone", "input_size_px", "tuned_by_job"))
    return made_with == (project.backbone, project.input_size_px, project.tuned_by_job)


def drop_old_networks() -> int:
    """Remove tuned networks, with their features and crops, that no project uses and no training is making.

    Returns:
        How many networks went.
    """
    num_dropped = 0
    for project in Project.objects.all():
        trainings = project.jobs.filter(kind=JobKind.TRAINING, state__in=ACTIVE_STATES)
        active = set(trainings.values_list("id", flat=True))
        kept = {project.tuned_by_job, *active, *(find_tuned_by(project.id, job_id) for job_id in active)}
        for path in (project_dir(project.id) / "tuned").glob(f"*{_REUSED}"):
            if int(path.stem) not in active:
                path.unlink(missing_ok=True)
        for path in (project_dir(project.id) / "tuned").glob("*.safetensors"):
            if path.stem.isdigit() and int(path.stem) not in kept:
                _remove_features_of(project, int(path.stem))
                path.unlink(missing_ok=True)
                num_dropped += 1
    return num_dropped


def _reused_path(project_id: int, job_id: int) -> Path:
    return tuned_path(project_id, job_id).with_suffix(_REUSED)


def _stored(project: Project, rows: QuerySet[Image]) -> Iterator[StoredImage]:
    for index, path, key, removed_at in rows.values_list("index", "path", "storage_key", "removed_at"):
        yield StoredImage(index, path, original_path(project.id, key), removed_at is not None)


def _remove_features_of(project: Project, tuned_by: int) -> None:
    for path in (project_dir(project.id) / "features").glob(f"*-tuned-{tuned_by}*"):
        if path.name.removesuffix(".lock").removesuffix("-crops").endswith(f"-tuned-{tuned_by}"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

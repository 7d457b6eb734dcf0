"""The Celery tasks under the names that the web side sends. Each claims its job and runs one function of this package.

The functions are named, and imported when a job runs: they load torch and numba, which must not be in the parent of a
forking pool (see `worker/app.py`).
"""

from collections.abc import Callable
from typing import Any

from celery import Task

from labeler.celery import app
from labeler.datasets.import_services import clean_up_import, delete_abandoned_uploads
from labeler.datasets.services import report_backbones
from labeler.jobs import services
from labeler.jobs.names import QUEUE_OF, TaskName
from labeler.jobs.shards import drop_ended_shards
from labeler.results.services import delete_unpublished_arrays
from labeler.webhooks.delivery import deliver, drop_old_deliveries, drop_old_secrets, list_due_hooks
from labeler.webhooks.services import send_soon
from worker.tasks.running import run_job
from worker.tasks.shards import help_with_shards
from worker.tasks.stored_features import drop_old_networks

app.conf.task_routes = {name.value: {"queue": queue.value} for name, queue in QUEUE_OF.items()}


def _task(name: TaskName) -> Callable[[Callable[..., None]], Any]:
    """Register a function as the task of that name; it gets the task itself first."""
    decorator: Callable[[Callable[..., None]], Any] = app.task(name=name.value, bind=True, ignore_result=True)
    return decorator


def _is_redelivered(task: Task) -> bool:
    """True when the broker gives a message out again because it lost sight of the worker that had it."""
    return bool((task.request.delivery_info or {}).get("redelivered"))


@_task(TaskName.IMPORT)
def run_import(self: Task, job_id: int) -> None:
    """Bring the files of an import into its project."""
    if run_job(job_id, "worker.tasks.importing:import_files", is_redelivered=_is_redelivered(self)):
        clean_up_import(job_id)


@_task(TaskName.FEATURES)
def run_features(self: Task, job_id: int) -> None:
    """Compute the backbone features that a project's images lack."""
    run_job(job_id, "worker.tasks.features:compute_features", is_redelivered=_is_redelivered(self))


@_task(TaskName.PROJECTION)
def run_projection(self: Task, job_id: int) -> None:
    """Lay out all images that have features."""
    run_job(job_id, "worker.tasks.projections:project_whole_images", is_redelivered=_is_redelivered(self))


@_task(TaskName.TRAINING)
def run_training(self: Task, job_id: int) -> None:
    """Train a model version and publish all that follows from it."""
    run_job(job_id, "worker.tasks.training:train_model", is_redelivered=_is_redelivered(self))


@_task(TaskName.EXPORT)
def run_export(self: Task, job_id: int) -> None:
    """Make the file of a background export."""
    run_job(job_id, "worker.tasks.exporting:export_project", is_redelivered=_is_redelivered(self))


@_task(TaskName.CROPS)
def run_crops(self: Task, job_id: int) -> None:
    """Embed the crops of the latest model exactly and lay them out."""
    run_job(job_id, "worker.tasks.crop_refinement:refine_crops", is_redelivered=_is_redelivered(self))


@_task(TaskName.SHARD)
def run_shard(_: Task, job_id: int, stage: str, number: int) -> None:
    """Help another worker's job with a shard."""
    help_with_shards(job_id, stage, number)


@_task(TaskName.CLEAN_UP_STORAGE)
def clean_up_storage(_: Task) -> None:
    """Remove what nothing needs: unpublished arrays, abandoned uploads, ended shards, old networks and deliveries."""
    delete_unpublished_arrays()
    delete_abandoned_uploads()
    drop_ended_shards()
    drop_old_networks()
    drop_old_deliveries()
    drop_old_secrets()


@_task(TaskName.SUGGESTIONS)
def run_suggestions(self: Task, job_id: int) -> None:
    """Prepare what helps people choose: neighbours, the order of labeling, doubtful labels."""
    run_job(job_id, "worker.tasks.suggestions:prepare_suggestions", is_redelivered=_is_redelivered(self))


@_task(TaskName.CLASS_PICTURE)
def run_class_picture(self: Task, job_id: int) -> None:
    """Draw the pictures of classes that people asked for."""
    run_job(job_id, "worker.tasks.class_pictures:draw_class_pictures", is_redelivered=_is_redelivered(self))


@_task(TaskName.SWEEP_JOBS)
def sweep_jobs(_: Task) -> None:
    """Recover jobs whose worker is gone."""
    services.sweep()


@_task(TaskName.DELIVER_WEBHOOKS)
def deliver_webhooks(_: Task, hook_id: int) -> None:
    """Send what is due for a hook; if that was much, the rest in a task of its own."""
    if deliver(hook_id):
        send_soon(hook_id)


@_task(TaskName.SWEEP_WEBHOOKS)
def sweep_webhooks(_: Task) -> None:
    """Send what is due and nobody sends: later tries, and what a dead worker or broker left."""
    for hook_id in list_due_hooks():
        send_soon(hook_id)


@_task(TaskName.REPORT_BACKBONES)
def report_backbones_here(_: Task) -> None:
    """Tell the web side which backbones there are and which have their weights at hand on this machine."""
    from worker.tasks.backbones import describe_backbones  # noqa: PLC0415  # loads torch

    report_backbones(describe_backbones())

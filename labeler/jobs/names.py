"""Names of the Celery tasks and queues. The web side sends by these names; `worker.tasks` registers them (tested)."""

from enum import StrEnum


class TaskName(StrEnum):
    IMPORT = "run_import"
    FEATURES = "run_features"
    PROJECTION = "run_projection"
    TRAINING = "run_training"
    EXPORT = "run_export"
    CROPS = "run_crops"
    SHARD = "run_shard"
    SUGGESTIONS = "run_suggestions"
    CLASS_PICTURE = "run_class_picture"
    SWEEP_JOBS = "sweep_jobs"
    CLEAN_UP_STORAGE = "clean_up_storage"
    REPORT_BACKBONES = "report_backbones"
    DELIVER_WEBHOOKS = "deliver_webhooks"
    SWEEP_WEBHOOKS = "sweep_webhooks"


class Queue(StrEnum):
    CPU = "cpu"
    GPU = "gpu"


QUEUE_OF: dict[TaskName, Queue] = {
    TaskName.IMPORT: Queue.CPU,
    TaskName.FEATURES: Queue.GPU,
    TaskName.PROJECTION: Queue.CPU,
    TaskName.TRAINING: Queue.GPU,
    TaskName.EXPORT: Queue.CPU,
    TaskName.CROPS: Queue.GPU,
    TaskName.SHARD: Queue.GPU,
    TaskName.SUGGESTIONS: Queue.CPU,
    TaskName.CLASS_PICTURE: Queue.GPU,
    TaskName.SWEEP_JOBS: Queue.CPU,
    TaskName.CLEAN_UP_STORAGE: Queue.CPU,
    TaskName.REPORT_BACKBONES: Queue.GPU,
    TaskName.DELIVER_WEBHOOKS: Queue.CPU,
    TaskName.SWEEP_WEBHOOKS: Queue.CPU,
}

"""Training that is cancelled or cut off: nothing half published, and a resumed one ends as if nothing had happened."""

from pathlib import Path
from typing import Any

import pytest

from labeler.datasets.models import Image
from labeler.jobs.models import Job, JobState
from labeler.jobs.services import cancel_job
from labeler.results.models import ModelVersion, Projection, StoredArray
from labeler.results.services import publish_model, request_training
from tests.worker.tasks.builders import SentTasks, make_labelled, run
from worker.tasks import training

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_training_that_is_cancelled_publishes_nothing(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    job = request_training(project_id=project.id, user=None)
    real = publish_model

    def publish_after_a_cancel(**kwargs: Any) -> ModelVersion:
        cancel_job(job_id=job.id, project_id=project.id)
        return real(**kwargs)

    monkeypatch.setattr(training, "publish_model", publish_after_a_cancel)

    assert run(job).state == JobState.CANCELLED
    assert not ModelVersion.objects.exists()
    assert not Projection.objects.filter(model_version__isnull=False).exists()
    assert not StoredArray.objects.exists()


def test_a_training_cut_off_at_any_stage_resumes_to_the_same_version(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    job = request_training(project_id=project.id, user=None)
    labels = list(Image.objects.order_by("index").values_list("resolved_class_id", flat=True))
    for step in ("train_whole_head", "compute_saliency", "embed_crops", "lay_out_crops", "publish_model"):
        with monkeypatch.context() as patch:
            patch.setattr(training, step, _cut_off)
            with pytest.raises(KeyboardInterrupt):
                run(job)
        Job.objects.filter(id=job.id).update(state=JobState.QUEUED, num_attempts=0)

    assert run(job).state == JobState.SUCCEEDED
    assert ModelVersion.objects.get().number == 1
    assert list(Image.objects.order_by("index").values_list("resolved_class_id", flat=True)) == labels


def _cut_off(*args: Any, **kwargs: Any) -> Any:
    raise KeyboardInterrupt


def test_a_training_cut_off_after_publishing_does_not_publish_twice(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_labelled(tmp_path, sent_tasks)
    job = request_training(project_id=project.id, user=None)
    with monkeypatch.context() as patch:
        patch.setattr(training, "request_training_if_due", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            run(job)
    Job.objects.filter(id=job.id).update(state=JobState.QUEUED)

    job = run(job)

    assert (job.state, job.num_attempts) == (JobState.SUCCEEDED, 2)
    assert job.summary.startswith("Model 1, trained on 24 labels: ")
    assert ModelVersion.objects.count() == 1

"""Pictures of classes: drawn from the classifier of a model version, each once."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as Picture

from labeler.datasets.models import Project, Recipe
from labeler.jobs.models import Job, JobState
from labeler.lib.files import project_dir
from labeler.results.class_views import (
    list_undrawn_pictures,
    read_class_picture,
    request_class_picture,
    store_class_picture,
)
from labeler.results.models import ModelVersion
from labeler.results.services import request_training
from tests.worker.tasks.builders import (
    SentTasks,
    import_folder,
    make_photo_project,
    run,
    run_all,
    write_pictures,
)
from worker.ml.backbones import load_backbone
from worker.ml.checkpoints import load_head
from worker.ml.saliency import class_model
from worker.ml.saliency.network import scoring_network
from worker.ml.tuned import MIX_NAME, load_tuned, save_tuned
from worker.ml.types import UInt8Array
from worker.tasks import class_pictures
from worker.tasks.class_pictures import MIN_SIDE_PX
from worker.tasks.stored_features import tuned_path

BUNDLED_WEIGHTS = Path(class_pictures.__file__).parents[1] / "ml" / "bundled_backbone.safetensors"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.computes]


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    real = class_model.visualise_class
    monkeypatch.setattr(
        class_pictures, "visualise_class", lambda *args, **kwargs: real(*args, num_steps=12, **kwargs)
    )


def make_trained(folder: Path, sent: SentTasks, **fields: object) -> tuple[Project, ModelVersion]:
    project = make_photo_project(**fields)
    import_folder(project, write_pictures(folder / "set", num_images=8), classes_from_folders=True)
    run_all([message for message in sent if message[0] == "run_features"])
    run(request_training(project_id=project.id, user=None))
    return project, ModelVersion.objects.latest("id")


def ask(project: Project, model: ModelVersion, class_id: int) -> Job:
    job = request_class_picture(project_id=project.id, number=model.number, class_id=class_id, user=None)
    assert job is not None
    return job


def read(project: Project, model: ModelVersion, class_id: int) -> UInt8Array:
    png = read_class_picture(project_id=project.id, number=model.number, class_id=class_id)
    return np.asarray(Picture.open(io.BytesIO(png)))


def test_one_job_draws_all_that_is_asked_for_each_class_its_own(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project, model = make_trained(tmp_path, sent_tasks)
    for class_id in model.class_ids:
        job = ask(project, model, class_id)

    job = run(job)

    assert (job.state, job.summary) == (JobState.SUCCEEDED, "Drew 2 pictures of classes")
    disc, star = (read(project, model, class_id) for class_id in model.class_ids)
    assert disc.shape == star.shape == (MIN_SIDE_PX, MIN_SIDE_PX, 3)
    assert not np.array_equal(disc, star)


@pytest.mark.parametrize("method", ["gradcam", "wgap"])
def test_the_picture_raises_the_score_of_its_class_over_grey(
    method: str, tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project, model = make_trained(tmp_path, sent_tasks, saliency_method=method)
    run(ask(project, model, model.class_ids[1]))

    stored = load_head(project_dir(project.id) / "heads" / str(model.job_id))
    backbone = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS)
    pooling = stored.metadata["pooling"]
    network = scoring_network(
        backbone, stored.head.weight, stored.head.bias, pooling="wgap" if pooling == "wgap" else "mean"
    )
    picture = read(project, model, model.class_ids[1])
    both = np.stack([picture, np.full_like(picture, 128)])
    scores = network.scores(network.prepare(both))[:, 1].detach().numpy()
    assert pooling == ("wgap" if method == "wgap" else "mean")
    assert scores[0] > scores[1]


def test_a_tuned_model_is_drawn_by_its_own_network(tmp_path: Path, sent_tasks: SentTasks) -> None:
    project, model = make_trained(tmp_path, sent_tasks, recipe=Recipe.CONV)
    assert model.job_id is not None
    path = tuned_path(project.id, model.job_id)
    own = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS)
    load_tuned(path, own)
    assert own.trunk.get_submodule(MIX_NAME) is not None
    with torch.no_grad():  # far from the identity, so that the plain network could not draw the same picture
        own.trunk.get_parameter(f"{MIX_NAME}.conv.weight").normal_(0, 0.2, generator=torch.manual_seed(0))
    save_tuned(path, own)

    run(ask(project, model, model.class_ids[0]))

    stored = load_head(project_dir(project.id) / "heads" / str(model.job_id))
    network = scoring_network(own, stored.head.weight, stored.head.bias)
    expected = class_model.visualise_class(network, 0, size_px=MIN_SIDE_PX, num_steps=12)
    assert np.array_equal(read(project, model, model.class_ids[0]), expected)


def test_the_picture_of_a_model_whose_tuned_network_is_gone_is_refused(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project, model = make_trained(tmp_path, sent_tasks, recipe=Recipe.CONV)
    assert model.job_id is not None
    tuned_path(project.id, model.job_id).unlink()

    job = run(ask(project, model, model.class_ids[0]))

    assert (job.state, job.error_code) == (JobState.FAILED, "checkpoint_incompatible")
    assert "the network that model 1 was tuned with is not kept any more" in job.error_message


def test_a_job_that_was_cut_off_draws_only_what_is_missing(
    tmp_path: Path, sent_tasks: SentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, model = make_trained(tmp_path, sent_tasks)
    job = [ask(project, model, class_id) for class_id in model.class_ids][-1]
    real = store_class_picture

    def store_then_die(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(class_pictures, "store_class_picture", store_then_die)
        with pytest.raises(KeyboardInterrupt):
            run(job)
    Job.objects.filter(id=job.id).update(state=JobState.QUEUED)

    assert run(job).summary == "Drew 1 pictures of classes"


def test_a_request_that_cannot_be_met_fails_its_job_and_no_later_one(
    tmp_path: Path, sent_tasks: SentTasks
) -> None:
    project, old = make_trained(tmp_path, sent_tasks)
    run(request_training(project_id=project.id, user=None))
    new = ModelVersion.objects.latest("id")
    shutil.rmtree(project_dir(project.id) / "heads" / str(old.job_id))
    ask(project, old, old.class_ids[0])
    job = run(ask(project, new, new.class_ids[0]))

    assert (job.state, job.error_code) == (JobState.FAILED, "checkpoint_incompatible")
    assert read(project, new, new.class_ids[0]).shape == (MIN_SIDE_PX, MIN_SIDE_PX, 3)
    assert list_undrawn_pictures(project_id=project.id) == []
    assert run(ask(project, new, new.class_ids[1])).state == JobState.SUCCEEDED

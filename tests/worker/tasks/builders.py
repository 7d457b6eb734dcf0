"""Projects with real files for the worker's tasks, and a worker that runs what was sent, in this process."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from django.contrib.auth.models import User
from PIL import Image as Picture

from labeler.datasets import import_services
from labeler.datasets.models import Import, Project
from labeler.jobs.models import Job, JobKind
from labeler.jobs.services import request_job
from labeler.lib.files import upload_dir
from tests.factories import make_project, make_user
from worker.ml.feature_shards import append_features
from worker.ml.features import Features, encode_maps, pool_maps
from worker.ml.synthetic import CLASS_NAMES, generate_image
from worker.ml.types import FloatArray
from worker.tasks import by_name
from worker.tasks.stored_features import features_root

torch.set_num_threads(1)

INPUT_SIZE_PX = 96  # 3 x 3 maps
NUM_LABELLED = 24
SentTasks = list[tuple[str, list[Any], str]]

TASKS = {
    task.name: task
    for task in (
        by_name.run_import,
        by_name.run_features,
        by_name.run_projection,
        by_name.run_training,
        by_name.run_crops,
        by_name.run_shard,
        by_name.run_suggestions,
        by_name.run_class_picture,
    )
}


def make_photo_project(**fields: Any) -> Project:
    """An empty project on the bundled backbone with small inputs and Grad-CAM, made by the user "ann"."""
    fields = {
        "backbone": "bundled",
        "input_size_px": INPUT_SIZE_PX,
        "saliency_method": "gradcam",
        "labels_per_class_to_train": 1_000,
        **fields,
    }
    return make_project(created_by=get_ann(), **fields)


def get_ann() -> User:
    """The user who imports and labels."""
    return User.objects.filter(username="ann").first() or make_user("ann", is_staff=True)


def picture_bytes(
    seed: int, *, class_index: int = 0, size_hw: tuple[int, int] = (60, 90), kind: str = "JPEG"
) -> bytes:
    """An encoded picture of one object, another one for each seed."""
    rgb = generate_image(seed, class_index, size_hw=size_hw).rgb
    stream = io.BytesIO()
    Picture.fromarray(rgb).save(stream, kind)
    return stream.getvalue()


def write_pictures(folder: Path, *, num_images: int, num_classes: int = 2, first: int = 0) -> Path:
    """`<class>/<number>.jpg`, classes in turn; pictures of other numbers are other pictures."""
    for number in range(first, first + num_images):
        class_index = number % num_classes
        path = folder / CLASS_NAMES[class_index] / f"{number:03d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture_bytes(number, class_index=class_index))
    return folder


def write_squeezenet_weights(folder: Path, *, seed: int) -> Path:
    """A weights file of random numbers, for tests that must know what happens when a file changes."""
    folder.mkdir(exist_ok=True)
    path = folder / "squeezenet1_0.pth"
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        torch.save(torchvision.models.squeezenet1_0(weights=None).state_dict(), path)
    return path


def store_features(project: Project, *, num_images: int) -> FloatArray:
    """Pretend that the first images have features: two clusters, a function of the index alone; return them pooled."""
    rng = np.random.default_rng(0)
    maps = rng.random((200, 3, 2, 8), dtype=np.float32)[:num_images]
    maps[::2, :, :, 0] += 3
    maps[1::2, :, :, 1] += 3
    features = Features(pooled=pool_maps(maps), maps=encode_maps(maps))
    append_features(features_root(project), features, start=0, signature={"made": "up"})
    return features.pooled


def zip_bytes(members: Mapping[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """An archive with these members, in this order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def upload(project: Project, files: Mapping[str, bytes], *, classes_from_folders: bool = False) -> Import:
    """An open import with uploaded files, as `add_upload` stores them."""
    source = import_services.create_import(
        project_id=project.id, user=get_ann(), name="Upload", classes_from_folders=classes_from_folders
    )
    store_uploads(source, files)
    return source


def store_uploads(source: Import, files: Mapping[str, bytes]) -> None:
    """The pairs of an upload folder."""
    folder = upload_dir(source.project_id, source.id)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (path, content) in enumerate(files.items()):
        (folder / f"{number:08d}.data").write_bytes(content)
        (folder / f"{number:08d}.path").write_text(path, encoding="utf-8")
    Import.objects.filter(id=source.id).update(num_files=len(files))


def start(source: Import) -> Job:
    """Close an import and queue its job."""
    return import_services.start_import(import_id=source.id, project_id=source.project_id, user=None)


def import_folder(project: Project, folder: Path, *, classes_from_folders: bool = False) -> Import:
    """Import a server folder, to its end; features are not computed."""
    source = import_services.create_import(
        project_id=project.id,
        user=get_ann(),
        name=folder.name,
        classes_from_folders=classes_from_folders,
        folder=str(folder),
    )
    run(start(source))
    source.refresh_from_db()
    project.refresh_from_db()
    return source


def run(job: Job) -> Job:
    """Run a job's task in this process; return the job as it ended."""
    task = TASKS[f"run_{job.kind}"]
    task.apply(args=[job.id], throw=True)
    job.refresh_from_db()
    return job


def run_new(project: Project, kind: JobKind) -> Job:
    """Ask for a job, or find the one that is queued, and run it."""
    return run(request_job(project_id=project.id, kind=kind, user=None))


def run_all(sent: SentTasks) -> list[str]:
    """Be the worker: run messages in order, with those sent meanwhile, until none is left; return their names."""
    names = []
    while sent:
        name, args, _ = sent.pop(0)
        TASKS[name].apply(args=args, throw=True)
        names.append(name)
    return names


def is_finite(array: "np.ndarray[Any, Any]") -> bool:
    """No NaN, no infinity."""
    return bool(np.isfinite(array).all())


def make_labelled(folder: Path, sent: SentTasks, *, num_images: int = NUM_LABELLED, **fields: Any) -> Project:
    """24 pictures or so of two classes, labelled by their folders, with features; no training asked for."""
    project = make_photo_project(**fields)
    import_folder(project, write_pictures(folder / "set", num_images=num_images), classes_from_folders=True)
    sent[:] = [message for message in sent if message[0] != "run_training"]
    run_all([message for message in sent if message[0] == "run_features"])
    sent.clear()
    project.refresh_from_db()
    return project

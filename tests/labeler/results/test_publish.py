"""Publishing a model or a layout: one transaction, by the job that owns it, or not at all."""

from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction

from labeler.annotations.models import LabelClass
from labeler.datasets.models import Project
from labeler.errors import Conflict
from labeler.jobs import services as jobs
from labeler.jobs.models import Job, JobKind, JobState
from labeler.results.models import ModelVersion, Projection, StoredArray, View
from labeler.results.selectors import array_path, get_latest_projection, read_array
from labeler.results.services import NewProjection, publish_model, publish_projection, store_array
from tests.factories import make_class, make_metrics, make_project, make_running_job

pytestmark = pytest.mark.django_db


def fields_for(project: Project, *classes: LabelClass) -> dict[str, Any]:
    class_ids = [label_class.id for label_class in classes]
    return {
        "label_sequence": 7,
        "num_images": 3,
        "num_labels": 6,
        "backbone": project.backbone,
        "input_size_px": 224,
        "saliency_method": "gradcam",
        "retention": 0.95,
        "class_ids": class_ids,
        "map_height": 2,
        "map_width": 3,
        "metrics": make_metrics(class_ids),
    }


def new_projection(project: Project, view: View = View.WHOLE, **changes: Any) -> NewProjection:
    layout = np.arange(6, dtype=np.float32).reshape(3, 2)
    options: dict[str, Any] = {
        "view": view,
        "array": store_array(project_id=project.id, name=view.value, array=layout),
        "parameters": {"method": "sgd", "seed": 0},
        "quality": {"trustworthiness": 0.9, "median_displacement": None},
        "aligned_to": None,
        **changes,
    }
    return NewProjection(**options)


def test_an_array_is_stored_little_endian_in_c_order_without_a_header() -> None:
    project = make_project()
    array = np.array([[1, 2, 3], [4, 5, 258]], dtype=">i4")
    stored = store_array(project_id=project.id, name="x", array=array)
    assert array_path(stored).read_bytes() == bytes.fromhex(
        "01000000 02000000 03000000 04000000 05000000 02010000"
    )
    assert (stored.dtype, stored.shape) == ("int32", [2, 3])
    assert read_array(stored).tolist() == [[1, 2, 3], [4, 5, 258]]
    with pytest.raises(ValueError, match="read-only"):
        read_array(stored)[0, 0] = 9
    fortran = store_array(project_id=project.id, name="x", array=np.asfortranarray(array))
    assert array_path(fortran).read_bytes() == array_path(stored).read_bytes()
    assert array_path(fortran) != array_path(stored)  # never written over


def test_an_empty_array_is_an_array() -> None:
    stored = store_array(project_id=make_project().id, name="x", array=np.zeros((0, 2), dtype=np.float32))
    assert read_array(stored).shape == (0, 2)


def test_a_model_comes_with_its_arrays_and_layouts() -> None:
    project = make_project(num_images=3)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    job = make_running_job(project)
    array = store_array(project_id=project.id, name="confidence", array=np.zeros(3, dtype=np.uint8))
    whole, crop = new_projection(project), new_projection(project, View.CROP)
    model = publish_model(
        job=job, fields=fields_for(project, gull, tern), arrays=[array], projections=[whole, crop]
    )
    assert (model.number, model.job_id, model.class_ids) == (1, job.id, [gull.id, tern.id])
    assert list(model.arrays.all()) == [array]
    assert {layout.view: layout.num_images for layout in model.projections.all()} == {"whole": 3, "crop": 3}
    again = publish_model(job=job, fields=fields_for(project, gull, tern), arrays=[], projections=[])
    assert again.number == 2


def test_numbers_count_in_each_project() -> None:
    for name in ("Gulls", "Terns"):
        project = make_project(name=name)
        model = publish_model(
            job=make_running_job(project), fields=fields_for(project), arrays=[], projections=[]
        )
        assert model.number == 1


@pytest.mark.parametrize("loss", ["cancel asked", "cancelled", "queued again", "claimed by another"])
def test_a_job_that_lost_its_place_publishes_nothing(loss: str) -> None:
    project = make_project(num_images=3)
    job = make_running_job(project)
    new = new_projection(project)
    changes: dict[str, dict[str, Any]] = {
        "cancel asked": {"cancel_requested_at": "2026-01-01T00:00:00Z"},
        "cancelled": {"state": JobState.CANCELLED},
        "queued again": {"state": JobState.QUEUED},
        "claimed by another": {"num_attempts": 2},
    }
    Job.objects.update(**changes[loss])
    with pytest.raises(Conflict) as caught:
        publish_model(job=job, fields=fields_for(project), arrays=[], projections=[new])
    assert caught.value.code == "job_lost"
    with pytest.raises(Conflict):
        publish_projection(job=job, new=new, num_images=3)
    assert not ModelVersion.objects.exists()
    assert not Projection.objects.exists()


def test_a_failure_half_way_publishes_nothing() -> None:
    project = make_project(num_images=3)
    job = make_running_job(project)
    new = new_projection(project)
    with pytest.raises(DatabaseError), transaction.atomic():  # one array cannot be two layouts
        publish_model(job=job, fields=fields_for(project), arrays=[], projections=[new, new])
    assert not ModelVersion.objects.exists()
    assert not Projection.objects.exists()


def test_a_layout_without_a_model_becomes_the_newest_of_its_view() -> None:
    project = make_project(num_images=3)
    job = make_running_job(project, JobKind.PROJECTION)
    first = publish_projection(job=job, new=new_projection(project), num_images=2)
    second = publish_projection(job=job, new=new_projection(project, aligned_to=first), num_images=3)
    latest = get_latest_projection(project_id=project.id, view=View.WHOLE)
    assert latest == second
    assert second.aligned_to == first
    assert get_latest_projection(project_id=project.id, view=View.CROP) is None


@pytest.mark.django_db(transaction=True)
def test_a_cancel_that_comes_during_publishing_waits_for_its_end() -> None:
    """Ownership is checked under the job's row lock, so that a published model never belongs to a cancelled job."""
    project = make_project(num_images=3)
    job = make_running_job(project)
    publish_model(job=job, fields=fields_for(project), arrays=[], projections=[])
    jobs.cancel_job(job_id=job.id, project_id=project.id)
    with pytest.raises(Conflict):
        publish_model(job=job, fields=fields_for(project), arrays=[], projections=[])
    assert ModelVersion.objects.count() == 1
    assert StoredArray.objects.count() == 0

"""Arrays that nothing published refers to go, with their files; whatever is published stays."""

import os
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from labeler.lib.files import arrays_dir
from labeler.results.models import ModelVersion, Projection, StoredArray, View
from labeler.results.services import (
    NewProjection,
    delete_arrays,
    delete_unpublished_arrays,
    publish_projection,
    store_array,
)
from tests.factories import make_class, make_model, make_project, make_running_job

pytestmark = pytest.mark.django_db(transaction=True)


def age(paths: list[Path]) -> None:
    """Make files and rows look a day old."""
    yesterday = time.time() - 86_400
    for path in paths:
        os.utime(path, (yesterday, yesterday))
    StoredArray.objects.update(created_at=timezone.now() - timedelta(days=1))


def test_only_what_nothing_refers_to_is_removed() -> None:
    project = make_project(num_images=1)
    make_model(
        project,
        [make_class(project, "a"), make_class(project, "b")],
        predicted=[0],
        confidence=[200],
        profiles=np.zeros((1, 4), dtype=np.uint8),
        map_height=2,
        map_width=2,
    )
    layout = store_array(project_id=project.id, name="layout-whole", array=np.zeros((1, 2), dtype=np.float32))
    new = NewProjection(View.WHOLE, layout, parameters={}, quality={}, aligned_to=None)
    publish_projection(job=make_running_job(project), new=new, num_images=1)
    kept = set(StoredArray.objects.values_list("path", flat=True))
    lost = store_array(project_id=project.id, name="profiles", array=np.zeros(3, dtype=np.uint8))
    without_row = arrays_dir(project.id) / "confidence-0.bin"
    without_row.write_bytes(b"x")
    age(list(arrays_dir(project.id).iterdir()))

    assert delete_unpublished_arrays() == 2

    assert {path.name for path in arrays_dir(project.id).iterdir()} == kept
    assert not StoredArray.objects.filter(id=lost.id).exists()
    assert (ModelVersion.objects.count(), Projection.objects.count()) == (1, 1)
    assert delete_unpublished_arrays() == 0


def test_arrays_of_a_publishing_that_goes_on_are_left_alone() -> None:
    array = store_array(project_id=make_project().id, name="profiles", array=np.zeros(3, dtype=np.uint8))
    assert delete_unpublished_arrays() == 0
    assert (arrays_dir(array.project_id) / array.path).exists()


def test_a_publishing_that_was_refused_takes_its_arrays_along() -> None:
    array = store_array(project_id=make_project().id, name="profiles", array=np.zeros(3, dtype=np.uint8))
    delete_arrays([array])
    assert not StoredArray.objects.exists()
    assert list(arrays_dir(array.project_id).iterdir()) == []

"""The manifest of the map, and the arrays that it points to."""

import numpy as np
import pytest
from django.test import Client

from labeler.accounts.permissions import Role
from labeler.datasets.models import Image, Project
from labeler.results.models import StoredArray, View
from labeler.results.selectors import array_path
from labeler.results.services import NewProjection, publish_projection, store_array
from tests.factories import make_class, make_member, make_model, make_project, make_running_job, signed_in

pytestmark = pytest.mark.django_db


def viewer_of(project: Project) -> Client:
    return signed_in(make_member(project, "vera", role=Role.VIEWER))


def test_before_any_model_it_names_images_and_cells_only() -> None:
    project = make_project(num_images=4, retention=0.9)
    base = f"/api/v1/projects/{project.id}"
    assert viewer_of(project).get(f"{base}/map").json() == {
        "num_images": 4,
        "label_sequence": 0,
        "model_version": None,
        "retention": 0.9,
        "class_ids": [],
        "arrays": [{"name": "aspect", "url": f"{base}/aspects?count=4", "dtype": "uint8", "shape": [4]}],
        "cells": [
            {"cell_px": 16, "format": "bc1", "bytes_per_cell": 128, "url": f"{base}/cells/16"},
            {"cell_px": 64, "format": "bc1", "bytes_per_cell": 2048, "url": f"{base}/cells/64"},
        ],
        "projections": {"whole": None, "crop": None},
        "profile_shape": None,
    }


def test_with_a_model_every_array_can_be_read_as_described() -> None:
    project = make_project(num_images=2)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    profiles = np.array([[255, 0, 0, 255, 255], [1, 2, 3, 4, 5]], dtype=np.uint8)
    make_model(
        project,
        [gull, tern],
        predicted=[1, 0],
        confidence=[255, 128],
        profiles=profiles,
        map_height=2,
        map_width=3,
    )
    client = viewer_of(project)
    manifest = client.get(f"/api/v1/projects/{project.id}/map").json()
    assert (manifest["model_version"], manifest["class_ids"]) == (1, [gull.id, tern.id])
    assert manifest["profile_shape"] == {"height": 2, "width": 3}
    read = {}
    for array in manifest["arrays"]:
        answer = client.get(array["url"])
        assert answer["X-Array-Dtype"] == array["dtype"]
        assert answer["X-Array-Shape"] == ",".join(map(str, array["shape"]))
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer["Content-Type"] == "application/octet-stream"
        read[array["name"]] = np.frombuffer(answer.content, array["dtype"]).reshape(array["shape"]).tolist()
    assert read == {
        "aspect": [165, 165],  # 64 * log2(300 / 200) = 37.4
        "predicted_class": [tern.id, gull.id],
        "confidence": [255, 128],
        "crop_rates": [242, 242],  # 255 * 0.95
        "profiles": profiles.tolist(),
    }


def test_it_names_the_newest_layout_of_each_view() -> None:
    project = make_project(num_images=2)
    job = make_running_job(project)
    for scale in (1, 2):
        layout = np.array([[0, scale], [scale, 0]], dtype=np.float32)
        array = store_array(project_id=project.id, name="whole", array=layout)
        new = NewProjection(View.WHOLE, array, {"seed": 0}, {"trustworthiness": 0.8}, None)
        publish_projection(job=job, new=new, num_images=2)
    client = viewer_of(project)
    whole = client.get(f"/api/v1/projects/{project.id}/map").json()["projections"]["whole"]
    assert (whole["num_images"], whole["model_version"]) == (2, None)
    assert whole["quality"] == {"trustworthiness": 0.8}
    data = client.get(whole["array"]["url"]).content
    assert np.frombuffer(data, "<f4").tolist() == [0, 2, 2, 0]


def test_aspects_are_of_the_first_images_and_of_no_more_than_there_are() -> None:
    project = make_project(num_images=3)
    Image.objects.filter(index=0).update(width=100, height=200)
    Image.objects.filter(index=1).update(width=10_000, height=1)
    client = viewer_of(project)
    url = f"/api/v1/projects/{project.id}/aspects"
    assert list(client.get(f"{url}?count=2").content) == [64, 255]
    assert client.get(f"{url}?count=0").content == b""
    too_many = client.get(f"{url}?count=4")
    assert (too_many.status_code, too_many.json()["detail"]) == (422, "count is 4; the project has 3 images")
    assert client.get(f"{url}?count=-1").status_code == 422


def test_an_array_of_another_project_is_not_found() -> None:
    project, other = make_project(), make_project(name="Terns")
    array = store_array(project_id=other.id, name="x", array=np.zeros(2, dtype=np.uint8))
    client = viewer_of(project)
    assert client.get(f"/api/v1/projects/{project.id}/arrays/{array.id}").status_code == 404
    assert client.get(f"/api/v1/projects/{other.id}/arrays/{array.id}").status_code == 404
    assert client.get(f"/api/v1/projects/{project.id}/arrays/999999").status_code == 404


def test_an_array_whose_file_is_gone_is_said() -> None:
    project = make_project()
    array = store_array(project_id=project.id, name="x", array=np.zeros(2, dtype=np.uint8))
    array_path(array).unlink()
    answer = viewer_of(project).get(f"/api/v1/projects/{project.id}/arrays/{array.id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")
    assert StoredArray.objects.count() == 1

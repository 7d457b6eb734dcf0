"""The whole loop driven by a program: import a zip, label, train, read crops, export; on both kinds of services."""

import csv
import io
import os
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg
import pytest
import redis

from tests.e2e.product import Client, Product, running_product, wait_for
from worker.ml.profiles import marginals_from_profiles
from worker.ml.synthetic import write_dataset

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]

NUM_IMAGES = 48
NUM_CLASSES = 3
LABELS_PER_CLASS = 8
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
EXTERNAL_REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/11")


@pytest.fixture(params=["embedded", "services"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Product]:
    """The product on its embedded defaults, and on PostgreSQL with an external Redis."""
    if request.param == "embedded":
        with running_product(tmp_path / "data") as running:
            yield running
        return
    database = f"labeler_{uuid.uuid4().hex[:12]}"
    redis.Redis.from_url(EXTERNAL_REDIS_URL).flushdb()
    with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
    try:
        url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{database}"))
        with running_product(tmp_path / "data", DATABASE_URL=url, REDIS_URL=EXTERNAL_REDIS_URL) as running:
            yield running
    finally:
        with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def test_images_become_a_labelled_cropped_exported_dataset(product: Product, tmp_path: Path) -> None:
    admin = product.client()
    truth = _write_zip(tmp_path)
    project_id = _create_project(admin)
    _import_zip(admin, project_id, tmp_path / "images.zip")
    classes = _make_classes(admin, project_id, sorted(set(truth.values())))
    labelled = _label(admin, project_id, truth, classes)
    model = wait_for(lambda: _published_model(admin, project_id), 300)

    assert model["number"] == 1
    assert model["num_labels"] == NUM_CLASSES * LABELS_PER_CLASS
    manifest = wait_for(lambda: _with_projections(admin, project_id), 60)
    assert manifest["projections"]["crop"]["model_version"] == 1
    arrays = {ref["name"]: ref for ref in manifest["arrays"]}
    profiles = _read(admin, arrays["profiles"])
    shape = manifest["profile_shape"]
    assert profiles.shape == (NUM_IMAGES, shape["width"] + shape["height"])
    x_mass, _ = marginals_from_profiles(profiles, height=shape["height"], width=shape["width"])
    assert (x_mass.sum(axis=1) > 0).mean() > 0.9  # nearly every image has a crop
    for view in ("whole", "crop"):
        layout = _read(admin, manifest["projections"][view]["array"])
        assert layout.shape == (NUM_IMAGES, 2)
        assert np.isfinite(layout).all()

    rows = _export(product, admin, project_id)
    assert {row["path"]: row["label"] for row in rows} == {
        path: truth[path] if index in labelled else "" for path, index in _paths(admin, project_id).items()
    }
    assert all(row["predicted_label"] in classes for row in rows)
    assert all(0 <= int(row["box_x1"]) < int(row["box_x2"]) <= int(row["width"]) for row in rows)
    right = [row["predicted_label"] == truth[row["path"]] for row in rows]
    assert np.mean(right) > 1 / NUM_CLASSES  # better than a guess; how much better is measured in bench/


def _write_zip(folder: Path) -> dict[str, str]:
    """Write a zip with images and one broken file; return class by path."""
    write_dataset(folder / "set", num_images=NUM_IMAGES, num_classes=NUM_CLASSES, seed=7)
    truth = {}
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for path in sorted((folder / "set" / "images").rglob("*.jpg")):
            name = path.relative_to(folder / "set").as_posix()
            archive.write(path, name)
            truth[name] = path.parent.name
        archive.writestr("images/broken.jpg", b"\xff\xd8\xff not a picture")
    return truth


def _create_project(admin: Client) -> int:
    body = {"name": "Shapes", "backbone": "bundled", "labels_per_class_to_train": LABELS_PER_CLASS}
    wait_for(lambda: any(row["name"] == "bundled" for row in admin.get("/backbones")), 60)
    return int(admin.post("/projects", body)["id"])


def _import_zip(admin: Client, project_id: int, path: Path) -> None:
    source = admin.post(f"/projects/{project_id}/imports", {"name": "images.zip"})
    base = f"/projects/{project_id}/imports/{source['id']}"
    with path.open("rb") as file:
        admin.post(f"{base}/files", files={"files": (path.name, file)})
    admin.post(f"{base}/start")
    done = wait_for(lambda: _ended_import(admin, project_id, source["id"]), 120)
    assert (done["num_added"], done["num_duplicate"], done["num_rejected"]) == (NUM_IMAGES, 0, 1)
    rejected = admin.get(f"{base}/entries", outcome="rejected")["items"]
    assert [entry["path"] for entry in rejected] == ["images/broken.jpg"]
    assert rejected[0]["reason"]
    wait_for(lambda: admin.get(f"/projects/{project_id}/map")["projections"]["whole"] is not None, 120)


def _ended_import(admin: Client, project_id: int, import_id: int) -> dict[str, Any] | None:
    found = next(row for row in admin.list(f"/projects/{project_id}/imports") if row["id"] == import_id)
    assert found["job_state"] != "failed", admin.list(f"/projects/{project_id}/jobs")
    return found if found["job_state"] == "succeeded" else None


def _make_classes(admin: Client, project_id: int, names: list[str]) -> dict[str, int]:
    return {name: admin.post(f"/projects/{project_id}/classes", {"name": name})["id"] for name in names}


def _label(admin: Client, project_id: int, truth: dict[str, str], classes: dict[str, int]) -> set[int]:
    labelled: set[int] = set()
    paths = _paths(admin, project_id)
    for name, class_id in classes.items():
        indexes = sorted(index for path, index in paths.items() if truth[path] == name)[:LABELS_PER_CLASS]
        body = {"client_action_id": str(uuid.uuid4()), "class_id": class_id, "image_indexes": indexes}
        first = admin.post(f"/projects/{project_id}/label-actions", body)
        again = admin.post(f"/projects/{project_id}/label-actions", body)
        assert first["sequence"] == again["sequence"]
        labelled |= set(indexes)
    return labelled


def _paths(admin: Client, project_id: int) -> dict[str, int]:
    page = admin.get(f"/projects/{project_id}/images", limit=1000)
    return {image["path"].removeprefix("images.zip/"): image["index"] for image in page["items"]}


def _published_model(admin: Client, project_id: int) -> dict[str, Any] | None:
    jobs = admin.list(f"/projects/{project_id}/jobs")
    assert not [job for job in jobs if job["state"] == "failed"], jobs
    model: dict[str, Any] | None = admin.get(f"/projects/{project_id}")["model"]
    return model


def _with_projections(admin: Client, project_id: int) -> dict[str, Any] | None:
    manifest: dict[str, Any] = admin.get(f"/projects/{project_id}/map")
    return manifest if all(manifest["projections"].values()) else None


def _read(admin: Client, ref: dict[str, Any]) -> np.ndarray[Any, Any]:
    answer = admin.http.get(ref["url"].removeprefix("/api/v1")).raise_for_status()
    assert answer.headers["X-Array-Shape"] == ",".join(map(str, ref["shape"]))
    return np.frombuffer(answer.content, dtype=ref["dtype"]).reshape(ref["shape"])


def _export(product: Product, admin: Client, project_id: int) -> list[dict[str, str]]:
    token = admin.post("/tokens", {"name": "export", "scope": "read"})["token"]
    program = Client(product.address, token=token)
    answer = program.http.get(f"/projects/{project_id}/export", params={"format": "csv", "retention": 0.9})
    answer.raise_for_status()
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    for row in rows:
        row["path"] = row["path"].removeprefix("images.zip/")
    return rows

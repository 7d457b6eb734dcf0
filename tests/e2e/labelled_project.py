"""A project of generated images with classes, labels and a model, and a signed-in page to look at it."""

import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.product import PASSWORD, Client, Product, wait_for
from worker.ml.synthetic import write_dataset

WAIT_S = 600.0  # only bounds a hang
ALL_THERE = """(count) => {
  const map = document.querySelector('[data-testid=map]')?.scatterMap;
  const outbox = document.querySelector('[data-testid=outbox]');
  try {
    return Boolean(map?.debugRectangles([count - 1])[0]) && outbox?.dataset.status === 'saved';
  } catch {
    return false; // so many items are not there yet
  }
}"""


@dataclass(frozen=True)
class LabelledProject:
    """What the tests know of the project: class by image index, ids by class name."""

    product: Product
    admin: Client
    project_id: int
    truth: dict[int, str]
    class_ids: dict[str, int]

    @property
    def address(self) -> str:
        return f"{self.product.address}/projects/{self.project_id}"

    def labels(self) -> list[int]:
        """Class id of every image as the server has it, 0 = none."""
        answer = self.admin.http.get(f"/projects/{self.project_id}/labels").raise_for_status()
        found: list[int] = np.frombuffer(answer.content, dtype="<i4").tolist()
        return found

    def indexes_of(self, class_name: str) -> list[int]:
        return sorted(index for index, name in self.truth.items() if name == class_name)

    def label(self, client: Client, class_name: str | None, indexes: list[int]) -> dict[str, Any]:
        """Label images as a person with a lasso would; None clears them."""
        kind = "clear" if class_name is None else "assign"
        class_id = None if class_name is None else self.class_ids[class_name]
        body = {
            "client_action_id": str(uuid.uuid4()),
            "kind": kind,
            "class_id": class_id,
            "image_indexes": indexes,
            "provenance": {"gesture": "lasso", "view": "whole", "seconds_shown": 3.0},
        }
        answer: dict[str, Any] = client.post(f"/projects/{self.project_id}/label-actions", body)
        return answer


def make_project(
    product: Product, folder: Path, *, name: str, num_images: int, num_classes: int, threshold: int
) -> LabelledProject:
    """Import generated images and make their classes; nothing is labelled yet."""
    admin = product.client()
    write_dataset(folder / "set", num_images=num_images, num_classes=num_classes, seed=5)
    with zipfile.ZipFile(folder / "shapes.zip", "w") as archive:
        for path in sorted((folder / "set" / "images").rglob("*.jpg")):
            archive.write(path, path.relative_to(folder / "set").as_posix())
    wait_for(lambda: admin.get("/backbones"), WAIT_S)  # the workers have started and written what they have
    body = {"name": name, "labels_per_class_to_train": threshold, "backbone": "bundled"}
    project_id = admin.post("/projects", body)["id"]
    source = admin.post(f"/projects/{project_id}/imports", {"name": "shapes.zip"})
    base = f"/projects/{project_id}/imports/{source['id']}"
    with (folder / "shapes.zip").open("rb") as file:
        admin.post(f"{base}/files", files={"files": ("shapes.zip", file)})
    admin.post(f"{base}/start")
    wait_for(lambda: admin.get(f"/projects/{project_id}")["num_images"] == num_images, WAIT_S)
    wait_for(lambda: admin.get(f"/projects/{project_id}/map")["projections"]["whole"], WAIT_S)
    images = admin.get(f"/projects/{project_id}/images", limit=1000)["items"]
    truth = {image["index"]: image["path"].split("/")[-2] for image in images}
    class_ids = {
        class_name: admin.post(f"/projects/{project_id}/classes", {"name": class_name})["id"]
        for class_name in sorted(set(truth.values()))
    }
    return LabelledProject(product, admin, project_id, truth, class_ids)


def train(project: LabelledProject, *, labels_per_class: int) -> None:
    """Label the first images of every class rightly and wait for the model that comes of it."""
    for class_name in project.class_ids:
        project.label(project.admin, class_name, project.indexes_of(class_name)[:labels_per_class])
    path = f"/projects/{project.project_id}"
    wait_for(lambda: project.admin.get(f"{path}/map")["projections"]["crop"], WAIT_S, every_s=1.0)
    wait_for(lambda: not project.admin.list(f"{path}/jobs", active=True), WAIT_S, every_s=1.0)


def add_annotator(project: LabelledProject, username: str, *, role: str = "annotator") -> Client:
    """A new member, signed in."""
    project.admin.post("/users", {"username": username, "password": PASSWORD})
    path = f"/projects/{project.project_id}/members/{username}"
    project.admin.http.put(path, json={"role": role}).raise_for_status()
    return project.product.client(username=username)


def open_context(
    browser: Browser, product: Product, *, username: str = "admin", scheme: str = "dark", **options: Any
) -> BrowserContext:
    """A browser of its own, signed in without going through the page for it, with a theme.

    It asks for less motion, unless told otherwise: nothing glides, so that there is nothing to wait for.
    """
    defaults = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    context = browser.new_context(**{**defaults, **options})
    context.set_default_timeout(60_000)
    context.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    cookies = product.client(username=username).http.cookies.jar
    context.add_cookies(
        [{"name": cookie.name, "value": cookie.value or "", "url": product.address} for cookie in cookies]
    )
    return context


def open_project(context: BrowserContext, project: LabelledProject, query: str = "") -> Page:
    """The Label screen with every image on the map and the labels read."""
    page = context.new_page()
    page.goto(project.address + query)
    page.get_by_test_id("map").first.wait_for()
    page.wait_for_function(ALL_THERE, arg=len(project.truth))
    return page

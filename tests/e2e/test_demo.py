"""`manage.py demo` with real processes: fills a project unattended, leaves nothing, and comes back as it was."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import PASSWORD, REPOSITORY, Client, Product, processes_of, running_product, wait_for

NUM_IMAGES, NUM_CLASSES, LABELS_PER_CLASS = 36, 3, 4
COMMAND = (
    "demo",
    "--no-browser",
    f"--images={NUM_IMAGES}",
    f"--classes={NUM_CLASSES}",
    f"--labels-per-class={LABELS_PER_CLASS}",
)


@pytest.mark.e2e
@pytest.mark.own_product
def test_it_opens_at_a_labelled_project_and_is_the_same_when_started_again(tmp_path: Path) -> None:
    data_dir = tmp_path / "demo"
    with running_product(data_dir, command=COMMAND, ADMIN_PASSWORD="") as product:
        first = _ready_project(product)
        assert first["num_images"] == NUM_IMAGES
        assert first["num_labelled"] == NUM_CLASSES * LABELS_PER_CLASS
        assert first["model"]["number"] == 1
    assert processes_of(data_dir) == []

    with running_product(data_dir, command=COMMAND, ADMIN_PASSWORD="") as product:
        again = _ready_project(product)
    assert processes_of(data_dir) == []
    assert {**again, "last_activity_at": None} == {**first, "last_activity_at": None}


@pytest.mark.e2e
@pytest.mark.own_product
def test_a_start_that_was_broken_off_is_gone_on_with(tmp_path: Path) -> None:
    data_dir = tmp_path / "demo"
    with running_product(data_dir, command=COMMAND) as product:
        wait_for(lambda: "Importing them" in product.output(), 120)
    assert processes_of(data_dir) == []
    with running_product(data_dir, command=COMMAND) as product:
        wait_for(lambda: "The demo is ready at" in product.output(), 300)
        projects = product.client(password=PASSWORD).list("/projects")
    assert [(project["num_images"], project["num_labelled"]) for project in projects] == [
        (NUM_IMAGES, NUM_CLASSES * LABELS_PER_CLASS)
    ]


@pytest.mark.parametrize(
    ("options", "numbers"), [(["--classes=1"], "1, 12, 480"), (["--images=20"], "8, 12, 20")]
)
def test_a_set_that_cannot_be_made_is_one_clear_line(
    options: list[str], numbers: str, tmp_path: Path
) -> None:
    result = subprocess.run(
        [sys.executable, str(REPOSITORY / "manage.py"), "demo", *options],
        env={"DATA_DIR": str(tmp_path / "demo")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.strip().splitlines()[-1] == (
        "CommandError: --classes and --labels-per-class are at least 2, --images at least their product; "
        f"got {numbers}"
    )


def _ready_project(product: Product) -> dict[str, Any]:
    """Sign in with the password that was printed, at the address that was printed; return the project there."""
    wait_for(lambda: "Sign in as" in product.output() or "CommandError" in product.output(), 300)
    lines = product.output().splitlines()
    address = next(line for line in lines if line.startswith("The demo is ready at ")).rsplit(" ", 1)[1]
    password = next(line for line in lines if line.startswith("Sign in as 'admin'")).rsplit(": ", 1)[1]
    assert address.startswith(f"{product.address}/projects/")
    client = Client(product.address)
    client.sign_in(username="admin", password=password)
    project: dict[str, Any] = client.get(f"/projects/{address.rsplit('/', 1)[1]}")
    manifest = client.get(f"/projects/{project['id']}/map")
    assert all(layout["num_images"] == NUM_IMAGES for layout in manifest["projections"].values())
    assert manifest["projections"]["crop"]["model_version"] == 1
    return project

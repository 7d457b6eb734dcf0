"""Adding a batch of an import: dense indexes, cells at their offsets, one outcome a file, duplicates by content."""

from pathlib import Path

import pytest

from labeler.datasets import selectors, services
from labeler.datasets.import_services import create_import
from labeler.datasets.models import Image, Import, ImportEntry, Project
from labeler.datasets.services import NewImage, RejectedFile
from tests.factories import make_project
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def make_source(project: Project) -> Import:
    return create_import(project_id=project.id, user=None, name="set", classes_from_folders=False)


def new_image(path: str, *, content: int) -> NewImage:
    """An image whose hash and cells are a function of `content`."""
    return NewImage(
        path=path,
        storage_key=f"{content}.jpg",
        sha256=f"{content:064x}",
        width=300,
        height=200,
        file_format="JPEG",
        num_bytes=10,
        cells={16: bytes([content]) * 128, 64: bytes([content + 100]) * 2048},
    )


def outcomes(source: Import) -> list[tuple[str, str, int | None]]:
    entries = ImportEntry.objects.filter(source_import=source).select_related("image").order_by("id")
    return [(entry.path, entry.outcome, entry.image.index if entry.image else None) for entry in entries]


def counts(source: Import) -> tuple[int, int, int]:
    source.refresh_from_db()
    return source.num_added, source.num_duplicate, source.num_rejected


def test_images_get_the_next_indexes_and_their_cells_lie_at_them() -> None:
    project = make_project()
    source = make_source(project)

    services.add_images(source=source, images=[new_image("a.jpg", content=1), new_image("b.jpg", content=2)])
    added = services.add_images(source=source, images=[new_image("c.jpg", content=3)])

    assert [(image.index, image.path) for image in added] == [(2, "c.jpg")]
    project.refresh_from_db()
    assert project.num_images == 3
    for cell_px, shift in ((16, 0), (64, 100)):
        cells = selectors.read_cells(project_id=project.id, cell_px=cell_px, indexes=[2, 0])
        assert [cell[0] for cell in cells] == [3 + shift, 1 + shift]
        whole = selectors.read_cell_range(project_id=project.id, cell_px=cell_px, start=0, count=10)
        assert len(whole) == 3 * cell_px * cell_px // 2


def test_the_same_content_is_one_image_within_a_batch_and_between_batches() -> None:
    project = make_project()
    source = make_source(project)
    services.add_images(source=source, images=[new_image("a.jpg", content=1)])

    added = services.add_images(
        source=source,
        images=[
            new_image("again.jpg", content=1),
            new_image("b.jpg", content=2),
            new_image("b copy.jpg", content=2),
        ],
    )

    assert [image.path for image in added] == ["b.jpg"]
    assert outcomes(source) == [
        ("a.jpg", "added", 0),
        ("again.jpg", "duplicate", 0),
        ("b.jpg", "added", 1),
        ("b copy.jpg", "duplicate", 1),
    ]
    assert counts(source) == (2, 2, 0)


def test_a_known_picture_needs_no_cells() -> None:
    project = make_project()
    source = make_source(project)
    services.add_images(source=source, images=[new_image("a.jpg", content=1)])
    known = NewImage("again.jpg", "", f"{1:064x}", 0, 0, "", 0, cells={})

    assert services.add_images(source=source, images=[known]) == []
    assert outcomes(source)[1] == ("again.jpg", "duplicate", 0)


def test_other_projects_have_images_of_their_own() -> None:
    first, second = make_project(), make_project(name="Terns")

    services.add_images(source=make_source(first), images=[new_image("a.jpg", content=1)])
    added = services.add_images(source=make_source(second), images=[new_image("a.jpg", content=1)])

    assert [image.index for image in added] == [0]


def test_rejected_files_of_a_batch_are_written_with_their_reason() -> None:
    source = make_source(make_project())

    rejected = [RejectedFile("x.txt", "not an image"), RejectedFile("y.txt", "empty")]
    services.add_images(source=source, images=[], rejected=rejected)

    assert outcomes(source) == [("x.txt", "rejected", None), ("y.txt", "rejected", None)]
    assert list(ImportEntry.objects.order_by("id").values_list("reason", flat=True)) == [
        "not an image",
        "empty",
    ]
    assert counts(source) == (0, 0, 2)


def test_a_batch_that_comes_twice_counts_once() -> None:
    source = make_source(make_project())
    images = [new_image("a.jpg", content=1)]
    rejected = [RejectedFile("x.txt", "not an image")]

    services.add_images(source=source, images=images, rejected=rejected)
    assert services.add_images(source=source, images=images, rejected=rejected) == []

    assert outcomes(source) == [("a.jpg", "added", 0), ("x.txt", "rejected", None)]
    assert counts(source) == (1, 0, 1)


def test_a_batch_that_fails_leaves_nothing_and_its_bytes_are_written_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_project()
    source = make_source(project)
    services.add_images(source=source, images=[new_image("a.jpg", content=1)])

    with monkeypatch.context() as patch:
        patch.setattr(services, "_add_entries", _fail)
        with pytest.raises(RuntimeError, match="cut off"):
            services.add_images(
                source=source, images=[new_image("b.jpg", content=2), new_image("c.jpg", content=3)]
            )
    assert Image.objects.count() == 1

    services.add_images(source=source, images=[new_image("d.jpg", content=4)])

    (cell,) = selectors.read_cells(project_id=project.id, cell_px=16, indexes=[1])
    assert cell == bytes([4]) * 128


def _fail(*_: object) -> None:
    raise RuntimeError("cut off")


def test_imports_at_the_same_time_share_the_indexes_without_gap(media_root: Path) -> None:
    project = make_project()
    sources = [make_source(project) for _ in range(4)]

    def add(number: int) -> list[int]:
        images = [new_image(f"{number}-{k}.jpg", content=10 * number + k) for k in range(3)]
        return [image.index for image in services.add_images(source=sources[number], images=images)]

    results = run_together(add, range(4))

    indexes = [index for result in results if isinstance(result, list) for index in result]
    assert sorted(indexes) == list(range(12))
    project.refresh_from_db()
    assert project.num_images == 12
    for image in Image.objects.all():
        (cell,) = selectors.read_cells(project_id=project.id, cell_px=16, indexes=[image.index])
        assert cell[0] == int(image.sha256, 16)

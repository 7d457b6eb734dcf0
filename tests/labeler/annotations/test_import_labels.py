"""Labels come from files of other tools, with their authors; our own exports come back as they went."""

import json
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.accounts.permissions import Role
from labeler.annotations.label_files import LabelFileFormat, read_labels
from labeler.annotations.label_import import LabelImportResult, import_labels
from labeler.annotations.models import Label, LabelAction, LabelClass
from labeler.datasets.models import Image, Project
from labeler.errors import InvalidInput
from labeler.exports.formats import FORMATS
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportIn
from labeler.results.removals import remove_images
from tests.factories import assign, make_class, make_member, make_project, signed_in

PATHS = ("birds/a.jpg", "birds/b.jpg", "more/b.jpg", "=x.jpg")


def make_flock() -> Project:
    """Four images; two of them are called b.jpg."""
    project = make_project(num_images=4)
    for index, path in enumerate(PATHS):
        Image.objects.filter(project=project, index=index).update(path=path)
    make_member(project, "ada", role=Role.ADMIN)
    make_member(project, "bob")
    return project


def run(project: Project, content: str | bytes, **options: Any) -> LabelImportResult:
    given_options = {"name": "labels", "format": LabelFileFormat.AUTO, "dry_run": False, **options}
    user = project.memberships.get(user__username="ada").user
    data = content.encode() if isinstance(content, str) else content
    return import_labels(project_id=project.id, user=user, content=data, **given_options)


def labels(project: Project) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for label in Label.objects.filter(project=project).select_related("image", "annotator", "label_class"):
        assert label.label_class is not None
        found.setdefault(label.image.index, {})[label.annotator.username] = label.label_class.name
    return found


def resolved(project: Project) -> list[str | None]:
    images = Image.objects.filter(project=project).order_by("index").select_related("resolved_class")
    return [image.resolved_class.name if image.resolved_class else None for image in images]


@pytest.mark.django_db
def test_a_removed_picture_is_told_and_not_labelled() -> None:
    project = make_flock()
    picture = Image.objects.get(project=project, index=1)
    ada = project.memberships.get(user__username="ada").user
    remove_images(project_id=project.id, user=ada, image_indexes=[1], client_action_id=uuid.uuid4())
    result = run(project, f"sha256,label\n{picture.sha256},gull\n")
    assert (result.num_labelled, result.num_not_found) == (0, 1)
    assert result.not_found[0].endswith(
        f"the picture with the sha256 {picture.sha256[:16]}… was removed from the project"
    )


@pytest.mark.django_db
def test_a_csv_with_authors_labels_in_their_names() -> None:
    project = make_flock()
    result = run(project, "file_name,class,annotator\na.jpg,gull,bob\nmore/b.jpg,tern,\n'=x.jpg,gull,zoe\n")
    assert labels(project) == {0: {"bob": "gull"}, 2: {"ada": "tern"}, 3: {"ada": "gull"}}
    assert (result.num_labelled, result.new_classes, result.unknown_authors) == (3, ["gull", "tern"], ["zoe"])
    zoe = LabelAction.objects.get(provenance__author="zoe")
    assert zoe.provenance == {"gesture": "import", "author": "zoe"}


@pytest.mark.django_db
def test_a_row_that_fits_no_picture_or_two_is_told_and_the_others_count() -> None:
    project = make_flock()
    result = run(project, "path;label\nb.jpg;gull\nnowhere.jpg;gull\n/data/set/birds/b.jpg;tern\n")
    assert result.not_found == [
        "line 2: 2 pictures are called 'b.jpg'",
        "line 3: no picture is called 'nowhere.jpg'",
    ]
    assert labels(project) == {1: {"ada": "tern"}}


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    project = make_flock()
    text = "index,label\n0,gull\n1,tern\n"
    first, second = run(project, text), run(project, text)
    assert first.sequences == second.sequences == [1, 2]
    assert LabelAction.objects.count() == 2


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    project = make_flock()
    result = run(project, "path,label\nbirds/a.jpg,gull\n", dry_run=True)
    assert (result.num_labelled, result.new_classes, result.sequences) == (1, ["gull"], [])
    assert not LabelClass.objects.exists()
    assert not LabelAction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "jsonl", "coco", "label_studio", "fiftyone"])
def test_an_export_comes_back_with_its_authors_and_its_latest_label(format: str) -> None:
    there, here = make_flock(), make_project(num_images=0)
    people = {name: there.memberships.get(user__username=name).user for name in ("ada", "bob")}
    gull, tern = make_class(there, "gull"), make_class(there, "tern")
    assign(there, people["ada"], tern, [0, 1])
    assign(there, people["bob"], gull, [0, 3])
    source = open_source(project_id=there.id, options=ExportIn.model_validate({"format": format}))
    content = b"".join(FORMATS[source.options.format].write(source))
    Label.objects.filter(project=there).delete()
    Image.objects.filter(project=there).update(project=here, resolved_class=None)
    Project.objects.filter(id=here.id).update(num_images=4)
    for membership in there.memberships.all():
        here.memberships.create(user=membership.user, role=membership.role)
    result = run(here, content, name=f"labels.{'json' if format not in {'csv', 'jsonl'} else format}")
    assert result.num_not_found == 0
    expected = {0: {"ada": "tern", "bob": "gull"}, 1: {"ada": "tern"}, 3: {"bob": "gull"}}
    if format == "coco":  # it has one label an image
        expected[0] = {"bob": "gull"}
    assert labels(here) == expected
    assert resolved(here) == ["gull", "tern", None, "gull"]


@pytest.mark.django_db
def test_label_studios_own_export_is_understood() -> None:
    project = make_flock()
    task = {
        "id": 7,
        "data": {"image": "/data/upload/1/a.jpg?d=1"},
        "annotations": [
            {"completed_by": {"email": "x@y.z"}, "was_cancelled": True, "result": []},
            {
                "completed_by": 3,
                "created_at": "2026-01-02T03:04:05.678Z",
                "result": [
                    {"type": "rectanglelabels", "value": {"rectanglelabels": ["tern"]}},
                    {"type": "choices", "value": {"choices": ["gull"]}},
                ],
            },
        ],
    }
    run(project, json.dumps([task]))
    assert labels(project) == {0: {"ada": "gull"}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "byte 0 is not UTF-8"),
        (b"path,colour\na.jpg,red\n", "no column is called label"),
        (b"label,colour\ngull,red\n", "no picture is named"),
        (b"path,label,labelled_at\na.jpg,gull,yesterday\n", "'yesterday', not ISO 8601"),
        (b"index,label\nfirst,gull\n", "index is 'first', not a whole number"),
        (b"[{", "not JSON"),
        (b'{"images": 3, "categories": []}', "it is not coco"),
        (
            b'[{"data": {"image": "/a.jpg"}, "annotations": [{"result": [{"value": {"choices": [5]}}]}]}]',
            "not a name",
        ),
        (
            b'{"categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "images": [{"id": 9, "file_name": "x"}],'
            b'"annotations": [{"image_id": 9, "category_id": 1}, {"image_id": 9, "category_id": 2}]}',
            "at image 9: 2 classes; a picture has one: a, b",
        ),
        (b"[" * 100_000, "not"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used") as caught:
        read_labels(content, format=LabelFileFormat.AUTO)
    assert told in caught.value.message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "images",
                    "annotations",
                    "categories",
                    "samples",
                    "data",
                    "result",
                    "value",
                    "choices",
                    "id",
                    "label",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(
    content=st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | json_values.map(json.dumps).map(str.encode)
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_file_whatever_is_in_it_makes_the_reader_fall_over(content: bytes) -> None:
    for format in LabelFileFormat:
        with suppress(InvalidInput):
            assert all(label.class_name for label in read_labels(content, format=format))


@pytest.mark.django_db
def test_the_route_takes_a_file_from_an_admin_only() -> None:
    project = make_flock()
    url = f"/api/v1/projects/{project.id}/label-imports"
    for name, status in (("bob", 403), ("ada", 200)):
        client = signed_in(project.memberships.get(user__username=name).user)
        answer = client.post(
            url, {"file": SimpleUploadedFile("labels.csv", b"path,label\nbirds/a.jpg,gull\n")}
        )
        assert answer.status_code == status, answer.content
    assert answer.json()["num_labelled"] == 1
    assert (
        client.post(url, {"file": SimpleUploadedFile("labels.csv", b"path,label\n")}).json()["code"]
        == "no_labels"
    )

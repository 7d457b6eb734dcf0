"""Exports: every image with label, annotator, time, prediction, weak box; exact in CSV and JSON Lines."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, cast

import numpy as np
import pytest
from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client

from labeler.accounts.permissions import Role
from labeler.annotations.models import LabelAction
from labeler.datasets.crop_rates import Rate, save_rates
from labeler.datasets.models import CropPolicyKind, Image, Project
from labeler.exports.csv_format import FORMULA_STARTS, encode
from labeler.exports.rows import CHUNK, open_source
from labeler.exports.schemas import COLUMNS, ExportIn
from tests.factories import (
    add_images,
    assign,
    make_class,
    make_member,
    make_model,
    make_project,
    make_token,
    make_user,
    redo,
    signed_in,
    undo,
    with_token,
)

pytestmark = [
    pytest.mark.django_db,
    # the synchronous test client collects the stream before it hands it over
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators"),
]


def project_with_model() -> Project:
    """Three images of 300 x 200 px; a model has seen two; Ann and Bob labelled two."""
    project = make_project(num_images=2)
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    make_model(
        project,
        [gull, tern],
        predicted=[1, 0],
        confidence=[204, 255],
        profiles=np.array([[255, 0, 0, 0, 255], [0, 0, 0, 0, 0]], dtype=np.uint8),
        map_height=2,
        map_width=3,
    )
    project.refresh_from_db()
    add_images(project, 1)
    assign(project, ann, gull, [0, 1])
    assign(project, bob, tern, [1])
    assign(project, ann, gull, [2])
    assign(project, ann, None, [2])
    return project


def body_of(client: Client, project: Project, query: str = "") -> str:
    answer = cast(StreamingHttpResponse, client.get(f"/api/v1/projects/{project.id}/export{query}"))
    assert answer.status_code == 200
    return b"".join(cast(Any, answer)).decode()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def time_of(sequence: int) -> str:
    return LabelAction.objects.get(sequence=sequence).created_at.isoformat()


def test_csv_has_one_row_an_image_with_the_wanted_columns() -> None:
    project = project_with_model()
    ann = signed_in(make_member(project, "cleo", role=Role.VIEWER))
    columns = "".join(f"&columns={column}" for column in COLUMNS[:16])
    text = body_of(ann, project, f"?retention=1{columns}")
    sha = list(Image.objects.order_by("index").values_list("sha256", flat=True))
    assert text == (
        "index,path,width,height,sha256,label,annotator,labelled_at,predicted_label,confidence,model_version,"
        "retention,box_x1,box_y1,box_x2,box_y2\r\n"
        # unit box (0, 1/4, 1/2, 1) of 300 x 200
        f"0,birds/0.jpg,300,200,{sha[0]},gull,ann,{time_of(1)},tern,0.8,1,1.0,0,50,150,200\r\n"
        f"1,birds/1.jpg,300,200,{sha[1]},tern,bob,{time_of(2)},gull,1.0,1,1.0,0,0,300,200\r\n"
        f"2,birds/2.jpg,300,200,{sha[2]},,,,,,,,,,,\r\n"
    )


def test_csv_tells_who_else_labelled_and_how_a_label_came_about() -> None:
    project = project_with_model()
    client = signed_in(make_member(project, "cleo", role=Role.VIEWER))
    first, second, third = table(body_of(client, project))
    assert tuple(first) == COLUMNS
    assert [row["num_annotators"] for row in (first, second, third)] == ["1", "2", "0"]
    assert [row["agreement"] for row in (first, second, third)] == ["1.0", "0.5", ""]
    assert (second["label_sequence"], third["label_sequence"]) == ("2", "")
    assert json.loads(second["provenance"]) == {"gesture": "lasso"}
    assert json.loads(second["annotations"]) == [
        {"annotator": "ann", "label": "gull", "sequence": 1, "labelled_at": time_of(1)},
        {"annotator": "bob", "label": "tern", "sequence": 2, "labelled_at": time_of(2)},
    ]


def test_columns_come_in_the_order_asked() -> None:
    project = project_with_model()
    client = signed_in(make_member(project, "cleo"))
    text = body_of(client, project, "?columns=label&columns=index")
    assert text == "label,index\r\ngull,0\r\ntern,1\r\n,2\r\n"


def test_jsonl_has_the_same_with_types() -> None:
    project = project_with_model()
    lines = body_of(
        signed_in(make_member(project, "cleo")), project, "?format=jsonl&retention=1"
    ).splitlines()
    first, _, last = (json.loads(line) for line in lines)
    assert (first["index"], first["label"], first["annotator"]) == (0, "gull", "ann")
    assert datetime.fromisoformat(first["labelled_at"]) == LabelAction.objects.get(sequence=1).created_at
    assert (first["confidence"], first["model_version"], first["box"]) == (0.8, 1, [0, 50, 150, 200])
    assert (last["label"], last["predicted_label"], last["box"]) == (None, None, None)
    assert set(first) == {*COLUMNS[:12], *COLUMNS[16:], "box"}
    assert (last["annotations"], last["provenance"]) == ([], None)


def test_the_retention_of_the_project_is_used_unless_one_is_named() -> None:
    project = project_with_model()
    Project.objects.update(retention=0.5)
    client = signed_in(make_member(project, "cleo"))
    assert [row["retention"] for row in table(body_of(client, project))] == ["0.5", "0.5", ""]
    narrow, wide = (table(body_of(client, project, query))[0] for query in ("", "?retention=0.95"))
    assert int(wide["box_x2"]) > int(narrow["box_x2"])
    assert int(wide["box_y1"]) < int(narrow["box_y1"])


def test_a_label_keeps_its_time_through_undo_and_redo() -> None:
    project = make_project(num_images=1)
    ann = make_member(project)
    gull, tern = make_class(project, "gull"), make_class(project, "tern")
    assign(project, ann, gull, [0])
    assign(project, ann, tern, [0])
    undo(project, ann)
    client = signed_in(ann)
    assert table(body_of(client, project))[0]["labelled_at"] == time_of(1)
    redo(project, ann)
    assert table(body_of(client, project))[0]["labelled_at"] == time_of(2)


def test_names_that_a_spreadsheet_would_run_are_escaped() -> None:
    project = make_project(num_images=4)
    ann = make_member(project)
    assign(project, ann, make_class(project, "=HYPERLINK(1)"), [0])
    for index, path in enumerate(('=cmd|"/c calc"!A0', "@SUM(A1)", "-1.jpg", 'a,b\n"c".jpg')):
        Image.objects.filter(index=index).update(path=path)
    client = signed_in(ann)
    rows = table(body_of(client, project))
    assert [row["path"] for row in rows] == [
        '\'=cmd|"/c calc"!A0',
        "'@SUM(A1)",
        "'-1.jpg",
        'a,b\n"c".jpg',
    ]
    assert rows[0]["label"] == "'=HYPERLINK(1)"
    exact = [json.loads(line) for line in body_of(client, project, "?format=jsonl").splitlines()]
    assert (exact[0]["label"], exact[1]["path"]) == ("=HYPERLINK(1)", "@SUM(A1)")


def test_removed_images_are_left_out_and_unicode_stays() -> None:
    project = make_project(num_images=2)
    Image.objects.filter(index=0).update(removed_at="2026-01-01T00:00:00Z")
    Image.objects.filter(index=1).update(path="Möwen/海鸥.jpg")
    client = signed_in(make_member(project))
    assert [row["path"] for row in table(body_of(client, project))] == ["Möwen/海鸥.jpg"]
    assert "Möwen/海鸥.jpg" in body_of(client, project, "?format=jsonl")


def test_a_read_token_is_enough_and_the_file_has_a_name() -> None:
    project = make_project(num_images=1, name="Möwen & Gulls")
    vera = make_member(project, "vera", role=Role.VIEWER)
    client = with_token(make_token(vera))
    answer = client.get(f"/api/v1/projects/{project.id}/export?format=jsonl")
    assert answer["Content-Disposition"] == 'attachment; filename="mowen-gulls-0.jsonl"'
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"


def test_a_stranger_gets_nothing() -> None:
    project = make_project(num_images=1)
    assert Client().get(f"/api/v1/projects/{project.id}/export").status_code == 401
    assert signed_in(make_user()).get(f"/api/v1/projects/{project.id}/export").status_code == 404


@pytest.mark.parametrize("query", ["format=xml", "retention=0", "retention=2", "retention=nan"])
def test_it_rejects_a_format_or_retention_that_is_none(query: str) -> None:
    project = make_project()
    answer = signed_in(make_member(project)).get(f"/api/v1/projects/{project.id}/export?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_every_formula_start_is_escaped(start: str) -> None:
    text = b"".join(encode([[f"{start}x"] * 3], header="abc")).decode()
    assert next(csv.reader(io.StringIO(text, newline="").readlines()[1:])) == [f"'{start}x"] * 3


def test_numbers_are_never_escaped() -> None:
    assert b"".join(encode([[None, -3, "x"]], header="abc")) == b"a,b,c\r\n,-3,x\r\n"


def test_csv_comes_in_pieces_while_rows_are_still_being_read() -> None:
    taken = 0

    def rows() -> Any:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield ["x"]

    pieces = encode(rows(), header="a")
    next(pieces)
    assert taken == 500


def test_rows_are_read_in_chunks() -> None:
    project = make_project(num_images=CHUNK + 1)
    rows = open_source(project_id=project.id, options=ExportIn()).rows()
    assert next(rows).image.index == 0
    Image.objects.filter(index=CHUNK).update(path="changed while the export runs")
    assert [row.image.path for row in rows][-1] == "changed while the export runs"


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_pieces_are_sent_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django reads a plain iterator to its end before sending; ours must not be one."""
    monkeypatch.setattr("labeler.exports.csv_format.ROWS_PER_PIECE", 2)
    project = await sync_to_async(make_project)(num_images=5)
    secret = await sync_to_async(lambda: make_token(make_member(project)))()
    path = f"/api/v1/projects/{project.id}/export"
    answer = await AsyncClient().get(path, headers={"authorization": f"Bearer {secret}"})
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.status_code == 200, answer.content
    assert answer.is_async
    content = cast(AsyncIterator[bytes], answer.streaming_content)
    pieces = [piece async for piece in content]
    assert [piece.count(b"\r\n") for piece in pieces] == [3, 2, 1]


def test_weak_boxes_follow_the_crop_rates_that_are_pinned() -> None:
    project = project_with_model()
    gull = project.classes.get(name="gull")
    save_rates(
        project_id=project.id,
        user=None,
        kind=CropPolicyKind.RANDOM,
        rates=[Rate(0.5, 1.0)],
        overrides={gull.id: None},
    )
    client = signed_in(make_member(project, "vera", role=Role.VIEWER))
    rows = table(body_of(client, project))
    assert [row["label"] for row in rows[:2]] == ["gull", "tern"]
    # Gulls stay whole; no model has seen the last.
    assert [row["retention"] for row in rows] == ["", "0.5", ""]
    edges = ("box_x1", "box_y1", "box_x2", "box_y2")
    assert [rows[0][edge] for edge in edges] == ["0", "0", "300", "200"]
    save_rates(
        project_id=project.id, user=None, kind=CropPolicyKind.RANDOM, rates=[Rate(0.9, 1.0)], overrides={}
    )
    assert table(body_of(client, project, "?crop_rates=1")) == rows
    assert table(body_of(client, project))[0]["retention"] == "0.9"
    assert table(body_of(client, project, "?retention=0.7"))[0]["retention"] == "0.7"
    answer = client.get(f"/api/v1/projects/{project.id}/export?crop_rates=9")
    assert (answer.status_code, "version 9" in answer.json()["detail"]) == (422, True)

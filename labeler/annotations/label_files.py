"""Labels in files of other tools: CSV, JSON Lines, COCO, Label Studio and FiftyOne, read into one kind of row.

A row names a picture (by content, index or path), a class, and, where the file tells, who gave the label and when.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from labeler.errors import InvalidInput

PATH_COLUMNS = ("path", "file_name", "filename", "file", "filepath", "image")
CLASS_COLUMNS = ("label", "class", "class_name", "category")
AUTHOR_COLUMNS = ("annotator", "author", "user", "username")
TIME_COLUMNS = ("labelled_at", "labeled_at", "created_at", "time")
SPREADSHEET_STARTS = ("'=", "'+", "'-", "'@", "'\t", "'\r")


class LabelFileFormat(StrEnum):
    AUTO = "auto"
    CSV = "csv"
    JSONL = "jsonl"
    COCO = "coco"
    LABEL_STUDIO = "label_studio"
    FIFTYONE = "fiftyone"


@dataclass(frozen=True)
class FileLabel:
    """One label of a file. `place` says where in the file, for messages."""

    place: str
    class_name: str
    path: str = ""
    sha256: str = ""
    image_index: int | None = None
    author: str = ""
    labelled_at: datetime | None = None


def read_labels(content: bytes, *, format: LabelFileFormat, name: str = "") -> list[FileLabel]:
    """Every label of a file, in its order.

    Raises:
        InvalidInput: not text, not of the format, or a row without a class or a picture; the message says where.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(f"byte {error.start} is not UTF-8") from error
    chosen = _guess(text, name=name) if format is LabelFileFormat.AUTO else format
    try:
        return list(_READERS[chosen](text))
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _bad(f"it is not {chosen.value}: {type(error).__name__} {error}") from error
    except csv.Error as error:
        raise _bad(f"it is not CSV: {error}") from error


def _guess(text: str, *, name: str) -> LabelFileFormat:
    suffix = name.lower().rpartition(".")[2]
    if suffix in {"csv", "tsv"}:
        return LabelFileFormat.CSV
    start = text.lstrip()[:1]
    if suffix in {"jsonl", "ndjson"}:
        return LabelFileFormat.JSONL
    if start == "[":
        return LabelFileFormat.LABEL_STUDIO
    if start == "{":
        first_line = text.lstrip().split("\n", 1)[0].strip()
        try:
            is_line = isinstance(json.loads(first_line), dict) and "\n" in text.strip()
        except json.JSONDecodeError:
            is_line = False
        if is_line:
            return LabelFileFormat.JSONL
        return LabelFileFormat.FIFTYONE if "samples" in _parse(text) else LabelFileFormat.COCO
    return LabelFileFormat.CSV


def _read_csv(text: str) -> Iterator[FileLabel]:
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in reader.fieldnames or []]
    if not any(column in names for column in (*CLASS_COLUMNS, "annotations")):
        raise _bad(f"no column is called {' or '.join(CLASS_COLUMNS)}; there are {', '.join(names)[:200]}")
    reader.fieldnames = names
    for number, row in enumerate(reader, start=2):
        yield from _from_row(
            {key: _unescape(value) for key, value in row.items() if isinstance(value, str)}, f"line {number}"
        )


def _read_jsonl(text: str) -> Iterator[FileLabel]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            row = _parse(line, place=f"line {number}")
            if not isinstance(row, dict):
                raise _bad("not an object", place=f"line {number}")
            yield from _from_row(row, f"line {number}")


def _from_row(row: dict[str, Any], place: str) -> Iterator[FileLabel]:
    picture = _picture(row, place)
    everybody = row.get("annotations") or []
    if isinstance(everybody, str):
        everybody = _parse(everybody, place=place)
    if everybody:
        for item in everybody:
            yield FileLabel(
                place=place,
                class_name=_text(item["label"], place),
                author=str(item.get("annotator") or ""),
                labelled_at=_time(item.get("labelled_at"), place),
                **picture,
            )
        return
    class_name = _first(row, CLASS_COLUMNS)
    if class_name in {None, ""}:
        return  # a picture without a label, as in our own exports
    yield FileLabel(
        place=place,
        class_name=_text(class_name, place),
        author=str(_first(row, AUTHOR_COLUMNS) or ""),
        labelled_at=_time(_first(row, TIME_COLUMNS), place),
        **picture,
    )


def _picture(row: dict[str, Any], place: str) -> dict[str, Any]:
    path, sha256, index = _first(row, PATH_COLUMNS), row.get("sha256"), row.get("index")
    if not (path or sha256 or index not in {None, ""}):
        raise _bad(
            f"no picture is named; columns may be {', '.join(PATH_COLUMNS)}, sha256, index", place=place
        )
    try:
        image_index = None if path or sha256 else int(str(index))
    except ValueError as error:
        raise _bad(f"index is {str(index)[:40]!r}, not a whole number", place=place) from error
    return {"path": str(path or ""), "sha256": str(sha256 or ""), "image_index": image_index}


def _read_coco(text: str) -> Iterator[FileLabel]:
    data = _parse(text)
    names = {category["id"]: _text(category["name"], "categories") for category in data["categories"]}
    found: dict[Any, list[Any]] = {}
    for annotation in data.get("annotations", []):
        found.setdefault(annotation["image_id"], []).append(annotation["category_id"])
    for image in data["images"]:
        place = f"image {image['id']}"
        whole = image.get("category_id")
        classes = {whole} if whole is not None else set(found.get(image["id"], []))
        if len(classes) > 1:
            raise _bad(
                f"{len(classes)} classes; a picture has one: {', '.join(sorted(names[key] for key in classes))[:200]}",
                place=place,
            )
        for class_id in classes:
            yield FileLabel(
                place=place,
                class_name=names[class_id],
                path=str(image["file_name"]),
                sha256=str(image.get("sha256") or ""),
                author=str(image.get("annotator") or ""),
                labelled_at=_time(image.get("labelled_at"), place),
            )


def _read_label_studio(text: str) -> Iterator[FileLabel]:
    tasks = _parse(text)
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], start=1):
        place = f"task {task.get('id', number)}"
        data = task["data"]
        path = data.get("path") or next((str(value) for value in data.values() if "/" in str(value)), "")
        for annotation in task.get("annotations") or task.get("completions") or []:
            if annotation.get("was_cancelled"):
                continue
            for class_name, author in _label_studio_choices(annotation):
                yield FileLabel(
                    place=place,
                    class_name=_text(class_name, place),
                    path=str(path).split("?", 1)[0],
                    sha256=str(data.get("sha256") or ""),
                    author=author,
                    labelled_at=_time(annotation.get("created_at"), place),
                )


def _label_studio_choices(annotation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    by = annotation.get("completed_by")
    author = str(by.get("username") or by.get("email") or "") if isinstance(by, dict) else ""
    for result in annotation.get("result", []):
        choices = result.get("value", {}).get("choices") or []
        if choices:
            yield choices[0], str((result.get("meta") or {}).get("annotator") or author)
            return  # one class an annotation


def _read_fiftyone(text: str) -> Iterator[FileLabel]:
    for number, sample in enumerate(_parse(text)["samples"], start=1):
        place = f"sample {number}"
        everybody = (sample.get("annotations") or {}).get("classifications") or []
        truth = sample.get("ground_truth")
        for item in everybody or ([truth] if truth else []):
            yield FileLabel(
                place=place,
                class_name=_text(item["label"], place),
                path=str(sample["filepath"]),
                sha256=str(sample.get("sha256") or ""),
                author=str(item.get("annotator") or ""),
                labelled_at=_time(item.get("labelled_at"), place),
            )


_READERS: dict[LabelFileFormat, Callable[[str], Iterator[FileLabel]]] = {
    LabelFileFormat.CSV: _read_csv,
    LabelFileFormat.JSONL: _read_jsonl,
    LabelFileFormat.COCO: _read_coco,
    LabelFileFormat.LABEL_STUDIO: _read_label_studio,
    LabelFileFormat.FIFTYONE: _read_fiftyone,
}


def _first(row: dict[str, Any], columns: tuple[str, ...]) -> Any:
    return next((row[column] for column in columns if row.get(column) not in {None, ""}), None)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _bad(f"the class is {str(value)[:40]!r}, not a name", place=place)
    return value.strip()


def _unescape(value: str) -> str:
    """Undo the apostrophe that exports put before what a spreadsheet would run."""
    return value[1:] if value.startswith(SPREADSHEET_STARTS) else value


def _time(value: Any, place: str) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _bad(f"the time is {str(value)[:40]!r}, not ISO 8601", place=place) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _parse(text: str, *, place: str = "") -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _bad(f"not JSON: {error}", place=place) from error


def _bad(reason: str, *, place: str = "") -> InvalidInput:
    where = f" at {place}" if place else ""
    return InvalidInput(f"The label file cannot be used{where}: {reason}", code="bad_label_file")

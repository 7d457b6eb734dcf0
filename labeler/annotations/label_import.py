"""Bring the labels of a file into a project: find each row's picture and author, label in as few actions as can be.

Pictures are found by content, else by path, else by the end of a path that only one picture has. Authors are members by
name; labels of people who are no members are the importer's, with the name kept in the provenance. A picture that has
several labels in the file gets them in order of time, so that the latest wins here as it did there.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import transaction

from labeler.accounts.permissions import Action, Role, may
from labeler.accounts.selectors import list_members
from labeler.annotations.classes import get_or_create_class
from labeler.annotations.label_files import FileLabel, LabelFileFormat, read_labels
from labeler.annotations.models import MAX_NAME_CHARS, LabelClass
from labeler.annotations.services import assign_label
from labeler.datasets.models import Image
from labeler.datasets.services import lock_project
from labeler.errors import InvalidInput

MAX_LISTED = 100
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass
class LabelImportResult:
    """What came of it, or would come of it. `not_found` lists the first rows without exactly one picture."""

    num_rows: int = 0
    num_labelled: int = 0
    num_not_found: int = 0
    not_found: list[str] = field(default_factory=list)
    new_classes: list[str] = field(default_factory=list)
    unknown_authors: list[str] = field(default_factory=list)
    sequences: list[int] = field(default_factory=list)


class _Pictures:
    """Images of a project by content, path, and every end of a path; those that were removed by content alone."""

    def __init__(self, project_id: int) -> None:
        removed = Image.objects.filter(project_id=project_id, removed_at__isnull=False)
        self.removed_sha256 = set(removed.values_list("sha256", flat=True))
        self.by_sha256: dict[str, int] = {}
        self.by_path: dict[str, list[int]] = defaultdict(list)
        self.by_name: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.indexes: set[int] = set()
        rows = Image.objects.filter(project_id=project_id, removed_at__isnull=True)
        for index, path, sha256 in rows.values_list("index", "path", "sha256").iterator(chunk_size=10_000):
            self.by_sha256[sha256] = index
            self.by_path[path].append(index)
            self.by_name[path.rpartition("/")[2]].append((path, index))
            self.indexes.add(index)

    def find(self, label: FileLabel) -> int | str:
        """The image's index, or why there is not exactly one."""
        if label.sha256:
            if label.sha256 in self.removed_sha256:
                return f"the picture with the sha256 {label.sha256[:16]}… was removed from the project"
            found = self.by_sha256.get(label.sha256)
            return f"no picture has the sha256 {label.sha256[:16]}…" if found is None else found
        if label.image_index is not None:
            known = label.image_index in self.indexes
            return label.image_index if known else f"there is no image {label.image_index}"
        path = label.path.replace("\\", "/").removeprefix("./")
        exact = self.by_path.get(path, [])
        if len(exact) == 1:
            return exact[0]
        candidates = self.by_name.get(path.rpartition("/")[2], [])
        for matches in (
            [
                index
                for known, index in candidates
                if known.endswith(f"/{path}") or path.endswith(f"/{known}")
            ],
            [index for _, index in candidates],
        ):
            if len(matches) == 1:
                return matches[0]
        shown = path[-120:]
        return (
            f"{len(candidates)} pictures are called {shown!r}"
            if candidates
            else f"no picture is called {shown!r}"
        )


@transaction.atomic
def import_labels(
    *, project_id: int, user: User, content: bytes, name: str, format: LabelFileFormat, dry_run: bool
) -> LabelImportResult:
    """Label the project's images as a file says. The same file again changes nothing.

    Raises:
        InvalidInput: the file cannot be read, holds no labels, or a class name is too long.
    """
    labels = read_labels(content, format=format, name=name)
    if not labels:
        raise InvalidInput(f"{name!r} holds no labels", code="no_labels")
    lock_project(project_id)  # nobody removes a picture between finding it and labelling it
    result = LabelImportResult(num_rows=len(labels))
    found = list(_found(labels, _Pictures(project_id), result))
    result.num_labelled = len({index for index, _ in found})
    _note_classes(project_id, found, result)
    authors = _authors(project_id, user, found, result)
    if not dry_run:
        file_key = hashlib.sha256(content).hexdigest()
        for number, members in enumerate(_rounds(found)):
            _label_round(project_id, members, authors, f"{file_key}/{number}", result)
    return result


def _found(
    labels: Sequence[FileLabel], pictures: _Pictures, result: LabelImportResult
) -> Iterator[tuple[int, FileLabel]]:
    for label in labels:
        if len(label.class_name) > MAX_NAME_CHARS:
            raise InvalidInput(
                f"A class name of {len(label.class_name)} characters at {label.place}; the limit is {MAX_NAME_CHARS}"
            )
        index = pictures.find(label)
        if isinstance(index, int):
            yield index, label
            continue
        result.num_not_found += 1
        if len(result.not_found) < MAX_LISTED:
            result.not_found.append(f"{label.place}: {index}")


def _note_classes(project_id: int, found: Sequence[tuple[int, FileLabel]], result: LabelImportResult) -> None:
    names = LabelClass.objects.filter(project_id=project_id).values_list("name", flat=True)
    known = {name.casefold() for name in names}
    for _, label in found:
        if label.class_name.casefold() not in known:
            known.add(label.class_name.casefold())
            result.new_classes.append(label.class_name)


def _authors(
    project_id: int, user: User, found: Sequence[tuple[int, FileLabel]], result: LabelImportResult
) -> dict[str, tuple[User, str]]:
    """By the name in the file: whose label it becomes, and the name to keep when that is somebody else."""
    members = {
        name: membership.user
        for membership in list_members(project_id=project_id)
        if may(Role(membership.role), Action.LABEL)
        for name in (membership.user.username, membership.user.email)
        if name
    }
    authors: dict[str, tuple[User, str]] = {"": (user, "")}
    for name in sorted({label.author for _, label in found} - {""}):
        member = user if name == user.username else members.get(name)
        authors[name] = (user, name) if member is None else (member, "")
        if member is None:
            result.unknown_authors.append(name)
    return authors


def _rounds(found: Sequence[tuple[int, FileLabel]]) -> Iterator[list[tuple[int, FileLabel]]]:
    """First the oldest label of every picture, then the second, and so on."""
    by_image: dict[int, list[FileLabel]] = defaultdict(list)
    for index, label in found:
        by_image[index].append(label)
    for labels in by_image.values():
        labels.sort(key=lambda label: label.labelled_at or _EARLIEST)
    for number in range(max(map(len, by_image.values()), default=0)):
        yield [(index, labels[number]) for index, labels in by_image.items() if number < len(labels)]


def _label_round(
    project_id: int,
    members: Sequence[tuple[int, FileLabel]],
    authors: dict[str, tuple[User, str]],
    key: str,
    result: LabelImportResult,
) -> None:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, label in members:
        groups[label.author, label.class_name].append(index)
    for (author, class_name), indexes in groups.items():
        user, kept_name = authors[author]
        label_class = get_or_create_class(project_id=project_id, name=class_name)
        action = assign_label(
            project_id=project_id,
            user=user,
            class_id=label_class.id,
            image_indexes=indexes,
            client_action_id=uuid.uuid5(
                uuid.NAMESPACE_OID, f"labels/{project_id}/{key}/{author}/{class_name}"
            ),
            provenance={"gesture": "import", **({"author": kept_name} if kept_name else {})},
        )
        result.sequences.append(action.action.sequence)

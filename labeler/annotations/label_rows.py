"""Read and write the rows behind a label action in bulk: thousands of images are a handful of statements.

Rows travel as tuples, not as model objects, labels are written by one statement a chunk, and numbers stand in the
statements: for 10,000 images, objects and bound parameters cost more than the database does. On PostgreSQL the numbers
are one array, which it neither parses nor plans number by number, as it does with a list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.contrib.auth.models import User
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from labeler.annotations.models import Label, LabelClass
from labeler.annotations.packing import CLEARED, NO_LABEL
from labeler.annotations.selectors import QUERY_CHUNK
from labeler.datasets.models import Image, Project
from labeler.errors import InvalidInput

T = TypeVar("T")
NUMBERS_IN_ARRAY = 100_000  # of one statement: some megabytes
UPSERT = """
    WITH given (image_id, class_id, sequence) AS ({given})
    INSERT INTO {label} (project_id, image_id, annotator_id, label_class_id, sequence, updated_at)
    SELECT %s, image_id, %s, CAST(class_id AS bigint), sequence, %s FROM given WHERE true
    ON CONFLICT (image_id, annotator_id) DO UPDATE SET
        label_class_id = excluded.label_class_id,
        sequence = excluded.sequence,
        updated_at = excluded.updated_at
"""


class IsAmong(Func):
    """A filter: a column of integers is one of these numbers, which are written into the statement. As parameters they
    cost more than the query.

    On PostgreSQL they are an array of the column's own type: of another one, a plan that filters looks through all of
    it for every row, in place of a hash table.
    """

    template = "%(expressions)s IN (%(listed)s)"
    output_field = BooleanField()

    def __init__(self, column: str, numbers: Iterable[int]) -> None:
        super().__init__(F(column), listed=",".join(map(str, map(int, numbers))))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Called by Django in the place of `as_sql`."""
        column_type = self.get_source_expressions()[0].output_field.db_type(connection)
        template = f"%(expressions)s = ANY('{{%(listed)s}}'::{column_type}[])"
        return self.as_sql(compiler, connection, template=template)


class ImageRow(NamedTuple):
    """What a label action must know of an image; `class_id` is the resolved one."""

    id: int
    image_index: int
    class_id: int | None
    is_removed: bool


class State(NamedTuple):
    """An annotator's label of one image: class id, `NO_LABEL` or `CLEARED`, and the sequence that set it."""

    class_id: int = NO_LABEL
    sequence: int = 0

    @property
    def resolved_class_id(self) -> int | None:
        """The class that an image gets from this label when no later one is there."""
        return None if self.class_id in {NO_LABEL, CLEARED} else self.class_id


def load_images(project: Project, indexes: Sequence[int]) -> list[ImageRow]:
    """The images at distinct indexes, in order of index, those that were removed among them.

    Raises:
        InvalidInput: an index without an image.
    """
    images: list[ImageRow] = []
    possible = [index for index in sorted(indexes) if index < project.num_images]  # fit into the column
    for chunk in _pieces(possible):
        found = Image.objects.filter(IsAmong("index", chunk), project=project).order_by("index")
        rows = _fetch_all(found.values_list("id", "index", "resolved_class_id", "removed_at"))
        images.extend(
            ImageRow(image_id, index, class_id, removed_at is not None)
            for image_id, index, class_id, removed_at in rows
        )
    if len(images) != len(indexes):
        missing = sorted(set(indexes) - {image.image_index for image in images})
        raise InvalidInput(
            f"No image at index {', '.join(map(str, missing[:5]))}{' …' if len(missing) > 5 else ''}; "
            f"the project has {project.num_images} images",
            code="no_such_image",
        )
    return images


def load_states(images: Sequence[ImageRow]) -> dict[int, dict[int, State]]:
    """Everybody's labels by image id and annotator id; images without labels have no entry."""
    states: dict[int, dict[int, State]] = defaultdict(dict)
    for chunk in _pieces([image.id for image in images]):
        labels = Label.objects.filter(IsAmong("image_id", chunk))
        rows = _fetch_all(labels.values_list("image_id", "annotator_id", "label_class_id", "sequence"))
        for image_id, annotator_id, class_id, sequence in rows:
            states[image_id][annotator_id] = State(CLEARED if class_id is None else class_id, sequence)
    return states


def load_states_of(user: User, images: Sequence[ImageRow]) -> dict[int, State]:
    """One user's labels of these images, by image id."""
    nothing = State()
    states = dict.fromkeys((image.id for image in images), nothing)
    for chunk in _pieces(list(states)):
        labels = Label.objects.filter(IsAmong("image_id", chunk), annotator=user)
        for image_id, class_id, sequence in _fetch_all(
            labels.values_list("image_id", "label_class_id", "sequence")
        ):
            states[image_id] = State(CLEARED if class_id is None else class_id, sequence)
    return states


def write_states(states: Mapping[int, State], *, project: Project, user: User) -> None:
    """Make these the user's labels of the images, by image id; `NO_LABEL` removes the row."""
    gone = [image_id for image_id, state in states.items() if state.class_id == NO_LABEL]
    for chunk in _pieces(gone):
        Label.objects.filter(IsAmong("image_id", chunk), annotator=user).delete()
    kept = [(image_id, state) for image_id, state in states.items() if state.class_id != NO_LABEL]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        for piece in _pieces(kept):
            statement = UPSERT.format(label=Label._meta.db_table, given=_as_table(piece))
            cursor.execute(statement, [project.id, user.pk, now])


def write_classes(project: Project, images: Sequence[ImageRow], classes: Mapping[int, int | None]) -> int:
    """Write the images' resolved classes, given by image id, and move the counts of classes and project.

    Removed images are written and not counted. `project.num_labelled` is changed on the object only; the caller saves
    it with the sequence.

    Returns:
        How many images have another class now.
    """
    change: Counter[int | None] = Counter()
    by_class: dict[int | None, list[int]] = defaultdict(list)
    for image in images:
        new = classes[image.id]
        if new == image.class_id:
            continue
        by_class[new].append(image.id)
        if not image.is_removed:
            change[image.class_id] -= 1
            change[new] += 1
    for class_id, image_ids in by_class.items():
        update_images(image_ids, resolved_class_id=class_id)
    project.num_labelled -= change.pop(None, 0)
    add_to_counts(change)
    return sum(map(len, by_class.values()))


def add_to_counts(change: Mapping[int | None, int]) -> None:
    """Add to the classes' numbers of labels, by class id; what is under `None` belongs to no class."""
    for class_id, delta in sorted((key, delta) for key, delta in change.items() if key is not None):
        LabelClass.objects.filter(id=class_id).update(num_labels=F("num_labels") + delta)


def update_images(image_ids: Sequence[int], **columns: Any) -> None:
    """Give columns of these images the same values."""
    for chunk in _pieces(image_ids):
        Image.objects.filter(IsAmong("id", chunk)).update(**columns)


def _as_table(labels: Sequence[tuple[int, State]]) -> str:
    """Image id, class id and sequence of each label as a query that needs no parameters."""
    image_ids = [int.__repr__(image_id) for image_id, _ in labels]
    class_ids = [
        "NULL" if class_id == CLEARED else int.__repr__(class_id) for _, (class_id, _sequence) in labels
    ]
    sequences = [int.__repr__(sequence) for _, (_class_id, sequence) in labels]
    if not _has_arrays():
        return "VALUES " + ",".join(map("({},{},{})".format, image_ids, class_ids, sequences))
    arrays = (f"'{{{','.join(column)}}}'::bigint[]" for column in (image_ids, class_ids, sequences))
    return f"SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608  # integers only


def _fetch_all(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver gives them, at once: Django takes a hundred at a time."""
    statement, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a list into what one statement takes."""
    size = NUMBERS_IN_ARRAY if _has_arrays() else QUERY_CHUNK
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _has_arrays() -> bool:
    return connection.vendor == "postgresql"

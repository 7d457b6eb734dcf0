"""Read and write the rows behind a label action in bulk: thousands of images are a handful of statements.

Rows travel as tuples, not as model objects, labels are written by one statement a chunk, and numbers stand in the
statements: for 10,000 images, objects and bound parameters cost more than the database does.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone

from labeler.annotations.models import Label, LabelClass
from labeler.annotations.packing import CLEARED, NO_LABEL
from labeler.annotations.selectors import chunks
from labeler.datasets.models import Image, Project
from labeler.errors import InvalidInput

UPSERT = """
    WITH given (image_id, class_id, sequence) AS (VALUES {rows})
    INSERT INTO {label} (project_id, image_id, annotator_id, label_class_id, sequence, updated_at)
    SELECT %s, image_id, %s, CAST(class_id AS bigint), sequence, %s FROM given WHERE true
    ON CONFLICT (image_id, annotator_id) DO UPDATE SET
        label_class_id = excluded.label_class_id,
        sequence = excluded.sequence,
        updated_at = excluded.updated_at
"""


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
    for chunk in chunks(sorted(indexes)):
        found = Image.objects.filter(project=project, index__in=among(chunk)).order_by("index")
        rows = found.values_list("id", "index", "resolved_class_id", "removed_at")
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


def load_states(images: Sequence[ImageRow], *, user: User | None = None) -> dict[int, dict[int, State]]:
    """Labels by image id and annotator id, of everybody or of one user; images without labels have no entry."""
    states: dict[int, dict[int, State]] = defaultdict(dict)
    for chunk in chunks([image.id for image in images]):
        labels = Label.objects.filter(image_id__in=among(chunk))
        if user is not None:
            labels = labels.filter(annotator=user)
        rows = labels.values_list("image_id", "annotator_id", "label_class_id", "sequence")
        for image_id, annotator_id, class_id, sequence in rows:
            states[image_id][annotator_id] = State(CLEARED if class_id is None else class_id, sequence)
    return states


def write_states(states: Mapping[int, State], *, project: Project, user: User) -> None:
    """Make these the user's labels of the images, by image id; `NO_LABEL` removes the row."""
    gone = [image_id for image_id, state in states.items() if state.class_id == NO_LABEL]
    for chunk in chunks(gone):
        Label.objects.filter(annotator=user, image_id__in=among(chunk)).delete()
    kept = [
        f"({image_id:d},{_sql_class(state)},{state.sequence:d})"
        for image_id, state in states.items()
        if state.class_id != NO_LABEL
    ]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        for rows in chunks(kept):
            statement = UPSERT.format(label=Label._meta.db_table, rows=",".join(rows))
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
        for chunk in chunks(image_ids):
            Image.objects.filter(id__in=among(chunk)).update(resolved_class_id=class_id)
    project.num_labelled -= change.pop(None, 0)
    add_to_counts(change)
    return sum(map(len, by_class.values()))


def add_to_counts(change: Mapping[int | None, int]) -> None:
    """Add to the classes' numbers of labels, by class id; what is under `None` belongs to no class."""
    for class_id, delta in sorted((key, delta) for key, delta in change.items() if key is not None):
        LabelClass.objects.filter(id=class_id).update(num_labels=F("num_labels") + delta)


def among(numbers: Iterable[int]) -> RawSQL:
    """The numbers for an `__in` lookup, written into the statement; as parameters they cost more than the query."""
    return RawSQL(",".join(f"{number:d}" for number in numbers), ())  # noqa: S611  # integers only


def _sql_class(state: State) -> str:
    return "NULL" if state.class_id == CLEARED else f"{state.class_id:d}"

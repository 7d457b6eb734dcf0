"""What an export is made of: its images in order of index, each with labels, prediction and weak box.

A source is pinned when it is opened: to a label sequence, a model version, a number of images, and which of them are
in the project. Its rows can be read more than once and are the same each time; only a chunk of them is in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User

from labeler.annotations.models import LabelAction, LabelClass
from labeler.annotations.selectors import chunks
from labeler.datasets.crop_rates import ImageRates, Rates, get_rates, pick_rates
from labeler.datasets.models import Image, Project
from labeler.datasets.selectors import get_project, list_removed_indexes
from labeler.errors import InvalidInput, NotFound
from labeler.exports.schemas import ExportIn, Labelled
from labeler.exports.snapshot import LabelSnapshot, take_snapshot
from labeler.lib.boxes import pixel_boxes
from labeler.results.image_rates import boxes_at_rates, read_salient_area
from labeler.results.models import ModelVersion
from labeler.results.selectors import NO_PREDICTION, get_latest_model, get_model_array, read_array

CHUNK = 2_000
REPORT_EVERY = 100
TRAINING, VALIDATION = "train", "val"
_HASH_DIGITS = 8  # of the sha256: the 32 bits that choose the split

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Annotation:
    """The standing label of one person."""

    annotator: str
    label: str
    sequence: int
    labelled_at: datetime


@dataclass(frozen=True)
class ExportRow:
    """One image. `box` is in pixels of the upright original, xyxy edges; what is missing is None."""

    image: Image
    class_id: int | None
    label: str | None
    annotator: str | None
    labelled_at: datetime | None
    label_sequence: int | None
    provenance: dict[str, Any]
    annotations: tuple[Annotation, ...]
    predicted_class_id: int | None
    predicted_label: str | None
    confidence: float | None
    model_version: int | None
    retention: float | None
    box: Box | None

    @property
    def agreement(self) -> float | None:
        """Share of the people who labelled the image that gave it the class it has."""
        if not self.annotations or self.label is None:
            return None
        same = sum(annotation.label == self.label for annotation in self.annotations)
        return round(same / len(self.annotations), 4)


@dataclass(frozen=True)
class ModelColumns:
    """Arrays of one model, memory-mapped."""

    model: ModelVersion
    predicted_class: npt.NDArray[Any]
    confidence: npt.NDArray[Any]
    profiles: npt.NDArray[Any]
    salient_area: npt.NDArray[Any] | None


@dataclass(frozen=True)
class ExportSource:
    """A pinned export. `options` has every default filled in, so that it asks for the same again."""

    project: Project
    options: ExportIn
    snapshot: LabelSnapshot
    classes: dict[int, str]  # every class that a row may have, by id, in the project's order
    usernames: dict[int, str]
    columns: ModelColumns | None
    rates: ImageRates | None  # of the weak boxes; none: one retention for all
    removed: frozenset[int]  # images that were not in the project when the source was opened
    on_progress: Callable[[int, int], None] = lambda done, total: None  # gets images read, of how many

    @property
    def retention(self) -> float | None:
        """Retention of the weak boxes; none where each image has its crop rate."""
        return self.options.retention

    @property
    def num_images(self) -> int:
        """Images before the filter."""
        return self.options.num_images or 0

    def rows(self) -> Iterator[ExportRow]:
        """The images that pass the filter, in order of index."""
        after = -1
        while images := self._images(after):
            after = images[-1].index
            there = [image for image in images if image.index not in self.removed]
            for row in self._chunk_rows(there):
                if row.image.index % REPORT_EVERY == 0:
                    self.on_progress(row.image.index, self.num_images)
                if self._is_wanted(row):
                    yield row
        self.on_progress(self.num_images, self.num_images)

    def class_of(self, row: ExportRow) -> tuple[int, str] | None:
        """Class id and name that a format of one class an image writes: the label, or what the options put for it."""
        if row.class_id is not None and row.label is not None:
            return row.class_id, row.label
        predicted = row.predicted_class_id
        if self.options.fill_with_predictions and predicted is not None and row.predicted_label is not None:
            return predicted, row.predicted_label
        return None

    def split_of(self, row: ExportRow) -> str:
        """`train` or `val`, by the picture's content: the same in every export at the same share."""
        place = int(row.image.sha256[:_HASH_DIGITS], 16) / 16**_HASH_DIGITS
        return VALIDATION if place < self.options.validation_share else TRAINING

    def _images(self, after: int) -> list[Image]:
        images = Image.objects.filter(project_id=self.project.id, index__gt=after, index__lt=self.num_images)
        return list(images.order_by("index")[:CHUNK])

    def _chunk_rows(self, images: list[Image]) -> list[ExportRow]:
        labels = {image.index: list(self.snapshot.annotations(image.index)) for image in images}
        actions = self._actions({row[2] for rows in labels.values() for row in rows})
        boxes = _boxes(images, self.columns, rates=self.image_rates(images))
        return [self._row(image, labels[image.index], actions, boxes.get(image.index)) for image in images]

    def _actions(self, sequences: set[int]) -> dict[int, tuple[datetime, dict[str, Any]]]:
        """Time and provenance of actions; a label's time is its action's, which an undo brings back."""
        found: dict[int, tuple[datetime, dict[str, Any]]] = {}
        for chunk in chunks(sorted(sequences)):
            actions = LabelAction.objects.filter(project_id=self.project.id, sequence__in=chunk)
            for sequence, created_at, provenance in actions.values_list(
                "sequence", "created_at", "provenance"
            ):
                found[sequence] = (created_at, provenance)
        return found

    def _row(
        self,
        image: Image,
        labels: list[tuple[int, int, int]],
        actions: dict[int, tuple[datetime, dict[str, Any]]],
        box: Box | None,
    ) -> ExportRow:
        class_id = int(self.snapshot.class_id[image.index]) or None
        decided_at = int(self.snapshot.decided_at[image.index]) or None
        columns = self.columns if box is not None else None
        predicted = None if columns is None else int(columns.predicted_class[image.index])
        return ExportRow(
            image=image,
            class_id=class_id,
            label=None if class_id is None else self.classes[class_id],
            annotator=self.usernames.get(int(self.snapshot.decided_by[image.index])),
            labelled_at=None if decided_at is None else actions[decided_at][0],
            label_sequence=decided_at,
            provenance={} if decided_at is None else actions[decided_at][1],
            annotations=tuple(
                Annotation(self.usernames[user], self.classes[label], sequence, actions[sequence][0])
                for user, label, sequence in labels
            ),
            predicted_class_id=predicted,
            predicted_label=None if predicted is None else self.classes.get(predicted),
            confidence=None if columns is None else round(int(columns.confidence[image.index]) / 255, 4),
            model_version=None if columns is None else columns.model.number,
            retention=None if columns is None else self._retention_of(image),
            box=box,
        )

    def image_rates(self, images: list[Image]) -> ImageRates:
        """Crop rates of these images, in their order."""
        if self.rates is None:
            share = np.full(len(images), self.options.retention or self.project.retention)
            return ImageRates(retention=share, is_whole=np.zeros(len(images), dtype=np.bool_))
        rows = [image.index for image in images]
        return ImageRates(retention=self.rates.retention[rows], is_whole=self.rates.is_whole[rows])

    def _retention_of(self, image: Image) -> float | None:
        rate = self.image_rates([image])
        return None if rate.is_whole[0] else float(rate.retention[0])

    def _is_wanted(self, row: ExportRow) -> bool:
        options = self.options
        by_label = {
            Labelled.ALL: True,
            Labelled.LABELLED: row.label is not None,
            Labelled.UNLABELLED: row.label is None,
            Labelled.DISAGREES: row.label is not None and row.predicted_label not in {None, row.label},
        }[options.labelled]
        return (
            by_label
            and (not options.class_id or row.class_id in options.class_id)
            and (not options.annotator or row.annotator in options.annotator)
            and row.image.path.startswith(options.path_prefix)
        )


def open_source(*, project_id: int, options: ExportIn) -> ExportSource:
    """Pin an export: fill in the defaults of now, load the labels of its sequence and the arrays of its model.

    Raises:
        InvalidInput: a sequence, a number of images or a class that the project does not have.
        NotFound: no such model.
    """
    project = get_project(project_id=project_id)
    sequence = project.label_sequence if options.sequence is None else options.sequence
    num_images = project.num_images if options.num_images is None else options.num_images
    if sequence > project.label_sequence:
        raise InvalidInput(
            f"sequence is {sequence}; the project's last label action is {project.label_sequence}"
        )
    if num_images > project.num_images:
        raise InvalidInput(f"num_images is {num_images}; the project has {project.num_images}")
    columns = _load_columns(project_id, options.model_version)
    snapshot = take_snapshot(project_id=project_id, sequence=sequence, num_images=num_images)
    version = 0 if options.retention else options.crop_rates
    rates = get_rates(project_id=project_id, version=version)
    pinned = options.model_copy(
        update={
            "sequence": sequence,
            "num_images": num_images,
            "model_version": 0 if columns is None else columns.model.number,
            "retention": options.retention or (None if rates.version else project.retention),
            "crop_rates": rates.version,
        }
    )
    users = User.objects.filter(id__in=list(snapshot.labels)).values_list("id", "username")
    return ExportSource(
        project=project,
        options=pinned,
        snapshot=snapshot,
        classes=_list_classes(project_id, snapshot, columns, wanted=options.class_id),
        usernames=dict(users),
        columns=columns,
        rates=_pick_rates(project_id, rates, columns, snapshot, num_images=num_images)
        if rates.version
        else None,
        removed=frozenset(list_removed_indexes(project_id=project_id, num_images=num_images)),
    )


def _pick_rates(
    project_id: int,
    rates: Rates,
    columns: ModelColumns | None,
    snapshot: LabelSnapshot,
    *,
    num_images: int,
) -> ImageRates:
    """Crop rates of all images; a class override looks at the label, and at the prediction where there is none."""
    class_ids = np.array(snapshot.class_id[:num_images])
    if columns is not None:
        seen = min(num_images, len(columns.predicted_class))
        class_ids[:seen] = np.where(class_ids[:seen] > 0, class_ids[:seen], columns.predicted_class[:seen])
    return pick_rates(
        rates,
        project_id=project_id,
        num_images=num_images,
        salient_area=None if columns is None else columns.salient_area,
        class_ids=class_ids,
    )


def _list_classes(
    project_id: int, snapshot: LabelSnapshot, columns: ModelColumns | None, *, wanted: list[int]
) -> dict[int, str]:
    """Classes in use and active ones in the project's order; archived ones only where a label or a model has them."""
    everything = list(
        LabelClass.objects.filter(project_id=project_id)
        .order_by("position", "id")
        .values_list("id", "name", "archived_at")
    )
    unknown = sorted(set(wanted) - {class_id for class_id, _, _ in everything})
    if unknown:
        raise InvalidInput(f"Project {project_id} has no class {unknown[0]}", code="no_such_class")
    used = {int(class_id) for labels in snapshot.labels.values() for class_id in np.unique(labels.class_id)}
    used |= set() if columns is None else set(columns.model.class_ids)
    return {
        class_id: name
        for class_id, name, archived_at in everything
        if archived_at is None or class_id in used
    }


def _load_columns(project_id: int, number: int | None) -> ModelColumns | None:
    if number == 0:
        return None
    if number is None:
        model = get_latest_model(project_id=project_id)
    else:
        model = ModelVersion.objects.filter(project_id=project_id, number=number).first()
        if model is None:
            raise NotFound(f"Project {project_id} has no model {number}", code="no_such_model")
    if model is None:
        return None
    return ModelColumns(
        model=model,
        predicted_class=read_array(get_model_array(model=model, name="predicted_class")),
        confidence=read_array(get_model_array(model=model, name="confidence")),
        profiles=read_array(get_model_array(model=model, name="profiles")),
        salient_area=read_salient_area(model),
    )


def _boxes(images: list[Image], columns: ModelColumns | None, *, rates: ImageRates) -> dict[int, Box]:
    if columns is None:
        return {}
    is_seen = np.array(
        [
            image.index < columns.model.num_images and columns.predicted_class[image.index] != NO_PREDICTION
            for image in images
        ]
    )
    seen = [image for image, is_in in zip(images, is_seen, strict=True) if is_in]
    if not seen:
        return {}
    unit = boxes_at_rates(
        np.array(columns.profiles[[image.index for image in seen]]),
        ImageRates(retention=rates.retention[is_seen], is_whole=rates.is_whole[is_seen]),
        height=columns.model.map_height,
        width=columns.model.map_width,
    )
    boxes = pixel_boxes(
        unit,
        height_px=np.array([image.height for image in seen]),
        width_px=np.array([image.width for image in seen]),
    )
    return {image.index: tuple(box.tolist()) for image, box in zip(seen, boxes, strict=True)}

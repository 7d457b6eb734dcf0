"""Suggestions: predictions ranked for confirming, "label the rest" at a stated precision, doubted labels, what to
label next. All of the latest model and the latest suggestion set, against the labels of this moment.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db.models import Count, F

from labeler.annotations.models import Label, LabelAction
from labeler.annotations.selectors import get_labels, list_classes
from labeler.annotations.services import ActionResult, assign_label
from labeler.datasets.models import Image
from labeler.datasets.selectors import list_removed_indexes
from labeler.errors import Conflict, NotFound, NotReady
from labeler.results.models import ModelVersion, SuggestionSet
from labeler.results.precision import Threshold, find_threshold
from labeler.results.selectors import get_latest_model, get_model_array, read_array

MAX_DISAGREEMENTS = 2_000


@dataclass(frozen=True)
class Predictions:
    """The latest model on its N images: `confidence` (N,) of `class_ids` (N,), and which images wait for a label.

    `measured_confidence` (N,) of `measured_class_ids` (N,) is what its heads said before they learned from the held-out
    labels. `labels` (N,) are the class ids of this moment, 0 = none; `is_waiting` (N,): no label, not removed.
    """

    model: ModelVersion
    class_ids: npt.NDArray[np.int32]
    confidence: npt.NDArray[np.float32]
    measured_class_ids: npt.NDArray[np.int32]
    measured_confidence: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int32]
    is_waiting: npt.NDArray[np.bool_]


def read_predictions(*, project_id: int) -> Predictions:
    """Predictions beside the labels of this moment.

    Raises:
        NotReady: there is no model yet.
    """
    model = get_latest_model(project_id=project_id)
    if model is None:
        raise NotReady("Suggestions come with the first model", code="no_model")
    class_ids = np.array(read_array(get_model_array(model=model, name="predicted_class")))
    confidence = read_array(get_model_array(model=model, name="probabilities")).max(axis=1).astype(np.float32)
    measured_class_ids, measured_confidence = class_ids, confidence
    if model.arrays.filter(name="measured_class").exists():  # older versions predict with what was measured
        measured_class_ids, measured_confidence = (
            np.array(read_array(get_model_array(model=model, name=f"measured_{name}")))
            for name in ("class", "confidence")
        )
    labels = _labels(project_id, num_images=model.num_images)
    is_waiting = labels == 0
    is_waiting[list_removed_indexes(project_id=project_id, num_images=model.num_images)] = False
    return Predictions(
        model,
        class_ids,
        confidence,
        measured_class_ids,
        measured_confidence.astype(np.float32),
        labels,
        is_waiting,
    )


def list_ranked(*, project_id: int, class_id: int, after: int, limit: int) -> dict[str, Any]:
    """A page of unlabelled images predicted so, most certain first.

    The cursor is a place in the model's own ranking, so labels given meanwhile never shift a page.
    """
    _get_active_class(project_id=project_id, class_id=class_id)
    predictions = read_predictions(project_id=project_id)
    ranking = _ranking(predictions, class_id)
    waiting = predictions.is_waiting[ranking]
    places = np.flatnonzero(waiting)
    later = places[places > after]
    page = later[:limit]
    return {
        "model_version": predictions.model.number,
        "class_id": class_id,
        "num_predicted": len(ranking),
        "num_waiting": len(places),
        "num_after": len(later) - len(page),
        "items": [
            {"index": int(ranking[place]), "confidence": float(predictions.confidence[ranking[place]])}
            for place in page
        ],
        "next": int(page[-1]) if len(later) > len(page) else None,
    }


def summarize_classes(*, project_id: int, precision: float) -> dict[str, Any]:
    """For each active class of the model: how many images wait, and what "label the rest" can promise."""
    predictions = read_predictions(project_id=project_id)
    active = set(list_classes(project_id=project_id).values_list("id", flat=True))
    rows = []
    for class_id in predictions.model.class_ids:
        if class_id not in active:
            continue
        threshold = _threshold(predictions, class_id, precision=precision)
        rows.append(
            {
                "class_id": class_id,
                "num_waiting": int((predictions.is_waiting & (predictions.class_ids == class_id)).sum()),
                "num_above": len(_above(predictions, class_id, threshold)),
                "confidence": threshold.confidence,
                "bound": threshold.bound,
                "num_right": threshold.num_right,
                "num_accepted": threshold.num_accepted,
                "num_heldout": threshold.num_heldout,
                "num_needed": threshold.num_needed,
            }
        )
    return {"model_version": predictions.model.number, "precision": precision, "classes": rows}


def label_the_rest(
    *,
    project_id: int,
    user: User,
    class_id: int,
    precision: float,
    model_version: int,
    client_action_id: UUID,
) -> ActionResult:
    """Accept every unlabelled prediction of a class above the threshold for the precision, as one undoable action.

    Raises:
        NotReady: no model; held-out labels too few, or not right often enough; nothing left to label.
        Conflict: another model than the one that was shown is the latest now.
    """
    _get_active_class(project_id=project_id, class_id=class_id)
    predictions = read_predictions(project_id=project_id)
    repeated = LabelAction.objects.filter(project_id=project_id, client_action_id=client_action_id).exists()
    if predictions.model.number != model_version and not repeated:
        raise Conflict(
            f"Model {predictions.model.number} has replaced model {model_version}; look again",
            code="model_replaced",
        )
    threshold = _threshold(predictions, class_id, precision=precision)
    indexes = _above(predictions, class_id, threshold)
    if not repeated:
        _require_promise(threshold, precision=precision)
        if len(indexes) == 0:
            raise NotReady("No unlabelled image is above the threshold", code="nothing_to_label")
    return assign_label(
        project_id=project_id,
        user=user,
        class_id=class_id,
        image_indexes=indexes.tolist(),
        client_action_id=client_action_id,
        provenance={
            "gesture": "rest",
            "model_version": predictions.model.number,
            "precision_target": precision,
            "precision_bound": threshold.bound,
            "confidence_threshold": threshold.confidence,
            "num_heldout": threshold.num_accepted,
        },
        is_accepted=True,
        only_unlabelled=True,
    )


def list_to_label_next(*, project_id: int, num: int) -> dict[str, Any]:
    """Images to label next, best first: diverse ones before a model, doubtful ones after it."""
    latest = get_latest_set(project_id=project_id)
    if latest is None:
        raise NotReady("The order of labeling comes with the first features", code="no_suggestions")
    order = read_set_array(latest, "label_order")
    labels = _labels(project_id, num_images=latest.num_images)
    labels[list_removed_indexes(project_id=project_id, num_images=latest.num_images)] = -1
    waiting = order[labels[order] == 0]
    return {
        "kind": latest.order_kind,
        "model_version": None if latest.model_version is None else latest.model_version.number,
        "num_waiting": len(waiting),
        "image_indexes": waiting[:num].tolist(),
    }


def list_suspects(*, project_id: int, limit: int) -> dict[str, Any]:
    """Labels that the model doubts, worst first: still as they were then, and not looked at since in a review."""
    latest = get_latest_set(project_id=project_id)
    if latest is None or not latest.arrays.filter(name="suspect_image").exists():
        raise NotReady("Labels are doubted once two classes have 5 labels", code="no_suggestions")
    images, given, suggested, quality = (
        read_set_array(latest, f"suspect_{name}") for name in ("image", "label", "class", "quality")
    )
    labels = _labels(project_id, num_images=latest.num_images)
    reviewed = _reviewed_images(project_id)
    active = set(list_classes(project_id=project_id).values_list("id", flat=True))
    rows = [
        {"index": int(index), "class_id": int(a), "suggested_class_id": int(b), "quality": float(q)}
        for index, a, b, q in zip(images, given, suggested, quality, strict=True)
        if labels[index] == a and int(index) not in reviewed and int(b) in active
    ]
    return {"label_sequence": latest.label_sequence, "num_suspects": len(rows), "items": rows[:limit]}


def list_disagreements(*, project_id: int, limit: int) -> dict[str, Any]:
    """Images to which annotators gave different classes, those with most labels first."""
    standing = Label.objects.filter(
        project_id=project_id, label_class__isnull=False, image__removed_at__isnull=True
    )
    split = (
        standing.values("image_id")
        .annotate(num_classes=Count("label_class", distinct=True), num_labels=Count("id"))
        .filter(num_classes__gt=1)
        .order_by("-num_labels", "image_id")
    )
    reviewed = _reviewed_images(project_id)
    image_ids = [row["image_id"] for row in split[:MAX_DISAGREEMENTS]]
    given: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = standing.filter(image_id__in=image_ids).order_by("sequence")
    for image_id, annotator, class_id in rows.values_list(
        "image_id", "annotator__username", "label_class_id"
    ):
        given[image_id].append({"annotator": annotator, "class_id": class_id})
    images = Image.objects.filter(id__in=image_ids).values_list("id", "index", "resolved_class_id")
    facts = {image_id: (index, class_id) for image_id, index, class_id in images}
    items = [
        {"index": facts[image_id][0], "class_id": facts[image_id][1], "labels": given[image_id]}
        for image_id in image_ids
        if facts[image_id][0] not in reviewed
    ]
    return {"num_images": len(items), "items": items[:limit]}


def get_latest_set(*, project_id: int) -> SuggestionSet | None:
    """The newest suggestion set, if there is one."""
    sets = SuggestionSet.objects.filter(project_id=project_id).select_related("model_version")
    return sets.order_by("-id").first()


def read_set_array(latest: SuggestionSet, name: str) -> npt.NDArray[Any]:
    """One array of a suggestion set by name."""
    found = latest.arrays.filter(name=name).first()
    if found is None:
        raise NotFound(f"The suggestions have no array {name!r}")
    return np.array(read_array(found))


def _get_active_class(*, project_id: int, class_id: int) -> None:
    if not list_classes(project_id=project_id).filter(id=class_id).exists():
        raise NotFound(f"Project {project_id} has no active class {class_id}", code="no_such_class")


def _ranking(predictions: Predictions, class_id: int) -> npt.NDArray[np.int64]:
    """Images predicted so, the most certain first, equal ones by index; the same for every label there is."""
    images = np.flatnonzero(predictions.class_ids == class_id)
    ranking: npt.NDArray[np.int64] = images[np.argsort(-predictions.confidence[images], kind="stable")]
    return ranking


def _threshold(predictions: Predictions, class_id: int, *, precision: float) -> Threshold:
    """Held-out images count with the label that they have now: corrections made since the training are in. Judged are
    heads that never saw them.
    """
    heldout = predictions.model.arrays.filter(name="heldout_images").first()
    images: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    if heldout is not None:
        images = np.array(read_array(heldout), dtype=np.int64)
    images = images[(predictions.measured_class_ids[images] == class_id) & (predictions.labels[images] != 0)]
    is_right = predictions.labels[images] == class_id
    return find_threshold(predictions.measured_confidence[images], is_right, target=precision)


def _above(predictions: Predictions, class_id: int, threshold: Threshold) -> npt.NDArray[np.int64]:
    """Images that the measured heads are sure enough of, as the promise was made for them; of those the ones that the
    heads in use say the same of, which learned from more labels.
    """
    if threshold.confidence is None:
        return np.zeros(0, dtype=np.int64)
    is_sure = predictions.measured_confidence >= np.float32(threshold.confidence)
    says_so = (predictions.measured_class_ids == class_id) & (predictions.class_ids == class_id)
    return np.flatnonzero(predictions.is_waiting & says_so & is_sure)


def _require_promise(threshold: Threshold, *, precision: float) -> None:
    if threshold.confidence is not None:
        return
    have, need = threshold.num_heldout, threshold.num_needed
    if have < need:
        raise NotReady(
            f"{have} held-out labels are predicted so; a precision of {100 * precision:g} % needs at least {need}",
            code="too_few_heldout",
            extra={"num_heldout": have, "num_needed": need},
        )
    raise NotReady(
        f"Of the {threshold.num_accepted} surest held-out predictions {threshold.num_right} are right: at least "
        f"{100 * (threshold.bound or 0):.1f} % precision, not {100 * precision:g} %",
        code="not_precise_enough",
        extra={"bound": threshold.bound},
    )


def _labels(project_id: int, *, num_images: int) -> npt.NDArray[np.int32]:
    labels = np.zeros(num_images, dtype=np.int32)
    now = np.frombuffer(get_labels(project_id=project_id)[1], dtype="<i4")[:num_images]
    labels[: len(now)] = now
    return labels


def _reviewed_images(project_id: int) -> set[int]:
    """Images whose latest decision was made in a review."""
    reviews = LabelAction.objects.filter(project_id=project_id, provenance__gesture="review")
    labels = Label.objects.filter(project_id=project_id, label_class=F("image__resolved_class"))
    return set(labels.filter(sequence__in=reviews.values("sequence")).values_list("image__index", flat=True))

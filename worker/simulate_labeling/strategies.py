"""Ways to label a dataset, each a loop of gestures over a session. They differ in one thing from the product's own."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.errors import NotReady
from labeler.results.models import View
from labeler.results.suggestions import list_to_label_next
from worker.ml.types import IntArray
from worker.simulate_labeling.oracle import PageDecision, best_lasso, judge_page
from worker.simulate_labeling.session import Session

PAGE = 100
TARGET = 0.98
FIRST_LABELS = 10  # of each class; the product offers its first, provisional model no sooner
FEW_LABELS = 10  # newer than the model, for which a person presses "Train now"
ONE_BY_ONE_LIMIT = 0.6  # of the images; a strategy that needs more is no help


@dataclass(frozen=True)
class Options:
    """How the oracle works: least purity of an outline, and how often it slips."""

    purity: float
    error_rate: float


def one_by_one(session: Session, _: Options) -> None:
    """Every image by a click and a key, without a model: what there is without the product."""
    for image in session.rng.permutation(len(session.classes)):
        session.label(np.array([image]), int(session.classes[image]), gestures=1, gesture="click")


def random_order(session: Session, _: Options) -> None:
    """One image at a time in random order, with retraining."""
    order = session.rng.permutation(len(session.classes)).tolist()
    _single_images(session, lambda: next(i for i in order if session.labels[i] < 0))


def active_order(session: Session, _: Options) -> None:
    """One image at a time in the product's order of labeling, with retraining."""

    def next_image() -> int:
        waiting = list_to_label_next(project_id=session.project.id, num=1)["image_indexes"]
        return int(waiting[0]) if waiting else int(np.flatnonzero(session.labels < 0)[0])

    _single_images(session, next_image)


def lasso_only(session: Session, options: Options) -> None:
    """Outlines on the first map until all have a label, without retraining."""
    while (session.labels < 0).any():
        if not _lasso(session, options, views=(View.WHOLE,)):
            return


def loop(session: Session, options: Options) -> None:
    """The product: outlines on both maps, pages, corrections, retraining in between."""
    _loop(session, options, views=(View.WHOLE, View.CROP))


def loop_without_crops(session: Session, options: Options) -> None:
    """The product without its crop map."""
    _loop(session, options, views=(View.WHOLE,))


STRATEGIES: dict[str, Callable[[Session, Options], None]] = {
    "loop": loop,
    "loop_without_crops": loop_without_crops,
    "lasso_only": lasso_only,
    "active_order": active_order,
    "random_order": random_order,
    "one_by_one": one_by_one,
}


def _single_images(session: Session, next_image: Callable[[], int]) -> None:
    limit = ONE_BY_ONE_LIMIT * len(session.classes)
    while session.gestures < limit and session.curve[-1].accuracy < TARGET:
        image = next_image()
        session.label(np.array([image]), int(session.classes[image]), gestures=1, gesture="click")
        session.train_if_due()


def _loop(session: Session, options: Options, *, views: tuple[View, ...]) -> None:
    """First outlines until every class has enough labels for a model; then always the gesture that gives most labels.

    Where that is a single image, and a few labels are newer than the model, "Train now" comes first.
    """
    for class_index in range(len(session.class_ids)):
        while (session.labels == class_index).sum() < FIRST_LABELS and _lasso(
            session, options, views=(View.WHOLE,), only_class=class_index
        ):
            pass
    session.train_if_due()
    while session.gestures < len(session.classes) and session.curve[-1].accuracy < TARGET:
        worth, act = max(
            (_page_offer(session), _lasso_offer(session, options, views), _correction_offer(session)),
            key=lambda offer: offer[0],
        )
        if worth <= 0:
            return
        if worth <= 1 and session.num_labels - session.num_trained >= FEW_LABELS:
            session.train_now()
            continue
        act()
        session.train_if_due()


Offer = tuple[float, Callable[[], object]]


def _lasso_offer(session: Session, options: Options, views: tuple[View, ...]) -> Offer:
    best = max((_find_lasso(session, options, view)[0] for view in views), default=0)
    return float(best), lambda: _lasso(session, options, views=views)


def _lasso(
    session: Session, options: Options, *, views: tuple[View, ...], only_class: int | None = None
) -> bool:
    """Draw the outline that gives most; with `only_class` the best one around that class."""
    found = [_find_lasso(session, options, view, only_class=only_class) for view in views]
    gain, images, class_index = max(found, key=lambda one: one[0])
    if gain == 0:
        return False
    session.label(images, class_index, gestures=1, gesture="lasso")
    return True


def _find_lasso(
    session: Session, options: Options, view: View, *, only_class: int | None = None
) -> tuple[int, IntArray, int]:
    layout = session.layout(view)
    nothing = (0, np.zeros(0, dtype=np.int64), 0)
    if layout is None:
        return nothing
    found = best_lasso(
        layout,
        session.classes,
        selectable=session.labels < 0,
        purity=options.purity,
        error_rate=options.error_rate,
        rng=session.rng,
        only_class=only_class,
    )
    return nothing if found is None else (len(found.images), found.images, found.class_index)


def _page_offer(session: Session) -> Offer:
    """The page of the class where most is taken for each gesture."""
    if (session.predicted < 0).all():
        return 0.0, lambda: None
    confidence = session.confidence()
    best: tuple[float, PageDecision, int] | None = None
    for class_index in range(len(session.class_ids)):
        waiting = np.flatnonzero((session.labels < 0) & (session.predicted == class_index))
        ranked = waiting[np.argsort(-confidence[waiting], kind="stable")][:PAGE]
        decision = judge_page(ranked, session.classes[ranked] == class_index)
        worth = len(decision.taken) / max(1, decision.num_gestures)
        if len(decision.taken) and (best is None or worth > best[0]):
            best = (worth, decision, class_index)
    if best is None:
        return 0.0, lambda: None
    worth, decision, class_index = best
    return worth, lambda: session.label(
        decision.taken, class_index, gestures=decision.num_gestures, gesture="confirm"
    )


def _correction_offer(session: Session) -> Offer:
    """One wrong image by a click with its class key: one gesture for one image, so it comes last."""
    answer = np.where(session.labels >= 0, session.labels, session.predicted)
    wrong = np.flatnonzero(answer != session.classes)
    if len(wrong) == 0:
        return 0.0, lambda: None
    image = _first_seen(session, wrong)
    return 1.0, lambda: session.label(
        np.array([image]), int(session.classes[image]), gestures=1, gesture="review"
    )


def _first_seen(session: Session, wrong: IntArray) -> int:
    """Which wrong image the oracle comes upon first: the product shows the doubtful ones first."""
    try:
        order = list_to_label_next(project_id=session.project.id, num=1_000)["image_indexes"]
    except NotReady:
        order = []
    is_wrong = set(wrong.tolist())
    return next((image for image in order if image in is_wrong), int(wrong[0]))

"""Ways to label a dataset, each a loop of gestures over a session. They differ in one thing from the product's own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from labeler.errors import NotReady
from labeler.results.models import View
from labeler.results.suggestions import list_to_label_next
from worker.ml.types import IntArray
from worker.simulate_labeling.oracle import Lasso, PageDecision, find_lassos, judge_page
from worker.simulate_labeling.session import ALL, Session, Shown

PAGE = 100
TARGET = 0.98
FIRST_LABELS = (
    10  # of each class by outlines of several images; the product makes its first, provisional model then
)
FEWEST_LABELS = (
    3  # of each class by single images, where it lies among others; a first model tells them apart sooner
)
UNSURE_STEPS = (0.9, 0.7, 0.5)  # what the Label screen offers: `frontend/src/lib/doubt.ts`
# Wrong answers fall with this power of the number of labels (Hestness et al. 2017, arXiv:1712.00409: 0.07 to 0.35).
ERROR_EXPONENT = 0.3
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
    while lassos := _find_lassos(session, options, (View.WHOLE,)):
        _draw(session, options, max(lassos, key=lambda lasso: len(lasso.members) / lasso.num_gestures))


def loop(session: Session, options: Options) -> None:
    """The product: outlines on both maps, of all images, of the unsure ones, or of what the model takes for one class,
    pages, corrections, retraining.
    """
    _loop(session, options, views=(View.WHOLE, View.CROP))


def loop_all_shown(session: Session, options: Options) -> None:
    """The product without showing some images alone."""
    _loop(session, options, views=(View.WHOLE, View.CROP), shows_alone=False)


def loop_without_crops(session: Session, options: Options) -> None:
    """The product without its crop map, and with models that see whole images alone."""
    session.embeds_crops = False
    _loop(session, options, views=(View.WHOLE,))


STRATEGIES: dict[str, Callable[[Session, Options], None]] = {
    "loop": loop,
    "loop_all_shown": loop_all_shown,
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


def _loop(
    session: Session,
    options: Options,
    *,
    views: tuple[View, ...],
    shows_alone: bool = True,
) -> None:
    """First outlines until every class has enough labels for a model, the clearest groups before others; then always
    the gesture that makes most answers right.

    Where that is a single image, and a model of the labels since the last one is worth more, "Train now" comes first.
    """
    while first := _first_lassos(session, options):
        _draw(session, options, max(first, key=lambda lasso: len(lasso.members)))
    session.train_if_due()
    while session.gestures < len(session.classes) and session.curve[-1].accuracy < TARGET:
        worth, act = max(
            (
                _page_offer(session),
                _lasso_offer(session, options, views, shows_alone=shows_alone),
                _correction_offer(session),
            ),
            key=lambda offer: offer[0],
        )
        if worth <= 0:
            return
        if worth <= 1 + _worth_of_a_label(session) and _worth_of_a_training(session) > 1:
            session.train_now()
            continue
        act()
        session.train_if_due()


Offer = tuple[float, Callable[[], object]]


def _lasso_offer(session: Session, options: Options, views: tuple[View, ...], *, shows_alone: bool) -> Offer:
    """The first of the outlines that together make most answers right for each gesture; to show other images first is
    a gesture too, for all of them.
    """
    best_worth, best, best_shown = 0.0, None, session.shown
    for shown in _shown_alone(session) if shows_alone and session.has_model else [ALL]:
        lassos = _find_lassos(session, options, views, shown)
        worth, first = _best_series(session, lassos, num_before=session.shown.num_clicks_to(shown))
        if worth > best_worth:
            best_worth, best, best_shown = worth, first, shown

    def act() -> None:
        assert best is not None
        session.show(best_shown)
        _draw(session, options, best)

    return best_worth, act


def _shown_alone(session: Session) -> Iterator[Shown]:
    """What is shown, then all else that can be."""
    yield session.shown
    for unsure in (None, *UNSURE_STEPS):
        for class_index in (None, *range(len(session.class_ids))):
            shown = Shown(unsure, class_index)
            if shown != session.shown:
                yield shown


def _best_series(session: Session, lassos: Iterable[Lasso], *, num_before: int) -> tuple[float, Lasso | None]:
    """How much outlines of different images are worth for each gesture, `num_before` included, if as many are drawn,
    the best first, as make that most; and the first of them.
    """
    worths = [(_worth(session, lasso.images, lasso.class_index), lasso) for lasso in lassos]
    ranked = sorted(worths, key=lambda one: -one[0] / one[1].num_gestures)
    is_taken = np.zeros(len(session.classes), dtype=bool)
    total, num_gestures, best = 0.0, num_before, 0.0
    for worth, lasso in ranked:
        if is_taken[lasso.images].any():
            continue
        is_taken[lasso.images] = True
        total, num_gestures = total + worth, num_gestures + lasso.num_gestures
        if total / num_gestures <= best:
            break
        best = total / num_gestures
    return best, ranked[0][1] if ranked else None


def _first_lassos(session: Session, options: Options) -> list[Lasso]:
    """Pure outlines on the first map around classes that have too few labels for a model."""
    counts = np.bincount(session.labels[session.labels >= 0], minlength=len(session.class_ids))
    return [
        lasso
        for lasso in _find_lassos(session, options, (View.WHOLE,))
        if not lasso.is_cleaned
        and counts[lasso.class_index] < (FIRST_LABELS if len(lasso.members) > 1 else FEWEST_LABELS)
    ]


def _find_lassos(
    session: Session, options: Options, views: tuple[View, ...], shown: Shown = ALL
) -> list[Lasso]:
    """Around images without a label, of those shown, on the latest layout of each view that has one."""
    layouts = [session.layout(view) for view in views]
    selectable = session.labels < 0
    if shown.unsure is not None:
        selectable &= session.confidence <= shown.unsure
    if shown.class_index is not None:
        selectable &= session.predicted == shown.class_index
    return [
        lasso
        for layout in layouts
        if layout is not None
        for lasso in find_lassos(layout, session.classes, selectable=selectable, purity=options.purity)
    ]


def _draw(session: Session, options: Options, lasso: Lasso) -> None:
    images, num_gestures = lasso.drawn(error_rate=options.error_rate, rng=session.rng)
    session.label(images, lasso.class_index, gestures=num_gestures, gesture="lasso")


def _worth(session: Session, images: IntArray, class_index: int) -> float:
    """How many more answers are right when images without a label get a class, and the worth of the labels."""
    was_right = session.predicted[images] == session.classes[images]
    is_right = session.classes[images] == class_index
    return int(is_right.sum()) - int(was_right.sum()) + _worth_of_a_label(session) * len(images)


def _worth_of_a_label(session: Session) -> float:
    """How many other answers become right for what one more label teaches the next model."""
    return ERROR_EXPONENT * _num_wrong(session) / max(1, session.num_labels)


def _worth_of_a_training(session: Session) -> float:
    """How many answers become right by the labels that are newer than the model."""
    growth = session.num_labels / max(1, session.num_trained)
    return float(ERROR_EXPONENT * _num_wrong(session) * np.log(growth))


def _num_wrong(session: Session) -> int:
    answer = np.where(session.labels >= 0, session.labels, session.predicted)
    return int((answer != session.classes).sum())


def _page_offer(session: Session) -> Offer:
    """The page of the class where most is taken for each gesture; what it takes was right before."""
    if not session.has_model:
        return 0.0, lambda: None
    best: tuple[float, PageDecision, int] | None = None
    for class_index in range(len(session.class_ids)):
        waiting = np.flatnonzero((session.labels < 0) & (session.predicted == class_index))
        ranked = waiting[np.argsort(-session.confidence[waiting], kind="stable")][:PAGE]
        decision = judge_page(ranked, session.classes[ranked] == class_index)
        worth = len(decision.taken) / max(1, decision.num_gestures)
        if len(decision.taken) and (best is None or worth > best[0]):
            best = (worth, decision, class_index)
    if best is None:
        return 0.0, lambda: None
    worth, decision, class_index = best
    return _worth_of_a_label(session) * worth, lambda: session.label(
        decision.taken, class_index, gestures=decision.num_gestures, gesture="confirm"
    )


def _correction_offer(session: Session) -> Offer:
    """One wrong image by a click with its class key: one gesture for one image, so it comes last."""
    answer = np.where(session.labels >= 0, session.labels, session.predicted)
    wrong = np.flatnonzero(answer != session.classes)
    if len(wrong) == 0:
        return 0.0, lambda: None
    image = _first_seen(session, wrong)
    worth = 1 + _worth_of_a_label(session) * bool(session.labels[image] < 0)
    return worth, lambda: session.label(
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

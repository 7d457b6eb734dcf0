"""What the strategies count and in which order, on sessions of a few images."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pytest

from labeler.errors import NotReady
from labeler.results.models import View
from worker.ml.types import IntArray
from worker.simulate_labeling import strategies
from worker.simulate_labeling.oracle import Lasso
from worker.simulate_labeling.session import ALL, Point, Session, Shown
from worker.simulate_labeling.strategies import Options


@dataclass
class Project:
    id: int = 1


@dataclass
class FourImages:
    """Predictions say 0, 0, 1, 1; the first has a wrong label, the third a wrong prediction."""

    project: Project = field(default_factory=Project)
    classes: IntArray = field(default_factory=lambda: np.array([0, 0, 0, 1]))
    labels: IntArray = field(default_factory=lambda: np.array([1, 0, -1, -1]))
    predicted: IntArray = field(default_factory=lambda: np.array([0, 0, 1, 1]))
    given: list[tuple[list[int], int, int]] = field(default_factory=list)

    @property
    def num_labels(self) -> int:
        return int((self.labels >= 0).sum())

    def label(self, images: IntArray, class_index: int, *, gestures: int, gesture: str) -> None:
        self.given.append((images.tolist(), class_index, gestures))
        self.labels[images] = class_index


def never_ready(**_: Any) -> None:
    raise NotReady("No order yet", code="not_ready")


def test_a_correction_is_one_gesture_for_one_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "list_to_label_next", never_ready)
    session = FourImages()
    worths = []
    for _ in range(3):
        worth, act = strategies._correction_offer(cast(Session, session))
        worths.append(worth)
        act()
    # The first has a label already, so nothing new is learned; then one wrong answer and two labels are left.
    assert worths == [1.0, pytest.approx(1 + 0.3 * 1 / 2), 0.0]
    assert session.given == [([0], 0, 1), ([2], 0, 1)]


def test_the_wrong_image_that_the_product_shows_first_is_mended_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strategies, "list_to_label_next", lambda **_: {"image_indexes": [3, 2, 0]})
    session = FourImages()
    strategies._correction_offer(cast(Session, session))[1]()
    assert session.given == [([2], 0, 1)]


def test_an_outline_is_worth_the_answers_that_it_makes_right_and_what_its_labels_teach() -> None:
    session = cast(Session, FourImages())
    # The third image was wrong, the fourth right. Two wrong answers and two labels: a label teaches 0.3.
    assert strategies._worth(session, np.array([2]), 0) == pytest.approx(1.3)
    assert strategies._worth(session, np.array([3]), 1) == pytest.approx(0.3)
    assert strategies._worth(session, np.array([2, 3]), 0) == pytest.approx(0.6)  # one gained, one lost


def test_a_training_is_worth_what_the_labels_since_the_last_one_teach() -> None:
    session = TwelveImages()
    session.labels[:8] = session.classes[:8]  # of the others, all of the second class, four answers are wrong
    session.num_trained = 4
    assert strategies._worth_of_a_training(cast(Session, session)) == pytest.approx(0.3 * 4 * np.log(2))


@dataclass
class TwelveImages(FourImages):
    """Two classes of six images; outlines give two images each, the model answers 0 for all."""

    class_ids: list[int] = field(default_factory=lambda: [7, 8])
    classes: IntArray = field(default_factory=lambda: np.repeat([0, 1], 6))
    labels: IntArray = field(default_factory=lambda: np.full(12, -1))
    predicted: IntArray = field(default_factory=lambda: np.zeros(12, dtype=np.int64))
    gestures: int = 0
    num_trained: int = 0
    done: list[str] = field(default_factory=list)
    shown: Shown = ALL
    has_model: bool = True

    def show(self, shown: Shown) -> None:
        Session.show(cast(Session, self), shown)

    @property
    def curve(self) -> list[Point]:
        answer = np.where(self.labels >= 0, self.labels, self.predicted)
        return [Point(self.gestures, self.num_labels, float((answer == self.classes).mean()))]

    def label(self, images: IntArray, class_index: int, *, gestures: int, gesture: str) -> None:
        self.gestures += gestures
        self.labels[images] = class_index
        self.done.append(gesture)

    def train_if_due(self) -> None:
        if self.num_labels >= 2 * self.num_trained:
            self.num_trained = self.num_labels
            self.done.append("trained")

    def train_now(self) -> None:
        self.gestures += 1
        self.num_trained = self.num_labels
        self.done.append("train now")


def test_a_click_for_each_that_changes_of_what_is_shown_alone() -> None:
    session = TwelveImages()
    for shown, gestures in ((ALL, 0), (Shown(0.7), 1), (Shown(0.7, 1), 2), (Shown(0.5, 0), 4), (ALL, 6)):
        session.show(shown)
        assert (session.shown, session.gestures) == (shown, gestures)


def test_some_are_shown_alone_where_all_outlines_there_are_worth_the_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The model answers 0 for all twelve. Of all images an outline takes two; of the unsure alone three outlines take
    two, one and one; of those taken for the first class, one takes three.
    """
    sizes = {ALL: [2], Shown(0.7): [2, 1, 1], Shown(class_index=0): [3]}

    def find(session: Session, _options: Any, _views: Any, shown: Shown) -> list[Lasso]:
        nothing = np.arange(0)
        waiting = np.flatnonzero((session.labels < 0) & (session.classes == 1))
        parts = np.split(waiting, np.cumsum(sizes.get(shown, [])))[:-1]
        return [Lasso(1, part, nothing, nothing) for part in parts if len(part)]

    monkeypatch.setattr(strategies, "_find_lassos", find)
    monkeypatch.setattr(strategies, "_draw", draw)
    monkeypatch.setattr(strategies, "ERROR_EXPONENT", 0)
    session = TwelveImages()
    whole = (cast(Session, session), Options(purity=1, error_rate=0), (View.WHOLE,))

    worth, _ = strategies._lasso_offer(*whole, shows_alone=False)
    assert worth == 2
    worth, _ = strategies._lasso_offer(*whole, shows_alone=True)
    assert worth == 2  # no click: the unsure would give four by four gestures, the first class three by two

    sizes[Shown(0.7)] = [3, 3, 3]  # a click and two outlines of three; the first alone would be 1.5
    sizes[ALL] = [1]
    worth, _ = strategies._lasso_offer(*whole, shows_alone=True)
    assert worth == 2

    sizes[Shown(class_index=0)] = [5]
    worth, act = strategies._lasso_offer(*whole, shows_alone=True)
    assert worth == 5 / 2
    act()
    assert (session.done, session.gestures, session.shown) == (["1 x 5"], 2, Shown(class_index=0))


def test_a_series_of_outlines_goes_on_while_that_makes_each_gesture_worth_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strategies, "ERROR_EXPONENT", 0)
    session = cast(Session, TwelveImages())
    nothing = np.arange(0)

    def outline(*images: int) -> Lasso:
        return Lasso(1, np.array(images), nothing, nothing)

    many, some, same, one = outline(6, 7, 8), outline(9, 10), outline(8, 9), outline(11)
    series = [one, some, same, many]
    # After one click: 3 by two gestures, 5 by three, 6 by four. The one that shares images is passed over.
    assert strategies._best_series(session, series, num_before=1) == (5 / 3, many)
    assert strategies._best_series(session, series, num_before=0) == (3, many)
    assert strategies._best_series(session, [], num_before=0) == (0, None)


def outlines_of(*sizes: int) -> Any:
    """In place of what is found on a map: of each class the first images without a label, as many as its size."""

    def find(session: Session, *_: Any) -> list[Lasso]:
        nothing = np.arange(0)
        waiting = [
            np.flatnonzero((session.labels < 0) & (session.classes == class_index))[:size]
            for class_index, size in enumerate(sizes)
        ]
        return [Lasso(number, found, nothing, nothing) for number, found in enumerate(waiting) if len(found)]

    return find


def draw(session: Session, _: Options, lasso: Lasso) -> None:
    session.label(
        lasso.images, lasso.class_index, gestures=1, gesture=f"{lasso.class_index} x {len(lasso.images)}"
    )


def test_every_class_has_labels_enough_before_the_first_model_and_a_stale_one_is_renewed_before_single_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strategies, "FIRST_LABELS", 4)
    monkeypatch.setattr(strategies, "ERROR_EXPONENT", 10)
    monkeypatch.setattr(strategies, "FEWEST_LABELS", 2)
    monkeypatch.setattr(strategies, "_find_lassos", outlines_of(1, 2))
    monkeypatch.setattr(strategies, "_draw", draw)
    monkeypatch.setattr(strategies, "_page_offer", lambda _: (0.0, lambda: None))
    monkeypatch.setattr(strategies, "_lasso_offer", lambda *_, **__: (0.0, lambda: None))
    monkeypatch.setattr(strategies, "list_to_label_next", never_ready)
    session = TwelveImages()
    strategies._loop(cast(Session, session), Options(purity=1, error_rate=0), views=(View.WHOLE,))
    # The larger outlines first, up to four labels; single images up to two.
    first = ["1 x 2", "1 x 2", "0 x 1", "0 x 1", "trained"]
    assert session.done == [*first, "review", "train now", "review"]
    assert (session.gestures, session.curve[-1].accuracy) == (7, 1.0)

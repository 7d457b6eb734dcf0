"""What the strategies count, on a session of four images."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pytest

from labeler.errors import NotReady
from worker.ml.types import IntArray
from worker.simulate_labeling import strategies
from worker.simulate_labeling.session import Session


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
    assert worths == [1.0, 1.0, 0.0]
    assert session.given == [([0], 0, 1), ([2], 0, 1)]


def test_the_wrong_image_that_the_product_shows_first_is_mended_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strategies, "list_to_label_next", lambda **_: {"image_indexes": [3, 2, 0]})
    session = FourImages()
    strategies._correction_offer(cast(Session, session))[1]()
    assert session.given == [([2], 0, 1)]

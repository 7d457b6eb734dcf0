"""What a session keeps between trainings, with stand-ins for what the product stores."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from labeler.results.models import View
from worker.simulate_labeling import session as sessions
from worker.simulate_labeling.session import Session


@dataclass
class Stored:
    """Of a project or a result: its id, and the array that stands for its file."""

    id: int = 1
    array: Any = None


def test_layouts_and_confidences_are_those_of_the_last_training(monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = {View.WHOLE: np.zeros((2, 2)), View.CROP: None}
    arrays = {"predicted_class": [70, 90], "probabilities": np.array([[0.75, 0.25], [0.5, 0.5]])}
    read = []

    def latest(*, project_id: int, view: View) -> Stored | None:
        read.append(view)
        return None if layouts[view] is None else Stored(array=layouts[view])

    def train(*_: Any, **__: Any) -> None:
        layouts[View.CROP] = np.ones((2, 2))

    monkeypatch.setattr(sessions, "get_latest_projection", latest)
    monkeypatch.setattr(sessions, "read_array", lambda array: array)
    monkeypatch.setattr(sessions, "get_latest_model", lambda **_: Stored())
    monkeypatch.setattr(sessions, "get_model_array", lambda *, model, name: arrays[name])
    monkeypatch.setattr(sessions, "request_training", lambda **_: None)
    monkeypatch.setattr(sessions, "run_jobs", train)
    classes = np.array([0, 1])
    session = Session(cast(Any, Stored()), cast(Any, None), [70, 90], classes, np.random.default_rng(0))

    assert session.layout(View.CROP) is None
    assert session.layout(View.CROP) is None
    assert read == [View.CROP]
    assert session.confidence.tolist() == [0, 0]

    session.train_now()

    crops = session.layout(View.CROP)
    assert crops is not None
    assert crops.tolist() == [[1, 1], [1, 1]]
    assert session.predicted.tolist() == [0, 1]
    assert session.confidence.tolist() == [0.75, 0.5]

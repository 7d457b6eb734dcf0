"""The probability of one class for every image."""

import numpy as np
import pytest

from labeler.accounts.permissions import Role
from tests.factories import make_class, make_member, make_model, make_project, signed_in

pytestmark = pytest.mark.django_db


def test_a_column_is_the_probability_of_that_class_as_a_byte() -> None:
    project = make_project(num_images=3)
    gull, tern, auk = (make_class(project, name) for name in ("gull", "tern", "auk"))
    make_model(
        project,
        [gull, tern],
        predicted=[0, 1, 1],
        confidence=[255, 204, 153],
        profiles=np.zeros((3, 5), dtype=np.uint8),
        map_height=2,
        map_width=3,
    )
    client = signed_in(make_member(project, role=Role.VIEWER))
    base = f"/api/v1/projects/{project.id}/models"
    answer = client.get(f"{base}/1/probabilities/{gull.id}")
    assert np.frombuffer(answer.content, dtype=np.uint8).tolist() == [255, 51, 102]
    assert "immutable" in answer["Cache-Control"]
    assert client.get(f"{base}/1/probabilities/{auk.id}").json()["code"] == "class_not_in_model"
    assert client.get(f"{base}/2/probabilities/{gull.id}").json()["code"] == "no_such_model"

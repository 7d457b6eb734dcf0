"""Distance of colours."""

import pytest

from labeler.lib.colours import distance


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 100.0),
        ("#F5A000", "#f5a000", 0.0),
        ("#808080", "#ffffff", 40.01),  # grey of linear light 0.2159, whose cube root is 0.5999
    ],
)
def test_a_distance_is_that_of_oklab(one: str, other: str, expected: float) -> None:
    assert distance(one, other) == pytest.approx(expected, abs=0.01)
    assert distance(other, one) == distance(one, other)

"""The conformance table of profile boxes is fresh and covers the hard cases."""

import json

import numpy as np
import pytest

from tests.contract.make_profile_boxes import PATH, RETENTIONS, make_table


def test_the_file_is_what_the_script_writes_now() -> None:
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    fresh = make_table()
    assert [case["codes"] for case in stored["cases"]] == [case["codes"] for case in fresh["cases"]]
    assert {k: v for k, v in stored.items() if k != "cases"} == {
        k: v for k, v in fresh.items() if k != "cases"
    }
    for was, now in zip(stored["cases"], fresh["cases"], strict=True):
        np.testing.assert_allclose(was["boxes"], now["boxes"], atol=stored["tolerance"], err_msg=now["name"])


@pytest.mark.parametrize(
    ("name", "retention", "box"),
    [
        ("7x7 single corner cell", 0.95, [0.817658, 0.003571, 0.996429, 0.182342]),
        ("5x3 single cell", 0.95, [0.241202, 0.144721, 0.758798, 0.455279]),
        # The gap ends where the hat of cell 3 begins: x0 = sup{F <= 1/4} = 2.5/7; F(5/7) = 3/4.
        (
            "7x7 a quarter of the mass before a gap, flat exactly at retention 0.5",
            0.5,
            [2.5 / 7, 2.5 / 7, 5 / 7, 5 / 7],
        ),
        ("7x7 degenerate, not finite", 0.5, [0, 0, 1, 1]),
    ],
)
def test_the_file_holds_boxes_known_by_hand(name: str, retention: float, box: list[float]) -> None:
    cases = {case["name"]: case for case in json.loads(PATH.read_text(encoding="utf-8"))["cases"]}
    np.testing.assert_allclose(cases[name]["boxes"][RETENTIONS.index(retention)], box, atol=1e-6)

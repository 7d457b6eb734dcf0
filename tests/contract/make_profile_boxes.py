"""Write `profile_boxes.json`: profiles and their boxes, for every program that computes boxes from profiles.

Run `python -m tests.contract.make_profile_boxes`. Each case is a map's height and width, its w + h codes,
and the unit box xyxy at every retention of the table, rounded to 7 decimals. A reader agrees when no edge
differs by more than `tolerance`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from worker.ml.boxes import boxes_from_profiles
from worker.ml.profiles import profiles_from_maps
from worker.ml.types import AnyArray, FloatArray

PATH = Path(__file__).with_name("profile_boxes.json")
RETENTIONS = [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.0]
TOLERANCE = 2e-6


def make_table() -> dict[str, Any]:
    """Build the whole table as JSON values."""
    return {
        "codes_order": "x marginal (width codes), then y marginal (height codes)",
        "box_order": "x0, y0, x1, y1 in unit coordinates",
        "tolerance": TOLERANCE,
        "retentions": RETENTIONS,
        "cases": [_case(name, cam) for name, cam in _maps().items()],
    }


def _case(name: str, cam: FloatArray) -> dict[str, Any]:
    height, width = cam.shape
    codes = profiles_from_maps(cam[None])
    boxes = [
        boxes_from_profiles(codes, height=height, width=width, retention=retention)[0]
        for retention in RETENTIONS
    ]
    return {
        "name": name,
        "height": height,
        "width": width,
        "codes": codes[0].tolist(),
        "boxes": [[round(float(edge), 7) for edge in box] for box in boxes],
    }


def _maps() -> dict[str, FloatArray]:
    ramp = np.arange(1, 8, dtype=np.float32)
    maps: dict[str, AnyArray] = {
        "7x7 constant": np.ones((7, 7)),
        "7x7 single centre cell": _cells((7, 7), {(3, 3): 1}),
        "7x7 single corner cell": _cells((7, 7), {(0, 6): 1}),
        "7x7 product ramp": np.outer(ramp, ramp),
        "7x7 two cells with a gap, flat piece at 0.5": _cells((7, 7), {(1, 1): 3, (5, 4): 1}),
        "7x7 two equal cells far apart, flat in the middle": _cells((7, 7), {(0, 0): 1, (6, 6): 1}),
        "7x7 a quarter of the mass before a gap, flat exactly at retention 0.5": _cells(
            (7, 7), {(0, 0): 1, (3, 3): 1, (4, 4): 1, (5, 5): 1}
        ),
        "7x7 degenerate": np.zeros((7, 7)),
        "7x7 degenerate, not finite": np.full((7, 7), np.nan),
        "7x7 signed": np.outer(ramp - 3, ramp - 2),
        "5x3 single cell": _cells((5, 3), {(1, 1): 1}),
        "5x3 tail of small values": _cells((5, 3), {(0, 2): 1e4, (4, 0): 1, (2, 1): 9}),
        "3x5 flat edge": _cells((3, 5), {(0, 0): 1, (0, 1): 1, (2, 4): 1}),
        "1x1": np.ones((1, 1)),
        "1x6 row": np.array([[0, 2, 0, 0, 5, 1]]),
        "6x1 column": np.array([[0], [2], [0], [0], [5], [1]]),
    }
    rng = np.random.default_rng(7)
    for shape in [(7, 7), (5, 3), (3, 5), (14, 14), (10, 7)]:
        for power in (1, 4):
            maps[f"{shape[0]}x{shape[1]} random^{power}"] = rng.random(shape) ** power
    return {name: cam.astype(np.float32) for name, cam in maps.items()}


def _cells(shape: tuple[int, int], values: dict[tuple[int, int], float]) -> FloatArray:
    cam = np.zeros(shape, np.float32)
    for cell, value in values.items():
        cam[cell] = value
    return cam


def as_text() -> str:
    """Render the table as it lies in the file: one line a case."""
    table = make_table()
    cases = ",\n".join("  " + json.dumps(case) for case in table.pop("cases"))
    head = json.dumps(table, indent=1)[:-2]
    return f'{head},\n "cases": [\n{cases}\n ]\n}}\n'


if __name__ == "__main__":
    PATH.write_text(as_text(), encoding="utf-8")
    sys.stdout.write(f"wrote {PATH}\n")

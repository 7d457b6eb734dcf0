"""Run strategies on copies of one project, and say what each needed."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from labeler.datasets.selectors import get_default_backbone
from labeler.datasets.services import report_backbones
from worker.simulate_labeling.session import Point, make_project, open_session
from worker.simulate_labeling.strategies import STRATEGIES, TARGET, Options
from worker.tasks.backbones import describe_backbones


def simulate(
    folder: Path,
    *,
    strategies: Sequence[str],
    purity: float,
    error_rate: float,
    backbone: str | None,
    input_size_px: int,
    seed: int,
    tell: Callable[[str], Any],
    on_report: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Label a folder of class folders by each strategy; `on_report` gets the report after each of them."""
    report_backbones(describe_backbones())
    base = make_project(folder, backbone=backbone or get_default_backbone(), input_size_px=input_size_px)
    report: dict[str, Any] = {
        "data": folder.parent.name if folder.name == "images" else folder.name,
        "num_images": base.num_images,
        "backbone": base.backbone,
        "input_size_px": base.input_size_px,
        "purity": purity,
        "error_rate": error_rate,
        "seed": seed,
        "strategies": {},
    }
    for name in strategies:
        started = time.monotonic()
        session = open_session(base, seed=seed)
        STRATEGIES[name](session, Options(purity=purity, error_rate=error_rate))
        row = summarize(session.curve, num_images=base.num_images)
        row["seconds"] = round(time.monotonic() - started, 1)
        report["strategies"][name] = row
        report["gestures_at_98"] = report["strategies"].get("loop", {}).get("gestures_at_98")
        tell(_line(name, row, num_images=base.num_images))
        on_report(report)
    return report


def summarize(curve: Sequence[Point], *, num_images: int) -> dict[str, Any]:
    """The curve, and the gestures after which it first reached 98 %; none if it never did."""
    reached = next((point.gestures for point in curve if point.accuracy >= TARGET), None)
    return {
        "gestures_at_98": reached,
        "share_of_images_at_98": None if reached is None else round(reached / num_images, 4),
        "curve": [[point.gestures, point.labelled, round(point.accuracy, 4)] for point in curve],
    }


def _line(name: str, row: dict[str, Any], *, num_images: int) -> str:
    gestures, labelled, accuracy = row["curve"][-1]
    reached = row["gestures_at_98"]
    goal = (
        "98 % not reached" if reached is None else f"98 % at {reached} ({100 * reached / num_images:.1f} %)"
    )
    return (
        f"{name:20s} {goal:28s} end: {gestures} gestures, {labelled} labels, {100 * accuracy:.1f} % right, "
        f"{row['seconds']} s"
    )

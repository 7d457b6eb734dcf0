"""Reports as text: one row a method, the figures that people compare."""

from collections.abc import Mapping, Sequence
from typing import Any

_COLUMNS = (
    ("method", "method", ""),
    ("accuracy", "acc", ".3f"),
    ("recall", "recall", ".3f"),
    ("recall_center", "centre", ".3f"),
    ("reduction", "area-", ".3f"),
    ("precision", "prec", ".3f"),
    ("iou", "IoU", ".3f"),
    ("whole_object_share", "whole", ".3f"),
    ("gt_known_loc", "GT-loc", ".3f"),
    ("top1_loc", "top1", ".3f"),
    ("top5_loc", "top5", ".3f"),
    ("map50", "mAP", ".3f"),
    ("maxboxacc", "MBA", ".3f"),
    ("maxboxacc_v2", "MBAv2", ".3f"),
    ("r50", "R@50", ".3f"),
    ("r50_center", "centre", ".3f"),
    ("images_per_s", "img/s", ".1f"),
)
_VIEWS = (
    ("whole", "whole image"),
    ("crop", "our crop"),
    ("true_crop", "true-box crop"),
    ("whole_and_crop", "whole + crop"),
    ("together", "a head for each"),
)


def method_table(reports: Sequence[Mapping[str, Any]]) -> str:
    """Lay out reports of `evaluate_method`, one a row."""
    rows = [[title for _, title, _ in _COLUMNS]]
    rows += [[format(report[key], spec) for key, _, spec in _COLUMNS] for report in reports]
    return _aligned(rows)


def embedding_table(report: Mapping[str, Any]) -> str:
    """Lay out a report of `evaluate_embeddings`, one view a row."""
    rows = [["features of", "1-NN", "head"]]
    for view, title in _VIEWS:
        accuracies = (report[view].get("nearest_neighbour"), report[view]["head"])
        rows.append([title, *("" if accuracy is None else f"{accuracy:.3f}" for accuracy in accuracies)])
    return _aligned(rows)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])

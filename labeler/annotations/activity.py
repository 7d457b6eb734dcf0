"""The built-in meter: who labelled how much and how fast, and how far annotators agree. Reads only.

Active time is the sum of the gaps between a person's successive actions, each cut at `IDLE_S`; the first action of a
spell counts with the time that its selection was on the screen.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db.models.functions import Length

from labeler.annotations.label_facts import merged_classes
from labeler.annotations.models import LABELLING_KINDS, Label, LabelAction

IDLE_S = 120.0  # a longer pause is not work
NOT_BY_HAND = {"import", "api", "merge"}
MIN_ANNOTATORS = 2


@dataclass
class _Work:
    """One person's actions, added up in order of time."""

    num_actions: int = 0
    num_given: int = 0
    num_undone: int = 0
    active_s: float = 0.0
    last_at: datetime | None = None
    by_day: Counter[str] = field(default_factory=Counter)


def get_speed(*, project_id: int) -> list[dict[str, Any]]:
    """For each annotator: actions and labels given by hand, active seconds, labels per second, labels by day (UTC)."""
    work: dict[str, _Work] = defaultdict(_Work)
    rows = (
        LabelAction.objects.filter(project_id=project_id)
        .annotate(num_bytes=Length("image_indexes"))
        .order_by("sequence")
        .values_list("annotator__username", "kind", "created_at", "num_bytes", "undone_by_id", "provenance")
    )
    for username, kind, created_at, num_bytes, undone_by_id, provenance in rows.iterator(chunk_size=5_000):
        if provenance.get("gesture") in NOT_BY_HAND:
            continue
        is_label = kind in LABELLING_KINDS
        _add(
            work[username],
            created_at=created_at,
            num_labels=num_bytes // 4 if is_label and undone_by_id is None else 0,
            is_undone=is_label and undone_by_id is not None,
            seconds_shown=float(provenance.get("seconds_shown", 0.0)),
        )
    people = [_speed_row(username, done) for username, done in work.items()]
    return sorted(people, key=lambda row: (-row["num_given"], row["annotator"]))


def get_agreement(*, project_id: int) -> dict[str, Any]:
    """How far annotators agree on the images that at least two of them gave a class.

    `alpha` is Krippendorff's alpha for nominal data (1 = always the same, 0 = as by chance); `kappa` of a pair is
    Cohen's. Both are None where chance alone would always agree.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability"; Cohen 1960.
    """
    given = _classes_by_image(project_id)
    shared = {image_id: classes for image_id, classes in given.items() if len(classes) >= MIN_ANNOTATORS}
    num_unanimous = sum(len(set(classes.values())) == 1 for classes in shared.values())
    return {
        "num_images": len(shared),
        "num_unanimous": num_unanimous,
        "alpha": _alpha([list(classes.values()) for classes in shared.values()]),
        "pairs": _pairs(shared),
    }


def _add(
    done: _Work, *, created_at: datetime, num_labels: int, is_undone: bool, seconds_shown: float
) -> None:
    gap_s = IDLE_S if done.last_at is None else (created_at - done.last_at).total_seconds()
    done.active_s += gap_s if gap_s < IDLE_S else min(seconds_shown, IDLE_S)
    done.last_at = created_at
    done.num_actions += 1
    done.num_given += num_labels
    done.num_undone += is_undone
    if num_labels:
        done.by_day[created_at.date().isoformat()] += num_labels


def _speed_row(username: str, done: _Work) -> dict[str, Any]:
    return {
        "annotator": username,
        "num_actions": done.num_actions,
        "num_given": done.num_given,
        "num_undone": done.num_undone,
        "active_s": done.active_s,
        "labels_per_s": done.num_given / done.active_s if done.active_s > 0 else None,
        "last_at": done.last_at,
        "days": [{"day": day, "num_labels": count} for day, count in sorted(done.by_day.items())],
    }


def _classes_by_image(project_id: int) -> dict[int, dict[str, int]]:
    stands_for = merged_classes(project_id=project_id)
    rows = Label.objects.filter(project_id=project_id, label_class__isnull=False, image__removed_at=None)
    given: dict[int, dict[str, int]] = defaultdict(dict)
    values = rows.values_list("image_id", "annotator__username", "label_class_id")
    for image_id, username, class_id in values.iterator(chunk_size=10_000):
        given[image_id][username] = stands_for[class_id or 0]
    return given


def _alpha(units: list[list[int]]) -> float | None:
    """Krippendorff's alpha of units with two values or more each: 1 - observed / expected disagreement."""
    totals: Counter[int] = Counter()
    observed = 0.0
    for values in units:
        counts = Counter(values)
        totals.update(counts)
        differing = len(values) ** 2 - sum(count**2 for count in counts.values())
        observed += differing / (len(values) - 1)
    num_values = totals.total()
    expected = num_values**2 - sum(count**2 for count in totals.values())
    return None if expected == 0 else 1 - (num_values - 1) * observed / expected


def _pairs(shared: dict[int, dict[str, int]]) -> list[dict[str, Any]]:
    tables: dict[tuple[str, str], Counter[tuple[int, int]]] = defaultdict(Counter)
    for classes in shared.values():
        for first, second in combinations(sorted(classes), 2):
            tables[first, second][classes[first], classes[second]] += 1
    pairs = []
    for (first, second), table in sorted(tables.items()):
        num_images = table.total()
        num_same = sum(count for (one, other), count in table.items() if one == other)
        pairs.append(
            {
                "first": first,
                "second": second,
                "num_images": num_images,
                "num_same": num_same,
                "kappa": _kappa(table, num_images=num_images, num_same=num_same),
            }
        )
    return pairs


def _kappa(table: Counter[tuple[int, int]], *, num_images: int, num_same: int) -> float | None:
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for (one, other), count in table.items():
        rows[one] += count
        columns[other] += count
    by_chance = sum(rows[class_id] * columns[class_id] for class_id in rows) / num_images**2
    return None if by_chance == 1 else (num_same / num_images - by_chance) / (1 - by_chance)

"""Exports and imports hold a bounded part of a project in memory, however many images it has."""

from typing import Any

import pytest

from bench.memory import measure

pytestmark = pytest.mark.slow


def growth_of(rows: list[dict[str, Any]], step: str) -> dict[int, float]:
    return {row["images"]: row["growth_mib"] for row in rows if row["step"] == step}


def test_an_export_of_ten_times_the_images_takes_no_more_memory() -> None:
    """40,000 rows of a CSV are 6 MB; as Python objects they would be 60 MB."""
    rows = measure(counts=[4_000, 40_000], zip_counts=[])
    for step in ("csv", "jsonl"):
        growth = growth_of(rows, step)
        assert growth[40_000] - growth[4_000] < 16, growth
        written = {row["images"]: row["bytes"] for row in rows if row["step"] == step}
        assert written[40_000] > 9 * written[4_000]


def test_a_zip_of_many_small_files_is_imported_in_bounded_memory() -> None:
    """2,700 more pictures, decoded and with their thumbnails, cells and rows, would be more than 100 MB."""
    rows = measure(counts=[], zip_counts=[300, 3_000])
    growth = growth_of(rows, "zip")
    assert growth[3_000] - growth[300] < 24, growth
    assert [row["summary"] for row in rows] == [
        f"{count} added, 0 duplicates, 0 rejected" for count in (300, 3_000)
    ]

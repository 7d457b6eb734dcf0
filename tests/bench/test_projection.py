"""The bench of layouts writes the figures that others read, whatever peers are installed; peers are fakes here."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench import projection
from worker.ml.types import FloatArray

PROMISED = {
    "cold_s",
    "warm_s",
    "plain_umap_s",
    "trustworthiness",
    "plain_trustworthiness",
    "displacement_warm",
    "displacement_cold",
    "transform_1000_s",
}


class FirstTwoChannels:
    """A peer of each interface: the layout is the first two channels."""

    def __init__(self, **_: Any) -> None:
        pass

    def fit_transform(self, features: FloatArray) -> FloatArray:
        return features[:, :2].copy()

    fit = fit_transform


def measured(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["projection", "--json", str(folder / "out.json"), *arguments])
    projection.main()
    report: dict[str, Any] = json.loads((folder / "out.json").read_text())
    return report


def test_each_count_has_the_promised_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=FirstTwoChannels))
    monkeypatch.setitem(sys.modules, "openTSNE", SimpleNamespace(TSNE=FirstTwoChannels))
    monkeypatch.setitem(sys.modules, "pacmap", None)  # as when it is not installed

    report = measured(tmp_path, "--counts", "60", "80", "--channels", "16", monkeypatch=monkeypatch)

    assert [row["count"] for row in report["results"]] == [60, 80]
    for row in report["results"]:
        assert {name for name in PROMISED if isinstance(row.get(name), float)} == PROMISED
        assert row["cold_fresh_s"] > 0
        assert 0 < row["displacement_warm"] <= 0.0201
        assert row["trustworthiness"] > row["plain_trustworthiness"]  # two channels are no layout
        assert row["peers"]["openTSNE"]["trustworthiness"] == row["plain_trustworthiness"]
        assert row["peers"]["pacmap"] is None


def test_features_and_labels_may_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features, class_index = projection.made_up(50, channels=12)
    np.save(tmp_path / "features.npy", features)
    np.save(tmp_path / "labels.npy", np.where(np.arange(50) < 40, class_index, -1))
    files = ["--features", str(tmp_path / "features.npy"), "--labels", str(tmp_path / "labels.npy")]

    report = measured(tmp_path, *files, "--counts", "45", "--no-plain", "--no-peers", monkeypatch=monkeypatch)

    (row,) = report["results"]
    assert (row["count"], row["channels"]) == (45, 12)
    assert 0 <= row["purity"] <= 1


def test_large_counts_have_time_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = measured(tmp_path, "--counts", "--large", "200", "--channels", "8", monkeypatch=monkeypatch)

    (row,) = report["large"]
    assert row["count"] == 200
    assert row["peak_mb"] >= row["peak_mb_before"] > 0
    assert row["quick_s"] < row["cold_s"]
    assert row["trustworthiness"] > 0.8

"""The saliency benchmark on a small input: its report has the promised keys and our maps equal autograd's."""

import json
from pathlib import Path

import pytest

from bench import saliency


def test_it_reports_rates_ratios_and_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    options = [
        "--size=64",
        "--batch-size=4",
        "--num-cached=8",
        "--num-classes=3",
        "--rounds=1",
        f"--json={path}",
    ]
    monkeypatch.setattr("sys.argv", ["saliency", "--backbone=squeezenet1_0", *options])
    saliency.main()
    report = json.loads(path.read_text())
    ours = {"forward", "autograd", "ours", "ours, both maps", "ours, bfloat16", "ours, cached"}
    assert report["images_per_s"].keys() >= ours
    assert all(rate > 0 for rate in report["images_per_s"].values())
    assert report["time_over_forward"]["forward"] == 1.0
    assert report["max_abs_diff"]["autograd Grad-CAM"] < 1e-5
    assert {"ratio_to_forward", "ratio_to_best_peer", "cached_ratio"} <= report.keys()
    installed = {"grad-cam", "torchcam"} - set(report["missing_peers"])
    assert {key.split()[0] for key in report["max_abs_diff"]} == installed | {"autograd"}
    for key, difference in report["max_abs_diff"].items():
        if key in (
            "grad-cam Grad-CAM",
            "grad-cam Grad-CAM++, its eps put in",
            "torchcam Grad-CAM",
            "torchcam CAM",
        ):
            assert difference < 1e-5, key
    assert "ratio_to_forward" in capsys.readouterr().out

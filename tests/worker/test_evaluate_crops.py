"""Evaluating crops: figures by hand on a network made for it, and the command on generated pictures."""

import json
import tempfile
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
import torchvision
from django.core.management import CommandError, call_command
from PIL import Image

from worker.evaluate_crops import (
    MethodMaps,
    Prepared,
    Settings,
    evaluate_embeddings,
    evaluate_method,
    method_maps,
    prepare,
)
from worker.evaluate_crops.box_rules import top_k_hulls
from worker.evaluate_crops.maps import BoxRule
from worker.evaluate_crops.report import embedding_table
from worker.management.commands import evaluate_crops as evaluate_crops_command
from worker.ml.errors import InvalidArray, UnknownMethod, UnreadableAnnotations, WeightsUnavailable
from worker.ml.localization import crop_quality
from worker.ml.map_groups import native_size
from worker.ml.preprocessing import IMAGENET
from worker.ml.saliency import get_method
from worker.ml.synthetic import write_dataset
from worker.ml.types import Progress

STABLE_KEYS = {
    "method",
    "backbone",
    "num_train",
    "num_test",
    "accuracy",
    "recall",
    "reduction",
    "iou",
    "gt_known_loc",
    "top1_loc",
    "maxboxacc_v2",
    "r50",
    "r50_center",
    "images_per_s",
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with SqueezeNet weights drawn at random: what is tested here is not how well it sees."""
    folder = tmp_path_factory.mktemp("weights")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = torchvision.models.squeezenet1_0(weights=None)
    torch.save(network.state_dict(), folder / "squeezenet1_0.pth")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 generated pictures of 3 classes, 6 of them for testing."""
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder, num_images=24, num_classes=3, seed=5)
    return folder


def _settings(data: Path, weights: Path, **changes: Any) -> Settings:
    return Settings(data=data, weights_dirs=(weights,), backbone="squeezenet1_0", size_px=96, **changes)


@pytest.fixture(scope="module")
def prepared(data: Path, weights: Path) -> Prepared:
    """The generated pictures, extracted and trained on once."""
    return prepare(_settings(data, weights))


def test_a_report_carries_the_stable_keys_with_sensible_values(data: Path, weights: Path) -> None:
    seen: list[Progress] = []
    prepared = prepare(_settings(data, weights), on_progress=seen.append)
    report = evaluate_method(prepared, "gradcampp", retention=0.9)
    assert report.keys() >= STABLE_KEYS
    assert (report["num_train"], report["num_test"], report["num_classes"]) == (18, 6, 3)
    assert 0 <= report["top1_loc"] <= min(report["gt_known_loc"], report["accuracy"]) <= 1
    assert report["top1_loc"] <= report["top5_loc"] == report["gt_known_loc"]  # 3 classes: all are among 5
    assert report["r50_reduction"] == pytest.approx(0.5, abs=1e-3)
    at_retention = next(point for point in report["curve"] if point["retention"] == 0.9)
    assert at_retention["recall"] == pytest.approx(report["recall"])
    assert (seen[-1].done, seen[-1].total) == (24, 24)
    json.dumps(report)


def test_a_small_model_sees_at_most_so_many_labels_a_class(data: Path, weights: Path) -> None:
    prepared = prepare(_settings(data, weights, labels_per_class=2))
    assert np.bincount(prepared.train_class).tolist() == [2, 2, 2]
    assert len(prepared.test) == 6


def test_maps_of_the_true_class_differ_only_where_the_prediction_is_wrong(data: Path, weights: Path) -> None:
    prepared = prepare(_settings(data, weights, labels_per_class=1))
    maps = method_maps(prepared, "cam")
    is_right = prepared.scores["mean"].predicted == prepared.test_class
    assert not is_right.all(), "a test without a wrong prediction would show nothing"
    np.testing.assert_array_equal(maps.predicted[0][is_right], maps.true[0][is_right])
    assert (maps.predicted[0] != maps.true[0]).any(axis=(1, 2))[~is_right].all()


@pytest.mark.parametrize(
    ("method", "paper_box"),
    [("wgap_recombined", "adaptive"), ("cam", "threshold"), ("backprop_graphcut", "percentile")],
)
def test_every_kind_of_method_is_measured_with_the_box_of_its_paper(
    prepared: Prepared, method: str, paper_box: str
) -> None:
    maps = method_maps(prepared, method)
    report = evaluate_method(prepared, method, maps=maps, box="paper")
    named = evaluate_method(prepared, method, maps=maps, box=cast(BoxRule, paper_box))
    assert report["box"] == paper_box
    assert report["recall"] == named["recall"]
    assert report["iou"] == named["iou"]
    assert report["num_test"] == 6


@pytest.mark.parametrize("adl", [False, True])
def test_a_finetuned_backbone_gives_other_maps(
    prepared: Prepared, data: Path, weights: Path, adl: bool
) -> None:
    tuned = prepare(_settings(data, weights, finetune="last_stage", adl=adl))
    assert (tuned.test_maps.pooled != prepared.test_maps.pooled).any()
    report = evaluate_method(tuned, "gradcam")
    assert (report["finetune"], report["adl"]) == ("last_stage", adl)


def test_half_precision_changes_features_a_little(prepared: Prepared, data: Path, weights: Path) -> None:
    rough = prepare(_settings(data, weights, bfloat16=True))
    difference = np.abs(rough.test_maps.pooled - prepared.test_maps.pooled).max()
    assert 0 < difference < 0.05 * prepared.test_maps.pooled.max()


def test_native_maps_are_measured_in_groups(data: Path, weights: Path) -> None:
    prepared = prepare(_settings(data, weights, native=True))
    assert len({(group.maps.height, group.maps.width) for group in prepared.test_maps.groups}) > 1
    report = evaluate_method(prepared, "gradcam")
    assert report["native"] is True
    assert report["r50_reduction"] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("method", ["backprop", "backprop_graphcut"])
def test_methods_that_differentiate_are_native_too(data: Path, weights: Path, method: str) -> None:
    prepared = prepare(_settings(data, weights, native=True, labels_per_class=1))
    maps = method_maps(prepared, method)
    sizes = {
        prepared.test[i].path: cams.shape[1:]
        for index, cams in zip(maps.image_index, maps.predicted, strict=True)
        for i in index
    }
    assert len(set(sizes.values())) > 1
    for path, size_hw in sizes.items():
        with Image.open(path) as image:
            assert size_hw == native_size(height=image.height, width=image.width)
    assert evaluate_method(prepared, method, maps=maps)["native"] is True


def test_a_tight_and_loose_pair_reports_the_loose_box_and_the_tight_one_beside_it(prepared: Prepared) -> None:
    maps = method_maps(prepared, "gradcam")
    pair = evaluate_method(
        prepared, "gradcam", maps=maps, box="tight_and_loose", retention=0.9, tight_retention=0.6
    )
    loose, tight = (evaluate_method(prepared, "gradcam", maps=maps, retention=r) for r in (0.9, 0.6))
    assert (pair["box"], pair["tight"]["retention"]) == ("tight_and_loose", 0.6)
    for key in ("recall", "reduction", "precision", "iou"):
        assert (pair[key], pair["tight"][key]) == (loose[key], tight[key])
    assert pair["tight"]["reduction"] > pair["reduction"]
    with pytest.raises(InvalidArray, match="must not exceed loose retention"):
        evaluate_method(prepared, "gradcam", maps=maps, box="tight_and_loose", tight_retention=0.99)


def test_the_box_of_the_likeliest_classes_holds_the_box_of_each(prepared: Prepared) -> None:
    gradcam = get_method("gradcam")
    one = top_k_hulls(prepared, gradcam, k=1, retention=0.8)
    np.testing.assert_array_equal(
        one, method_maps(prepared, "gradcam").boxes("predicted", "percentile", retention=0.8)
    )
    two, three = (top_k_hulls(prepared, gradcam, k=k, retention=0.8) for k in (2, 3))
    for smaller, larger in ((one, two), (two, three)):
        assert (larger[:, :2] <= smaller[:, :2]).all()
        assert (larger[:, 2:] >= smaller[:, 2:]).all()
    assert (three != one).any()
    report = evaluate_method(prepared, "gradcam", box="top_k", top_k=3, retention=0.8)
    assert (report["box"], report["top_k"]) == ("top_k", 3)
    assert report["recall"] == crop_quality(three, prepared.objects).recall
    with pytest.raises(InvalidArray, match=r"k in \[1, 3\]"):
        evaluate_method(prepared, "gradcam", box="top_k", top_k=4)
    with pytest.raises(UnknownMethod, match="closed-form method; got 'backprop'"):
        top_k_hulls(prepared, get_method("backprop"), k=2, retention=0.8)


def test_boxes_of_groups_come_back_in_the_order_of_the_images() -> None:
    left, right = np.zeros((2, 2, 4), np.float32), np.zeros((1, 3, 2), np.float32)
    left[:, :, 0] = 1
    right[:, :, 1] = 1
    maps = MethodMaps((np.array([2, 0]), np.array([1])), (left, right), (left, right), seconds=0.0)
    boxes = maps.boxes("predicted", "extent", retention=0.9)
    np.testing.assert_allclose(boxes[:, [0, 2]], [[0, 0.375], [0.25, 1], [0, 0.375]], atol=0.01)
    np.testing.assert_array_equal(maps.map_of(1), right[0])
    with pytest.raises(IndexError):
        maps.map_of(3)


def test_the_projects_own_method_is_measured_with_the_contrast_of_the_same_pass(
    data: Path, weights: Path
) -> None:
    prepared = prepare(_settings(data, weights, contrast=True))
    assert prepared.test_maps.contrast is not None
    assert prepared.test_maps.contrast.shape == (6, 14, 14)
    maps = method_maps(prepared, "labeler")
    assert maps.map_of(0).shape == (14, 14)  # the evidence, not the 28 x 28 map that carries the boxes
    assert maps.predicted[0].shape == (6, 28, 28)
    report = evaluate_method(prepared, "labeler", maps=maps)
    assert report["method"] == "labeler"
    assert report["r50_reduction"] == pytest.approx(0.5, abs=0.02)
    assert 0 <= evaluate_embeddings(prepared, "labeler")["crop"]["head"] <= 1
    one, two = (top_k_hulls(prepared, get_method("labeler"), k=k, retention=0.9) for k in (1, 2))
    assert (two[:, :2] <= one[:, :2]).all()
    assert (two[:, 2:] >= one[:, 2:]).all()
    assert (two != one).any()


def test_the_projects_own_method_needs_the_contrast(prepared: Prepared) -> None:
    with pytest.raises(UnknownMethod, match="needs the border contrast"):
        evaluate_method(prepared, "labeler")


def test_embeddings_of_four_views_are_compared(prepared: Prepared) -> None:
    report = evaluate_embeddings(prepared, "gradcam", retention=0.8)
    for view in ("whole", "crop", "true_crop", "whole_and_crop"):
        assert 0 <= report[view]["nearest_neighbour"] <= 1
    assert report["whole"]["head"] == prepared.scores["mean"].accuracy
    assert 0 <= report["together"]["head"] <= 1
    assert isinstance(report["together"]["crops_lower_log_loss"], bool)
    assert embedding_table(report).splitlines()[-1].split()[:-1] == ["a", "head", "for", "each"]
    with pytest.raises(UnknownMethod):
        evaluate_embeddings(prepared, "backprop")


def test_a_folder_without_test_images_is_refused(tmp_path: Path, weights: Path) -> None:
    write_dataset(tmp_path, num_images=6, num_classes=2, seed=1)  # three a class: all for training
    with pytest.raises(UnreadableAnnotations, match="has 6, 0"):
        prepare(_settings(tmp_path, weights))


def test_missing_weights_and_unknown_methods_are_refused(
    prepared: Prepared, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsUnavailable):
        prepare(_settings(data, tmp_path))
    with pytest.raises(UnknownMethod):
        evaluate_method(prepared, "guess")


def test_the_command_prints_a_table_and_writes_json_and_a_contact_sheet(
    data: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "evaluate_crops",
        str(data),
        "--backbone=squeezenet1_0",
        "--size=96",
        "--method=gradcam",
        f"--weights-dir={weights}",
        f"--json={tmp_path / 'report.json'}",
        f"--contact-sheet={tmp_path / 'sheet.png'}",
        "--embeddings",
    )
    report = json.loads((tmp_path / "report.json").read_text())
    assert report.keys() >= STABLE_KEYS
    assert report["method"] == "gradcam"
    assert report["preprocessing"] == IMAGENET.to_json()
    printed = capsys.readouterr().out
    assert "expect mean [0.485, 0.456, 0.406], deviation [0.229, 0.224, 0.225], padding torch" in printed
    assert "R@50" in printed
    assert f"{report['r50']:.3f}" in printed
    assert "true-box crop" in printed
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * 214 + 6, 6 * 240 + 32)


def test_the_command_measures_all_methods_on_the_same_features(
    data: Path, weights: Path, tmp_path: Path
) -> None:
    arguments = [
        "--backbone=squeezenet1_0",
        "--size=96",
        "--method=all",
        f"--weights-dir={weights}",
        "--box=paper",
    ]
    call_command("evaluate_crops", str(data), *arguments, f"--json={tmp_path / 'report.json'}", verbosity=0)
    document = json.loads((tmp_path / "report.json").read_text())
    names = [report["method"] for report in document["reports"]]
    assert names[:3] == ["cam", "gradcam", "gradcampp"]
    assert names[-1] == "labeler"
    assert {report["num_test"] for report in document["reports"]} == {6}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--weights-dir=/nowhere"], "squeezenet1_0"),
        (["--retention=0"], "retention must be in"),
        (["--labels-per-class=-1"], "--labels-per-class must be >= 0"),
        (["--size=16"], "at least 32 px"),
        (["--adl"], "--adl needs --finetune"),
    ],
)
def test_the_command_turns_expected_failures_into_one_line(
    data: Path, weights: Path, arguments: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command(
            "evaluate_crops",
            str(data),
            "--backbone=squeezenet1_0",
            "--size=64",
            *([] if any("weights" in item for item in arguments) else [f"--weights-dir={weights}"]),
            *arguments,
            verbosity=0,
        )


def test_the_command_measures_on_generated_pictures_and_leaves_no_folder(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(evaluate_crops_command, "SYNTHETIC_IMAGES", 24)
    monkeypatch.setattr(evaluate_crops_command, "SYNTHETIC_CLASSES", 3)
    report_path = tmp_path / "report.json"
    call_command(
        "evaluate_crops",
        synthetic=True,
        backbone="squeezenet1_0",
        weights_dir=[weights],
        size=96,
        json=report_path,
        verbosity=0,
    )
    report = json.loads(report_path.read_text())
    assert (report["data"], report["num_train"], report["num_test"]) == ("synthetic", 18, 6)
    assert report.keys() >= STABLE_KEYS
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("arguments", [["evaluate_crops"], ["evaluate_crops", "folder", "--synthetic"]])
def test_the_command_wants_a_folder_or_generated_pictures(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="Name a folder, or --synthetic; one of the two"):
        call_command(*arguments)

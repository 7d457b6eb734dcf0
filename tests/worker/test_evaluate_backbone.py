"""Measuring a backbone: hand-made features with known neighbours, a real small folder, and the command."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command
from PIL import Image
from torch import nn

from worker.evaluate_backbone import draw_labels, evaluate_backbone, neighbour_accuracy, read_labelled_set
from worker.ml.backbones import Backbone, BackboneSpec
from worker.ml.errors import UnreadableAnnotations
from worker.ml.preprocessing import Preprocessing
from worker.ml.synthetic import write_dataset

torch.set_num_threads(1)


def colour_backbone() -> Backbone:
    """(n, S, S, 3) -> mean red, green, blue in [0, 1] of each cell of 32 pixels."""
    plain = Preprocessing(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    spec = BackboneSpec("colours", "Colours", 3, 32, 0.0, "fast", True, "")
    return Backbone(nn.Sequential(nn.AvgPool2d(32)), spec=spec, preprocessing=plain, device="cpu")


def write_half_red_set(folder: Path, *, num_per_class: int = 4) -> None:
    """Wide pictures, the left half red (class `left`) or the right half blue (class `right`), the rest black."""
    lines = ["file,label,width,height,xmin,ymin,xmax,ymax,split"]
    for number in range(2 * num_per_class):
        is_left = number % 2 == 0
        label, x1, x2 = ("left", 0, 40) if is_left else ("right", 40, 80)
        pixels = np.zeros((40, 80, 3), np.uint8)
        pixels[:, x1:x2, 0 if is_left else 2] = 250 - 10 * number
        file = f"images/{label}/{number}.png"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / file)
        split = "test" if number >= 2 * num_per_class - 2 else "train"
        lines.append(f"{file},{label},80,40,{x1},0,{x2},40,{split}")
    (folder / "index.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_nearest_train_image_by_angle_gives_the_class() -> None:
    """Test rows 2, 3, 4: nearest by angle are rows 0, 1, 0, whatever the lengths; two of three classes agree."""
    pooled = np.array([[1, 0], [0, 1], [9, 1], [1, 9], [3, 2]], np.float32)
    class_index = np.array([0, 1, 0, 1, 1])
    is_test = np.array([False, False, True, True, True])
    assert neighbour_accuracy(pooled, class_index, is_test=is_test) == pytest.approx(2 / 3)


def test_labels_are_drawn_from_train_images_of_every_class() -> None:
    class_index = np.array([0] * 30 + [1] * 10)
    is_test = np.arange(40) % 10 == 0
    chosen = draw_labels(class_index, is_test=is_test, rng=np.random.default_rng(0))
    assert not is_test[chosen].any()
    assert len(set(chosen.tolist())) == 29
    assert np.bincount(class_index[chosen]).tolist() == [20, 9]


def test_it_measures_a_folder_whose_answer_is_known(tmp_path: Path) -> None:
    """Colour gives the class, and the lit half is the object: everything is right, and half the picture suffices."""
    write_half_red_set(tmp_path)
    report = evaluate_backbone(read_labelled_set(tmp_path), colour_backbone(), megabytes=1.5)
    assert (report.backbone, report.data) == ("colours", tmp_path.name)
    assert (report.num_images, report.num_test, report.num_classes) == (8, 2, 2)
    assert report.knn_accuracy == 1
    assert report.head_accuracy_20 == 1
    assert report.recall_at_50 > report.center_recall_at_50
    assert report.center_recall_at_50 == pytest.approx(0.5, abs=1e-3)
    assert report.images_per_s > 0
    assert report.bare_forward_images_per_s > 0
    assert report.megabytes == 1.5
    assert report.to_json()["knn_accuracy"] == 1


def test_it_rejects_folders_that_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAnnotations):
        read_labelled_set(tmp_path / "nothing")
    write_half_red_set(tmp_path)
    index = tmp_path / "index.csv"
    lines = index.read_text(encoding="utf-8").splitlines()
    for kept, message in (
        ([line for line in lines if "right" not in line], "at least 2"),
        ([line for line in lines if not line.endswith("test")], "no test image"),
        (
            [line for line in lines if "left" not in line or line.endswith("test")],
            "'left' has no train image",
        ),
    ):
        index.write_text("\n".join(kept) + "\n", encoding="utf-8")
        with pytest.raises(UnreadableAnnotations, match=message):
            read_labelled_set(tmp_path)


def test_the_command_measures_the_bundled_backbone_without_any_weights_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six classes, told apart by shape and colour: far above one in six, whatever draws were made."""
    write_dataset(tmp_path / "set", num_images=48, num_classes=6, seed=0)
    report_path = tmp_path / "report.json"
    call_command(
        "evaluate_backbone",
        str(tmp_path / "set"),
        backbone="bundled",
        json=report_path,
        threads=1,
        weights_dir=[],
    )
    report = json.loads(report_path.read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out) == report
    assert report["backbone"] == "bundled"
    assert report["knn_accuracy"] > 0.6
    assert report["head_accuracy_20"] > 0.6
    assert 4 < report["megabytes"] < 8


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("evaluate_backbone", str(tmp_path / "nothing"), backbone="bundled")
    write_half_red_set(tmp_path)
    with pytest.raises(CommandError, match="No weights for ResNet-18"):
        call_command("evaluate_backbone", str(tmp_path), backbone="resnet18", weights_dir=[tmp_path])
    with pytest.raises(CommandError, match="at least 1, got 0"):
        call_command("evaluate_backbone", str(tmp_path), backbone="bundled", threads=0)

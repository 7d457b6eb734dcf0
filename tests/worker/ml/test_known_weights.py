"""What weights files expect of their input, told by their checksum."""

import hashlib
from pathlib import Path

import pytest

from worker.ml import known_weights
from worker.ml.backbones import BACKBONES, read_sidecar
from worker.ml.known_weights import KnownWeights, known_preprocessing
from worker.ml.preprocessing import IMAGENET, Preprocessing

ODD = Preprocessing(mean=(0.1, 0.2, 0.3), std=(1.0, 2.0, 3.0), padding="tf_same")


@pytest.fixture
def known_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "resnet18_x.pth"
    path.write_bytes(b"weights")
    entry = KnownWeights(size_bytes=7, sha256=hashlib.sha256(b"weights").hexdigest(), preprocessing=ODD)
    monkeypatch.setattr(known_weights, "KNOWN_WEIGHTS", (entry,))
    return path


def test_a_known_file_says_what_it_expects(known_file: Path) -> None:
    assert known_preprocessing(known_file) == ODD
    assert read_sidecar(known_file, spec=BACKBONES["resnet18"]) == ODD


def test_the_json_beside_it_goes_first_and_may_name_only_what_differs(known_file: Path) -> None:
    Path(f"{known_file}.json").write_text('{"padding": "torch"}')
    assert read_sidecar(known_file, spec=BACKBONES["resnet18"]) == Preprocessing(ODD.mean, ODD.std, "torch")


@pytest.mark.parametrize("content", [b"weight", b"Weights"], ids=["other size", "same size"])
def test_other_files_keep_the_value_of_the_registry(known_file: Path, content: bytes) -> None:
    known_file.write_bytes(content)
    assert known_preprocessing(known_file) is None
    assert read_sidecar(known_file, spec=BACKBONES["resnet18"]) == IMAGENET


def test_a_file_that_is_not_there_is_not_known(tmp_path: Path) -> None:
    assert known_preprocessing(tmp_path / "none.pth") is None


def test_the_teacher_of_the_bundled_backbone_is_known() -> None:
    (known,) = known_weights.KNOWN_WEIGHTS
    assert known.preprocessing == Preprocessing((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "tf_same")
    assert (known.size_bytes, len(known.sha256)) == (7313867, 64)

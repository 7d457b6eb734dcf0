"""Backbones: cut, preprocessing, padding, and refusal of weights that do not fit. Weights here are random."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

from worker.ml import backbones
from worker.ml.backbones import BACKBONES, Backbone, BackboneSpec, load_backbone
from worker.ml.bundled import BundledNet
from worker.ml.errors import CheckpointIncompatible, InvalidArray, OutOfMemory
from worker.ml.preprocessing import IMAGENET, PaddingName, Preprocessing
from worker.ml.types import AnyArray, UInt8Array

torch.set_num_threads(1)

PLAIN = Preprocessing(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def network(name: str) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        built: nn.Module = (
            BundledNet() if name == "bundled" else getattr(torchvision.models, name)(weights=None)
        )
    return built.eval()


def pictures(num: int, height: int, width: int) -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (num, height, width, 3), dtype=np.uint8)


def wrapped(trunk: nn.Module, preprocessing: Preprocessing = PLAIN) -> Backbone:
    spec = BackboneSpec("tiny", "Tiny", 1, 1, 0.0, "fast", True, "")
    return Backbone(trunk, spec=spec, preprocessing=preprocessing, device="cpu")


@pytest.fixture(scope="module")
def squeezenet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "squeezenet1_0_test.pth"
    torch.save(network("squeezenet1_0").state_dict(), path)
    return path


@pytest.mark.parametrize("name", BACKBONES)
def test_each_backbone_gives_maps_of_its_channels_and_stride(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.pth"
    torch.save(network(name).state_dict(), path)
    spec = BACKBONES[name]
    maps = load_backbone(name, weights_path=path).maps(pictures(1, 64, 96))
    num, height, width, channels = maps.shape
    assert (num, channels) == (1, spec.channels)
    assert abs(height - 64 / spec.stride) <= 1
    assert abs(width - 96 / spec.stride) <= 1
    assert height < width
    assert maps.dtype == np.float32
    assert maps.min() >= 0
    assert maps.max() > 0


def test_the_maps_are_the_stage_before_the_pooling(squeezenet_file: Path) -> None:
    images = pictures(2, 64, 96)
    maps = load_backbone("squeezenet1_0", weights_path=squeezenet_file).maps(images)
    scaled = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)
    with torch.inference_mode():
        expected = network("squeezenet1_0").get_submodule("features")((scaled - mean) / std)
    np.testing.assert_allclose(maps, expected.permute(0, 2, 3, 1).numpy(), atol=1e-5)


def test_loading_draws_no_random_number(squeezenet_file: Path) -> None:
    before = torch.random.get_rng_state()
    load_backbone("squeezenet1_0", weights_path=squeezenet_file)
    assert torch.equal(before, torch.random.get_rng_state())


def test_normalization_by_hand() -> None:
    preprocessing = Preprocessing(mean=(0.5, 0.2, 0.0), std=(0.5, 0.1, 2.0))
    image = np.zeros((1, 32, 40, 3), dtype=np.uint8)
    image[0, 3, 7] = (255, 51, 255)
    maps = wrapped(nn.Identity(), preprocessing).maps(image)
    assert maps.shape == (1, 32, 40, 3)
    np.testing.assert_allclose(maps[0, 3, 7], [1.0, 0.0, 0.5], atol=1e-6)
    np.testing.assert_allclose(maps[0, 0, 0], [-1.0, -2.0, 0.0], atol=1e-6)


def summing_convolution(kernel: int) -> nn.Conv2d:
    layer = nn.Conv2d(3, 1, kernel, stride=2, padding=kernel // 2, bias=False)
    nn.init.ones_(layer.weight)
    return layer


@pytest.mark.parametrize(
    ("kernel", "padding", "corners"),
    [
        # ones everywhere, three channels: a corner's value is 3 x the number of pixels that its window covers
        (3, "torch", [12, 18, 18, 27]),  # reaches one pixel over the top and left: 2x2 of 3x3
        (3, "tf_same", [27, 18, 18, 12]),  # reaches one pixel over the right and bottom instead
        (5, "tf_same", [48, 36, 36, 27]),  # one over the left, two over the right: 4x4, 4x3, 3x3 of 5x5
        (1, "tf_same", [3, 3, 3, 3]),
    ],
)
def test_tensorflow_pads_right_and_bottom(kernel: int, padding: PaddingName, corners: list[int]) -> None:
    backbone = wrapped(summing_convolution(kernel), replace(PLAIN, padding=padding))
    maps = backbone.maps(np.full((1, 32, 40, 3), 255, dtype=np.uint8))[0, :, :, 0]
    assert maps.shape == (16, 20)
    assert [maps[0, 0], maps[0, -1], maps[-1, 0], maps[-1, -1]] == corners


def test_tensorflow_padding_of_odd_sides_is_symmetric() -> None:
    backbone = wrapped(summing_convolution(3), replace(PLAIN, padding="tf_same"))
    maps = backbone.maps(np.full((1, 33, 35, 3), 255, dtype=np.uint8))[0, :, :, 0]
    assert maps.shape == (17, 18)
    assert [maps[0, 0], maps[0, -1], maps[-1, 0], maps[-1, -1]] == [12, 12, 12, 12]


def test_half_precision_and_safetensors_load_alike(tmp_path: Path) -> None:
    state = {key: value.half() for key, value in network("squeezenet1_0").state_dict().items()}
    torch.save(state, tmp_path / "a.pth")
    save_file(state, tmp_path / "a.safetensors")
    images = pictures(1, 64, 64)
    first = load_backbone("squeezenet1_0", weights_path=tmp_path / "a.pth").maps(images)
    second = load_backbone("squeezenet1_0", weights_path=tmp_path / "a.safetensors").maps(images)
    assert first.max() > 0
    assert (first == second).all()


def test_the_classifier_may_be_missing(tmp_path: Path) -> None:
    state = {k: v for k, v in network("squeezenet1_0").state_dict().items() if k.startswith("features.")}
    torch.save(state, tmp_path / "a.pth")
    assert load_backbone("squeezenet1_0", weights_path=tmp_path / "a.pth").maps(pictures(1, 64, 64)).max() > 0


def test_the_first_mismatching_key_is_named(tmp_path: Path) -> None:
    state = dict(network("squeezenet1_0").state_dict())
    path = tmp_path / "w.pth"

    torch.save({k: v for k, v in state.items() if k != "features.3.squeeze.bias"}, path)
    with pytest.raises(
        CheckpointIncompatible, match=r"w\.pth .* squeezenet1_0: 'features\.3\.squeeze\.bias' is missing"
    ):
        load_backbone("squeezenet1_0", weights_path=path)

    torch.save({**state, "features.0.weight": torch.zeros(2, 3)}, path)
    with pytest.raises(
        CheckpointIncompatible, match=r"'features\.0\.weight' has shape \(2, 3\), needed is \(96, 3, 7, 7\)"
    ):
        load_backbone("squeezenet1_0", weights_path=path)

    torch.save({**state, "features.0.bias": torch.full((96,), float("nan"))}, path)
    with pytest.raises(CheckpointIncompatible, match=r"'features\.0\.bias' holds values that are not finite"):
        load_backbone("squeezenet1_0", weights_path=path)


def test_a_larger_network_of_the_same_family_is_refused(tmp_path: Path) -> None:
    torch.save(network("resnet34").state_dict(), tmp_path / "w.pth")
    with pytest.raises(CheckpointIncompatible, match=r"'layer1\.2\.conv1\.weight' is not part of it"):
        load_backbone("resnet18", weights_path=tmp_path / "w.pth")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not weights", "cannot be read as weights"),
        (b"", "cannot be read as weights"),
        (None, "there is no file"),
    ],
)
def test_a_file_that_holds_no_weights_is_refused(content: bytes | None, reason: str, tmp_path: Path) -> None:
    for suffix in (".pth", ".safetensors"):
        path = tmp_path / f"w{suffix}"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CheckpointIncompatible, match=reason):
            load_backbone("squeezenet1_0", weights_path=path)


def test_a_pickle_with_code_is_refused(tmp_path: Path) -> None:
    torch.save(network("squeezenet1_0"), tmp_path / "w.pth")
    with pytest.raises(CheckpointIncompatible, match="cannot be read as weights"):
        load_backbone("squeezenet1_0", weights_path=tmp_path / "w.pth")
    torch.save([1, 2], tmp_path / "w.pth")
    with pytest.raises(CheckpointIncompatible, match="holds no state dict"):
        load_backbone("squeezenet1_0", weights_path=tmp_path / "w.pth")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(CheckpointIncompatible, match="unknown backbone 'vgg'; known: bundled, resnet34"):
        load_backbone("vgg", weights_path=Path("nowhere.pth"))


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((1, 3, 64, 64), dtype=np.uint8),
        np.zeros((64, 64, 3), dtype=np.uint8),
        np.zeros((1, 64, 64, 3), dtype=np.float32),
        np.zeros((1, 64, 31, 3), dtype=np.uint8),
    ],
    ids=["channels first", "no batch", "float", "too small"],
)
def test_other_arrays_are_refused(images: AnyArray) -> None:
    with pytest.raises(InvalidArray):
        wrapped(nn.Identity()).maps(images)


class Failing(nn.Module):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_memory_errors_are_typed(error: Exception) -> None:
    with pytest.raises(OutOfMemory, match="2 images of 32x40 px do not fit on cpu"):
        wrapped(Failing(error)).maps(pictures(2, 32, 40))


def test_other_runtime_errors_pass_through() -> None:
    with pytest.raises(RuntimeError, match="a bug"):
        wrapped(Failing(RuntimeError("a bug"))).maps(pictures(1, 32, 32))


def test_the_json_beside_the_weights_is_read(squeezenet_file: Path, tmp_path: Path) -> None:
    weights = tmp_path / "squeezenet1_0_x.pth"
    weights.write_bytes(squeezenet_file.read_bytes())
    assert load_backbone("squeezenet1_0", weights_path=weights).preprocessing == IMAGENET
    sidecar = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "padding": "tf_same"}
    (tmp_path / "squeezenet1_0_x.pth.json").write_text(json.dumps(sidecar))
    loaded = load_backbone("squeezenet1_0", weights_path=weights).preprocessing
    assert loaded == Preprocessing((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "tf_same")
    assert Preprocessing.from_json(loaded.to_json()) == loaded


def test_the_json_may_lie_in_another_folder_and_name_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "w.pth.json").write_text('{"padding": "tf_same"}')
    spec = BACKBONES["resnet18"]
    found = backbones.read_sidecar(
        tmp_path / "w.pth", spec=spec, directories=[tmp_path / "no", tmp_path / "own"]
    )
    assert found == Preprocessing(spec.preprocessing.mean, spec.preprocessing.std, "tf_same")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "w.pth.json: "),
        ("[1]", "JSON object"),
        ('{"means": [1, 2, 3]}', "unknown preprocessing key 'means'"),
        ('{"padding": "same"}', "got 'same'"),
        ('{"mean": [1, 2]}', "mean is a list of three numbers"),
        ('{"mean": [1, 2, "3"]}', "mean is a list of three finite numbers"),
        ('{"std": [1, 0, 1]}', "std is positive"),
    ],
)
def test_a_broken_json_is_refused_by_name(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "w.pth.json").write_text(text)
    with pytest.raises(CheckpointIncompatible, match=reason):
        backbones.read_sidecar(tmp_path / "w.pth", spec=BACKBONES["resnet18"])


def test_preprocessing_without_default_needs_its_keys() -> None:
    with pytest.raises(CheckpointIncompatible, match="lacks 'std'"):
        Preprocessing.from_json({"mean": [0, 0, 0]})

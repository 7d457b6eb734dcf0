"""Bundles are replaced whole or not at all, and refuse what they do not know."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from worker.ml import checkpoints
from worker.ml.checkpoints import (
    bundle_exists,
    load_head,
    read_bundle,
    read_header,
    save_head,
    write_bundle,
)
from worker.ml.errors import CheckpointIncompatible, InvalidArray
from worker.ml.head import Head
from worker.ml.preprocessing import IMAGENET

HEAD = Head(
    weight=np.array([[1, 2, 3], [-1, -2, -3]], dtype=np.float32),
    bias=np.array([0.5, -0.5], dtype=np.float32),
    temperature=1.5,
    l2=0.3,
)


def save_example_head(folder: Path) -> None:
    save_head(
        folder,
        HEAD,
        class_ids=[7, 3],
        class_names=["cat", "dög"],
        backbone="resnet18",
        input_size_px=224,
        preprocessing=IMAGENET,
        metadata={"sequence": 12},
    )


def test_arrays_and_metadata_come_back(tmp_path: Path) -> None:
    arrays = {
        "a": np.arange(6, dtype=np.int64).reshape(2, 3),
        "b": np.array([[1.5], [2.5]], dtype=">f4"),
        "empty": np.zeros((0, 4), dtype=np.uint8),
        "number": np.array(3.0),
    }
    header = write_bundle(tmp_path / "x", arrays, kind="test", metadata={"names": ["å"], "n": 2})
    bundle = read_bundle(tmp_path / "x", kind="test")
    assert bundle.header == header == read_header(tmp_path / "x", kind="test")
    assert bundle.header.metadata == {"names": ["å"], "n": 2}
    for name, array in arrays.items():
        assert bundle.arrays[name].shape == array.shape
        assert (bundle.arrays[name] == array).all()
    assert header.arrays["b"].dtype == "<f4"
    assert header.format_version == 1


def test_large_arrays_are_mapped_and_writing_to_them_changes_no_file(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"a": np.zeros(5, dtype=np.float32)}, kind="test")
    first = read_bundle(tmp_path, kind="test").arrays["a"]
    assert isinstance(first, np.memmap)
    first[:] = 1
    assert (read_bundle(tmp_path, kind="test").arrays["a"] == 0).all()


def test_replacing_leaves_only_the_new_files(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"a": np.zeros(3), "b": np.zeros(2)}, kind="test")
    write_bundle(tmp_path, {"a": np.ones(4)}, kind="test")
    assert read_bundle(tmp_path, kind="test").arrays["a"].tolist() == [1, 1, 1, 1]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_reader_keeps_its_arrays_while_they_are_replaced(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"a": np.zeros(3)}, kind="test")
    old = read_bundle(tmp_path, kind="test")
    write_bundle(tmp_path, {"a": np.ones(3)}, kind="test")
    assert old.arrays["a"].tolist() == [0, 0, 0]


def test_a_crash_before_the_rename_leaves_the_old_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path, {"a": np.zeros(3)}, kind="test")

    def crash(path: Path, content: bytes) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_replace_file", crash)
        with pytest.raises(OSError, match="no space"):
            write_bundle(tmp_path, {"a": np.ones(3)}, kind="test")
    assert read_bundle(tmp_path, kind="test").arrays["a"].tolist() == [0, 0, 0]


def test_readers_never_see_a_mixture(tmp_path: Path) -> None:
    def write(value: int) -> None:
        arrays = {"a": np.full(50, value), "b": np.full(70, value)}
        write_bundle(tmp_path, arrays, kind="test", metadata={"value": value})

    write(0)
    stop = threading.Event()

    def keep_writing() -> None:
        value = 0
        while not stop.is_set():
            value += 1
            write(value)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for _ in range(150):
            bundle = read_bundle(tmp_path, kind="test")
            values = {int(v) for array in bundle.arrays.values() for v in np.unique(array)}
            assert values == {bundle.header.metadata["value"]}
    finally:
        stop.set()
        writer.join()


def test_nothing_there_is_said_plainly(tmp_path: Path) -> None:
    assert not bundle_exists(tmp_path / "x")
    with pytest.raises(CheckpointIncompatible, match="there is no head in"):
        read_bundle(tmp_path / "x", kind="head")


def test_another_kind_or_version_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"a": np.zeros(3)}, kind="test")
    assert bundle_exists(tmp_path)
    with pytest.raises(CheckpointIncompatible, match="holds a 'test', needed is a 'head'"):
        read_bundle(tmp_path, kind="head")
    header = json.loads((tmp_path / "header.json").read_text())
    (tmp_path / "header.json").write_text(json.dumps({**header, "format_version": 2}))
    with pytest.raises(CheckpointIncompatible, match="format version 2, this program reads 1"):
        read_bundle(tmp_path, kind="test")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format_version": 1}', '{"format_version": 1, "kind": "test"}']
)
def test_a_damaged_header_is_refused_and_can_be_replaced(text: str, tmp_path: Path) -> None:
    (tmp_path / "header.json").write_text(text)
    with pytest.raises(CheckpointIncompatible, match="is damaged"):
        read_header(tmp_path, kind="test")
    write_bundle(tmp_path, {"a": np.zeros(1)}, kind="test")
    assert read_bundle(tmp_path, kind="test").arrays["a"].tolist() == [0]


def test_a_header_cannot_point_outside(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"a": np.zeros(3)}, kind="test")
    header = json.loads((tmp_path / "header.json").read_text())
    header["arrays"]["a"]["file"] = "../a.npy"
    (tmp_path / "header.json").write_text(json.dumps(header))
    with pytest.raises(CheckpointIncompatible, match="not in the bundle's folder"):
        read_bundle(tmp_path, kind="test")


@pytest.mark.parametrize("damage", ["cut", "gone", "other shape", "pickle"])
def test_a_damaged_array_is_refused(damage: str, tmp_path: Path) -> None:
    header = write_bundle(tmp_path, {"a": np.zeros(300)}, kind="test")
    file = tmp_path / header.arrays["a"].file
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:500])
    elif damage == "gone":
        file.unlink()
    elif damage == "other shape":
        np.save(file, np.zeros(299))
    else:
        np.save(file, np.array([{}] * 300), allow_pickle=True)
    with pytest.raises(CheckpointIncompatible):
        read_bundle(tmp_path, kind="test")


@pytest.mark.parametrize("name", ["../a", "A", "a.b", ""])
def test_names_that_are_no_file_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArray):
        write_bundle(tmp_path, {name: np.zeros(1)}, kind="test")


def test_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArray):
        write_bundle(tmp_path, {"a": np.array([{}])}, kind="test")


def test_a_head_comes_back_with_its_surroundings(tmp_path: Path) -> None:
    save_example_head(tmp_path)
    stored = load_head(tmp_path)
    assert (stored.head.weight == HEAD.weight).all()
    assert (stored.head.bias == HEAD.bias).all()
    assert (stored.head.temperature, stored.head.l2) == (1.5, 0.3)
    assert stored.class_ids == (7, 3)
    assert stored.class_names == ("cat", "dög")
    assert (stored.backbone, stored.input_size_px, stored.preprocessing) == ("resnet18", 224, IMAGENET)
    assert stored.metadata == {"sequence": 12}


def test_a_head_needs_a_name_for_each_class(tmp_path: Path) -> None:
    with pytest.raises(InvalidArray, match="2 classes, got 2 ids and 1 names"):
        save_head(
            tmp_path,
            HEAD,
            class_ids=[1, 2],
            class_names=["cat"],
            backbone="b",
            input_size_px=1,
            preprocessing=IMAGENET,
        )


@pytest.mark.parametrize(
    ("key", "value"),
    [("class_ids", [1]), ("class_names", None), ("temperature", "hot"), ("preprocessing", {})],
)
def test_a_damaged_head_is_refused(key: str, value: object, tmp_path: Path) -> None:
    save_example_head(tmp_path)
    header = json.loads((tmp_path / "header.json").read_text())
    header["metadata"][key] = value
    (tmp_path / "header.json").write_text(json.dumps(header))
    with pytest.raises(CheckpointIncompatible):
        load_head(tmp_path)

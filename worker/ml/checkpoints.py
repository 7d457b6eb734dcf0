"""Arrays with a JSON header on disk, replaced whole or not at all; trained heads.

A bundle is a folder: `header.json` and one `.npy` file per array under a name of its own for each writing. New arrays
are written first, then the header is renamed into place, which is the moment of change, then the old arrays go. A
crash at any point leaves the old bundle or the new one; a reader that meets a change reads the header again.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from worker.ml.errors import CheckpointIncompatible, InvalidArray
from worker.ml.head import Head
from worker.ml.preprocessing import Preprocessing
from worker.ml.types import AnyArray

# 1 (2026-11): header.json with format_version, kind, arrays {name: {file, dtype, shape}}, metadata.
FORMAT_VERSION = 1
HEADER_NAME = "header.json"

_READ_ATTEMPTS = 5
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Metadata = dict[str, Any]  # whatever JSON holds: the reader of each kind checks what it needs


@dataclass(frozen=True)
class ArraySpec:
    """One array of a bundle: its file beside the header, dtype as numpy writes it ("<f4"), and shape."""

    file: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Header:
    """What a bundle holds. `kind` says who reads it."""

    format_version: int
    kind: str
    arrays: dict[str, ArraySpec]
    metadata: Metadata


@dataclass(frozen=True)
class Bundle:
    """A header and its arrays, memory-mapped: writing to them changes the process's copy only."""

    header: Header
    arrays: dict[str, AnyArray]


@dataclass(frozen=True)
class StoredHead:
    """A head and what it must be used with: row k of it stands for `class_ids[k]`."""

    head: Head
    class_ids: tuple[int, ...]
    class_names: tuple[str, ...]
    backbone: str
    input_size_px: int
    preprocessing: Preprocessing
    metadata: Metadata


def write_bundle(
    directory: Path,
    arrays: Mapping[str, AnyArray],
    *,
    kind: str,
    metadata: Mapping[str, object] | None = None,
) -> Header:
    """Write a bundle, or replace the one that is there, in one step for readers.

    Args:
        directory: made if it is not there.
        arrays: by name (lower case, digits, underscores); stored little-endian and C-contiguous.
        kind: checked by the reader.
        metadata: anything that JSON can hold.

    Raises:
        InvalidArray: for a name that is not usable as a file name, or an array of Python objects.
    """
    for name, array in arrays.items():
        if not _NAME.fullmatch(name) or array.dtype.hasobject:
            raise InvalidArray(f"array {name!r} of dtype {array.dtype} cannot be stored")
    directory.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    specs = {name: _write_npy(directory / f"{name}.{token}.npy", array) for name, array in arrays.items()}
    header = Header(FORMAT_VERSION, kind, specs, dict(metadata or {}))
    text = json.dumps(asdict(header), indent=1, allow_nan=False)
    old_files = _files_of(directory)
    _replace_file(directory / HEADER_NAME, text.encode())
    for file in old_files - {spec.file for spec in specs.values()}:
        (directory / file).unlink(missing_ok=True)
    return header


def bundle_exists(directory: Path) -> bool:
    """Whether a bundle was ever written there completely."""
    return (directory / HEADER_NAME).is_file()


def read_header(directory: Path, *, kind: str) -> Header:
    """The header alone.

    Raises:
        CheckpointIncompatible: nothing there, another kind or format version, or a damaged header.
    """
    path = directory / HEADER_NAME
    try:
        return _parsed_header(json.loads(path.read_text("utf-8")), kind=kind)
    except FileNotFoundError as error:
        raise CheckpointIncompatible(f"there is no {kind} in {directory}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointIncompatible(f"{path} is damaged: {error!r}") from error


def read_bundle(directory: Path, *, kind: str) -> Bundle:
    """Header and memory-mapped arrays.

    Raises:
        CheckpointIncompatible: as `read_header`; also an array that is missing, cut short or not as the header says.
    """
    for attempt in range(_READ_ATTEMPTS):
        header = read_header(directory, kind=kind)
        try:
            return Bundle(header, {name: _read_npy(directory, spec) for name, spec in header.arrays.items()})
        except FileNotFoundError as error:
            # The bundle may have been replaced between header and arrays; the new header names the new ones.
            if attempt == _READ_ATTEMPTS - 1:
                raise CheckpointIncompatible(f"{directory} lacks an array: {error}") from error
    raise AssertionError("unreachable")


def save_head(
    directory: Path,
    head: Head,
    *,
    class_ids: Sequence[int],
    class_names: Sequence[str],
    backbone: str,
    input_size_px: int,
    preprocessing: Preprocessing,
    metadata: Mapping[str, object] | None = None,
) -> Header:
    """Store a trained head with all that its use depends on.

    Raises:
        InvalidArray: if ids or names are not one per class.
    """
    num_classes = len(head.bias)
    if not len(class_ids) == len(class_names) == num_classes:
        raise InvalidArray(
            f"a head of {num_classes} classes, got {len(class_ids)} ids and {len(class_names)} names"
        )
    facts = {
        "temperature": head.temperature,
        "l2": head.l2,
        "class_ids": [int(class_id) for class_id in class_ids],
        "class_names": list(class_names),
        "backbone": backbone,
        "input_size_px": input_size_px,
        "preprocessing": preprocessing.to_json(),
        "metadata": dict(metadata or {}),
    }
    return write_bundle(directory, {"weight": head.weight, "bias": head.bias}, kind="head", metadata=facts)


def load_head(directory: Path) -> StoredHead:
    """Read what `save_head` wrote.

    Raises:
        CheckpointIncompatible: as `read_bundle`, or facts that are missing or contradict the arrays.
    """
    bundle = read_bundle(directory, kind="head")
    facts = bundle.header.metadata
    try:
        weight, bias = np.array(bundle.arrays["weight"]), np.array(bundle.arrays["bias"])
        stored = StoredHead(
            head=Head(
                weight=weight, bias=bias, temperature=float(facts["temperature"]), l2=float(facts["l2"])
            ),
            class_ids=tuple(int(class_id) for class_id in facts["class_ids"]),
            class_names=tuple(str(name) for name in facts["class_names"]),
            backbone=str(facts["backbone"]),
            input_size_px=int(facts["input_size_px"]),
            preprocessing=Preprocessing.from_json(facts["preprocessing"]),
            metadata=dict(facts["metadata"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointIncompatible(f"the head in {directory} is damaged: {error!r}") from error
    if weight.ndim != 2 or not len(weight) == len(bias) == len(stored.class_ids) == len(stored.class_names):
        raise CheckpointIncompatible(
            f"the head in {directory} has weights {weight.shape}, biases {bias.shape} and "
            f"{len(stored.class_ids)} classes"
        )
    return stored


def _parsed_header(values: Metadata, *, kind: str) -> Header:
    version = values["format_version"]
    if version != FORMAT_VERSION:
        raise CheckpointIncompatible(f"format version {version}, this program reads {FORMAT_VERSION}")
    if values["kind"] != kind:
        raise CheckpointIncompatible(f"holds a {values['kind']!r}, needed is a {kind!r}")
    arrays = {
        name: ArraySpec(str(spec["file"]), str(spec["dtype"]), tuple(int(n) for n in spec["shape"]))
        for name, spec in values["arrays"].items()
    }
    for spec in arrays.values():
        if Path(spec.file).name != spec.file:
            raise CheckpointIncompatible(f"array file {spec.file!r} is not in the bundle's folder")
    return Header(version, kind, arrays, dict(values["metadata"]))


def _little_endian(array: AnyArray) -> AnyArray:
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)


def _write_npy(path: Path, array: AnyArray) -> ArraySpec:
    stored = _little_endian(array)
    with path.open("wb") as file:
        np.save(file, stored, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return ArraySpec(path.name, stored.dtype.str, stored.shape)


def _read_npy(directory: Path, spec: ArraySpec) -> AnyArray:
    path = directory / spec.file
    # An empty array cannot be mapped. "c": compiled loops take only arrays that look writable.
    mode: Literal["c"] | None = "c" if 0 not in spec.shape and spec.shape else None
    try:
        array: AnyArray = np.load(path, mmap_mode=mode, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise CheckpointIncompatible(f"{path} is damaged: {error}") from error
    if array.shape != spec.shape or array.dtype.str != spec.dtype:
        found, needed = f"{array.dtype.str} {array.shape}", f"{spec.dtype} {spec.shape}"
        raise CheckpointIncompatible(f"{path} holds {found}, its header says {needed}")
    return array


def _files_of(directory: Path) -> set[str]:
    """Array files that the present header names; a damaged header is replaced without regret."""
    try:
        arrays = json.loads((directory / HEADER_NAME).read_text("utf-8"))["arrays"]
        return {Path(spec["file"]).name for spec in arrays.values()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _replace_file(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

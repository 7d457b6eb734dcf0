"""Packed arrays of the action log: little-endian numbers, one element an image."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

NO_LABEL = 0  # the annotator had given the image no label
CLEARED = -1  # the annotator had cleared the image on purpose


def pack_indexes(values: Iterable[int]) -> bytes:
    """Image indexes as uint32."""
    return np.fromiter(values, dtype="<u4").tobytes()


def unpack_indexes(data: bytes) -> list[int]:
    """Inverse of `pack_indexes`."""
    return _unpack(data, "<u4")


def holds_index(data: bytes, index: int) -> bool:
    """True if the packed image indexes hold `index`, without unpacking them."""
    return bool(np.any(np.frombuffer(data, dtype="<u4") == index))


def pack_class_ids(values: Iterable[int]) -> bytes:
    """Class ids, `NO_LABEL` or `CLEARED`, as int32."""
    return np.fromiter(values, dtype="<i4").tobytes()


def unpack_class_ids(data: bytes) -> list[int]:
    """Inverse of `pack_class_ids`."""
    return _unpack(data, "<i4")


def pack_sequences(values: Iterable[int]) -> bytes:
    """Action sequences as uint64; 0 where there was no label."""
    return np.fromiter(values, dtype="<u8").tobytes()


def unpack_sequences(data: bytes) -> list[int]:
    """Inverse of `pack_sequences`."""
    return _unpack(data, "<u8")


def resolved_column(pairs: Iterable[tuple[int, int]], *, count: int) -> npt.NDArray[np.int32]:
    """Class id of each of `count` images from (index, class_id) pairs; 0 = none."""
    column = np.zeros(count, dtype="<i4")
    for index, class_id in pairs:
        column[index] = class_id
    return column


def _unpack(data: bytes, dtype: str) -> list[int]:
    values: list[int] = np.frombuffer(data, dtype=dtype).tolist()
    return values

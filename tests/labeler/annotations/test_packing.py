"""The packed columns of the log, byte by byte."""

import numpy as np

from labeler.annotations import packing


def test_indexes_are_little_endian_uint32() -> None:
    assert packing.pack_indexes([1, 258, 2**32 - 1]) == bytes.fromhex("01000000 02010000 ffffffff")
    assert packing.unpack_indexes(bytes.fromhex("01000000 02010000 ffffffff")) == [1, 258, 4_294_967_295]


def test_class_ids_are_signed_so_that_a_clear_fits() -> None:
    data = packing.pack_class_ids([packing.CLEARED, packing.NO_LABEL, 7])
    assert data == bytes.fromhex("ffffffff 00000000 07000000")
    assert packing.unpack_class_ids(data) == [-1, 0, 7]


def test_sequences_are_uint64() -> None:
    data = packing.pack_sequences([2**40])
    assert data == bytes.fromhex("0000000000010000")
    assert packing.unpack_sequences(data) == [2**40]


def test_nothing_packs_to_nothing() -> None:
    assert packing.pack_indexes([]) == b""
    assert packing.unpack_indexes(b"") == []


def test_an_index_is_found_without_unpacking() -> None:
    data = packing.pack_indexes([5, 256])
    assert packing.holds_index(data, 256)
    assert not packing.holds_index(data, 1)  # a byte of 256 when misread
    assert not packing.holds_index(b"", 0)


def test_the_resolved_column_has_zero_where_there_is_no_class() -> None:
    column = packing.resolved_column([(2, 9), (0, 4)], count=4)
    assert column.dtype == np.dtype("<i4")
    assert column.tolist() == [4, 0, 9, 0]

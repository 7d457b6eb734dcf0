"""BC1 cells: exact bytes of small blocks, and fidelity on smooth pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from worker.ml import atlas
from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, UInt8Array

RED, BLUE, GREEN, WHITE = (255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 255)


def gradient(size: int) -> UInt8Array:
    """Red grows to the right, green downwards, blue along the diagonal."""
    y, x = np.mgrid[0:size, 0:size] * (255 / (size - 1))
    return np.stack([x, y, (x + y) / 2], axis=2).astype(np.uint8)


def test_two_colours_give_these_eight_bytes() -> None:
    block = np.zeros((4, 4, 3), dtype=np.uint8)
    block[:, :2] = RED
    block[:, 2:] = BLUE
    # red 0xF800 > blue 0x001F, so red is index 0; a row 0 0 1 1 is 0b01010000
    assert atlas.encode_cell(block).hex() == "00f81f00" + "50" * 4


def test_the_first_row_is_the_lowest_byte_of_the_indexes() -> None:
    block = np.zeros((4, 4, 3), dtype=np.uint8)
    block[:] = RED
    block[0] = BLUE
    assert atlas.encode_cell(block).hex() == "00f81f00" + "55000000"


def test_one_exact_colour_has_equal_ends_and_no_indexes() -> None:
    assert atlas.encode_cell(np.full((4, 4, 3), 255, dtype=np.uint8)).hex() == "ffffffff00000000"
    assert atlas.encode_cell(np.zeros((4, 4, 3), dtype=np.uint8)).hex() == "0000000000000000"


def test_the_ends_are_ordered_for_the_opaque_mode() -> None:
    random = np.random.default_rng(3)
    cells = random.integers(0, 256, (20, 16, 16, 3), dtype=np.uint8)
    cells[10:] = cells[10:] // 128 + 100  # nearly flat blocks, whose ends often round to one colour
    words = atlas.encode_cells(cells).reshape(-1, 8).view("<u2")
    equal = words[:, 0] == words[:, 1]
    assert (words[:, 0] >= words[:, 1]).all()
    assert equal.any()
    assert (words[equal, 2:] == 0).all()


def test_blocks_lie_in_raster_order() -> None:
    cell = np.zeros((8, 8, 3), dtype=np.uint8)
    cell[:4, :4], cell[:4, 4:], cell[4:, :4], cell[4:, 4:] = RED, GREEN, BLUE, WHITE
    words = np.frombuffer(atlas.encode_cell(cell), dtype="<u2").reshape(4, 4)
    assert [hex(word) for word in words[:, 0]] == ["0xf800", "0x7e0", "0x1f", "0xffff"]
    assert (atlas.decode_cells(atlas.encode_cells(cell[None]), cell_px=8)[0] == cell).all()


@pytest.mark.parametrize(("cell_px", "num_bytes"), [(16, 128), (64, 2048)])
def test_cells_have_a_fixed_size(cell_px: int, num_bytes: int) -> None:
    assert atlas.bytes_per_cell(cell_px) == num_bytes
    assert len(atlas.encode_cell(gradient(cell_px))) == num_bytes
    assert atlas.encode_cells(np.zeros((0, cell_px, cell_px, 3), dtype=np.uint8)).shape == (0, num_bytes)


def test_a_batch_is_its_cells_in_order() -> None:
    cells = np.stack([gradient(16), gradient(16)[::-1], gradient(16)[:, ::-1]])
    batch = atlas.encode_cells(cells)
    assert [batch[i].tobytes() for i in range(3)] == [
        atlas.encode_cell(np.ascontiguousarray(c)) for c in cells
    ]


def test_every_flat_grey_comes_back_within_two_steps() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8), 4 * 4 * 3).reshape(256, 4, 4, 3)
    decoded = atlas.decode_cells(atlas.encode_cells(greys), cell_px=4)
    assert np.abs(decoded.astype(int) - greys).max() <= 2


def test_a_smooth_picture_keeps_its_colours() -> None:
    cell = gradient(64)
    assert atlas.psnr(cell, atlas.decode_cells(atlas.encode_cells(cell[None]), cell_px=64)[0]) > 36


def test_it_beats_the_writer_of_pillow() -> None:
    y, x = np.mgrid[0:64, 0:64] / 64
    waves = [np.sin(9 * x + 4 * y), np.cos(7 * y - 3 * x), np.sin(11 * x * y)]
    cell = (127 + 120 * np.stack(waves, axis=2)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(cell).save(buffer, "DDS", pixel_format="DXT1")
    theirs = np.frombuffer(buffer.getvalue()[128:], dtype=np.uint8)[None]
    ours = atlas.encode_cells(cell[None])
    assert atlas.psnr(cell, atlas.decode_cells(ours, cell_px=64)[0]) > 1 + atlas.psnr(
        cell, atlas.decode_cells(theirs, cell_px=64)[0]
    )


def test_the_decoder_agrees_with_pillow_within_rounding() -> None:
    random = np.random.default_rng(0)
    cell = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    codes = atlas.encode_cells(cell[None])
    buffer = io.BytesIO()
    Image.fromarray(cell).save(buffer, "DDS", pixel_format="DXT1")
    dds = buffer.getvalue()[:128] + codes.tobytes()
    theirs = np.asarray(Image.open(io.BytesIO(dds)).convert("RGB")).astype(int)
    assert np.abs(theirs - atlas.decode_cells(codes, cell_px=16)[0]).max() <= 1


def test_the_decoder_knows_the_three_colour_mode() -> None:
    # equal-or-smaller first colour: index 2 is the mean, index 3 is black
    words = np.array([0x0000, 0xFFFF, 0b11_10_01_00, 0], dtype="<u2")
    first_row = atlas.decode_cells(words.view(np.uint8)[None], cell_px=4)[0, 0]
    assert first_row.tolist() == [[0, 0, 0], [255, 255, 255], [128, 128, 128], [0, 0, 0]]


def test_psnr_of_one_step_everywhere() -> None:
    a = np.zeros((2, 3), dtype=np.uint8)
    assert atlas.psnr(a, a + 1) == pytest.approx(48.1308, abs=1e-4)
    assert atlas.psnr(a, a) == float("inf")
    with pytest.raises(InvalidArray):
        atlas.psnr(a, a.T)


@pytest.mark.parametrize(
    "cells",
    [
        np.zeros((1, 16, 12, 3), dtype=np.uint8),
        np.zeros((1, 6, 6, 3), dtype=np.uint8),
        np.zeros((1, 16, 16, 4), dtype=np.uint8),
        np.zeros((1, 16, 16, 3), dtype=np.float32),
        np.zeros((16, 16, 3), dtype=np.uint8),
    ],
    ids=["not square", "not a multiple of 4", "four channels", "float", "no batch"],
)
def test_other_arrays_are_refused(cells: AnyArray) -> None:
    with pytest.raises(InvalidArray):
        atlas.encode_cells(cells)


def test_the_input_is_not_changed() -> None:
    cell = gradient(16)
    before = cell.copy()
    atlas.encode_cell(cell)
    assert (cell == before).all()

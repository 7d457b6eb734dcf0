"""Maps to look at: their classes, codes and blocks."""

import numpy as np
import pytest

from worker.ml.errors import InvalidArray
from worker.ml.saliency.shown import encode_shown, mean_over_blocks, top_classes


def test_the_best_classes_come_first_and_ties_go_to_the_lower_index() -> None:
    scores = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]], dtype=np.float32)

    assert top_classes(scores, k=2).tolist() == [[1, 2], [0, 2]]


@pytest.mark.parametrize("k", [0, 4])
def test_more_classes_than_there_are_and_none_are_refused(k: int) -> None:
    with pytest.raises(InvalidArray, match=r"k in \[1, K\]"):
        top_classes(np.zeros((2, 3), dtype=np.float32), k=k)


def test_codes_are_shares_of_each_maps_own_maximum() -> None:
    cams = np.zeros((1, 3, 2, 3), dtype=np.float32)
    cams[0, 0] = np.array([[0, 1, 2], [-5, 4, 0.5]])
    cams[0, 1] = -1
    cams[0, 2, 1, 1] = np.nan
    cams[0, 2, 0, 0] = 1

    codes = encode_shown(cams)

    assert codes.dtype.name == "uint8"
    assert codes[0, 0].tolist() == [[0, 64, 128], [0, 255, 32]]
    assert not codes[0, 1:].any()


def test_the_mean_over_blocks_of_a_non_square_map() -> None:
    cams = np.arange(2 * 4, dtype=np.float32).reshape(1, 2, 4)

    assert mean_over_blocks(cams, side=2).tolist() == [[[0.5, 2.5], [4.5, 6.5]]]
    assert mean_over_blocks(cams, side=1).tolist() == [[[3.5]]]


@pytest.mark.parametrize("side", [0, 3, 4])
def test_blocks_that_do_not_fit_are_refused(side: int) -> None:
    with pytest.raises(InvalidArray, match="do not divide"):
        mean_over_blocks(np.zeros((1, 2, 4), dtype=np.float32), side=side)

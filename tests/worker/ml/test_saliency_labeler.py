"""The project's own saliency method, on grids small enough to work out by hand."""

import itertools

import numpy as np
import pytest

from worker.ml.boxes import boxes_from_maps, boxes_from_marginals, boxes_from_profiles
from worker.ml.errors import InvalidArray
from worker.ml.profiles import profiles_from_maps
from worker.ml.saliency import labeler
from worker.ml.saliency.nested_boxes import NUM_BINS, marginals_from_boxes, nested_boxes, retentions_of_prices


def test_contrast_is_one_minus_the_cosine_to_the_border_direction() -> None:
    maps = np.zeros((1, 3, 4, 2), np.float32)
    maps[..., 0] = 2.0
    maps[0, 1, 1] = (0.0, 5.0)
    maps[0, 1, 2] = (3.0, 3.0)
    expected = np.zeros((1, 3, 4), np.float32)
    expected[0, 1, 1] = 1.0
    expected[0, 1, 2] = 1 - np.sqrt(0.5)
    np.testing.assert_allclose(labeler.contrast_maps(maps), expected, atol=1e-6)


def test_contrast_takes_the_mean_of_the_border_cells_directions() -> None:
    maps = np.zeros((1, 1, 2, 2), np.float32)
    maps[0, 0, 0] = (7.0, 0.0)
    maps[0, 0, 1] = (0.0, 1.0)
    np.testing.assert_allclose(labeler.contrast_maps(maps), np.full((1, 1, 2), 1 - np.sqrt(0.5)), atol=1e-6)


def test_contrast_is_zero_where_the_border_has_no_features() -> None:
    maps = np.zeros((1, 3, 3, 2), np.float32)
    maps[0, 1, 1] = 1.0
    assert labeler.contrast_maps(maps).max() == 0.0


def test_contrast_of_a_cell_without_features_is_one() -> None:
    maps = np.ones((1, 3, 3, 2), np.float32)
    maps[0, 1, 1] = 0.0
    contrast = labeler.contrast_maps(maps)
    assert contrast[0, 1, 1] == 1.0
    assert contrast.sum() == pytest.approx(1.0, abs=1e-5)


def test_contrasts_of_several_stages_are_averaged_by_their_share_of_the_peak() -> None:
    first = np.zeros((1, labeler.GRID, labeler.GRID), np.float32)
    first[0, 3, 5], first[0, 3, 6] = 0.2, 0.1
    second = np.zeros_like(first)
    second[0, 3, 6] = 0.7
    combined = labeler.combine_contrasts([first, second])
    assert combined[0, 3, 5:7] == pytest.approx([0.5, 0.75], rel=1e-6)
    assert combined.sum() == pytest.approx(1.25, rel=1e-6)
    with pytest.raises(InvalidArray, match="same images"):
        labeler.combine_contrasts([first, np.concatenate([first, first])])
    with pytest.raises(InvalidArray, match="same images"):
        labeler.combine_contrasts([])


def test_the_border_is_the_outer_ring() -> None:
    expected = [[1, 1, 1, 1], [1, 0, 0, 1], [1, 1, 1, 1]]
    assert labeler.border_cells(3, 4).astype(int).tolist() == expected
    assert labeler.border_cells(1, 2).all()


def test_evidence_is_the_stated_curve_of_both_maps_over_their_peaks() -> None:
    cams = np.full((1, labeler.GRID, labeler.GRID), -1.0, np.float32)
    cams[0, 2, 5] = 4.0
    cams[0, 3, 5] = 2.0
    contrast = np.zeros_like(cams)
    contrast[0, 2, 5] = 0.5
    curve = labeler.EvidenceCurve(class_gain=2.0, contrast_gain=4.0, offset=-3.0, power=2.0, class_down=0.0)
    evidence = labeler.evidence_maps(cams, contrast, curve=curve)[0]
    assert evidence[2, 5] == pytest.approx((1 / (1 + np.exp(-3.0))) ** 2, rel=1e-6)
    assert evidence[3, 5] == pytest.approx((1 / (1 + np.exp(2.0))) ** 2, rel=1e-6)
    assert evidence[0, 0] == pytest.approx((1 / (1 + np.exp(3.0))) ** 2, rel=1e-6)


def test_evidence_does_not_depend_on_the_scale_of_either_map() -> None:
    rng = np.random.default_rng(0)
    cams = rng.normal(size=(2, 7, 5)).astype(np.float32)
    contrast = rng.random((2, 14, 10)).astype(np.float32)
    first = labeler.evidence_maps(cams, contrast)
    assert first.shape == (2, labeler.GRID, labeler.GRID)
    np.testing.assert_allclose(
        labeler.evidence_maps(cams * np.float32(30), contrast * np.float32(0.125)), first, rtol=1e-4
    )


def test_resizing_is_bilinear_with_half_pixel_centres() -> None:
    cams = np.array([[[0.0, 1.0]]], np.float32)
    curve = labeler.EvidenceCurve(class_gain=1.0, contrast_gain=0.0, offset=0.0, power=1.0)
    evidence = labeler.evidence_maps(cams, np.zeros((1, 1, 1), np.float32), curve=curve)[0]
    share = np.log(evidence / (1 - evidence))
    # Cell centres at (j + .5) / 14 lie 2 (j + .5) / 14 - .5 between the two samples.
    expected = np.clip(2 * (np.arange(14) + 0.5) / 14 - 0.5, 0, 1)
    np.testing.assert_allclose(share, np.broadcast_to(expected, (14, 14)), atol=1e-5)


def test_the_class_map_counts_three_quarters_of_a_cell_lower() -> None:
    cams = np.zeros((1, labeler.GRID, labeler.GRID), np.float32)
    cams[0, 4, 9] = 8.0
    # A row takes a quarter of its own value, three quarters of the one above; the lowest row's rest leaves the frame.
    cams[0, 13, 2] = 4.0
    evidence = labeler.evidence_maps(cams, np.zeros_like(cams))[0]
    share = np.zeros((labeler.GRID, labeler.GRID))
    share[4, 9], share[5, 9], share[13, 2] = 1 / 3, 1.0, 1 / 6
    np.testing.assert_allclose(evidence, (1 / (1 + np.exp(4.0 - 1.5 * share))) ** 4, rtol=1e-5)


def test_a_coarse_class_map_is_laid_lower_by_cells_of_the_grid() -> None:
    curve = labeler.EvidenceCurve(class_gain=1.0, contrast_gain=0.0, offset=0.0, power=1.0, class_down=1.5)
    cams = np.array([[[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]]], np.float32)  # 2 x 3: upper half, lower half
    evidence = labeler.evidence_maps(cams, np.zeros((1, 1, 1), np.float32), curve=curve)[0]
    share = np.log(evidence / (1 - evidence))
    # Unshifted, row 6.5 of the grid lies midway between the two; here row 8 does, and a row is a seventh of the way.
    expected = np.clip(0.5 - (np.arange(14) - 8) / 7, 0, 1)
    np.testing.assert_allclose(share, np.broadcast_to(expected[:, None], (14, 14)), atol=1e-5)


def test_nested_boxes_follow_the_price() -> None:
    # Shares of the evidence: 6/10 at one cell, 3/10 beside it, 1/10 at the far end; a cell is 1/10 of the area.
    evidence = np.zeros((1, 2, 5), np.float32)
    evidence[0, 1, 1], evidence[0, 1, 2], evidence[0, 1, 4] = 6, 3, 1
    boxes = nested_boxes(evidence, prices=np.array([4.0, 2.0, 0.4]))
    # 4: the first cell gains .6 - .4, the second would add .3 - .4. 2: it adds .3 - .2; the third .1 - .4.
    # .4: two more cells in the row cost .08 and bring .1.
    expected = [[0.2, 0.5, 0.4, 1.0], [0.2, 0.5, 0.6, 1.0], [0.2, 0.5, 1.0, 1.0]]
    np.testing.assert_allclose(boxes[:, 0], expected, atol=1e-6)


def test_a_box_holds_the_box_of_every_higher_price() -> None:
    evidence = np.random.default_rng(1).random((20, 6, 9)).astype(np.float32) ** 4
    boxes = nested_boxes(evidence)
    assert (np.diff(boxes[..., :2], axis=0) <= 0).all()
    assert (np.diff(boxes[..., 2:], axis=0) >= 0).all()


def test_the_first_box_is_the_best_of_all_rectangles() -> None:
    evidence = np.random.default_rng(2).random((4, 3, 4)).astype(np.float32)
    price = 1.1
    found = nested_boxes(evidence, prices=np.array([price]))[0]
    for image, box in zip(evidence.astype(np.float64), found, strict=True):
        worth = {
            (x0, y0, x1, y1): image[y0:y1, x0:x1].sum() / image.sum() - price * (x1 - x0) * (y1 - y0) / 12
            for x0 in range(4)
            for x1 in range(x0 + 1, 5)
            for y0 in range(3)
            for y1 in range(y0 + 1, 4)
        }
        best = max(worth, key=lambda key: worth[key])
        np.testing.assert_allclose(box, np.array(best) / [4, 3, 4, 3], atol=1e-6)


def test_every_box_is_the_best_of_all_rectangles_widened_to_hold_the_one_before() -> None:
    evidence = np.random.default_rng(7).random((3, 4, 3)).astype(np.float32) ** 3
    prices = np.array([5.0, 1.5, 0.7, 0.2])
    found = nested_boxes(evidence, prices=prices)
    for number, image in enumerate(evidence.astype(np.float64)):
        x0, y0, x1, y1 = 3, 4, 0, 0
        for level, price in enumerate(prices):
            _, best = max(
                (
                    image[top:bottom, left:right].sum() / image.sum()
                    - price * (right - left) * (bottom - top) / 12,
                    box,
                )
                for left, top, right, bottom in itertools.product(
                    range(3), range(4), range(1, 4), range(1, 5)
                )
                if left < right and top < bottom
                for box in [(left, top, right, bottom)]
            )
            x0, y0, x1, y1 = min(x0, best[0]), min(y0, best[1]), max(x1, best[2]), max(y1, best[3])
            np.testing.assert_allclose(
                found[level, number], np.array([x0, y0, x1, y1]) / [3, 4, 3, 4], atol=1e-6
            )


def test_of_equal_boxes_the_one_of_fewer_rows_and_then_the_first_is_taken() -> None:
    evidence = np.zeros((1, 2, 4), np.float32)
    evidence[0, 0, 2] = evidence[0, 1, 0] = evidence[0, 1, 1] = 1  # a third each, of eight cells
    # A cell costs a quarter: each single cell is worth 1/12, both of the second row 1/6.
    np.testing.assert_allclose(nested_boxes(evidence, prices=np.array([2.0]))[0], [[0, 0.5, 0.5, 1]])
    # At 4 a cell costs a half: all single cells with evidence are worth -1/6, the first in order of rows is taken.
    np.testing.assert_allclose(nested_boxes(evidence, prices=np.array([4.0]))[0], [[0.5, 0, 0.75, 0.5]])


def test_marginals_put_half_of_each_step_on_either_side() -> None:
    # Price 1 is retention 1 / 1.21: so much of the mass lies inside [.25, .75], the rest outside.
    boxes = np.array([[[0.25, 0.5, 0.75, 1.0]]], np.float32)
    x_mass, y_mass = marginals_from_boxes(boxes, prices=np.array([1.0]), num_bins=4)
    inside, outside = 0.5 / 1.25, 0.5 * 0.25 / 1.25  # on either side of the centre
    np.testing.assert_allclose(x_mass, [[outside, inside, inside, outside]], atol=1e-6)
    # Below: the outer half spread over [0, .5]. Above: the edge stays at 1, so its half falls into the last bin.
    expected = [[outside / 2, outside / 2, inside, inside + outside]]
    np.testing.assert_allclose(y_mass, expected, atol=1e-6)


def test_a_lower_price_of_area_is_a_larger_retention() -> None:
    found = retentions_of_prices(np.array([6.0, 1.0, 0.05]))
    np.testing.assert_allclose(found, [1 / (1 + 0.25 * 6**1.1), 1 / 1.25, 1 / (1 + 0.25 * 0.05**1.1)])
    assert (np.diff(found) > 0).all()


def test_the_quantile_range_of_the_marginals_is_the_nested_box() -> None:
    prices = np.array([3.0, 1.0, 1 / 3])
    boxes = np.array(
        [[[0.4, 0.5, 0.5, 0.6]], [[0.3, 0.3, 0.6, 0.7]], [[0.1, 0.2, 0.8, 0.9]]],
        np.float32,
    )
    x_mass, y_mass = marginals_from_boxes(boxes, prices=prices, num_bins=400)
    for box, retention in zip(boxes, retentions_of_prices(prices), strict=True):
        found = boxes_from_marginals(x_mass, y_mass, retention=retention)
        np.testing.assert_allclose(found, box, atol=0.004)


def test_the_crop_finds_a_contrasting_object_off_centre() -> None:
    stage = np.zeros((1, 14, 14, 2), np.float32)
    stage[..., 0] = 1.0
    stage[0, 2:5, 8:13] = (0.0, 1.0)
    maps = np.zeros((1, 7, 7, 2), np.float32)
    maps[0, 1:3, 4:7, 1] = 1.0
    weight = np.array([[-1.0, 1.0], [1.0, -1.0]], np.float32)
    contrast = labeler.contrast_maps(stage)
    cams = labeler.compute(maps, weight, np.array([0]), contrast=contrast)
    assert cams.shape == (1, NUM_BINS, NUM_BINS)
    found = boxes_from_maps(cams, retention=0.6)[0]
    truth = np.array([8, 2, 13, 5]) / 14
    np.testing.assert_allclose(found, truth, atol=1.5 / 28)


def test_profiles_carry_the_boxes() -> None:
    rng = np.random.default_rng(3)
    maps = rng.random((8, 7, 7, 3)).astype(np.float32)
    stage = rng.random((8, 14, 14, 4)).astype(np.float32) ** 3
    weight = np.array([[0.5, -0.2, -0.3], [-0.5, 0.2, 0.3]], np.float32)
    cams = labeler.compute(maps, weight, np.zeros(8, np.int64), contrast=labeler.contrast_maps(stage))
    codes = profiles_from_maps(cams)
    assert codes.shape == (8, 2 * NUM_BINS)
    size = NUM_BINS
    for retention in (0.3, 0.6, 0.9):
        through = boxes_from_profiles(codes, height=size, width=size, retention=retention)
        # Where an edge jumps between two prices, rounding acts as a slightly other retention, never more.
        inner = boxes_from_maps(cams, retention=retention - 0.01)
        outer = boxes_from_maps(cams, retention=retention + 0.01)
        assert (through[:, :2] <= inner[:, :2]).all()
        assert (through[:, 2:] >= inner[:, 2:]).all()
        assert (through[:, :2] >= outer[:, :2]).all()
        assert (through[:, 2:] <= outer[:, 2:]).all()


def test_probabilities_weigh_the_classes() -> None:
    maps = np.random.default_rng(4).random((2, 3, 4, 2)).astype(np.float32)
    weight = np.array([[1.0, 0.0], [0.0, 2.0]], np.float32)
    proba = np.array([[0.25, 0.75], [1.0, 0.0]], np.float32)
    found = labeler.class_maps(maps, weight, np.array([1, 1]), proba=proba)
    np.testing.assert_allclose(found[0], 0.25 * maps[0, ..., 0] + 1.5 * maps[0, ..., 1], rtol=1e-5)
    np.testing.assert_allclose(found[1], maps[1, ..., 0], rtol=1e-5)


def test_a_picture_without_evidence_keeps_its_whole_frame() -> None:
    maps = np.zeros((1, 7, 7, 2), np.float32)
    cams = labeler.compute(
        maps, np.eye(2, dtype=np.float32), np.array([0]), contrast=np.zeros((1, 14, 14), np.float32)
    )
    assert cams.max() == 0.0
    np.testing.assert_array_equal(boxes_from_maps(cams, retention=0.5), [[0, 0, 1, 1]])


def test_a_picture_of_the_same_everywhere_keeps_its_whole_frame() -> None:
    maps = np.ones((1, 7, 7, 2), np.float32)
    stage = np.ones((1, 14, 14, 3), np.float32)
    cams = labeler.compute(
        maps, np.eye(2, dtype=np.float32), np.array([0]), contrast=labeler.contrast_maps(stage)
    )
    assert cams.max() == 0.0


def test_mirroring_the_picture_mirrors_the_evidence() -> None:
    rng = np.random.default_rng(5)
    cams = rng.normal(size=(3, 7, 9)).astype(np.float32)
    contrast = rng.random((3, 13, 14)).astype(np.float32)
    evidence = labeler.evidence_maps(cams, contrast)
    mirrored = labeler.evidence_maps(cams[:, :, ::-1], contrast[:, :, ::-1])
    np.testing.assert_allclose(mirrored, evidence[:, :, ::-1], atol=1e-6)


def test_inputs_stay_as_they_were() -> None:
    evidence = np.random.default_rng(6).random((2, 4, 5)).astype(np.float32)
    before = evidence.copy()
    nested_boxes(evidence)
    np.testing.assert_array_equal(evidence, before)


@pytest.mark.parametrize(
    "stage",
    [
        np.zeros((3, 3, 2), np.float32),
        np.zeros((1, 0, 3, 2), np.float32),
        np.full((1, 3, 3, 2), -1.0, np.float32),
        np.full((1, 3, 3, 2), np.nan, np.float32),
    ],
)
def test_contrast_rejects_bad_stage_maps(stage: np.ndarray) -> None:
    with pytest.raises(InvalidArray):
        labeler.contrast_maps(stage)


def test_evidence_rejects_maps_that_do_not_fit() -> None:
    good = np.ones((2, 3, 3), np.float32)
    with pytest.raises(InvalidArray, match="must be"):
        labeler.evidence_maps(good, good[:1])
    with pytest.raises(InvalidArray, match="finite"):
        labeler.evidence_maps(good, np.full((2, 3, 3), np.inf, np.float32))


def test_boxes_reject_bad_prices_and_evidence() -> None:
    good = np.ones((1, 3, 3), np.float32)
    with pytest.raises(InvalidArray, match="prices"):
        nested_boxes(good, prices=np.array([1.0, 2.0]))
    with pytest.raises(InvalidArray, match="prices"):
        nested_boxes(good, prices=np.array([1.0, 0.0]))
    with pytest.raises(InvalidArray, match="evidence"):
        nested_boxes(-good)
    with pytest.raises(InvalidArray, match="boxes must be"):
        marginals_from_boxes(np.zeros((2, 1, 4), np.float32), prices=np.array([1.0]))


def test_compute_rejects_probabilities_of_another_shape() -> None:
    maps = np.ones((1, 2, 2, 2), np.float32)
    weight = np.eye(2, dtype=np.float32)
    with pytest.raises(InvalidArray, match="proba"):
        labeler.compute(
            maps,
            weight,
            np.array([0]),
            contrast=np.ones((1, 2, 2), np.float32),
            proba=np.ones((1, 3), np.float32),
        )

"""Whatever the feature maps are, every method ends in a box that can be drawn, or in a typed error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from worker.ml.boxes import boxes_from_profiles, pixel_boxes, with_minimum_side
from worker.ml.errors import InvalidArray
from worker.ml.profiles import is_degenerate, profiles_from_maps
from worker.ml.saliency import METHODS
from worker.ml.saliency.cached import gradcams_from_codes
from worker.ml.threshold_boxes import adaptive_boxes, extent_boxes, threshold_boxes
from worker.ml.types import FloatArray

CHANNELS, CLASSES = 3, 2
CLASS_FREE = {"mean"}

_SHAPES = st.tuples(st.integers(1, 2), st.integers(1, 5), st.integers(1, 5), st.just(CHANNELS))
_ANY = st.floats(0, 1e6, width=32) | st.sampled_from([np.nan, np.inf, 0.0, 1e-38])
_WEIGHTS = hnp.arrays(np.float32, (CLASSES, CHANNELS), elements=st.floats(-100, 100, width=32))


@settings(deadline=None)
@given(
    st.sampled_from(sorted(METHODS)),
    _SHAPES.flatmap(lambda s: hnp.arrays(np.float32, s, elements=_ANY)),
    _WEIGHTS,
    st.floats(0.01, 1.0),
)
def test_every_map_gives_a_box_inside_its_image(
    name: str, maps: FloatArray, weight: FloatArray, retention: float
) -> None:
    class_index = np.arange(len(maps)) % CLASSES
    with np.errstate(all="ignore"):
        cams = METHODS[name].compute(maps, weight, class_index)
    codes = profiles_from_maps(cams)
    boxes = boxes_from_profiles(codes, height=cams.shape[1], width=cams.shape[2], retention=retention)
    pixels = pixel_boxes(with_minimum_side(boxes), height_px=20, width_px=20_000)
    assert (pixels[:, 0] >= 0).all()
    assert (pixels[:, 1] >= 0).all()
    assert (pixels[:, 2] <= 20_000).all()
    assert (pixels[:, 3] <= 20).all()
    assert (pixels[:, :2] < pixels[:, 2:]).all()
    for rule in (threshold_boxes, adaptive_boxes, extent_boxes):
        raster = rule(cams)
        assert (raster[:, :2] < raster[:, 2:]).all()
    not_finite = ~np.isfinite(cams).all(axis=(1, 2))
    assert is_degenerate(codes)[not_finite].all()
    np.testing.assert_array_equal(
        boxes[is_degenerate(codes)], np.tile([0, 0, 1, 1], (is_degenerate(codes).sum(), 1))
    )


@settings(deadline=None)
@given(
    st.sampled_from(sorted(METHODS)),
    _SHAPES.flatmap(lambda s: hnp.arrays(np.float32, s, elements=st.floats(0, 8, width=32))),
    _WEIGHTS,
)
def test_mirroring_the_feature_maps_mirrors_the_map(name: str, maps: FloatArray, weight: FloatArray) -> None:
    class_index = np.zeros(len(maps), np.int64)
    plain = METHODS[name].compute(maps, weight, class_index)
    mirrored = METHODS[name].compute(np.ascontiguousarray(maps[:, :, ::-1]), weight, class_index)
    scale = max(float(np.abs(plain).max()), 1e-3)
    np.testing.assert_allclose(mirrored[:, :, ::-1], plain, atol=1e-4 * scale)


@pytest.mark.parametrize("name", sorted(set(METHODS) - CLASS_FREE))
def test_a_class_without_weights_gives_the_whole_image(name: str) -> None:
    maps = np.random.default_rng(0).random((3, 5, 3, CHANNELS)).astype(np.float32)
    cams = METHODS[name].compute(maps, np.zeros((CLASSES, CHANNELS), np.float32), np.array([0, 1, 1]))
    codes = profiles_from_maps(cams)
    assert is_degenerate(codes).all()
    np.testing.assert_array_equal(
        boxes_from_profiles(codes, height=5, width=3, retention=0.5), np.tile([0, 0, 1, 1], (3, 1))
    )


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_class_that_the_head_has_never_seen_is_an_error(name: str) -> None:
    maps = np.ones((1, 5, 3, CHANNELS), np.float32)
    with pytest.raises(InvalidArray, match=r"class_index must be in \[0, 2\)"):
        METHODS[name].compute(maps, np.ones((CLASSES, CHANNELS), np.float32), np.array([CLASSES]))


def test_cached_maps_that_are_zero_give_the_whole_image() -> None:
    both = gradcams_from_codes(
        np.zeros((1, 15, CHANNELS), np.uint8),
        np.zeros(1, np.float32),
        pooled=np.zeros((1, CHANNELS), np.float32),
        weight=np.ones((CLASSES, CHANNELS), np.float32),
        class_index=np.array([1]),
    )
    for flat in both:
        assert is_degenerate(profiles_from_maps(flat.reshape(1, 5, 3))).all()

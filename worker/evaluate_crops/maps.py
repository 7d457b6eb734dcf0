"""One method's maps of the test images, of the predicted and of the true class."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from worker.evaluate_crops.prepare import Prepared, Scores
from worker.ml.boxes import boxes_from_maps, boxes_from_marginals
from worker.ml.errors import UnknownMethod
from worker.ml.features import load_squashed
from worker.ml.head import Head
from worker.ml.map_groups import GroupedMaps, load_native
from worker.ml.profiles import is_degenerate, marginals_from_maps, profiles_from_maps
from worker.ml.saliency import AnyMethod, ContrastMethod, NetworkMethod, SaliencyMethod, get_method
from worker.ml.saliency.network import scoring_network
from worker.ml.threshold_boxes import adaptive_boxes, extent_boxes, threshold_boxes
from worker.ml.types import BoolArray, FloatArray, IntArray

BoxRule = Literal["percentile", "threshold", "adaptive", "extent"]
_RASTER_RULES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "threshold": threshold_boxes,
    "adaptive": adaptive_boxes,
    "extent": extent_boxes,
}
_NO_MAPS = np.zeros((0, 1, 1), np.float32)


@dataclass(frozen=True)
class MethodMaps:
    """Raw maps in groups of one size: `image_index[g]` (n,) of the N images and maps (n, h, w) of each group.

    `shown_*`: maps to look at, where they are not the ones that are boxed. `seconds`: time that the maps of
    the predicted class took, without the forward pass for closed-form methods.
    """

    image_index: tuple[IntArray, ...]
    predicted: tuple[FloatArray, ...]
    true: tuple[FloatArray, ...]
    seconds: float
    shown_predicted: tuple[FloatArray, ...] | None = None
    shown_true: tuple[FloatArray, ...] | None = None

    def boxes(self, which: Literal["predicted", "true"], rule: BoxRule, *, retention: float) -> FloatArray:
        """Unit boxes (N, 4) by a box rule; `retention` is for "percentile"."""
        box = _RASTER_RULES.get(rule, partial(boxes_from_maps, retention=retention))
        return self._in_order([box(cams) for cams in getattr(self, which)])

    def boxes_at(self, which: Literal["predicted", "true"]) -> Callable[[float], FloatArray]:
        """Quantile boxes (N, 4) as a function of retention, with the marginals computed once."""
        marginals = [marginals_from_maps(cams) for cams in getattr(self, which)]
        return lambda retention: self._in_order(
            [boxes_from_marginals(x_mass, y_mass, retention=retention) for x_mass, y_mass in marginals]
        )

    def map_of(self, image_index: int) -> FloatArray:
        """The map (h, w) of the predicted class of one image, as it is shown."""
        for index, cams in zip(self.image_index, self.shown_predicted or self.predicted, strict=True):
            place = np.flatnonzero(index == image_index)
            if len(place):
                found: FloatArray = cams[place[0]]
                return found
        raise IndexError(f"image {image_index} is in no group")

    def degenerate_share(self) -> float:
        """Share of images whose map of the predicted class gives no box but the whole image."""
        flags = [is_degenerate(profiles_from_maps(cams)) for cams in self.predicted]
        return float(np.concatenate(flags).mean())

    def _in_order(self, parts: Sequence[FloatArray]) -> FloatArray:
        boxes = np.zeros((sum(len(part) for part in parts), 4), np.float32)
        for index, part in zip(self.image_index, parts, strict=True):
            boxes[index] = part
        return boxes


def method_maps(prepared: Prepared, method_name: str, *, ten_views: bool = False) -> MethodMaps:
    """Compute a method's maps of all test images; `ten_views` is for methods that differentiate.

    Raises:
        UnknownMethod: for a name that is not in the registry.
    """
    method = get_method(method_name)
    predicted = scores_of(prepared, method).predicted
    everything = np.ones(len(prepared.test), dtype=np.bool_)
    started = time.perf_counter()
    groups = _cams(prepared, method, predicted, only=everything, ten_views=ten_views)
    seconds = time.perf_counter() - started
    # Where the prediction is right the true class's map is the same one, unless the method looks at all
    # classes.
    is_wrong = everything if isinstance(method, ContrastMethod) else predicted != prepared.test_class
    corrections = _cams(prepared, method, prepared.test_class, only=is_wrong, ten_views=ten_views)
    true = []
    for (index, cams), (_, corrected) in zip(groups, corrections, strict=True):
        merged = cams.copy()
        merged[is_wrong[index]] = corrected
        true.append(merged)
    shown: dict[str, tuple[FloatArray, ...]] = {}
    if isinstance(method, ContrastMethod):
        view = replace(method, compute=method.show)
        for name, classes in (("shown_predicted", predicted), ("shown_true", prepared.test_class)):
            pictures = _cams(prepared, view, classes, only=everything, ten_views=False)
            shown[name] = tuple(cams for _, cams in pictures)
    return MethodMaps(
        image_index=tuple(index for index, _ in groups),
        predicted=tuple(cams for _, cams in groups),
        true=tuple(true),
        seconds=seconds,
        **shown,
    )


def scores_of(prepared: Prepared, method: AnyMethod) -> Scores:
    """The head that a method needs."""
    return prepared.scores[method.pooling if isinstance(method, SaliencyMethod) else "mean"]


def closed_form(
    method: SaliencyMethod | ContrastMethod,
    head: Head,
    grouped: GroupedMaps,
    class_index: IntArray,
    *,
    proba: FloatArray | None,
) -> Callable[[FloatArray, IntArray], FloatArray]:
    """Return a function from feature maps (m, h, w, C) and their images' indexes (m,) to raw maps.

    Args:
        method: which one.
        head: (K, C) of the pooling that the method needs.
        grouped: the N images' maps, with contrast where the method needs it.
        class_index: (N,) classes of the maps.
        proba: (N, K) for a method that takes the expected class, or None.

    Raises:
        UnknownMethod: if the method needs the contrast and `grouped` has none.
    """
    if isinstance(method, SaliencyMethod):
        return lambda maps, index: method.compute(maps, head.weight, class_index[index])
    contrast = grouped.contrast
    if contrast is None:
        raise UnknownMethod(f"{method.name} needs the border contrast: prepare with contrast")
    return lambda maps, index: method.compute(
        maps,
        head.weight,
        class_index[index],
        contrast=contrast[index],
        proba=None if proba is None else proba[index],
    )


def _cams(
    prepared: Prepared,
    method: AnyMethod,
    class_index: IntArray,
    *,
    only: BoolArray,
    ten_views: bool,
) -> list[tuple[IntArray, FloatArray]]:
    """Maps of the classes (N,), group by group, of the images where `only` (N,) is true."""
    if isinstance(method, NetworkMethod):
        return [
            (index, _network_cams(prepared, method, index, class_index[index], ten_views=ten_views))
            for group in prepared.test_maps.groups
            for index in [group.image_index[only[group.image_index]]]
        ]
    scores = scores_of(prepared, method)
    # Of the predicted class a method with contrast takes the expected one, over all probabilities.
    proba = scores.proba if class_index is scores.predicted else None
    compute = closed_form(method, scores.head, prepared.test_maps, class_index, proba=proba)
    found = []
    for group in prepared.test_maps.groups:
        parts: list[FloatArray] = []
        for index, maps in group.chunks():
            wanted = only[index]
            if wanted.any():
                parts.append(compute(maps[wanted], index[wanted]))
        found.append(
            (group.image_index[only[group.image_index]], np.concatenate(parts) if parts else _NO_MAPS)
        )
    return found


def _network_cams(
    prepared: Prepared, method: NetworkMethod, index: IntArray, class_index: IntArray, *, ten_views: bool
) -> FloatArray:
    """Maps (m, H, W) of images of one shape, squashed or native as the features were, decoded again."""
    settings = prepared.settings
    head = prepared.scores["mean"].head
    network = scoring_network(prepared.backbone, head.weight, head.bias)
    load = load_native if settings.native else partial(load_squashed, size_px=settings.size_px)
    parts = []
    for start in range(0, len(index), settings.batch_size):
        batch = slice(start, start + settings.batch_size)
        images = np.stack([load(prepared.test[i].path) for i in index[batch]])
        parts.append(method.compute(network, images, class_index[batch], ten_views=ten_views))
    return np.concatenate(parts) if parts else _NO_MAPS

"""The table of saliency methods: what each is called, what it needs, where it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from worker.ml.errors import UnknownMethod
from worker.ml.saliency import (
    backprop,
    backprop_graphcut,
    cam,
    cam_recombined,
    gradcam,
    gradcampp,
    labeler,
    mean_activation,
    wgap,
)
from worker.ml.saliency.network import ScoringNetwork
from worker.ml.types import DoubleArray, FloatArray, IntArray, UInt8Array

ComputeFn = Callable[[FloatArray, FloatArray, IntArray], FloatArray]
"""Maps (N, h, w, C), head weights (K, C), classes (N,) -> raw maps (N, h, w)."""

BoxRule = Literal["percentile", "threshold", "adaptive"]


class NetworkComputeFn(Protocol):
    """Network, images (N, H, W, 3) uint8, classes (N,) -> raw maps (N, H, W)."""

    def __call__(
        self,
        network: ScoringNetwork,
        images: UInt8Array,
        class_index: IntArray,
        *,
        ten_views: bool = ...,
        batch_size: int = ...,
    ) -> FloatArray:
        """Compute the maps."""
        ...


class ContrastComputeFn(Protocol):
    """As `ComputeFn`, with border contrast (N, g, g) from `contrast_stages` and probabilities (N, K)."""

    def __call__(
        self,
        maps: FloatArray,
        weight: FloatArray,
        class_index: IntArray,
        *,
        contrast: FloatArray,
        proba: FloatArray | None = ...,
    ) -> FloatArray:
        """Compute the maps."""
        ...


@dataclass(frozen=True)
class SaliencyMethod:
    """A closed-form method: it needs feature maps and a head, cached or fresh.

    `pooling` names the pooled vector that its head is trained on (`wgap.pool` computes the weighted one);
    `paper_box` the box rule that its paper uses. Crops use quantile boxes for every method.
    """

    name: str
    title: str
    compute: ComputeFn
    source: str
    paper_box: BoxRule
    pooling: Literal["mean", "wgap"] = "mean"


@dataclass(frozen=True)
class NetworkMethod:
    """A method that needs the network and the images: one image at a time, on demand."""

    name: str
    title: str
    compute: NetworkComputeFn
    source: str
    paper_box: BoxRule = "percentile"


EvidenceFn = Callable[[FloatArray, FloatArray], FloatArray]
"""Class activation maps (N, h, w), contrast (N, g, g) -> evidence (N, g', g') >= 0."""
MarginalsFn = Callable[[FloatArray], tuple[DoubleArray, DoubleArray]]
"""Evidence (N, g', g') -> the x and the y marginals (N, b) that its boxes are read from."""


@dataclass(frozen=True)
class ContrastMethod:
    """A closed-form method that also needs the border contrast, which the same forward pass gives.

    `compute` gives maps for boxes; `show` the evidence behind them, for people and for measures of maps. Of class
    maps that are there already, `evidence` and `marginals` give the same without the feature maps.
    """

    name: str
    title: str
    compute: ContrastComputeFn
    show: ContrastComputeFn
    evidence: EvidenceFn
    marginals: MarginalsFn
    source: str
    paper_box: BoxRule = "percentile"


AnyMethod = SaliencyMethod | NetworkMethod | ContrastMethod

_ZHANG = "Zhang, Chang and Bui"

METHODS: dict[str, SaliencyMethod] = {
    method.name: method
    for method in (
        SaliencyMethod("cam", "CAM", cam.compute, "Zhou et al. 2016", "threshold"),
        SaliencyMethod("gradcam", "Grad-CAM", gradcam.compute, "Selvaraju et al. 2017", "percentile"),
        SaliencyMethod(
            "gradcampp", "Grad-CAM++", gradcampp.compute, "Chattopadhyay et al. 2018", "percentile"
        ),
        SaliencyMethod("cam_recombined", "CAM, |weights|", cam_recombined.compute, _ZHANG, "adaptive"),
        SaliencyMethod("wgap", "Weighted pooling", wgap.compute, _ZHANG, "adaptive", pooling="wgap"),
        SaliencyMethod(
            "wgap_recombined",
            "Weighted pooling, |weights|",
            wgap.compute_recombined,
            _ZHANG,
            "adaptive",
            pooling="wgap",
        ),
        SaliencyMethod("mean", "Mean activation", mean_activation.compute, "Choe and Shim 2019", "threshold"),
    )
}

NETWORK_METHODS: dict[str, NetworkMethod] = {
    method.name: method
    for method in (
        NetworkMethod("backprop", "Backprop", backprop.compute, "Simonyan et al. 2014"),
        NetworkMethod(
            "backprop_graphcut", "Backprop + graph cut", backprop_graphcut.compute, "Simonyan et al. 2014"
        ),
    )
}


def _labeler_evidence(
    maps: FloatArray,
    weight: FloatArray,
    class_index: IntArray,
    *,
    contrast: FloatArray,
    proba: FloatArray | None = None,
) -> FloatArray:
    return labeler.evidence_maps(labeler.class_maps(maps, weight, class_index, proba=proba), contrast)


CONTRAST_METHODS: dict[str, ContrastMethod] = {
    "labeler": ContrastMethod(
        "labeler",
        "Class evidence and border contrast",
        labeler.compute,
        _labeler_evidence,
        labeler.evidence_maps,
        labeler.marginals,
        "this project",
    )
}


def get_method(name: str) -> AnyMethod:
    """Return a method by its name; `isinstance` tells what its `compute` needs.

    Raises:
        UnknownMethod: for a name in no table.
    """
    tables: tuple[Mapping[str, AnyMethod], ...] = (METHODS, CONTRAST_METHODS, NETWORK_METHODS)
    for table in tables:
        if name in table:
            return table[name]
    raise UnknownMethod(
        f"unknown saliency method {name!r}; known: {', '.join(name for table in tables for name in table)}"
    )

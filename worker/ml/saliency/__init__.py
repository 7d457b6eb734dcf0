"""Saliency methods by name: `METHODS[name]`, one file per method.

Closed-form methods share `compute(maps, weight, class_index) -> (N, h, w)` and need no network; a new one is
a file with that function and a line in the table below. `pooling` names the pooled vector that the method's
head is trained on; `wgap.pool` computes the weighted one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from worker.ml.saliency import cam, cam_recombined, gradcam, gradcampp, mean_activation, wgap
from worker.ml.types import FloatArray, IntArray

ComputeFn = Callable[[FloatArray, FloatArray, IntArray], FloatArray]


@dataclass(frozen=True)
class SaliencyMethod:
    """A closed-form method: what it is called, what its head is trained on, where it comes from."""

    name: str
    title: str
    compute: ComputeFn
    source: str
    pooling: Literal["mean", "wgap"] = "mean"


METHODS: dict[str, SaliencyMethod] = {
    method.name: method
    for method in (
        SaliencyMethod("cam", "CAM", cam.compute, "Zhou et al. 2016"),
        SaliencyMethod("gradcam", "Grad-CAM", gradcam.compute, "Selvaraju et al. 2017"),
        SaliencyMethod("gradcampp", "Grad-CAM++", gradcampp.compute, "Chattopadhyay et al. 2018"),
        SaliencyMethod(
            "cam_recombined", "CAM, negative weights recombined", cam_recombined.compute, "Zhang, Chang, Bui"
        ),
        SaliencyMethod("wgap", "Weighted pooling", wgap.compute, "Zhang, Chang, Bui", pooling="wgap"),
        SaliencyMethod(
            "wgap_recombined",
            "Weighted pooling, negative weights recombined",
            wgap.compute_recombined,
            "Zhang, Chang, Bui",
            pooling="wgap",
        ),
        SaliencyMethod("mean", "Mean activation", mean_activation.compute, "Choe and Shim 2019"),
    )
}

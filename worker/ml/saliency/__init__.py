"""Saliency methods by name, one file per method.

Closed-form methods (`METHODS`) share `compute(maps, weight, class_index) -> (N, h, w)`; a new one is a file
with that function and a line in `registry`. Methods that differentiate (`NETWORK_METHODS`) share
`compute(network, images, class_index) -> (N, H, W)`.
"""

from worker.ml.saliency.registry import (
    CONTRAST_METHODS,
    METHODS,
    NETWORK_METHODS,
    AnyMethod,
    ComputeFn,
    ContrastMethod,
    NetworkMethod,
    SaliencyMethod,
    get_method,
)

__all__ = [
    "CONTRAST_METHODS",
    "METHODS",
    "NETWORK_METHODS",
    "AnyMethod",
    "ComputeFn",
    "ContrastMethod",
    "NetworkMethod",
    "SaliencyMethod",
    "get_method",
]

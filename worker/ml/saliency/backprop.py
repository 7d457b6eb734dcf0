"""Backprop saliency: the largest absolute gradient over the colour channels, at the normalised input.

Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034.
"""

import numpy as np
import torch

from worker.ml.errors import InvalidArray
from worker.ml.saliency.network import ScoringNetwork, check_images
from worker.ml.types import FloatArray, IntArray, UInt8Array

VIEW_FRAC = 0.875
"""Side of each of the ten views as a share of the image's."""


def compute(
    network: ScoringNetwork,
    images: UInt8Array,
    class_index: IntArray,
    *,
    ten_views: bool = False,
    batch_size: int = 16,
) -> FloatArray:
    """Map max over channels of |dS_c / dI|. N: images of H x W pixels.

    Args:
        network: the frozen network and head.
        images: (N, H, W, 3) uint8 RGB.
        class_index: (N,) the class c whose score before softmax is differentiated.
        ten_views: average over four corners and the centre, each also mirrored, put back in their places;
            a pixel's mean is over the views that cover it. Ten times the cost.
        batch_size: images a pass.

    Returns:
        (N, H, W), >= 0.

    Raises:
        InvalidArray: if the images or classes do not fit the network.
    """
    check_images(network, images, class_index)
    if batch_size < 1:
        raise InvalidArray(f"batch_size must be at least 1; got {batch_size}")
    views_of = _ten_views if ten_views else _one_view
    found = [
        views_of(network, images[i : i + batch_size], class_index[i : i + batch_size])
        for i in range(0, len(images), batch_size)
    ]
    return np.concatenate(found) if found else np.zeros(images.shape[:3], np.float32)


def _one_view(network: ScoringNetwork, images: UInt8Array, class_index: IntArray) -> FloatArray:
    batch = network.prepare(images).detach().requires_grad_(True)
    with torch.enable_grad():
        scores = network.scores(batch)
        chosen = scores.gather(1, torch.from_numpy(class_index).to(scores.device)[:, None])
        # Images do not interact, so the gradient of the sum holds each image's own.
        (gradient,) = torch.autograd.grad(chosen.sum(), batch)
    saliency: FloatArray = gradient.abs().amax(dim=1).float().cpu().numpy()
    return saliency


def _ten_views(network: ScoringNetwork, images: UInt8Array, class_index: IntArray) -> FloatArray:
    total = np.zeros(images.shape[:3], np.float32)
    num_covering = np.zeros(images.shape[1:3], np.float32)
    for rows, columns in _windows(*images.shape[1:3]):
        view = images[:, rows, columns]
        plain = _one_view(network, view, class_index)
        mirrored = _one_view(network, view[:, :, ::-1].copy(), class_index)
        total[:, rows, columns] += plain + mirrored[:, :, ::-1]
        num_covering[rows, columns] += 2
    mean: FloatArray = (total / np.maximum(num_covering, 1)).astype(np.float32)
    return mean


def _windows(height: int, width: int) -> list[tuple[slice, slice]]:
    """The four corners and the centre."""
    view_height, view_width = max(round(height * VIEW_FRAC), 1), max(round(width * VIEW_FRAC), 1)
    bottom, right = height - view_height, width - view_width
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    return [(slice(top, top + view_height), slice(left, left + view_width)) for top, left in corners]

"""Grad-CAM and Grad-CAM++ by differentiation, for heads on the maps that are not mean + linear.

The gradient goes from the score to the feature maps only, never through the backbone. For mean + linear
heads the closed forms of `gradcam` and `gradcampp` are the same maps without a backward pass.
"""

from collections.abc import Callable

import torch

from worker.ml.errors import InvalidArray
from worker.ml.types import FloatArray, IntArray

ScoreFn = Callable[[torch.Tensor], torch.Tensor]
"""Class scores (N, K), before softmax, of feature maps (N, C, h, w); images must not interact."""


def gradcam(score: ScoreFn, maps: FloatArray, class_index: IntArray) -> FloatArray:
    """Map ReLU(sum_k mean(dS_c / dA_k) A_k) of feature maps (N, h, w, C).

    Args:
        score: the head, as a function of the maps.
        maps: (N, h, w, C).
        class_index: (N,) the class c of each image's map.

    Returns:
        (N, h, w) raw map >= 0; h w times smaller than the closed form's.

    Raises:
        InvalidArray: if the scores do not fit the classes.

    Source: Selvaraju et al. 2017, arXiv:1610.02391.
    """
    tensor, gradient = _gradient(score, maps, class_index)
    return _weighted(tensor, gradient.mean(dim=(2, 3), keepdim=True))


def gradcampp(score: ScoreFn, maps: FloatArray, class_index: IntArray) -> FloatArray:
    """Map Grad-CAM++ with Y = exp(S_c): alpha = g^2 / (2 g^2 + sum(A) g^3), 0 where g = 0, g = dS_c / dA.

    Exact where S is piecewise linear in the maps, as for heads of linear layers, ReLU, mean and max pooling.
    Arguments and errors as `gradcam`.

    Source: Chattopadhyay et al. 2018, arXiv:1710.11063.
    """
    tensor, gradient = _gradient(score, maps, class_index)
    # g^2 cancels, which also keeps tiny gradients from underflowing; alpha counts only where g > 0.
    alpha = 1 / (2 + tensor.sum(dim=(2, 3), keepdim=True) * gradient.clamp(min=0))
    weights = (alpha * gradient.clamp(min=0)).sum(dim=(2, 3), keepdim=True)
    return _weighted(tensor, weights)


def _gradient(score: ScoreFn, maps: FloatArray, class_index: IntArray) -> tuple[torch.Tensor, torch.Tensor]:
    if maps.ndim != 4 or 0 in maps.shape[1:] or class_index.shape != (len(maps),):
        raise InvalidArray(f"need maps (N, h, w, C) and classes (N,); got {maps.shape}, {class_index.shape}")
    tensor = torch.from_numpy(maps).permute(0, 3, 1, 2)
    leaf = tensor.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        scores = score(leaf)
        is_outside = len(maps) and not (class_index.min() >= 0 and class_index.max() < scores.shape[-1])
        if scores.ndim != 2 or len(scores) != len(maps) or is_outside:
            raise InvalidArray(f"scores {tuple(scores.shape)} do not fit classes {class_index.tolist()}")
        chosen = scores.gather(1, torch.from_numpy(class_index)[:, None])
        (gradient,) = torch.autograd.grad(chosen.sum(), leaf)
    return tensor, gradient


def _weighted(tensor: torch.Tensor, weights: torch.Tensor) -> FloatArray:
    cams: FloatArray = (tensor * weights).sum(dim=1).relu().numpy()
    return cams

"""Cut an object out of an image by colour, seeded by a saliency map: graph cut with two Gaussian mixtures.

OpenCV's grabCut is that algorithm (Boykov and Jolly 2001; Rother, Kolmogorov and Blake 2004).
"""

import cv2
import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, BoolArray, UInt8Array

FOREGROUND_QUANTILE = 0.95
BACKGROUND_QUANTILE = 0.30
NUM_ITERATIONS = 5
SMOOTHING_FRAC = 0.01
"""Standard deviation of the Gaussian that smooths the saliency first, as a share of the longer side."""
MIN_SEEDS = 5
"""grabCut fits five Gaussians to each side, and needs a pixel for each."""


def segment(image: UInt8Array, saliency: AnyArray) -> BoolArray:
    """Segment the salient object. H, W: image size in pixels.

    Pixels over the 95 % quantile of the smoothed saliency are surely foreground, those under the 30 %
    quantile surely background; the cut decides the rest. Of the foreground the largest 8-connected part is
    kept.

    Args:
        image: (H, W, 3) uint8.
        saliency: (H, W) >= 0.

    Returns:
        (H, W) mask; empty where the map is constant or not finite, or the image too small to seed the cut.

    Raises:
        InvalidArray: if shapes do not fit or the image is not uint8.

    Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034, section 3.2.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or saliency.shape != image.shape[:2]:
        raise InvalidArray(f"need (H, W, 3) uint8 and (H, W); got {image.shape}, {saliency.shape}")
    empty = np.zeros(saliency.shape, bool)
    if saliency.size == 0 or not np.isfinite(saliency).all():
        return empty
    seeds = _seeds(saliency)
    num_sure = min((seeds == cv2.GC_FGD).sum(), (seeds != cv2.GC_FGD).sum())
    if num_sure < MIN_SEEDS:
        return empty
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    whole = (0, 0, seeds.shape[1], seeds.shape[0])  # not looked at in this mode
    # Fills `seeds`, which is our own array.
    cv2.grabCut(np.ascontiguousarray(image), seeds, whole, *models, NUM_ITERATIONS, cv2.GC_INIT_WITH_MASK)
    return _largest_component((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD))


def _seeds(saliency: AnyArray) -> UInt8Array:
    sigma = SMOOTHING_FRAC * max(saliency.shape)
    smooth = cv2.GaussianBlur(saliency.astype(np.float32), (0, 0), sigmaX=sigma)
    high, low = np.quantile(smooth, FOREGROUND_QUANTILE), np.quantile(smooth, BACKGROUND_QUANTILE)
    seeds = np.full(saliency.shape, cv2.GC_PR_BGD, np.uint8)
    seeds[smooth < low] = cv2.GC_BGD
    seeds[smooth > high] = cv2.GC_FGD
    return seeds


def _largest_component(mask: BoolArray) -> BoolArray:
    if not mask.any():
        return mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    largest: BoolArray = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    return largest

"""Class-specific units: the channels that weigh most for a class, with the images that excite them most.

Source: Zhou et al. 2016, arXiv:1512.04150, section 5.
"""

from dataclasses import dataclass

import numpy as np

from worker.ml.errors import InvalidArray
from worker.ml.types import AnyArray, FloatArray, IntArray


@dataclass(frozen=True)
class ClassUnit:
    """A channel, its head weight for the class, and the images (with activations) that excite it most."""

    channel: int
    weight: float
    image_indexes: IntArray
    activations: FloatArray


def class_units(
    pooled: FloatArray, weight: FloatArray, class_index: int, *, num_units: int = 8, num_images: int = 9
) -> list[ClassUnit]:
    """Rank the channels by their head weight for a class. N: images; C: channels; K: classes.

    Args:
        pooled: (N, C) mean-pooled maps.
        weight: (K, C) gauge-fixed head.
        class_index: the class, in [0, K).
        num_units: how many channels, at most C are given.
        num_images: how many images a channel, at most N are given; ties go to the lower index.

    Returns:
        Units by falling weight. Units without a positive weight speak against the class and are left out.

    Raises:
        InvalidArray: if shapes do not fit, the class is outside [0, K), or a number is under 1.
    """
    if pooled.ndim != 2 or weight.ndim != 2 or pooled.shape[1] != weight.shape[1]:
        raise InvalidArray(f"need (N, C) and (K, C); got {pooled.shape} and {weight.shape}")
    if not 0 <= class_index < len(weight) or num_units < 1 or num_images < 1:
        raise InvalidArray(
            f"need class in [0, {len(weight)}) and numbers >= 1; got {class_index}, {num_units}, {num_images}"
        )
    row = weight[class_index]
    channels = [int(k) for k in np.argsort(-row, kind="stable")[:num_units] if row[k] > 0]
    return [_unit(pooled[:, k], channel=k, weight=float(row[k]), num_images=num_images) for k in channels]


def unit_arrays(
    pooled: FloatArray, weight: FloatArray, *, num_units: int, num_images: int
) -> dict[str, AnyArray]:
    """`class_units` of all K classes as arrays of U units and M images, at most as many as there are.

    Returns:
        "unit_channel" (K, U) int32, -1 where a class has fewer; "unit_weight" (K, U) float32; "unit_image" (K, U, M)
        int32; "unit_activation" (K, U, M) float32.

    Raises:
        InvalidArray: as `class_units`.
    """
    num_classes, num_channels = weight.shape
    shape = (num_classes, min(num_units, num_channels))
    channel, weights = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.float32)
    image = np.zeros((*shape, min(num_images, len(pooled))), dtype=np.int32)
    activation = np.zeros(image.shape, dtype=np.float32)
    for row in range(num_classes):
        units = class_units(pooled, weight, row, num_units=shape[1], num_images=image.shape[2])
        for place, unit in enumerate(units):
            channel[row, place], weights[row, place] = unit.channel, unit.weight
            image[row, place], activation[row, place] = unit.image_indexes, unit.activations
    return {
        "unit_channel": channel,
        "unit_weight": weights,
        "unit_image": image,
        "unit_activation": activation,
    }


def _unit(activations: FloatArray, *, channel: int, weight: float, num_images: int) -> ClassUnit:
    # All that reach the last place's value are sorted, no others: of many images a small part.
    last = max(len(activations) - num_images, 0)
    least = np.partition(activations, last)[last] if len(activations) else 0.0
    strongest = np.flatnonzero(activations >= least)
    top = strongest[np.argsort(-activations[strongest], kind="stable")[:num_images]]
    return ClassUnit(channel=channel, weight=weight, image_indexes=top, activations=activations[top])

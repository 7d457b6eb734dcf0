"""What a backbone expects of its input, apart from the network, so that reading stored arrays does not load torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from worker.ml.errors import CheckpointIncompatible

PaddingName = Literal["torch", "tf_same"]


@dataclass(frozen=True)
class Preprocessing:
    """What a network expects: RGB in [0, 1], minus `mean`, divided by `std`.

    `padding` "tf_same" pads strided convolutions as TensorFlow does: what does not divide evenly goes to
    the right and the bottom. "torch" leaves the architecture's own symmetric padding.
    """

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    padding: PaddingName = "torch"

    def to_json(self) -> dict[str, object]:
        """As a weights file's JSON."""
        return {"mean": list(self.mean), "std": list(self.std), "padding": self.padding}

    @classmethod
    def from_json(cls, values: object, *, default: "Preprocessing | None" = None) -> "Preprocessing":
        """Read what `to_json` wrote; a missing key takes the value of `default`.

        Raises:
            CheckpointIncompatible: an unknown or missing key, or a value that is not of its kind.
        """
        if not isinstance(values, Mapping):
            raise CheckpointIncompatible(f"preprocessing is a JSON object, got {values!r}")
        unknown = sorted(str(key) for key in values if key not in ("mean", "std", "padding"))
        if unknown:
            raise CheckpointIncompatible(
                f"unknown preprocessing key {unknown[0]!r}; known: mean, std, padding"
            )
        given = {**(default.to_json() if default else {"padding": "torch"}), **values}
        for key in ("mean", "std"):
            if key not in given:
                raise CheckpointIncompatible(f"preprocessing lacks {key!r}")
        padding = given["padding"]
        if padding not in ("torch", "tf_same"):
            raise CheckpointIncompatible(f"padding is 'torch' or 'tf_same', got {padding!r}")
        mean, std = _three("mean", given["mean"]), _three("std", given["std"])
        if min(std) <= 0:
            raise CheckpointIncompatible(f"std is positive, got {std}")
        return cls(mean=mean, std=std, padding=padding)


IMAGENET = Preprocessing(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
"""The normalization that torchvision's weights were trained with."""


def _three(key: str, values: object) -> tuple[float, float, float]:
    if not isinstance(values, list | tuple) or len(values) != 3:
        raise CheckpointIncompatible(f"{key} is a list of three numbers, got {values!r}")
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
        raise CheckpointIncompatible(f"{key} is a list of three finite numbers, got {values!r}")
    return float(values[0]), float(values[1]), float(values[2])

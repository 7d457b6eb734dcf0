"""Attention-based dropout layer (ADL): hides the most discriminative places while a network trains.

It has no parameters and is the identity in evaluation mode, so it can be taken out after training.

Source: Choe and Shim 2019, arXiv:1908.10028.
"""

import torch
from torch import nn

from worker.ml.errors import InvalidArray

DROP_RATE = 0.75
GAMMA = 0.9


class AttentionDropout(nn.Module):
    """Multiply feature maps by a drop mask or an importance map, drawn once a forward pass.

    att = mean over channels. With probability `drop_rate` places with att >= gamma * max(att) of their
    image are set to 0 (no gradient through the mask); otherwise everything is multiplied by sigmoid(att).
    Nothing is rescaled.
    """

    def __init__(
        self, *, drop_rate: float = DROP_RATE, gamma: float = GAMMA, generator: torch.Generator | None = None
    ) -> None:
        """Set the rates.

        Args:
            drop_rate: probability of the drop mask, in [0, 1].
            gamma: places at or over this share of the maximum are dropped, in [0, 1]; smaller drops more.
            generator: source of the draws, on the CPU; torch's own if None.

        Raises:
            InvalidArray: if a rate leaves its range.
        """
        super().__init__()
        if not (0 <= drop_rate <= 1 and 0 <= gamma <= 1):
            raise InvalidArray(f"drop_rate and gamma must be in [0, 1]; got {drop_rate} and {gamma}")
        self.drop_rate = drop_rate
        self.gamma = gamma
        self._generator = generator

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Apply to maps (n, C, h, w), in training mode only."""
        if not self.training:
            return maps
        attention = maps.mean(dim=1, keepdim=True)
        if float(torch.rand((), generator=self._generator)) < self.drop_rate:
            return maps * drop_mask(attention, gamma=self.gamma)
        return maps * torch.sigmoid(attention)


def drop_mask(attention: torch.Tensor, *, gamma: float) -> torch.Tensor:
    """Mask (n, 1, h, w) of 0 where attention (n, 1, h, w) reaches gamma times its image's maximum, else 1."""
    peak = attention.amax(dim=(2, 3), keepdim=True)
    return (attention < gamma * peak).to(attention.dtype).detach()

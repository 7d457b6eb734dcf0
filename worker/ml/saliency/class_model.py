"""Class-model visualisation: the image that maximises a class's score, drawn by the network alone.

The objective is the paper's, score minus an L2 penalty. Plain ascent on pixels gives noise that a network happens to
like, so the picture is written in frequencies, each scaled by its wavelength, and shifted a little at every
step: only what survives being moved remains. The penalty is on the logit of the brightness, whose zero is
mid-grey.

Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034, section 2; frequencies and shifts: Olah,
    Mordvintsev and Schubert 2017, Feature Visualization.
"""

import numpy as np
import torch

from worker.ml.errors import InvalidArray
from worker.ml.saliency.network import ScoringNetwork
from worker.ml.types import Progress, ProgressFn, UInt8Array, ignore_progress

NUM_STEPS = 120
LEARNING_RATE = 0.01
L2 = 2.0
SHIFT_FRAC = 0.06
"""Largest shift at each step, as a share of the side."""
_BLACK_AND_WHITE: UInt8Array = np.repeat(np.array([0, 255], np.uint8), 3).reshape(2, 1, 1, 3)


def visualise_class(
    network: ScoringNetwork,
    class_index: int,
    *,
    size_px: int = 224,
    num_steps: int = NUM_STEPS,
    l2: float = L2,
    seed: int = 0,
    on_progress: ProgressFn = ignore_progress,
) -> UInt8Array:
    """Maximise S_c(I) / |W_c| - l2 * mean(logit(I)^2), starting from mid-grey with a trace of noise.

    The score is divided by the length of the class's weights: a head of few labels has small weights, and the penalty
    alone would decide.

    Args:
        network: the frozen network and head.
        class_index: the class c, in [0, K).
        size_px: side of the picture, at least 32.
        num_steps: gradient steps, each a forward and a backward pass.
        l2: weight of the penalty, >= 0; larger gives a flatter picture.
        seed: of the noise and the shifts.
        on_progress: told after each step, stage "class_model".

    Returns:
        (size_px, size_px, 3) uint8 RGB.

    Raises:
        InvalidArray: for a class outside [0, K) or without weights, a size under 32, a bad number of steps or penalty.
    """
    if not 0 <= class_index < len(network.weight):
        raise InvalidArray(f"class_index must be in [0, {len(network.weight)}); got {class_index}")
    if size_px < 32 or num_steps < 1 or l2 < 0:
        raise InvalidArray(f"need size_px >= 32, num_steps >= 1, l2 >= 0; got {size_px}, {num_steps}, {l2}")
    length = float(torch.linalg.vector_norm(network.weight[class_index]))
    if length == 0:
        raise InvalidArray(f"class {class_index} has no weights, so no picture raises its score")
    generator = torch.Generator().manual_seed(seed)
    canvas = _Canvas(network, size_px=size_px, generator=generator)
    optimizer = torch.optim.Adam([canvas.spectrum], lr=LEARNING_RATE)
    reach = max(round(size_px * SHIFT_FRAC), 1)
    for step in range(num_steps):
        down, right = torch.randint(-reach, reach + 1, (2,), generator=generator).tolist()
        with torch.enable_grad():
            logits = canvas.logits()
            shifted = torch.roll(canvas.normalised(logits), shifts=(down, right), dims=(2, 3))
            score = network.scores(shifted)[0, class_index] / length
            objective = score - l2 * logits.square().mean()
            (canvas.spectrum.grad,) = torch.autograd.grad(-objective, canvas.spectrum)
        optimizer.step()
        on_progress(Progress("class_model", step + 1, num_steps))
    with torch.no_grad():
        image: UInt8Array = network.to_images(canvas.normalised(canvas.logits()))[0]
    return image


class _Canvas:
    """A picture written in frequencies: `spectrum` (1, 3, S, S // 2 + 1, 2) real and imaginary parts."""

    def __init__(self, network: ScoringNetwork, *, size_px: int, generator: torch.Generator) -> None:
        device = network.weight.device
        rows, columns = torch.fft.fftfreq(size_px), torch.fft.rfftfreq(size_px)
        frequency = torch.sqrt(rows[:, None] ** 2 + columns[None, :] ** 2)
        # Unit steps of every coefficient then change coarse structure most, as in photographs.
        self._scale = (1 / frequency.clamp(min=1 / size_px)).to(device)
        noise = torch.randn(1, 3, *frequency.shape, 2, generator=generator) * 0.01
        self.spectrum = noise.to(device).requires_grad_(True)
        ends = network.prepare(_BLACK_AND_WHITE)
        self._low, self._span = ends[:1], ends[1:] - ends[:1]
        self._size_px = size_px

    def logits(self) -> torch.Tensor:
        """Logit of the brightness (1, 3, S, S)."""
        coefficients = torch.view_as_complex(self.spectrum) * self._scale
        size = (self._size_px, self._size_px)
        logits: torch.Tensor = torch.fft.irfft2(coefficients, s=size, norm="ortho")
        return logits

    def normalised(self, logits: torch.Tensor) -> torch.Tensor:
        """The batch that the network takes: black at minus infinity, white at infinity."""
        return self._low + self._span * torch.sigmoid(logits)

"""Class-model visualisation: the image that maximises a class's score, drawn by the network alone.

Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034, section 2.
"""

import torch

from worker.ml.errors import InvalidArray
from worker.ml.saliency.network import ScoringNetwork
from worker.ml.types import Progress, ProgressFn, UInt8Array, ignore_progress

NUM_STEPS = 120
LEARNING_RATE = 0.15
L2 = 0.02


def visualise_class(
    network: ScoringNetwork,
    class_index: int,
    *,
    size_px: int = 224,
    num_steps: int = NUM_STEPS,
    l2: float = L2,
    on_progress: ProgressFn = ignore_progress,
) -> UInt8Array:
    """Maximise S_c(I) - l2 * mean over pixels of |I|^2, starting from the mean image (I = 0).

    The step is Adam's, so that one rate fits every backbone; the regulariser is on the normalised image,
    which pulls towards the mean image. Deterministic.

    Args:
        network: the frozen network and head.
        class_index: the class c, in [0, K).
        size_px: side of the picture, at least 32.
        num_steps: gradient steps, each a forward and a backward pass.
        l2: weight of the regulariser, >= 0; larger gives a flatter picture.
        on_progress: told after each step, stage "class_model".

    Returns:
        (size_px, size_px, 3) uint8 RGB.

    Raises:
        InvalidArray: for a class outside [0, K), a size under 32, or a bad number of steps or weight.
    """
    if not 0 <= class_index < len(network.weight):
        raise InvalidArray(f"class_index must be in [0, {len(network.weight)}); got {class_index}")
    if size_px < 32 or num_steps < 1 or l2 < 0:
        raise InvalidArray(f"need size_px >= 32, num_steps >= 1, l2 >= 0; got {size_px}, {num_steps}, {l2}")
    picture = torch.zeros(1, 3, size_px, size_px, device=network.weight.device, requires_grad=True)
    optimizer = torch.optim.Adam([picture], lr=LEARNING_RATE)
    for step in range(num_steps):
        optimizer.zero_grad()
        with torch.enable_grad():
            objective = network.scores(picture)[0, class_index] - l2 * picture.square().sum(dim=1).mean()
            (picture.grad,) = torch.autograd.grad(-objective, picture)
        optimizer.step()
        on_progress(Progress("class_model", step + 1, num_steps))
    image: UInt8Array = network.to_images(picture.detach())[0]
    return image

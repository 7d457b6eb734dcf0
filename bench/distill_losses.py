"""What `distill_backbone.py` asks of the network: losses against the teacher's cached outputs."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from bench.distill_teacher import NUM_HELDOUT_ROWS, TeacherCache, decode_maps, to_input
from worker.ml.bundled import BundledNet

NUM_BANK_ROWS = 4096
TEMPERATURE = 0.05
CLASS_TEMPERATURE = 2.0


@dataclass(frozen=True)
class Batch:
    """Pictures and the teacher's outputs for them, as tensors (n, C, h, w); `pooled` is (n, C)."""

    images: torch.Tensor
    maps: torch.Tensor
    pooled: torch.Tensor

    def flipped(self) -> "Batch":
        """Mirrored left to right. The teacher's outputs are taken to mirror too, which they do but for its padding."""
        return Batch(
            images=self.images.flip(3),
            maps=self.maps.flip(3),
            pooled=self.pooled,
        )


@dataclass(frozen=True)
class Reference:
    """What the loss needs of the teacher besides a batch.

    Spread of its outputs per channel, so that every channel weighs the same; its features of other pictures,
    (NUM_BANK_ROWS, C) of length 1, among which a picture's neighbours are to be the same; and its classifier.
    """

    maps: torch.Tensor
    pooled: torch.Tensor
    bank: torch.Tensor
    classifier: nn.Linear


def read_batch(cache: TeacherCache, start: int, stop: int) -> Batch:
    return Batch(
        images=to_input(cache.read("images", start, stop)),
        maps=decode_maps(cache.read("maps", start, stop)),
        pooled=torch.from_numpy(cache.read("pooled", start, stop)).float(),
    )


def read_reference(cache: TeacherCache, classifier: nn.Linear) -> Reference:
    sample = read_batch(cache, 0, NUM_HELDOUT_ROWS)
    stop = min(cache.num_done, NUM_HELDOUT_ROWS + NUM_BANK_ROWS)
    bank = torch.from_numpy(cache.read("pooled", NUM_HELDOUT_ROWS, stop)).float()
    return Reference(
        maps=sample.maps.std((0, 2, 3)).clamp_min(0.02)[None, :, None, None],
        pooled=sample.pooled.std(0).clamp_min(0.005),
        bank=functional.normalize(bank),
        classifier=classifier,
    )


def whole_loss(net: BundledNet, batch: Batch, reference: Reference) -> tuple[torch.Tensor, float]:
    """Maps, pooled features, their direction, neighbours and classes; with the mean cosine."""
    maps = net(batch.images)
    pooled = maps.mean((2, 3))
    cosine = torch.cosine_similarity(pooled, batch.pooled).mean()
    map_loss = ((maps - batch.maps) / reference.maps).square().mean()
    pooled_loss = ((pooled - batch.pooled) / reference.pooled).square().mean()
    neighbours = neighbour_loss(pooled, batch.pooled, reference.bank)
    classes = class_loss(pooled, batch.pooled, reference.classifier)
    loss = 0.5 * map_loss + 2 * pooled_loss + 4 * (1 - cosine) + 2 * neighbours + classes
    return loss, float(cosine.detach())


def neighbour_loss(pooled: torch.Tensor, target: torch.Tensor, bank: torch.Tensor) -> torch.Tensor:
    """Divergence between the two networks' softmax over the pictures of the bank, by cosine.

    Source: Fang et al. 2021, arXiv:2101.04731.
    """
    mine = functional.log_softmax(functional.normalize(pooled) @ bank.T / TEMPERATURE, 1)
    theirs = functional.log_softmax(functional.normalize(target) @ bank.T / TEMPERATURE, 1)
    return functional.kl_div(mine, theirs, reduction="batchmean", log_target=True)


def class_loss(pooled: torch.Tensor, target: torch.Tensor, classifier: nn.Linear) -> torch.Tensor:
    """Divergence between the classes that the teacher's classifier finds in either features, softened.

    Source: Yang et al. 2021, "Knowledge distillation via softmax regression representation learning", ICLR.
    """
    mine = functional.log_softmax(classifier(pooled) / CLASS_TEMPERATURE, 1)
    theirs = functional.log_softmax(classifier(target) / CLASS_TEMPERATURE, 1)
    return CLASS_TEMPERATURE**2 * functional.kl_div(mine, theirs, reduction="batchmean", log_target=True)

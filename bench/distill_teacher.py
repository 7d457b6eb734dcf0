"""The teacher of `distill_backbone.py`: torchvision's MobileNetV2 with TensorFlow padding, and its cached outputs.

For every row (a photograph in one view) the cache holds the picture, the last maps as square-root codes, and the pooled
features. Rows are drawn at random, so any slice of them is a fair sample; the
first `NUM_HELDOUT_ROWS` show photographs that no other row shows.
"""

import copy
import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models import mobilenet_v2

from bench.distill_views import NUM_VIEWS, make_view, read_photo

NUM_HELDOUT_ROWS = 512
MAX_ACTIVATION = 6.0
RARITY_SIDE_PX = 96
NEAR_COSINE = 0.7
_CHUNK_ROWS = 64
_BATCH_ROWS = 16


def _columns(side_px: int) -> dict[str, tuple[tuple[int, ...], Any]]:
    return {
        "images": ((side_px, side_px, 3), np.uint8),
        "maps": ((side_px // 32, side_px // 32, 1280), np.uint8),
        "pooled": ((1280,), np.float16),
    }


def load_teacher(weights: Path) -> tuple[nn.Sequential, nn.Linear]:
    """`mobilenet_v2().features` for evaluation, stride-2 layers padded right and bottom only; and its classifier."""
    net = mobilenet_v2(weights=None)
    net.load_state_dict(torch.load(weights, weights_only=True))
    for module in net.modules():
        if isinstance(module, nn.Conv2d) and module.stride == (2, 2):
            module.padding = (0, 0)
            module.register_forward_pre_hook(lambda _, x: functional.pad(x[0], (0, 1, 0, 1)))
    features: nn.Sequential = net.eval().features.to(memory_format=torch.channels_last)
    classifier = net.classifier[1]
    assert isinstance(classifier, nn.Linear)
    return features, classifier.requires_grad_(False)


def to_input(images: npt.NDArray[np.uint8]) -> torch.Tensor:
    """(n, S, S, 3) uint8 -> (n, 3, S, S) in [-1, 1], channels last in memory."""
    return torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def encode_maps(maps: torch.Tensor) -> npt.NDArray[np.uint8]:
    """(n, C, h, w) in [0, 6] -> (n, h, w, C) codes: round(255 sqrt(a / 6))."""
    codes = (maps.permute(0, 2, 3, 1) / MAX_ACTIVATION).sqrt().mul(255).round().byte()
    return codes.numpy()


def decode_maps(codes: npt.NDArray[np.uint8]) -> torch.Tensor:
    """The inverse of `encode_maps`, to half a code."""
    roots = torch.from_numpy(np.ascontiguousarray(codes)).permute(0, 3, 1, 2).float().div_(255)
    return roots.square_() * MAX_ACTIVATION


@dataclass
class TeacherCache:
    """Columns on disk, one row per picture; `num_done` rows are filled."""

    folder: Path
    columns: dict[str, np.memmap[Any, Any]]
    num_rows: int

    @property
    def num_done(self) -> int:
        progress = self.folder / "done"
        return int(progress.read_text()) if progress.exists() else 0

    def read(self, name: str, start: int, stop: int) -> npt.NDArray[Any]:
        """Rows [start, stop) of a column. The pages are given back: the cache is larger than most memories."""
        column = self.columns[name]
        row_bytes = column[0].nbytes
        offset, num_bytes = column.offset + start * row_bytes, (stop - start) * row_bytes
        with (self.folder / f"{name}.npy").open("rb", buffering=0) as file:
            raw = os.pread(file.fileno(), num_bytes, offset)
            os.posix_fadvise(file.fileno(), offset, num_bytes, os.POSIX_FADV_DONTNEED)
        return np.frombuffer(bytearray(raw), column.dtype).reshape(stop - start, *column.shape[1:])


def open_cache(folder: Path, *, num_rows: int, side_px: int) -> TeacherCache:
    """Open the cache in `folder` for reading and writing; create it when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    columns: dict[str, np.memmap[Any, Any]] = {}
    for name, (shape, dtype) in _columns(side_px).items():
        path = folder / f"{name}.npy"
        mode: Any = "r+" if path.exists() else "w+"
        column = np.lib.format.open_memmap(path, mode=mode, dtype=dtype, shape=(num_rows, *shape))
        if column.shape != (num_rows, *shape):
            raise ValueError(f"{path} has shape {column.shape}, {(num_rows, *shape)} is needed")
        columns[name] = column
    return TeacherCache(folder, columns, num_rows)


def draw_photos(weights: npt.NDArray[np.float64], *, num_rows: int, seed: int) -> npt.NDArray[np.int64]:
    """The photograph of every row: the held-out ones first, each once, the others with replacement by weight."""
    rng = np.random.default_rng(seed)
    heldout = rng.choice(len(weights), NUM_HELDOUT_ROWS, replace=False, p=weights / weights.sum())
    left = weights.copy()
    left[heldout] = 0
    drawn = rng.choice(len(weights), num_rows - NUM_HELDOUT_ROWS, p=left / left.sum())
    return np.concatenate([heldout, drawn])


@torch.inference_mode()
def rarity_weights(teacher: nn.Sequential, photos: list[Path]) -> npt.NDArray[np.float64]:
    """One over the root of how many photographs the teacher finds alike, so that no frequent subject rules."""
    teacher = without_norms(teacher)
    rows = []
    for start in range(0, len(photos), _CHUNK_ROWS):
        size = (RARITY_SIDE_PX, RARITY_SIDE_PX)
        pictures = [
            np.asarray(read_photo(path, draft_px=RARITY_SIDE_PX).resize(size))
            for path in photos[start : start + _CHUNK_ROWS]
        ]
        rows.append(functional.normalize(teacher(to_input(np.stack(pictures))).mean((2, 3))))
    features = torch.cat(rows)
    near = torch.cat([(part @ features.T > NEAR_COSINE).sum(1) for part in torch.split(features, 1024)])
    return near.double().rsqrt().numpy()


def fill_cache(
    cache: TeacherCache,
    teacher: nn.Sequential,
    photos: list[Path],
    *,
    drawn: npt.NDArray[np.int64],
    side_px: int,
    seed: int,
    bf16: bool,
) -> Iterator[int]:
    """Compute the rows that are missing, in chunks; yields the number of rows done after each.

    Args:
        drawn: index of each row's photograph, as of `draw_photos`.
    """
    teacher = without_norms(teacher)
    heldout = set(drawn[:NUM_HELDOUT_ROWS].tolist())
    companions = [photo for i, photo in enumerate(photos) if i not in heldout]
    with ThreadPoolExecutor(2) as pool:

        def submit(start: int) -> list[Future[Any]]:
            return [
                pool.submit(
                    make_view,
                    photos[drawn[row]],
                    companions,
                    view=row % NUM_VIEWS,
                    side_px=side_px,
                    rng=np.random.default_rng((seed, row)),
                )
                for row in range(start, min(start + _CHUNK_ROWS, cache.num_rows))
            ]

        following = submit(cache.num_done)
        while following:
            start = cache.num_done
            images = np.stack([future.result() for future in following])
            following = submit(start + len(images))
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                _fill_rows(cache, teacher, images, start)
            (cache.folder / "done").write_text(json.dumps(start + len(images)))
            yield start + len(images)


def without_norms(teacher: nn.Sequential) -> nn.Sequential:
    """The same function with the norms folded into the convolutions: a third faster."""
    folded = copy.deepcopy(teacher)
    for parent in folded.modules():
        if isinstance(parent, nn.Sequential):
            for (name, module), (following, norm) in pairwise(list(parent.named_children())):
                if isinstance(module, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    fused = fuse_conv_bn_eval(module, norm)
                    setattr(parent, name, fused)
                    setattr(parent, following, nn.Identity())
    return folded.to(memory_format=torch.channels_last)


@torch.inference_mode()
def _fill_rows(
    cache: TeacherCache, teacher: nn.Sequential, images: npt.NDArray[np.uint8], start: int
) -> None:
    cache.columns["images"][start : start + len(images)] = images
    for offset in range(0, len(images), _BATCH_ROWS):
        batch = images[offset : offset + _BATCH_ROWS]
        rows = slice(start + offset, start + offset + len(batch))
        maps = teacher(to_input(batch)).float()
        cache.columns["maps"][rows] = encode_maps(maps)
        cache.columns["pooled"][rows] = maps.mean((2, 3)).half().numpy()

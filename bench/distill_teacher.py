"""The teacher of `distill_backbone.py`: torchvision's MobileNetV2 with TensorFlow padding, and its cached outputs.

For every row (a photograph in one view) the cache holds the picture, the features after blocks 6 and 13, the last maps
as square-root codes, and the pooled features. Rows are in random order, so any slice of them is a fair sample.
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

from bench.distill_views import NUM_VIEWS, make_view

SIDE_PX = 224
MAX_ACTIVATION = 6.0
_CHUNK_ROWS = 64
_BATCH_ROWS = 16
_COLUMNS: dict[str, tuple[tuple[int, ...], Any]] = {
    "images": ((SIDE_PX, SIDE_PX, 3), np.uint8),
    "mid6": ((28, 28, 32), np.float16),
    "mid13": ((14, 14, 96), np.float16),
    "maps": ((7, 7, 1280), np.uint8),
    "pooled": ((1280,), np.float16),
}


_MIDDLE = ("mid6", "mid13")


def load_teacher(weights: Path) -> nn.Sequential:
    """`mobilenet_v2().features` in evaluation mode, stride-2 layers padded right and bottom only."""
    net = mobilenet_v2(weights=None)
    net.load_state_dict(torch.load(weights, weights_only=True))
    for module in net.modules():
        if isinstance(module, nn.Conv2d) and module.stride == (2, 2):
            module.padding = (0, 0)
            module.register_forward_pre_hook(lambda _, x: functional.pad(x[0], (0, 1, 0, 1)))
    features: nn.Sequential = net.eval().features.to(memory_format=torch.channels_last)
    return features


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
    def middle_names(self) -> list[str]:
        return [name for name in _MIDDLE if name in self.columns]

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


def open_cache(folder: Path, *, num_photos: int, with_middle: bool) -> TeacherCache:
    """Open the cache in `folder` for reading and writing; create it when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    num_rows = num_photos * NUM_VIEWS
    columns: dict[str, np.memmap[Any, Any]] = {}
    for name, (shape, dtype) in _COLUMNS.items():
        if name in _MIDDLE and not with_middle:
            continue
        path = folder / f"{name}.npy"
        mode: Any = "r+" if path.exists() else "w+"
        column = np.lib.format.open_memmap(path, mode=mode, dtype=dtype, shape=(num_rows, *shape))
        if column.shape != (num_rows, *shape):
            raise ValueError(f"{path} has shape {column.shape}, {(num_rows, *shape)} is needed")
        columns[name] = column
    return TeacherCache(folder, columns, num_rows)


def fill_cache(
    cache: TeacherCache, teacher: nn.Sequential, photos: list[Path], *, seed: int, bf16: bool
) -> Iterator[int]:
    """Compute the rows that are missing, in chunks; yields the number of rows done after each."""
    teacher = without_norms(teacher)
    order = np.random.default_rng(seed).permutation(cache.num_rows)
    with ThreadPoolExecutor(2) as pool:

        def submit(start: int) -> list[Future[Any]]:
            rows = order[start : start + _CHUNK_ROWS]
            return [
                pool.submit(
                    make_view,
                    photos,
                    int(r) // NUM_VIEWS,
                    view=int(r) % NUM_VIEWS,
                    side_px=SIDE_PX,
                    seed=seed,
                )
                for r in rows
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
        mid6 = teacher[:7](to_input(batch))
        mid13 = teacher[7:14](mid6)
        maps = teacher[14:](mid13).float()
        if cache.middle_names:
            cache.columns["mid6"][rows] = mid6.permute(0, 2, 3, 1).half().numpy()
            cache.columns["mid13"][rows] = mid13.permute(0, 2, 3, 1).half().numpy()
        cache.columns["maps"][rows] = encode_maps(maps)
        cache.columns["pooled"][rows] = maps.mean((2, 3)).half().numpy()

"""Augmented views of unlabelled photographs for `distill_backbone.py`: functions of (photograph, view, random numbers).

View 0 is the whole photograph squashed to a square, as the product feeds its backbones; views 1 and 2 are
random crops; view 3 is a collage of four photographs, or a small one on a plain ground: sharp, small objects.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter

NUM_VIEWS = 4
_RESAMPLE = Image.Resampling.BILINEAR

UInt8Array = npt.NDArray[np.uint8]


def make_view(
    path: Path, companions: Sequence[Path], *, view: int, side_px: int, rng: np.random.Generator
) -> UInt8Array:
    """View in [0, NUM_VIEWS) of one photograph, (side_px, side_px, 3) uint8; `companions` fill up collages."""
    photo = read_photo(path)
    if view == 0:
        picture = photo.resize((side_px, side_px), _RESAMPLE)
    elif view in (1, 2):
        picture = _jitter(_random_crop(photo, rng, size_wh=(side_px, side_px)), rng)
    elif view == 3:
        others = [read_photo(companions[i]) for i in rng.integers(0, len(companions), 3)]
        compose = _collage if rng.random() < 0.5 else _small_on_plain
        picture = _jitter(compose([photo, *others], rng, side_px), rng)
    else:
        raise ValueError(f"view {view} is outside [0, {NUM_VIEWS})")
    return np.asarray(picture, np.uint8)


def read_photo(path: Path, *, draft_px: int | None = None) -> Image.Image:
    """A photograph as RGB; with `draft_px`, a JPEG decoded to no less than that many pixels a side."""
    with Image.open(path) as image:
        if draft_px is not None:
            image.draft("RGB", (draft_px, draft_px))
        return image.convert("RGB")


def _random_crop(photo: Image.Image, rng: np.random.Generator, *, size_wh: tuple[int, int]) -> Image.Image:
    width, height = photo.size
    area = width * height * rng.uniform(0.25, 1.0)
    ratio = np.exp(rng.uniform(np.log(0.6), np.log(1 / 0.6)))
    crop_w, crop_h = min(width, (area * ratio) ** 0.5), min(height, (area / ratio) ** 0.5)
    left, top = rng.uniform(0, width - crop_w), rng.uniform(0, height - crop_h)
    crop = photo.resize(size_wh, _RESAMPLE, box=(left, top, left + crop_w, top + crop_h))
    return crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else crop


def _jitter(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        picture = enhancer(picture).enhance(float(rng.uniform(0.7, 1.3)))
    return ImageEnhance.Sharpness(picture).enhance(float(rng.uniform(0.7, 2.0)))


def _collage(photos: Sequence[Image.Image], rng: np.random.Generator, side_px: int) -> Image.Image:
    """Four random crops side by side, the cross point anywhere in the middle 40 %."""
    x, y = (int(side_px * rng.uniform(0.3, 0.7)) for _ in range(2))
    sheet = Image.new("RGB", (side_px, side_px))
    corners = [(0, 0, x, y), (x, 0, side_px, y), (0, y, x, side_px), (x, y, side_px, side_px)]
    for photo, (x1, y1, x2, y2) in zip(photos, corners, strict=True):
        sheet.paste(_random_crop(photo, rng, size_wh=(x2 - x1, y2 - y1)), (x1, y1))
    return sheet


def _small_on_plain(photos: Sequence[Image.Image], rng: np.random.Generator, side_px: int) -> Image.Image:
    """One shrunk photograph on the blurred, magnified corner of another."""
    ground = _random_crop(photos[1], rng, size_wh=(side_px, side_px)).resize(
        (side_px * 4, side_px * 4), _RESAMPLE
    )
    ground = ground.crop((0, 0, side_px, side_px)).filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 6))))
    size_wh = (int(side_px * rng.uniform(0.25, 0.65)), int(side_px * rng.uniform(0.25, 0.65)))
    left, top = (int(rng.integers(0, side_px - size + 1)) for size in size_wh)
    ground.paste(photos[0].resize(size_wh, _RESAMPLE), (left, top))
    return ground

"""A labelled set of generated pictures with known boxes: tests, the demo, `evaluate_crops --synthetic`.

One object per picture: a class-typical shape, hue and inner pattern, small or large, anywhere on a textured
ground that says nothing about the class. All is a pure function of the seed; most pictures are not square.
"""

import colorsys
import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from worker.ml.types import BoolArray, FloatArray, UInt8Array

SHORT_SIDE_RANGE_PX = (160, 260)
ASPECT_RANGE = (0.6, 1.7)
OBJECT_SIDE_FRAC_RANGE = (0.2, 0.75)
TEST_SHARE_EVERY = 4
JPEG_QUALITY = 90
INDEX_COLUMNS = ("file", "label", "width", "height", "xmin", "ymin", "xmax", "ymax", "split", "source")
_SUPERSAMPLING = 4
_HUE_JITTER = 0.03

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class SyntheticImage:
    """`rgb`: (H, W, 3) uint8; `box`: xyxy pixel edges of the object's visible pixels, x2 and y2 exclusive."""

    rgb: UInt8Array
    class_name: str
    box: tuple[int, int, int, int]


def generate_image(
    seed: int,
    class_index: int,
    *,
    size_hw: tuple[int, int] | None = None,
    object_side_frac: float | None = None,
) -> SyntheticImage:
    """Draw one picture of class `CLASS_NAMES[class_index]`.

    Args:
        size_hw: (height, width) in pixels, each >= 32; None draws an aspect ratio and a shorter side.
        object_side_frac: the object's longer side as a share of the picture's shorter side, in [0.1, 0.95];
            None draws one, small objects being as frequent as large ones.

    Raises:
        ValueError: if `class_index`, `size_hw` or `object_side_frac` leaves its range.
    """
    if not 0 <= class_index < len(CLASS_NAMES):
        raise ValueError(f"class_index {class_index} is outside [0, {len(CLASS_NAMES)})")
    rng = np.random.default_rng((seed, class_index))
    height, width = _draw_size(rng) if size_hw is None else size_hw
    if min(height, width) < 32:
        raise ValueError(f"size_hw {height, width} has a side below 32 pixels")
    drawn_frac = float(np.exp(rng.uniform(*np.log(OBJECT_SIDE_FRAC_RANGE))))
    frac = drawn_frac if object_side_frac is None else object_side_frac
    if not 0.1 <= frac <= 0.95:
        raise ValueError(f"object_side_frac {frac} is outside [0.1, 0.95]")
    mask = _object_mask(rng, class_index, height=height, width=width, side_px=frac * min(height, width))
    colours = _object_colours(rng, class_index, height=height, width=width)
    alpha = mask[:, :, None]
    clean = alpha * colours + (1 - alpha) * _ground(rng, height=height, width=width)
    picture = clean + rng.normal(0, 4, clean.shape)
    rgb = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return SyntheticImage(rgb=rgb, class_name=CLASS_NAMES[class_index], box=_bounding_box(mask >= 0.5))


def write_dataset(folder: Path, *, num_images: int, num_classes: int, seed: int) -> Path:
    """Write `images/<label>/NNNNN.jpg` and `index.csv` (a row per picture); returns the path of `index.csv`.

    Classes take turns, so counts differ by at most one. Every fourth picture of a class has split `test`.

    Raises:
        ValueError: if `num_classes` is outside [1, len(CLASS_NAMES)] or `num_images` < `num_classes`.
    """
    if not 1 <= num_classes <= len(CLASS_NAMES):
        raise ValueError(f"num_classes {num_classes} is outside [1, {len(CLASS_NAMES)}]")
    if num_images < num_classes:
        raise ValueError(f"num_images {num_images} is below num_classes {num_classes}")
    index_path = folder / "index.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with index_path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(INDEX_COLUMNS)
        for number in range(num_images):
            class_index, turn = number % num_classes, number // num_classes
            image = generate_image(seed * 1_000_003 + number, class_index)
            file = f"images/{image.class_name}/{number:05d}.jpg"
            _write_jpeg(folder / file, image.rgb)
            split = "test" if turn % TEST_SHARE_EVERY == TEST_SHARE_EVERY - 1 else "train"
            height, width = image.rgb.shape[:2]
            writer.writerow([file, image.class_name, width, height, *image.box, split, "synthetic"])
    return index_path


def _write_jpeg(path: Path, rgb: UInt8Array) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rgb).save(path, quality=JPEG_QUALITY)


def _draw_size(rng: np.random.Generator) -> tuple[int, int]:
    short_side = int(rng.integers(SHORT_SIDE_RANGE_PX[0], SHORT_SIDE_RANGE_PX[1] + 1))
    aspect = float(np.exp(rng.uniform(*np.log(ASPECT_RANGE))))
    long_side = round(short_side * max(aspect, 1 / aspect))
    return (short_side, long_side) if aspect > 1 else (long_side, short_side)


def _object_mask(
    rng: np.random.Generator, class_index: int, *, height: int, width: int, side_px: float
) -> FloatArray:
    """Coverage of the object, (H, W) in [0, 1]: its outline turned a little, its box inside the picture."""
    outlines = [_turn(outline, float(rng.uniform(-0.3, 0.3))) for outline in _OUTLINES[class_index]()]
    turned = np.concatenate([np.asarray(outline) for outline in outlines])
    low, extent = turned.min(axis=0), np.ptp(turned, axis=0)
    scale = side_px / extent.max()
    room = np.array([width, height]) - extent * scale
    corner = rng.uniform(0, 1, 2) * np.maximum(room, 0)
    sheet = Image.new("L", (width * _SUPERSAMPLING, height * _SUPERSAMPLING))
    draw = ImageDraw.Draw(sheet)
    for number, outline in enumerate(outlines):
        points = ((np.asarray(outline) - low) * scale + corner) * _SUPERSAMPLING
        draw.polygon([(float(x), float(y)) for x, y in points], fill=255 if number == 0 else 0)
    coverage = sheet.resize((width, height), Image.Resampling.BOX)
    return np.asarray(coverage, np.float32) / np.float32(255)


def _object_colours(rng: np.random.Generator, class_index: int, *, height: int, width: int) -> FloatArray:
    """(H, W, 3): the class's hue, striped, dotted or plain by class; brightness and stripe width vary."""
    hue = class_index / len(CLASS_NAMES) + float(rng.uniform(-_HUE_JITTER, _HUE_JITTER))
    value = float(rng.uniform(0.7, 1.0))
    bright = np.array(colorsys.hsv_to_rgb(hue % 1, 0.85, value), np.float32) * 255
    dark = np.array(colorsys.hsv_to_rgb(hue % 1, 0.95, value * 0.45), np.float32) * 255
    period = float(rng.uniform(8, 14))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    wave_x, wave_y = np.sin(columns * (2 * np.pi / period)), np.sin(rows * (2 * np.pi / period))
    pattern = (wave_x > 0.3, wave_x * wave_y > 0.3, np.zeros_like(wave_x, bool))[class_index % 3]
    return np.where(pattern[:, :, None], dark, bright).astype(np.float32)


def _ground(rng: np.random.Generator, *, height: int, width: int) -> FloatArray:
    """(H, W, 3): clouds of two random pale colours under a faint random grain."""
    colours = [
        colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.05, 0.35), rng.uniform(0.3, 0.9)) for _ in range(2)
    ]
    clouds = np.zeros((height, width), np.float32)
    for cells, weight in ((4, 0.6), (16, 0.3), (64, 0.25)):
        noise = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        clouds += weight * np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC))
    mix = np.clip((clouds - clouds.min()) / np.ptp(clouds), 0, 1)[:, :, None]
    first, second = (np.array(colour, np.float32) * 255 for colour in colours)
    ground = Image.fromarray(np.rint(mix * first + (1 - mix) * second).astype(np.uint8))
    blurred = ground.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.5))))
    return np.asarray(blurred, np.float32)


def _bounding_box(mask: BoolArray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _turn(outline: Points, angle: float) -> Points:
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return [(cos * x - sin * y, sin * x + cos * y) for x, y in outline]


def _polar(radii: list[float], *, num_points: int, phase: float = -np.pi / 2) -> Points:
    """A closed outline that goes through `radii` in turn, at equal angles, starting upwards."""
    angles = phase + np.arange(num_points) * (2 * np.pi / num_points)
    steps = [radii[i % len(radii)] for i in range(num_points)]
    return [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(steps, angles, strict=True)]


def _flower() -> list[Points]:
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    radii = 0.72 + 0.28 * np.cos(5 * angles)
    return [[(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(radii, angles, strict=True)]]


def _crescent() -> list[Points]:
    outer = [(float(np.cos(a)), float(np.sin(a))) for a in np.linspace(0.7, 2 * np.pi - 0.7, 60)]
    inner = [(0.45 + 0.72 * float(np.cos(a)), 0.72 * float(np.sin(a))) for a in np.linspace(5.2, 1.08, 60)]
    return [outer + inner]


def _cross() -> list[Points]:
    a, b = 0.33, 1.0
    corners = [
        (-a, -b),
        (a, -b),
        (a, -a),
        (b, -a),
        (b, a),
        (a, a),
        (a, b),
        (-a, b),
        (-a, a),
        (-b, a),
        (-b, -a),
    ]
    return [[*corners, (-a, -a)]]


def _arrow() -> list[Points]:
    return [[(-1, -0.25), (0.1, -0.25), (0.1, -0.7), (1, 0), (0.1, 0.7), (0.1, 0.25), (-1, 0.25)]]


_SHAPES: dict[str, Callable[[], list[Points]]] = {
    "disc": lambda: [_polar([1.0], num_points=60)],
    "star": lambda: [_polar([1.0, 0.42], num_points=10)],
    "square": lambda: [_polar([1.0], num_points=4, phase=-np.pi / 4)],
    "ring": lambda: [_polar([1.0], num_points=60), _polar([0.55], num_points=60)],
    "triangle": lambda: [_polar([1.0], num_points=3)],
    "cross": _cross,
    "bar": lambda: [[(-1.0, -0.22), (1.0, -0.22), (1.0, 0.22), (-1.0, 0.22)]],
    "flower": _flower,
    "arrow": _arrow,
    "crescent": _crescent,
    "hexagon": lambda: [_polar([1.0], num_points=6)],
    "burst": lambda: [_polar([1.0, 0.7], num_points=28)],
}
CLASS_NAMES = tuple(_SHAPES)
_OUTLINES = tuple(_SHAPES.values())

"""Read any still image as upright 8-bit RGB, and make the small pictures that the product shows.

Steps of a decode: header and pixel limit, scaled JPEG decode where a small picture is enough, load, 16-bit and float
samples to 8 bit, an embedded colour profile to sRGB, transparency over white, EXIF rotation. Whatever goes wrong is an
`UnreadableImage`, but for the profile: a broken one is passed over.
"""

import io
import logging
import math
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from worker.ml.boxes import pixel_boxes
from worker.ml.colour_profiles import to_srgb
from worker.ml.errors import InvalidArray, UnreadableImage
from worker.ml.types import AnyArray, FloatArray, UInt8Array

logger = logging.getLogger(__name__)

DEFAULT_MAX_PIXELS = 178_956_970
"""Width times height of the largest accepted image: 537 MB as RGB, and the size at which Pillow itself refuses."""

FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
    "TIFF": ("image/tiff", ".tif"),
    "BMP": ("image/bmp", ".bmp"),
    "AVIF": ("image/avif", ".avif"),
}
"""Accepted formats by Pillow's name, with media type and usual extension. Others (EPS, PSD, ...) are never tried."""

# MPO, the multi-picture JPEG of some cameras, is recognised by the JPEG reader.
_PILLOW_FORMATS = (*FORMATS, "DIB")
_SAME_AS = {"MPO": "JPEG", "DIB": "BMP"}
_ORIENTATION_TAG = 0x0112
_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDES_SWAPPED = (5, 6, 7, 8)
# What Pillow's readers raise on damaged files, found by feeding them cut and altered ones.
_DAMAGE = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)

# The pixel limit is checked here, with the caller's number; Pillow's warning at half its own limit says
# nothing new.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class ImageInfo:
    """What a file really is. `width` and `height` are in pixels of the upright, full-size image."""

    format: str
    mime_type: str
    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class DecodedImage:
    """An upright RGB image, perhaps scaled down while decoding, with the facts of its full-size original."""

    image: Image.Image
    info: ImageInfo


def read_info(source: bytes | Path, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> ImageInfo:
    """Format and upright size from the header alone; the pixels may still turn out to be damaged.

    Raises:
        UnreadableImage: not an image of an accepted format, empty, or larger than `max_pixels`.
    """
    with _open(source, max_pixels=max_pixels) as image:
        return _info(image, swapped=image.format != "TIFF" and _orientation(image) in _SIDES_SWAPPED)


def decode_image(
    source: bytes | Path, *, max_pixels: int = DEFAULT_MAX_PIXELS, target_px: int | None = None
) -> Image.Image:
    """Decode to upright 8-bit RGB; see `decode_with_info`."""
    return decode_with_info(source, max_pixels=max_pixels, target_px=target_px).image


def decode_with_info(
    source: bytes | Path, *, max_pixels: int = DEFAULT_MAX_PIXELS, target_px: int | None = None
) -> DecodedImage:
    """Decode to upright 8-bit sRGB: first frame, EXIF rotation applied, transparency over white.

    Colours are those of the embedded profile, or sRGB where there is none. 16-bit greys are divided by 257. Wider
    integers beyond 16 bits, and floats beyond [0, 1], have no agreed white: they are stretched from their own
    minimum to their maximum.

    Args:
        source: the file's bytes, or its path.
        max_pixels: limit on width times height, checked before any pixel is decoded.
        target_px: if given, a JPEG may come 2, 4 or 8 times smaller, both sides still >= `target_px`: a
        12-megapixel
            photograph decodes about five times faster. Give at least twice the side that you will resize to.

    Raises:
        UnreadableImage: as `read_info`; also a truncated or damaged file, or samples that are not finite.
    """
    with _open(source, max_pixels=max_pixels) as image:
        full_size_wh = image.size
        if target_px is not None and _name(image) == "JPEG":
            image.draft(None, (target_px, target_px))
        try:
            image.load()
            # After `load`, because Pillow turns TIFF upright there and drops the tag.
            orientation = _orientation(image)
            rgb = _to_rgb(image)
        except MemoryError as error:
            raise UnreadableImage(
                f"{full_size_wh[0]}x{full_size_wh[1]} pixels do not fit into memory"
            ) from error
        except _DAMAGE as error:
            raise UnreadableImage(f"the {_name(image)} data is truncated or damaged: {error}") from error
        if orientation in _TRANSPOSES:
            rgb = rgb.transpose(_TRANSPOSES[orientation])
        info = _info(image, swapped=orientation in _SIDES_SWAPPED, size_wh=full_size_wh)
        return DecodedImage(image=rgb, info=info)


def squash(image: Image.Image, size_px: int) -> UInt8Array:
    """Resize RGB to a square without keeping the aspect ratio: (S, S, 3), antialiased bilinear.

    Source: the fixed convention of the saliency statements; unit coordinates carry over unchanged.
    """
    return np.asarray(image.resize((size_px, size_px), Image.Resampling.BILINEAR), dtype=np.uint8)


def encode_thumbnail(image: Image.Image, *, long_side_px: int = 256, quality: int = 80) -> bytes:
    """WebP of an RGB image with its aspect ratio, at most `long_side_px` on the longer side, never enlarged."""
    scale = min(1.0, long_side_px / max(image.size))
    size_wh = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = image if size_wh == image.size else image.resize(size_wh, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def crop_box(image: Image.Image, box: FloatArray) -> Image.Image:
    """Cut a box out of an image, for its exact embedding.

    Args:
        image: the full-size image, not one decoded with `target_px` unless a coarser crop is wanted.
        box: (4,) xyxy edges in unit coordinates, x1 > x0 and y1 > y0.

    Returns:
        The pixels from floor of the low edges to ceil of the high ones, clamped to the image, at least 1
        pixel each way.

    Raises:
        InvalidArray: if the box is not four finite numbers in order.
    """
    unit_box = _checked_box(box)
    edges = pixel_boxes(unit_box[None], height_px=image.height, width_px=image.width)[0]
    left, top, right, bottom = (int(edge) for edge in edges)
    return image.crop((left, top, right, bottom))


def _open(source: bytes | Path, *, max_pixels: int) -> Image.Image:
    if isinstance(source, bytes):
        if not source:
            raise UnreadableImage("the file is empty")
    elif source.stat().st_size == 0:
        raise UnreadableImage("the file is empty")
    try:
        image = Image.open(
            io.BytesIO(source) if isinstance(source, bytes) else source, formats=_PILLOW_FORMATS
        )
    except UnidentifiedImageError as error:
        names = ", ".join(FORMATS)
        raise UnreadableImage(f"not an image of a supported format ({names})") from error
    except Image.DecompressionBombError as error:
        raise UnreadableImage(f"too many pixels, the limit is {max_pixels}: {error}") from error
    except _DAMAGE as error:
        raise UnreadableImage(f"the header is truncated or damaged: {error}") from error
    if image.width * image.height > max_pixels:
        pixels = f"{image.width}x{image.height} = {image.width * image.height} pixels"
        image.close()
        raise UnreadableImage(f"{pixels} are over the limit of {max_pixels}")
    return image


def _name(image: Image.Image) -> str:
    return _SAME_AS.get(image.format or "", image.format or "")


def _info(image: Image.Image, *, swapped: bool, size_wh: tuple[int, int] | None = None) -> ImageInfo:
    width, height = size_wh or image.size
    name = _name(image)
    mime_type, extension = FORMATS[name]
    width, height = (height, width) if swapped else (width, height)
    return ImageInfo(format=name, mime_type=mime_type, extension=extension, width=width, height=height)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except (*_DAMAGE, ZeroDivisionError) as error:
        # Broken EXIF beside good pixels is common; such a file is shown as it lies, as browsers do.
        logger.debug("EXIF of a %s file cannot be read, no rotation is applied: %s", image.format, error)
        return 1


def _to_rgb(image: Image.Image) -> Image.Image:
    rgb = to_srgb(_with_plain_samples(image))
    if rgb.mode == "RGBA":
        white = Image.new("RGBA", rgb.size, (255, 255, 255, 255))
        rgb = Image.alpha_composite(white, rgb)
    plain = rgb if rgb.mode == "RGB" else rgb.convert("RGB")  # which copies, also what is RGB
    plain.info.pop("icc_profile", None)  # it is applied, and would be written into thumbnails
    return plain


def _with_plain_samples(image: Image.Image) -> Image.Image:
    """As RGB, RGBA, grey or CMYK of 8 bits, which colour profiles are made for; the profile stays in `info`."""
    if image.mode == "F" or image.mode.startswith("I"):
        grey = Image.fromarray(_to_eight_bits(np.asarray(image)))
        grey.info = dict(image.info)
        return grey
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"RGB", "L", "CMYK"} else image.convert("L" if image.mode == "1" else "RGB")


def _to_eight_bits(samples: AnyArray) -> UInt8Array:
    values = samples.astype(np.float64)
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise UnreadableImage("the samples are not all finite numbers")
    white = 1.0 if samples.dtype.kind == "f" else 65535.0
    if low < 0 or high > white:
        values, white = values - low, high - low
    return np.rint(values * 255.0 / white).astype(np.uint8)


def _checked_box(box: FloatArray) -> FloatArray:
    values = np.asarray(box, dtype=np.float32)
    if values.shape != (4,) or not np.isfinite(values).all():
        raise InvalidArray(f"a box is four finite numbers, got {box!r}")
    if values[2] <= values[0] or values[3] <= values[1]:
        raise InvalidArray(f"a box has x0 < x1 and y0 < y1, got {values.tolist()}")
    return values

"""Colours of a picture with an embedded ICC profile, as sRGB.

Perceptual intent, as browsers use. A profile that maps colours (almost) to themselves is sRGB under some name and costs
nothing but the look at it; so are most profiles of photographs. One that is broken, too large or made for another kind
of samples than the picture's is passed over, and the picture read as if it had none.
"""

import io
import logging
import struct
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

logger = logging.getLogger(__name__)

MAX_PROFILE_BYTES = 4 * 2**20
"""Profiles of printers are up to 2 MB; what is larger is none, or no friend."""

SAME_WITHIN = 2
"""Steps of 255 by which a profile may move any colour and still count as sRGB; those of cameras differ by one."""

_CACHED_TRANSFORMS = 16  # a set of photographs has a few profiles; a printer's takes up to 3 MB unpacked
_SPACE_OF_MODE = {"RGB": "RGB", "RGBA": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_OUTPUT_MODE = {"RGBA": "RGBA"}
_BROKEN = (ImageCms.PyCMSError, OSError, ValueError, TypeError, OverflowError, struct.error)


def to_srgb(image: Image.Image) -> Image.Image:
    """The picture with its profile's colours as sRGB.

    Args:
        image: RGB, RGBA, L or CMYK, its profile in `info`; alpha stays.

    Returns:
        RGB, or RGBA for RGBA, where a profile was applied; the picture itself where none was.
    """
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profile or image.mode not in _SPACE_OF_MODE:
        return image
    if len(profile) > MAX_PROFILE_BYTES:
        logger.debug("a profile of %s bytes is passed over; the limit is %s", len(profile), MAX_PROFILE_BYTES)
        return image
    transform = _transform(profile, image.mode)
    return image if transform is None else transform.apply(image)


@lru_cache(maxsize=_CACHED_TRANSFORMS)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From the profile to sRGB; None if it is sRGB, or of no use for this mode."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACE_OF_MODE[mode]:
            logger.debug("a profile of %r is no use for %s", source.profile.xcolor_space, mode)
            return None
        transform = ImageCms.ImageCmsTransform(
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            mode,
            _OUTPUT_MODE.get(mode, "RGB"),
            ImageCms.Intent.PERCEPTUAL,
        )
        return None if _is_srgb(transform, mode) else transform
    except _BROKEN as error:
        logger.debug("a broken profile is passed over: %s", error)
        return None


def _is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """True if the colours of a 9 x 9 x 9 grid, or 256 greys, stay where they are. Ink is never sRGB."""
    if mode == "CMYK":
        return False
    steps = np.rint(np.linspace(0, 255, 9)).astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    probe = Image.fromarray(np.arange(256, dtype=np.uint8)[None]) if mode == "L" else Image.fromarray(colours)
    moved = np.asarray(transform.apply(probe.convert(mode)).convert("RGB"), dtype=np.int16)
    return bool(np.abs(moved - np.asarray(probe.convert("RGB"), dtype=np.int16)).max() <= SAME_WITHIN)

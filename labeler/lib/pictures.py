"""A picture as the product shows it, read by the worker's own decoder, which loads numpy and Pillow only.

Where an export cannot write the samples as they are, it writes what the map shows, so there is one decoder; with
`labeler.lib.boxes` this is a door of the web side into `worker.ml` (`pyproject.toml` names both, a test asserts that
torch stays outside).
"""

from pathlib import Path

from django.conf import settings
from PIL import Image

from worker.ml.errors import UnreadableImage
from worker.ml.images import decode_image

__all__ = ["UnreadableImage", "shown_picture"]


def shown_picture(path: Path) -> Image.Image:
    """RGB at full size, its colour profile applied, over white where it is transparent, turned by its EXIF data.

    Raises:
        UnreadableImage: the file is damaged, or over `MAX_IMAGE_PIXELS`.
    """
    return decode_image(path, max_pixels=settings.MAX_IMAGE_PIXELS)

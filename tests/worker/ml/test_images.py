"""Decoding to upright RGB, and the small pictures made from it."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.ml import images
from worker.ml.errors import InvalidArray, UnreadableImage
from worker.ml.types import AnyArray

RED = (255, 0, 0)
ORIENTATION = 0x0112


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def three_by_two() -> Image.Image:
    """Six different greys, row by row: 0 50 100 / 150 200 250."""
    return Image.fromarray(np.array([[0, 50, 100], [150, 200, 250]], dtype=np.uint8)).convert("RGB")


def grey(image: Image.Image) -> list[list[int]]:
    return [[int(value) for value in row] for row in np.asarray(image)[:, :, 0]]


@pytest.mark.parametrize(
    ("file_format", "options", "mime_type"),
    [
        ("JPEG", {"quality": 95}, "image/jpeg"),
        ("PNG", {}, "image/png"),
        ("WEBP", {"lossless": True}, "image/webp"),
        ("GIF", {}, "image/gif"),
        ("TIFF", {}, "image/tiff"),
        ("BMP", {}, "image/bmp"),
        ("AVIF", {"quality": 95}, "image/avif"),
    ],
)
def test_it_reads_every_format_and_reports_which_it_is(
    file_format: str, options: dict[str, object], mime_type: str
) -> None:
    data = encoded(Image.new("RGB", (40, 24), RED), file_format, **options)
    decoded = images.decode_with_info(data)
    assert decoded.image.mode == "RGB"
    assert (decoded.info.format, decoded.info.mime_type) == (file_format, mime_type)
    assert (decoded.info.width, decoded.info.height) == decoded.image.size == (40, 24)
    assert np.abs(np.asarray(decoded.image).astype(int) - RED).max() <= 3
    assert images.read_info(data) == decoded.info


def test_the_content_counts_and_not_the_extension(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(three_by_two(), "PNG"))
    assert images.read_info(path).format == "PNG"
    assert images.read_info(path).extension == ".png"
    assert grey(images.decode_image(path)) == [[0, 50, 100], [150, 200, 250]]


def test_the_first_frame_of_an_animation_is_used() -> None:
    second = Image.new("RGB", (3, 2), (0, 0, 255))
    data = encoded(Image.new("RGB", (3, 2), RED), "GIF", save_all=True, append_images=[second])
    assert images.decode_image(data).getpixel((0, 0)) == RED


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [[0, 50, 100], [150, 200, 250]]),
        (2, [[100, 50, 0], [250, 200, 150]]),
        (3, [[250, 200, 150], [100, 50, 0]]),
        (4, [[150, 200, 250], [0, 50, 100]]),
        (5, [[0, 150], [50, 200], [100, 250]]),
        (6, [[150, 0], [200, 50], [250, 100]]),
        (7, [[250, 100], [200, 50], [150, 0]]),
        (8, [[100, 250], [50, 200], [0, 150]]),
    ],
)
@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
def test_exif_rotation_is_applied_once(file_format: str, orientation: int, expected: list[list[int]]) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"lossless": True} if file_format == "WEBP" else {}
    data = encoded(three_by_two(), file_format, exif=exif, **options)
    decoded = images.decode_with_info(data)
    assert grey(decoded.image) == expected
    assert (decoded.info.width, decoded.info.height) == decoded.image.size
    assert images.read_info(data) == decoded.info


def test_unreadable_exif_leaves_the_image_as_it_lies() -> None:
    data = encoded(Image.new("RGB", (8, 4), RED), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xffrubbish")
    assert images.decode_image(data).size == (8, 4)


@pytest.mark.parametrize(
    ("mode", "pixel", "expected"),
    [
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (200, 0, 0, 255), (200, 0, 0)),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
        ("LA", (0, 51), (204, 204, 204)),
        ("L", 77, (77, 77, 77)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_alpha_goes_over_white_and_grey_becomes_rgb(
    mode: str, pixel: int | tuple[int, ...], expected: tuple[int, int, int]
) -> None:
    data = encoded(Image.new(mode, (3, 2), pixel), "PNG")
    assert images.decode_image(data).getpixel((2, 1)) == expected


def test_palette_transparency_goes_over_white() -> None:
    image = Image.new("P", (2, 1), 0)
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    decoded = images.decode_image(encoded(image, "PNG", transparency=0))
    assert [decoded.getpixel((0, 0)), decoded.getpixel((1, 0))] == [(255, 255, 255), (40, 50, 60)]


def test_a_transparent_colour_of_an_rgb_png_goes_over_white() -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (4, 5, 6))
    decoded = images.decode_image(encoded(image, "PNG", transparency=(1, 2, 3)))
    assert [decoded.getpixel((0, 0)), decoded.getpixel((1, 0))] == [(255, 255, 255), (4, 5, 6)]


def test_cmyk_becomes_rgb() -> None:
    data = encoded(Image.new("CMYK", (16, 8), (0, 255, 255, 0)), "TIFF")
    assert images.decode_image(data).getpixel((3, 3)) == RED


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    data = encoded(Image.new("CMYK", (16, 8), (0, 255, 255, 0)), "JPEG", quality=95)
    pixel = np.asarray(images.decode_image(data))[3, 3].astype(int)
    assert np.abs(pixel - RED).max() <= 3


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([[0, 257, 65535], [128, 129, 32896]], dtype=np.uint16), [[0, 1, 255], [0, 1, 128]]),
        (np.array([[0, 65535, 257]], dtype=np.int32), [[0, 255, 1]]),
        (np.array([[-100, 0, 100]], dtype=np.int32), [[0, 128, 255]]),
        (np.array([[0.0, 0.2, 1.0]], dtype=np.float32), [[0, 51, 255]]),
        (np.array([[0.0, 2.0, 10.0]], dtype=np.float32), [[0, 51, 255]]),
    ],
)
def test_deep_samples_are_scaled_to_eight_bits(samples: AnyArray, expected: list[list[int]]) -> None:
    assert grey(images.decode_image(encoded(Image.fromarray(samples), "TIFF"))) == expected


def test_a_16_bit_grey_png_is_scaled_and_not_clipped() -> None:
    samples = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)
    assert grey(images.decode_image(encoded(Image.fromarray(samples), "PNG"))) == [[0, 100, 255]]


def test_samples_that_are_not_finite_are_refused() -> None:
    data = encoded(Image.fromarray(np.array([[0.0, np.nan]], dtype=np.float32)), "TIFF")
    with pytest.raises(UnreadableImage, match="not all finite"):
        images.decode_image(data)


def test_a_large_jpeg_may_come_smaller_but_never_below_the_target() -> None:
    data = encoded(Image.new("RGB", (1600, 900), RED), "JPEG")
    decoded = images.decode_with_info(data, target_px=224)
    assert decoded.image.size == (400, 225)
    assert (decoded.info.width, decoded.info.height) == (1600, 900)
    assert images.decode_image(data, target_px=901).size == (1600, 900)
    assert images.decode_image(data).size == (1600, 900)


def test_a_rotated_jpeg_comes_smaller_too() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encoded(Image.new("RGB", (1600, 900), RED), "JPEG", exif=exif)
    decoded = images.decode_with_info(data, target_px=400)
    assert decoded.image.size == (450, 800)
    assert (decoded.info.width, decoded.info.height) == (900, 1600)


def test_the_pixel_limit_names_value_and_limit() -> None:
    data = encoded(Image.new("L", (30, 20)), "PNG")
    assert images.decode_image(data, max_pixels=600).size == (30, 20)
    for read in (images.decode_image, images.read_info):
        with pytest.raises(UnreadableImage, match=r"30x20 = 600 pixels are over the limit of 599"):
            read(data, max_pixels=599)


def bomb_png(width: int, height: int) -> bytes:
    """A valid PNG header that promises `width` x `height` pixels, with almost no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_multi_picture_jpeg_is_a_jpeg() -> None:
    second = Image.new("RGB", (800, 400), (0, 0, 255))
    data = encoded(Image.new("RGB", (800, 400), RED), "MPO", save_all=True, append_images=[second])
    decoded = images.decode_with_info(data, target_px=100)
    assert decoded.info == images.ImageInfo("JPEG", "image/jpeg", ".jpg", 800, 400)
    assert decoded.image.size == (200, 100)


@pytest.mark.parametrize("side", [14_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(UnreadableImage, match=r"limit.*178956970"):
        images.decode_image(bomb_png(side, side))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused(file_format: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), file_format)
    with pytest.raises(UnreadableImage):
        images.decode_image(data[: int(len(data) * share)])


@pytest.mark.filterwarnings("ignore")  # Pillow warns about odd tags before it gives up on them
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_altered_bytes_give_an_image_or_a_reason_and_nothing_else(file_format: str) -> None:
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), file_format)
    outcomes: set[str] = set()
    for _ in range(60):
        altered = bytearray(data)
        for place in random.integers(0, min(len(data), 400), size=6):
            altered[place] = int(random.integers(0, 256))
        try:
            images.decode_image(bytes(altered), max_pixels=10_000_000)
        except UnreadableImage as error:
            outcomes.add(error.message)
    assert outcomes
    assert "" not in outcomes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello, I am text", "not an image of a supported format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not an image of a supported format"),
    ],
)
def test_other_files_are_refused_with_a_reason(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "file.jpg"
    path.write_bytes(data)
    for source in (data, path):
        with pytest.raises(UnreadableImage, match=reason):
            images.decode_image(source)


def test_squash_ignores_the_aspect_ratio() -> None:
    left_black_right_white = np.zeros((4, 8, 3), dtype=np.uint8)
    left_black_right_white[:, 4:] = 255
    result = images.squash(Image.fromarray(left_black_right_white), 2)
    assert result.shape == (2, 2, 3)
    assert result.dtype == np.uint8
    # Antialiased bilinear by a factor 4 weighs 8 source columns 1 3 5 7 7 5 3 1 about each new centre; the
    # window of the left pixel is cut at the border to 5 7 7 5 3 1, of which 3 and 1 lie in the white half.
    assert [int(value) for value in result[0, :, 0]] == [round(255 * 4 / 28), 255 - round(255 * 4 / 28)]
    assert (result[0] == result[1]).all()


@pytest.mark.parametrize(
    ("size_wh", "expected_wh"),
    [((1000, 500), (256, 128)), ((300, 900), (85, 256)), ((100, 60), (100, 60)), ((2000, 2), (256, 1))],
)
def test_thumbnails_keep_the_aspect_ratio_and_are_never_enlarged(
    size_wh: tuple[int, int], expected_wh: tuple[int, int]
) -> None:
    thumbnail = Image.open(io.BytesIO(images.encode_thumbnail(Image.new("RGB", size_wh, RED))))
    assert thumbnail.format == "WEBP"
    assert thumbnail.size == expected_wh


def test_crop_box_cuts_outwards_to_whole_pixels() -> None:
    image = Image.new("RGB", (10, 5))
    image.putpixel((3, 1), RED)
    crop = images.crop_box(image, np.array([0.31, 0.2, 0.52, 0.6], dtype=np.float32))
    assert crop.size == (3, 2)
    assert crop.getpixel((0, 0)) == RED


def test_crop_box_forgives_rounding_of_float32_edges() -> None:
    image = Image.new("RGB", (10, 5))
    assert images.crop_box(image, np.array([0.3, 0.2, 0.7, 0.8], dtype=np.float32)).size == (4, 3)


def test_crop_box_is_clamped_and_at_least_one_pixel() -> None:
    image = Image.new("RGB", (10, 5))
    assert images.crop_box(image, np.array([-0.5, 0, 2, 1], dtype=np.float32)).size == (10, 5)
    assert images.crop_box(image, np.array([0.999, 0.5, 1.2, 0.501], dtype=np.float32)).size == (1, 1)


@pytest.mark.parametrize("box", [[0.5, 0, 0.5, 1], [0, 0.6, 1, 0.5], [0, 0, np.nan, 1], [0, 0, 1]], ids=str)
def test_crop_box_refuses_what_is_no_box(box: list[float]) -> None:
    with pytest.raises(InvalidArray):
        images.crop_box(Image.new("RGB", (4, 4)), np.array(box, dtype=np.float32))

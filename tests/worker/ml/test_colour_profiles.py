"""Pictures with an embedded ICC profile come out as sRGB; profiles that are of no use are passed over."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.icc_profiles import adobe_rgb_profile, linear_grey_profile, linear_rgb_profile, odd_ink_profile
from worker.ml import colour_profiles
from worker.ml.images import decode_image, encode_thumbnail

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PLAIN = (55, 128, 255)
AS_LIGHT = (128, 188, 255)  # what PLAIN is in sRGB where samples are proportional to light


def decoded(image: Image.Image, profile: bytes, file_format: str = "PNG", **options: object) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, file_format, icc_profile=profile, **options)
    return decode_image(buffer.getvalue())


@pytest.mark.parametrize(
    ("file_format", "options"),
    [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})],
)
def test_the_profile_of_every_format_is_applied(file_format: str, options: dict[str, object]) -> None:
    image = decoded(Image.new("RGB", (3, 2), PLAIN), linear_rgb_profile(), file_format, **options)
    assert image.size == (3, 2)
    assert image.getpixel((2, 1)) == AS_LIGHT


def test_the_profile_of_a_jpeg_that_is_decoded_smaller_is_applied() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 32), PLAIN).save(buffer, "JPEG", quality=100, icc_profile=linear_rgb_profile())
    image = decode_image(buffer.getvalue(), target_px=16)
    assert image.size == (32, 16)
    assert np.abs(np.asarray(image)[5, 9].astype(int) - AS_LIGHT).max() <= 1


@pytest.mark.parametrize(
    ("adobe", "srgb"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (255, 255, 255)),
        ((200, 100, 100), (227, 100, 100)),
        ((100, 150, 50), (66, 151, 34)),
        ((0, 255, 0), (0, 255, 0)),  # outside sRGB: cut off at its edge
    ],
)
def test_adobe_rgb_becomes_srgb(adobe: tuple[int, ...], srgb: tuple[int, ...]) -> None:
    assert decoded(Image.new("RGB", (2, 2), adobe), adobe_rgb_profile()).getpixel((1, 1)) == srgb


def test_the_numbers_of_adobe_rgb_follow_from_its_definition() -> None:
    """The same by matrices: decode by gamma 563/256, to XYZ, to linear sRGB, encode; independent of the library."""
    to_xyz = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
    from_xyz = np.linalg.inv(
        [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.7141]]
    )
    light = from_xyz @ to_xyz @ (np.array([100, 150, 50]) / 255) ** (563 / 256)
    encoded = 1.055 * light ** (1 / 2.4) - 0.055
    assert np.rint(255 * encoded).tolist() == [66, 151, 34]


def test_alpha_is_kept_and_goes_over_white_after_the_colours() -> None:
    half = Image.new("RGBA", (2, 1), (*PLAIN, 51))
    assert decoded(half, linear_rgb_profile()).getpixel((1, 0)) == (230, 242, 255)  # 0.2 * colour + 0.8 * 255


def test_a_palette_has_the_colours_of_the_profile() -> None:
    image = Image.new("P", (2, 1), 0)
    image.putpalette(list(PLAIN))
    assert decoded(image, linear_rgb_profile()).getpixel((0, 0)) == AS_LIGHT


def test_grey_has_profiles_too() -> None:
    assert decoded(Image.new("L", (2, 1), 55), linear_grey_profile()).getpixel((0, 0)) == (128, 128, 128)
    deep = Image.fromarray(np.full((1, 2), 55 * 257, dtype=np.uint16))
    assert decoded(deep, linear_grey_profile()).getpixel((1, 0)) == (128, 128, 128)


def test_ink_is_what_its_profile_says() -> None:
    """The first ink is red here; without the profile it would be cyan."""
    red = decoded(Image.new("CMYK", (2, 1), (255, 0, 0, 0)), odd_ink_profile(), "TIFF")
    assert np.abs(np.asarray(red)[0, 0].astype(int) - (255, 0, 0)).max() <= 4
    none = decoded(Image.new("CMYK", (2, 1), (0, 0, 0, 0)), odd_ink_profile(), "TIFF")
    assert none.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(b"no profile", id="text"),
        pytest.param(linear_rgb_profile()[:200], id="cut"),
        pytest.param(linear_rgb_profile()[:128] + b"\xff" * 300, id="absurd table"),
        pytest.param(linear_grey_profile(), id="of grey"),
        pytest.param(odd_ink_profile(), id="of ink"),
        pytest.param(SRGB, id="sRGB"),
    ],
)
def test_a_profile_of_no_use_leaves_the_colours_as_they_are(profile: bytes) -> None:
    assert decoded(Image.new("RGB", (3, 2), PLAIN), profile).getpixel((0, 0)) == PLAIN


def test_a_profile_larger_than_any_printers_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = linear_rgb_profile()
    monkeypatch.setattr(colour_profiles, "MAX_PROFILE_BYTES", len(profile) - 1)
    assert decoded(Image.new("RGB", (3, 2), PLAIN), profile).getpixel((0, 0)) == PLAIN
    monkeypatch.setattr(colour_profiles, "MAX_PROFILE_BYTES", len(profile))
    assert decoded(Image.new("RGB", (3, 2), PLAIN), profile).getpixel((0, 0)) == AS_LIGHT


def test_a_damaged_profile_never_stops_a_picture() -> None:
    random = np.random.default_rng(4)
    for whole in (linear_rgb_profile(), linear_grey_profile(), odd_ink_profile()):
        for _ in range(60):
            damaged = bytearray(whole)
            for place in random.integers(0, len(whole), size=8):
                damaged[place] = int(random.integers(0, 256))
            for mode, colour in (("RGB", PLAIN), ("L", 55), ("CMYK", (9, 8, 7, 6))):
                image = Image.new(mode, (3, 2), colour)
                image.info["icc_profile"] = bytes(damaged)
                assert colour_profiles.to_srgb(image).size == (3, 2)


def test_srgb_under_any_name_is_not_converted() -> None:
    image = Image.new("RGB", (3, 2), PLAIN)
    image.info["icc_profile"] = SRGB
    assert colour_profiles.to_srgb(image) is image
    image.info["icc_profile"] = linear_rgb_profile()
    assert colour_profiles.to_srgb(image) is not image
    assert image.getpixel((0, 0)) == PLAIN  # the input stays


@pytest.mark.parametrize("profile", [SRGB, linear_rgb_profile()], ids=["sRGB", "another"])
def test_thumbnail_and_network_see_the_same_colours(profile: bytes) -> None:
    """A profile left in the thumbnail would be applied a second time by the browser."""
    image = decoded(Image.new("RGB", (30, 20), PLAIN), profile)
    assert "icc_profile" not in image.info
    with Image.open(io.BytesIO(encode_thumbnail(image, quality=100))) as thumbnail:
        assert "icc_profile" not in thumbnail.info
        shown = np.asarray(thumbnail.convert("RGB"))[10, 15].astype(int)
    assert np.abs(shown - np.asarray(image)[10, 15]).max() <= 3

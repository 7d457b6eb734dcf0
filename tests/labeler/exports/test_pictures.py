"""Pictures of an export: cut from the upright original, in its colours, and named where a file is gone or damaged."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture

from labeler.datasets.models import Image
from labeler.errors import Conflict, NotFound
from labeler.lib.files import original_path
from tests.icc_profiles import adobe_rgb_profile, odd_ink_profile
from tests.labeler.exports.pictures import (
    BOX,
    HEIGHT,
    WIDTH,
    PictureProject,
    about,
    add_unseen_picture,
    index_of,
    picture_of,
    unpack,
)

pytestmark = pytest.mark.django_db


def test_crops_are_cut_from_the_upright_picture(given: PictureProject, tmp_path: Path) -> None:
    add_unseen_picture(given)
    folder = unpack(given.export("imagefolder", pictures="cropped", validation_share=0), tmp_path)
    paths = {index_of(path): path for path in (folder / "train").rglob("*.*")}
    assert {index: path.suffix for index, path in paths.items()} == {
        0: ".jpg",
        1: ".png",
        2: ".jpg",
        3: ".jpg",
    }
    for index, path in paths.items():
        crop = Picture.open(path)
        assert crop.size == (15, 15)
        wanted = np.asarray(picture_of(index).crop(BOX)).astype(int)
        assert np.abs(np.asarray(crop.convert("RGB")).astype(int) - wanted).max() <= 12  # twice JPEG
    left_out = about(folder)["num_images_left_out"]
    assert left_out == {"without a class": 2, "without a crop: no model has seen them": 1}


def replace_file(given: PictureProject, picture: Picture.Image, **options: Any) -> None:
    """Let image 1, a tern of lossless format, be this picture."""
    image = Image.objects.get(project=given.project, index=1)
    picture.save(original_path(image.project_id, image.storage_key), **options)


@pytest.mark.parametrize(
    ("mode", "sample", "options", "expected"),
    [
        ("CMYK", (255, 0, 0, 0), {}, (0, 255, 255)),
        ("CMYK", (0, 0, 0, 0), {"icc_profile": odd_ink_profile()}, (255, 255, 255)),
        ("CMYK", (0, 255, 0, 0), {"icc_profile": odd_ink_profile()}, (0, 0, 0)),
        ("F", 0.2, {}, (51, 51, 51)),
        ("I", 257 * 9, {}, (9, 9, 9)),
    ],
)
def test_crops_of_ink_and_of_deep_samples_have_the_colours_of_the_map(
    given: PictureProject,
    tmp_path: Path,
    mode: str,
    sample: Any,
    options: dict[str, object],
    expected: tuple[int, ...],
) -> None:
    replace_file(given, Picture.new(mode, (WIDTH, HEIGHT), sample), format="TIFF", **options)
    folder = unpack(given.export("imagefolder", pictures="cropped", validation_share=0), tmp_path)
    crop = Picture.open(next((folder / "train").rglob("000001-*.png")))
    assert crop.convert("RGB").getpixel((3, 3)) == expected
    assert "icc_profile" not in crop.info


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Picture.fromarray(np.full((HEIGHT, WIDTH), 257 * 9, dtype=np.uint16)), (9, 9, 9)),
        (Picture.new("RGBA", (WIDTH, HEIGHT), (255, 0, 0, 0)), (255, 255, 255)),
    ],
    ids=["16 bits", "transparent"],
)
def test_a_jpeg_of_what_jpeg_cannot_hold_has_the_colours_of_the_map(
    given: PictureProject, tmp_path: Path, picture: Picture.Image, expected: tuple[int, ...]
) -> None:
    replace_file(given, picture, format="PNG")
    folder = unpack(given.export("voc"), tmp_path)
    with Picture.open(next((folder / "JPEGImages").glob("000001-*.jpg"))) as found:
        assert found.convert("RGB").getpixel((3, 3)) == expected


@pytest.mark.parametrize(
    ("kind", "options"), [("imagefolder", {"pictures": "cropped", "validation_share": 0}), ("voc", {})]
)
def test_a_damaged_file_is_named(given: PictureProject, kind: str, options: dict[str, Any]) -> None:
    image = Image.objects.get(project=given.project, index=1)
    path = original_path(image.project_id, image.storage_key)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Conflict, match="The file of image 1 cannot be read"):
        given.export(kind, **options)


def test_a_crop_of_a_16_bit_picture_keeps_its_bits(given: PictureProject, tmp_path: Path) -> None:
    replace_file(given, Picture.fromarray(np.full((HEIGHT, WIDTH), 1000, dtype=np.uint16)), format="PNG")
    folder = unpack(given.export("imagefolder", pictures="cropped", validation_share=0), tmp_path)
    with Picture.open(next((folder / "train").rglob("000001-*.png"))) as crop:
        assert np.array_equal(np.asarray(crop), np.full((15, 15), 1000))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_a_crop_keeps_the_colour_profile_of_its_picture(
    given: PictureProject, tmp_path: Path, file_format: str
) -> None:
    replace_file(given, picture_of(1), format=file_format, icc_profile=adobe_rgb_profile())
    Image.objects.filter(project=given.project, index=1).update(file_format=file_format)
    folder = unpack(given.export("imagefolder", pictures="cropped", validation_share=0), tmp_path)
    with Picture.open(next((folder / "train").rglob("000001-*.*"))) as crop:
        assert (crop.format, crop.info["icc_profile"]) == (file_format, adobe_rgb_profile())


def test_a_missing_file_is_an_error_and_not_a_smaller_export(given: PictureProject) -> None:
    image = Image.objects.get(project=given.project, index=2)
    original_path(given.project.id, image.storage_key).unlink()
    with pytest.raises(NotFound, match="image 2"):
        given.export("imagefolder")

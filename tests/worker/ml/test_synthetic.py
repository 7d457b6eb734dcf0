"""The generated set: same seed, same bytes; the true box is where the object is, also when not square."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.ml.synthetic import CLASS_NAMES, generate_image, write_dataset


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    first, again, other = (generate_image(seed, 3) for seed in (7, 7, 8))
    assert first.box == again.box
    np.testing.assert_array_equal(first.rgb, again.rgb)
    assert first.rgb.shape != other.rgb.shape or not np.array_equal(first.rgb, other.rgb)


@pytest.mark.parametrize("class_index", range(len(CLASS_NAMES)))
def test_the_box_holds_the_object_of_the_asked_size_in_a_wide_picture(class_index: int) -> None:
    image = generate_image(11, class_index, size_hw=(120, 200), object_side_frac=0.5)
    x1, y1, x2, y2 = image.box
    assert image.rgb.shape == (120, 200, 3)
    assert 0 <= x1 < x2 <= 200
    assert 0 <= y1 < y2 <= 120
    assert abs(max(x2 - x1, y2 - y1) - 60) <= 2
    assert image.class_name == CLASS_NAMES[class_index]


def test_colours_inside_the_box_are_those_of_the_object() -> None:
    """Class 0 is a red disc: red stands out over blue and green inside its box and nowhere else."""
    image = generate_image(5, 0, size_hw=(90, 150), object_side_frac=0.4)
    red, green, blue = (image.rgb[:, :, i].astype(int) for i in range(3))
    rows, columns = np.nonzero(red - np.maximum(green, blue) > 90)
    x1, y1, x2, y2 = image.box
    found = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    assert np.abs(found - np.array([x1, y1, x2, y2])).max() <= 2


def test_sizes_and_object_shares_vary_between_seeds() -> None:
    images = [generate_image(seed, 1) for seed in range(30)]
    aspects = np.array([image.rgb.shape[1] / image.rgb.shape[0] for image in images])
    shares = np.array(
        [(b[2] - b[0]) * (b[3] - b[1]) / (i.rgb.shape[0] * i.rgb.shape[1]) for i in images for b in [i.box]]
    )
    assert aspects.min() < 0.8
    assert aspects.max() > 1.25
    assert shares.min() < 0.06
    assert shares.max() > 0.25


def test_it_writes_pictures_and_an_index_that_agree(tmp_path: Path) -> None:
    index_path = write_dataset(tmp_path / "set", num_images=11, num_classes=2, seed=3)
    with index_path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["label"] for row in rows] == ["disc", "star"] * 5 + ["disc"]
    assert [row["split"] for row in rows].count("test") == 2
    for row in rows:
        assert Path(row["file"]).parts[:2] == ("images", row["label"])
        with Image.open(index_path.parent / row["file"]) as picture:
            assert picture.size == (int(row["width"]), int(row["height"]))


def test_writing_twice_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_dataset(tmp_path / name, num_images=4, num_classes=4, seed=9)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 5
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


@pytest.mark.parametrize(
    ("class_index", "size_hw", "object_side_frac", "message"),
    [
        (len(CLASS_NAMES), None, None, "class_index 12 is outside"),
        (-1, None, None, "class_index -1 is outside"),
        (0, (31, 64), None, "side below 32"),
        (0, None, 0.05, "object_side_frac 0.05 is outside"),
    ],
)
def test_it_rejects_values_out_of_range(
    class_index: int, size_hw: tuple[int, int] | None, object_side_frac: float | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        generate_image(0, class_index, size_hw=size_hw, object_side_frac=object_side_frac)


@pytest.mark.parametrize(("num_images", "num_classes"), [(5, 0), (5, 13), (3, 4)])
def test_it_rejects_counts_out_of_range(tmp_path: Path, num_images: int, num_classes: int) -> None:
    with pytest.raises(ValueError, match="num_"):
        write_dataset(tmp_path, num_images=num_images, num_classes=num_classes, seed=0)

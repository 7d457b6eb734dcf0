"""A project with real picture files, labels of two people and a model, for tests that read exports back."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from PIL import Image as Picture

from labeler.annotations.models import LabelClass
from labeler.datasets.models import Image, Project
from labeler.exports.about import FILE_NAME
from labeler.exports.formats import FORMATS
from labeler.exports.rows import open_source
from labeler.exports.schemas import ExportIn
from labeler.lib.files import original_path
from tests.factories import add_images, assign, make_class, make_member, make_model, make_project

WIDTH, HEIGHT = 30, 20
BOX = (0, 5, 15, 20)
"""Of every image at retention 1: the unit box (0, 1/4, 1/2, 1) of 30 x 20 pixels."""
PROFILE = [255, 0, 0, 0, 255]


@dataclass(frozen=True)
class PictureProject:
    """Six pictures: four labelled by Ann, one of them also by Bob; the last two have no label; a model saw five."""

    project: Project
    gull: LabelClass
    tern: LabelClass
    ann: User

    def export(self, format: str, **options: object) -> bytes:
        """The bytes of an export at retention 1."""
        given = ExportIn.model_validate({"format": format, "retention": 1, **options})
        source = open_source(project_id=self.project.id, options=given)
        return b"".join(FORMATS[given.format].write(source))


def make_picture_project() -> PictureProject:
    """See `PictureProject`. Labels: 0 gull, 1 tern, 2 gull, 3 tern (Bob: gull, before Ann)."""
    project = make_project(num_images=6, name="Möwen & Gulls")
    ann, bob = make_member(project, "ann"), make_member(project, "bob")
    gull, tern = make_class(project, "gull"), make_class(project, "a/tern: x")
    make_model(
        project,
        [gull, tern],
        predicted=[1, 0, 0, 1, 0],
        confidence=[204] * 5,
        profiles=np.array([PROFILE] * 5, dtype=np.uint8),
        map_height=2,
        map_width=3,
    )
    for image in Image.objects.filter(project=project):
        _write_picture(image)
    assign(project, bob, gull, [3])
    assign(project, ann, gull, [0, 2])
    assign(project, ann, tern, [1, 3])
    project.refresh_from_db()
    return PictureProject(project, gull, tern, ann)


def add_unseen_picture(given: PictureProject) -> None:
    """A seventh picture with a label, which no model has seen."""
    given.project.refresh_from_db()
    _write_picture(add_images(given.project, 1)[0])
    assign(given.project, given.ann, given.gull, [6])


def picture_of(index: int) -> Picture.Image:
    """Left half one colour, right half another; no two images are the same."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    pixels[:, : WIDTH // 2] = (20 * index, 200, 40)
    pixels[:, WIDTH // 2 :] = (200, 20 * index, 90)
    return Picture.fromarray(pixels)


def _write_picture(image: Image) -> None:
    """Image 1 is a PNG; image 2 a JPEG that lies on its side with an EXIF rotation; the others JPEGs."""
    buffer = io.BytesIO()
    picture = picture_of(image.index)
    kind = "PNG" if image.index == 1 else "JPEG"
    if image.index == 2:
        exif = Picture.Exif()
        exif[0x0112] = 6  # shown after a quarter turn clockwise
        picture.transpose(Picture.Transpose.ROTATE_90).save(
            buffer, "JPEG", quality=95, subsampling=0, exif=exif
        )
    else:
        picture.save(buffer, kind, **({} if kind == "PNG" else {"quality": 95, "subsampling": 0}))
    sha256 = hashlib.sha256(buffer.getvalue()).hexdigest()
    Image.objects.filter(id=image.id).update(
        sha256=sha256,
        storage_key=f"{sha256[:2]}/{sha256}{'.png' if kind == 'PNG' else '.jpg'}",
        file_format=kind,
        width=WIDTH,
        height=HEIGHT,
        num_bytes=len(buffer.getvalue()),
        path=f"birds/{'..' if image.index == 3 else ''}bird {image.index}.x.{kind.lower()}",
    )
    image.refresh_from_db()
    path = original_path(image.project_id, image.storage_key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())


def unpack(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def about(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / FILE_NAME).read_text())
    return found


def index_of(path: str | Path) -> int:
    return int(Path(path).name.split("-")[0])

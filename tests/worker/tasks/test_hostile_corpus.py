"""The corpus of hostile and odd files, made here, through one import; each has its stated end.

The details of each (bombs by their header, archives cut anywhere, names) have tests of their own beside the code that
reads them; this one holds that together they neither stop an import nor slip through.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageCms

from labeler.datasets.models import Image, ImportEntry
from tests.icc_profiles import adobe_rgb_profile, odd_ink_profile
from tests.worker.tasks.builders import make_photo_project, picture_bytes, run, start, upload, zip_bytes
from worker.tasks.import_listing import Limits
from worker.tasks.import_remote import list_manifests

HEIGHT, WIDTH = 5, 8
LIMITS = Limits(max_file_bytes=10**6, max_total_bytes=10**7, max_entries=50)


def encoded(mode: str, kind: str, *, seed: int, **options: object) -> bytes:
    """Random pixels, 5 high and 8 wide."""
    random = np.random.default_rng(seed)
    if mode == "I;16":
        picture = Picture.fromarray(random.integers(0, 2**16, (HEIGHT, WIDTH), dtype=np.uint16))
    else:
        depth = len(Picture.new(mode, (1, 1)).getbands())
        pixels = random.integers(0, 256, (HEIGHT, WIDTH, depth), dtype=np.uint8)
        picture = Picture.frombytes(mode, (WIDTH, HEIGHT), pixels.tobytes())
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def animated(*, seed: int) -> bytes:
    first, second = (Picture.open(io.BytesIO(encoded("RGB", "PNG", seed=seed + at))) for at in range(2))
    stream = io.BytesIO()
    first.save(stream, "GIF", save_all=True, append_images=[second], duration=50)
    return stream.getvalue()


def rotated(*, seed: int) -> bytes:
    exif = Picture.Exif()
    exif[0x0112] = 6  # a quarter turn: shown 8 high and 5 wide
    return encoded("RGB", "JPEG", seed=seed, exif=exif)


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say that they are a picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def link_in_zip() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.jpg")
    info.external_attr = 0o120777 << 16
    return info


def hostile_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../up.jpg", encoded("RGB", "PNG", seed=20))
        archive.writestr("/etc/absolute.jpg", encoded("RGB", "PNG", seed=21))
        archive.writestr("bomb.jpg", bytes(4 * 2**20))
        archive.writestr("inner.zip", zip_bytes({"a.jpg": encoded("RGB", "PNG", seed=22)}))
        archive.writestr(link_in_zip(), "/etc/passwd")
        archive.writestr("same.jpg", encoded("RGB", "PNG", seed=23))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("same.jpg", encoded("RGB", "PNG", seed=24))
        archive.writestr("exe\u202egpj.jpg", encoded("RGB", "PNG", seed=25))
        archive.writestr("last.jpg", encoded("RGB", "PNG", seed=26))
    return stream.getvalue()


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

CORPUS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "cmyk.jpg": (lambda: encoded("CMYK", "JPEG", seed=1), "added", ""),
    "16-bit.png": (lambda: encoded("I;16", "PNG", seed=2), "added", ""),
    "palette.gif": (lambda: encoded("P", "GIF", seed=3), "added", ""),
    "alpha.png": (lambda: encoded("RGBA", "PNG", seed=4), "added", ""),
    "icc.png": (lambda: encoded("RGB", "PNG", seed=5, icc_profile=SRGB), "added", ""),
    "adobe-icc.png": (lambda: encoded("RGB", "PNG", seed=30, icc_profile=adobe_rgb_profile()), "added", ""),
    "ink-icc.tif": (lambda: encoded("CMYK", "TIFF", seed=31, icc_profile=odd_ink_profile()), "added", ""),
    "cut-icc.jpg": (
        lambda: encoded("RGB", "JPEG", seed=32, icc_profile=adobe_rgb_profile()[:200]),
        "added",
        "",
    ),
    "ink-icc-on-rgb.png": (
        lambda: encoded("RGB", "PNG", seed=33, icc_profile=odd_ink_profile()),
        "added",
        "",
    ),
    "broken-icc.png": (lambda: encoded("RGB", "PNG", seed=6, icc_profile=b"no profile"), "added", ""),
    "rotated.jpg": (lambda: rotated(seed=7), "added", ""),
    "animated.gif": (lambda: animated(seed=8), "added", ""),
    "wrong-extension.jpg": (lambda: encoded("RGB", "PNG", seed=9), "added", ""),
    "truncated.jpg": (lambda: picture_bytes(10)[:900], "rejected", "the JPEG data is truncated or damaged"),
    "huge.png": (lambda: png_that_claims(60_000, 60_000), "rejected", "3600000000 pixels"),
    "script.svg": (lambda: b"<svg onload='alert(1)'/>", "rejected", "not an image of a supported format"),
    "page.jpg": (
        lambda: b"<html><script>alert(1)</script>",
        "rejected",
        "not an image of a supported format",
    ),
    "empty.jpg": (lambda: b"", "rejected", "the file is empty"),
    "no-zip.zip": (lambda: b"PK\x03\x04 and nothing", "rejected", "not a readable zip archive"),
    "no-tar.tar": (lambda: b"x" * 600, "rejected", "not a readable tar archive"),
}
IN_THE_ZIP = {
    "../../up.jpg": ("rejected", "its name points outside the archive"),
    "/etc/absolute.jpg": ("rejected", "its name points outside the archive"),
    "bomb.jpg": ("rejected", "compressed"),
    "inner.zip": ("rejected", "an archive inside an archive"),
    "link.jpg": ("rejected", "a symbolic link"),
    "same.jpg": ("added", ""),
    "same (2).jpg": ("added", ""),
    "exegpj.jpg": ("added", ""),
    "last.jpg": ("added", ""),
}


@pytest.mark.django_db(transaction=True)
def test_every_file_of_the_corpus_ends_as_stated() -> None:
    files = {name: make() for name, (make, _, _) in CORPUS.items()} | {"hostile.zip": hostile_zip()}
    source = upload(make_photo_project(), files)
    job = run(start(source))
    assert job.state == "succeeded", job.error_message
    found = {entry.path: (entry.outcome, entry.reason) for entry in ImportEntry.objects.all()}
    stated = {name: (outcome, reason) for name, (_, outcome, reason) in CORPUS.items()} | IN_THE_ZIP
    assert {path: outcome for path, (outcome, _) in found.items()} == {
        path: outcome for path, (outcome, _) in stated.items()
    }
    for path, (_, reason) in stated.items():
        assert found[path][1].startswith(reason) or reason in found[path][1], (path, found[path][1])
    sizes = {image.path: (image.height, image.width) for image in Image.objects.all()}
    assert sizes["rotated.jpg"] == (WIDTH, HEIGHT)
    assert {size for path, size in sizes.items() if path != "rotated.jpg"} == {(HEIGHT, WIDTH)}


rows = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.builds(
        lambda start, cells: f"{start}\n{','.join(cells)}\n".encode(),
        st.sampled_from(["url", "url,path,label", "image_url,class", "url,url", "path"]),
        st.lists(
            st.sampled_from(["http://[", "http://h/a.jpg", "https://", "..", "\u202e", '"', ""]), max_size=5
        ),
    ),
    st.builds(
        lambda url, path: f'{{"url": {url}, "path": {path}}}\n'.encode(),
        st.sampled_from(['"http://h/a.jpg"', '"http://["', "null", "[1]", "1e999", '"\\u0000"']),
        st.sampled_from(['"../x"', "{}", "NaN", '"\\ud800.jpg"', "null"]),
    ),
    st.sampled_from([b"{" * 100_000, b'{"url": ' + b"[" * 100_000, b'{"url": ' + b"9" * 5000 + b"}"]),
)


@given(content=rows)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_manifest_holds_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "00000000.data").write_bytes(content)
    (tmp_path / "00000000.path").write_text("list.csv")
    listing = list_manifests(tmp_path, limits=LIMITS)
    paths = [file.path for file in listing.files] + [file.path for file in listing.rejected]
    assert len(set(paths)) == len(paths)
    assert all(path and path.isprintable() for path in paths)
    assert all(file.url.startswith(("http://", "https://")) for file in listing.files)


def test_one_address_that_is_none_leaves_the_others_of_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "00000000.data").write_text("url\nhttp://h/a.jpg\nhttp://[\nhttp://h/b.jpg\n")
    (tmp_path / "00000000.path").write_text("list.csv")
    listing = list_manifests(tmp_path, limits=LIMITS)
    assert [file.path for file in listing.files] == ["a.jpg", "b.jpg"]
    assert [(file.path, file.reason) for file in listing.rejected] == [
        ("http://[", "'http://[' is no http or https address")
    ]

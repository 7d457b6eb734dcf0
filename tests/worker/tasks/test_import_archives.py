"""Tar archives beside zips, and what is hostile in them; whatever bytes come, each file ends with an outcome."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.datasets.services import RejectedFile
from tests.worker.tasks.builders import zip_bytes
from worker.tasks.import_listing import Limits, Listing
from worker.tasks.import_sources import list_folder, list_uploads, read_files

LIMITS = Limits(max_file_bytes=50_000, max_total_bytes=1_000_000, max_entries=20)


def tar_bytes(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def member(name: str, content: bytes = b"x", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def list_one(folder: Path, content: bytes, name: str = "set.tar.gz") -> Listing:
    (folder / "00000000.data").write_bytes(content)
    (folder / "00000000.path").write_text(name)
    return list_uploads(folder, limits=LIMITS)


def contents(listing: Listing) -> dict[str, bytes | str]:
    return {
        file.path: found.reason if isinstance(found, RejectedFile) else found
        for file, found in read_files(listing.files, limits=LIMITS)
    }


@pytest.mark.parametrize(
    ("mode", "name"), [("w", "a.tar"), ("w:gz", "a.tgz"), ("w:bz2", "a.tar.bz2"), ("w:xz", "A.TAR.XZ")]
)
def test_members_of_a_tar_are_read_in_order_whatever_its_compression(
    tmp_path: Path, mode: str, name: str
) -> None:
    data = tar_bytes(
        member("gull/1.jpg", b"one"),
        member("gull", b"", type=tarfile.DIRTYPE),
        member("2.jpg", b"two"),
        mode=mode,
    )
    assert contents(list_one(tmp_path, data, name)) == {"gull/1.jpg": b"one", "2.jpg": b"two"}


def test_only_the_wanted_members_are_read_when_an_import_resumes(tmp_path: Path) -> None:
    listing = list_one(tmp_path, tar_bytes(*(member(f"{number}.jpg", b"%d" % number) for number in range(6))))
    listing.files = listing.files[2:5:2]
    assert contents(listing) == {"2.jpg": b"2", "4.jpg": b"4"}


HOSTILE = {
    "an absolute name": (member("/etc/passwd"), "its name points outside the archive"),
    "a name that climbs": (member("a/../../x.jpg"), "its name points outside the archive"),
    "a symbolic link": (
        member("x.jpg", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        "a symbolic link",
    ),
    "a hard link": (member("x.jpg", b"", type=tarfile.LNKTYPE, linkname="y.jpg"), "a hard link"),
    "a device": (member("x.jpg", b"", type=tarfile.CHRTYPE), "not a regular file"),
    "a pipe": (member("x.jpg", b"", type=tarfile.FIFOTYPE), "not a regular file"),
    "an archive inside": (member("inner.tar.gz"), "an archive inside an archive"),
    "a zip inside": (member("inner.zip"), "an archive inside an archive"),
    "a file over the limit": (member("x.jpg", b"\0" * 50_001), "50001 bytes; the limit is 50000"),
    "a name of control characters": (member("\x01\x02"), "no usable file name"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_member_is_refused_with_its_reason_and_the_next_one_counts(
    tmp_path: Path, case: str
) -> None:
    hostile, reason = HOSTILE[case]
    listing = list_one(tmp_path, tar_bytes(hostile, member("good.jpg", b"good"), mode="w"), "set.tar")
    assert [reason in file.reason for file in listing.rejected] == [True], listing.rejected
    assert contents(listing) == {"good.jpg": b"good"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"not a tar at all", "not a readable tar archive"),
        (tar_bytes(*(member(f"{n}.jpg") for n in range(21))), "more than 20 entries"),
        (
            tar_bytes(*(member(f"{n}.jpg", bytes([n]) * 60_000) for n in range(18)), mode="w"),
            "1000000 bytes unpacked",
        ),
        (tar_bytes(member("x.jpg", b"x" * 4_000))[:-200], "not a readable tar archive"),
    ],
)
def test_an_archive_that_cannot_be_used_is_refused_whole(tmp_path: Path, data: bytes, told: str) -> None:
    listing = list_one(tmp_path, data, "set.tar" if data[:2] != b"\x1f\x8b" else "set.tar.gz")
    assert listing.files == []
    assert [told in file.reason for file in listing.rejected] == [True], listing.rejected


def test_a_bomb_of_zeros_is_refused_by_its_ratio(tmp_path: Path) -> None:
    wide = Limits(max_file_bytes=10**9, max_total_bytes=10**10, max_entries=100)
    data = tar_bytes(member("x.jpg", b"\0" * 30_000_000))
    assert len(data) < 100_000
    (tmp_path / "00000000.data").write_bytes(data)
    (tmp_path / "00000000.path").write_text("set.tar.gz")
    listing = list_uploads(tmp_path, limits=wide)
    assert [file.reason for file in listing.rejected] == ["compressed more than 200 times"]


def test_a_header_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 2**33
    data = gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 10_000)
    listing = list_one(tmp_path, data)
    assert "a header of 8589934592 bytes" in listing.rejected[0].reason


def test_a_link_out_of_a_server_folder_is_refused_and_one_inside_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"a")
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    (folder / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    listing = list_folder(folder, limits=LIMITS)
    assert contents(listing) == {"a.jpg": b"a", "b.jpg": b"a"}
    assert {file.path: file.reason for file in listing.rejected} == {
        "out.jpg": "a link out of the folder",
        "gone.jpg": "cannot be read: No such file or directory",
    }


names = st.text(min_size=1, max_size=12) | st.sampled_from(
    [
        "../x.jpg",
        "/x.jpg",
        "a/b.jpg",
        "\u202egpj.exe",
        "con.jpg",
        "a\\..\\b.jpg",
        ".hidden.jpg",
        "x.zip",
        "CON",
        "~",
    ]
)


@st.composite
def archives(draw: st.DrawFn) -> tuple[str, bytes]:
    """A zip or tar with any names and contents, cut or with bytes changed."""
    members = draw(st.lists(st.tuples(names, st.binary(max_size=60)), max_size=5))
    stream = io.BytesIO()
    if draw(st.booleans()):
        name = "set.zip"
        with zipfile.ZipFile(
            stream, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
        ) as packed:
            for inner, content in members:
                packed.writestr(zipfile.ZipInfo(inner), content)
    else:
        mode = draw(st.sampled_from(["w", "w:gz"]))
        name = "set.tar"
        stream.write(
            tar_bytes(*(member(inner.replace("\0", "_"), content) for inner, content in members), mode=mode)
        )
    data = bytearray(stream.getvalue())
    for position, value in draw(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6)):
        if data:
            data[position % len(data)] = value
    return name, bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@given(archive=archives())
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_whatever_the_bytes_every_file_has_one_path_and_one_outcome(
    tmp_path: Path, archive: tuple[str, bytes]
) -> None:
    name, data = archive
    listing = list_one(tmp_path, data, name)
    paths = [file.path for file in listing.files] + [file.path for file in listing.rejected]
    assert len(set(paths)) == len(paths)
    assert all(path and path.isprintable() for path in paths)
    assert not any(file.path.startswith("/") for file in listing.files)
    assert not any(".." in file.path.split("/") for file in listing.files)
    assert set(contents(listing)) == {file.path for file in listing.files}


def test_a_zip_of_one_name_twice_with_a_changed_name_gives_each_its_own_content(tmp_path: Path) -> None:
    """The second is shown as `a (2).jpg`, the third without its drive; each is found by its place all the same."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.jpg", b"first")
        archive.writestr("notes/", b"")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.jpg", b"second")
        archive.writestr("C:/b.jpg", b"third")
    listing = list_one(tmp_path, packed.getvalue(), "set.zip")
    assert contents(listing) == {"a.jpg": b"first", "a (2).jpg": b"second", "b.jpg": b"third"}


def test_a_member_that_went_between_listing_and_reading_is_refused_alone(tmp_path: Path) -> None:
    listing = list_one(tmp_path, zip_bytes({"a.jpg": b"first", "b.jpg": b"second"}), "set.zip")
    location = listing.files[0].location
    assert location is not None
    location.write_bytes(zip_bytes({"a.jpg": b"first"}))
    assert contents(listing) == {"a.jpg": b"first", "b.jpg": "missing from its archive"}


def peak_mib(step: Callable[[], object]) -> float:
    """Highest memory that Python held during a step, above where it started."""
    tracemalloc.start()
    try:
        step()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_fifty_thousand_small_files_are_listed_and_read_in_bounded_memory(tmp_path: Path, kind: str) -> None:
    num_files = 50_000
    content = bytes(range(256)) * 20
    path = tmp_path / f"set.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            for number in range(num_files):
                packed.writestr(f"{number % 10}/{number}.jpg", content)
    else:
        with tarfile.open(path, "w") as archive:
            for number in range(num_files):
                archive.addfile(*member(f"{number % 10}/{number}.jpg", content)[:1], io.BytesIO(content))
    limits = Limits(max_file_bytes=10_000, max_total_bytes=10**9, max_entries=100_000)
    listing = Listing()

    def list_all() -> None:
        listing.take(list_folder(tmp_path, limits=limits))

    def read_all() -> None:
        assert sum(found == content for _, found in read_files(listing.files, limits=limits)) == num_files

    listed, read = peak_mib(list_all), peak_mib(read_all)
    assert len(listing.files) == num_files
    assert listed < 40  # name and place, 400 bytes a file, and the directory as it lies in the archive
    assert read < 12  # where each member lies; the contents are 256 MB

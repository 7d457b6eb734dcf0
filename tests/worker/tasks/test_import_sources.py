"""Listing and reading what an import holds: uploads, folders, archives, and everything hostile in them."""

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from labeler.datasets.services import RejectedFile
from tests.worker.tasks.builders import zip_bytes
from worker.tasks.import_listing import FoundFile, Limits, Listing, folder_name
from worker.tasks.import_sources import list_folder, list_uploads, read_files

LIMITS = Limits(max_file_bytes=5_000_000, max_total_bytes=20_000_000, max_entries=100)


def list_zip(folder: Path, content: bytes, *, limits: Limits = LIMITS) -> Listing:
    """Listing of one uploaded archive."""
    (folder / "00000000.data").write_bytes(content)
    (folder / "00000000.path").write_text("set.zip")
    return list_uploads(folder, limits=limits)


def reasons(listing: Listing) -> dict[str, str]:
    return {file.path: file.reason for file in listing.rejected}


def test_uploads_come_in_order_and_those_cut_off_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "00000001.data").write_bytes(b"second")
    (tmp_path / "00000001.path").write_text("b/2.jpg")
    (tmp_path / "00000000.data").write_bytes(b"first")
    (tmp_path / "00000000.path").write_text("a/1.jpg")
    (tmp_path / "00000002.data").write_bytes(b"half an uplo")

    listing = list_uploads(tmp_path, limits=LIMITS)

    assert [(file.path, content) for file, content in read_files(listing.files, limits=LIMITS)] == [
        ("a/1.jpg", b"first"),
        ("b/2.jpg", b"second"),
    ]


def test_a_file_of_which_only_some_pieces_came_is_refused(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "1.json").write_text('{"path": "big.zip", "num_bytes": 10}')
    (parts / "1.part").write_bytes(b"abcd")
    listing = list_uploads(tmp_path, limits=LIMITS)
    assert [(file.path, file.reason) for file in listing.rejected] == [("big.zip", "4 of 10 bytes arrived")]


def test_a_folder_is_walked_in_order_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(b"x")
    folder = tmp_path / "set"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "2.jpg").write_bytes(b"2")
    (folder / "a.jpg").write_bytes(b"1")
    (folder / "link").symlink_to(outside)

    listing = list_folder(folder, limits=LIMITS)

    assert [file.path for file in listing.files] == ["a.jpg", "b/2.jpg"]


def test_members_of_an_archive_are_read_one_by_one_by_their_position(tmp_path: Path) -> None:
    listing = list_zip(tmp_path, zip_bytes({"cat/1.jpg": b"one", "dog/": b"", "dog/2.jpg": b"two"}))

    assert [(file.path, file.member) for file in listing.files] == [("cat/1.jpg", 0), ("dog/2.jpg", 2)]
    assert [content for _, content in read_files(listing.files, limits=LIMITS)] == [b"one", b"two"]


def test_two_files_of_one_name_get_a_path_each(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"0000000{number}.data").write_bytes(b"x")
        (tmp_path / f"0000000{number}.path").write_text("photos/1.tar.jpg")

    listing = list_uploads(tmp_path, limits=LIMITS)

    assert [file.path for file in listing.files] == [
        "photos/1.tar.jpg",
        "photos/1.tar (2).jpg",
        "photos/1.tar (3).jpg",
    ]


@pytest.mark.parametrize("name", ["../../etc/evil.jpg", "/etc/evil.jpg", "a/../../evil.jpg", "..\\evil.jpg"])
def test_a_name_that_points_outside_the_archive_is_rejected(tmp_path: Path, name: str) -> None:
    listing = list_zip(tmp_path, zip_bytes({name: b"x", "good.jpg": b"y"}))

    assert [file.path for file in listing.files] == ["good.jpg"]
    assert reasons(listing) == {name.replace("\\", "/"): "its name points outside the archive"}


def test_an_archive_inside_an_archive_is_rejected(tmp_path: Path) -> None:
    listing = list_zip(tmp_path, zip_bytes({"inner.ZIP": zip_bytes({"1.jpg": b"x"})}))

    assert reasons(listing) == {"inner.ZIP": "an archive inside an archive"}


def test_a_bomb_is_rejected_by_its_ratio_and_the_rest_goes_on(tmp_path: Path) -> None:
    bomb = b"\0" * 4_000_000
    listing = list_zip(
        tmp_path, zip_bytes({"bomb.jpg": bomb, "good.jpg": b"y" * 50}, compression=zipfile.ZIP_DEFLATED)
    )

    assert [file.path for file in listing.files] == ["good.jpg"]
    assert reasons(listing)["bomb.jpg"].startswith("compressed 1")
    assert reasons(listing)["bomb.jpg"].endswith("times, more than any picture; the limit is 200")


def test_a_member_over_the_limit_of_a_file_is_rejected(tmp_path: Path) -> None:
    listing = list_zip(
        tmp_path,
        zip_bytes({"big.jpg": b"x" * 11, "ok.jpg": b"x" * 10}),
        limits=replace(LIMITS, max_file_bytes=10),
    )

    assert [file.path for file in listing.files] == ["ok.jpg"]
    assert reasons(listing) == {"big.jpg": "11 bytes; the limit is 10"}


def test_an_archive_over_the_total_or_with_too_many_entries_is_rejected_whole(tmp_path: Path) -> None:
    content = zip_bytes({"1.jpg": b"x" * 6, "2.jpg": b"x" * 6})

    total = list_zip(tmp_path, content, limits=replace(LIMITS, max_total_bytes=11))
    entries = list_zip(tmp_path, content, limits=replace(LIMITS, max_entries=1))

    assert (total.files, entries.files) == ([], [])
    assert reasons(total) == {"set.zip": "an archive of 12 bytes unpacked; an import holds at most 11"}
    assert reasons(entries) == {"set.zip": "an archive of 2 entries; an import holds at most 1"}


def test_what_is_no_archive_is_rejected(tmp_path: Path) -> None:
    listing = list_zip(tmp_path, b"PK\x03\x04 and then nothing")

    assert reasons(listing) == {"set.zip": "not a readable zip archive: File is not a zip file"}


def test_links_and_encrypted_members_are_rejected(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.jpg", b"x")
    content = bytearray(stream.getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 8] |= 1  # the encryption bit of the last entry of the directory

    listing = list_zip(tmp_path, bytes(content))

    assert reasons(listing) == {"link.jpg": "a symbolic link", "locked.jpg": "encrypted"}


def test_a_damaged_member_is_told_when_it_is_read(tmp_path: Path) -> None:
    content = bytearray(zip_bytes({"1.jpg": b"A" * 40, "2.jpg": b"B" * 40}))
    content[content.index(b"A" * 40) + 3] ^= 0xFF
    listing = list_zip(tmp_path, bytes(content))

    read = dict(read_files(listing.files, limits=LIMITS))

    first, second = listing.files
    assert read[first] == RejectedFile("1.jpg", "damaged in its archive: Bad CRC-32 for file '1.jpg'")
    assert read[second] == b"B" * 40


def test_a_file_that_vanished_or_is_too_large_is_told_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "big.jpg").write_bytes(b"x" * 11)
    files = [FoundFile("big.jpg", tmp_path / "big.jpg"), FoundFile("gone.jpg", tmp_path / "gone.jpg")]

    read = [content for _, content in read_files(files, limits=replace(LIMITS, max_file_bytes=10))]

    assert read == [
        RejectedFile("big.jpg", "11 bytes; the limit is 10"),
        RejectedFile("gone.jpg", "cannot be read: No such file or directory"),
    ]


def test_litter_is_ignored_and_hidden_pictures_are_rejected(tmp_path: Path) -> None:
    members = {
        "__MACOSX/._1.jpg": b"x",
        "._2.jpg": b"x",
        ".DS_Store": b"x",
        "photos/Thumbs.db": b"x",
        ".hidden/3.jpg": b"x",
        ".4.png": b"x",
        "readme.txt": b"x",
        "5.jpg": b"x",
    }

    listing = list_zip(tmp_path, zip_bytes(members))

    assert [file.path for file in listing.files] == ["readme.txt", "5.jpg"]
    assert reasons(listing) == {".hidden/3.jpg": "hidden file", ".4.png": "hidden file"}
    assert listing.num_ignored == 4


def test_a_name_without_printable_letters_is_rejected(tmp_path: Path) -> None:
    listing = list_zip(tmp_path, zip_bytes({"\x01\x02": b"x"}))

    assert [file.path for file in listing.rejected] == ["(no name)"]


@pytest.mark.parametrize(
    ("path", "name"), [("a/cat/1.jpg", "cat"), ("1.jpg", ""), ("train/big dog/x/2.jpg", "x")]
)
def test_the_folder_of_a_file_is_the_last_one(path: str, name: str) -> None:
    assert folder_name(path) == name

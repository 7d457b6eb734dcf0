"""What an import was found to hold: files with a path of their own each, and those refused before they are read."""

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from labeler.datasets.services import MAX_PATH_CHARS, RejectedFile

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif"}
)
LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Limits:
    """How much one import may bring. An archive over a total is refused whole, a file over its own limit alone."""

    max_file_bytes: int
    max_total_bytes: int
    max_entries: int


@dataclass(frozen=True, slots=True)  # there are as many as files
class FoundFile:
    """A file to import: the path that people see, unique within the import, and where its bytes are.

    `signature` changes when the bytes do, as far as can be told without reading them; empty where it cannot.
    """

    path: str
    location: Path | None = None
    member: int | None = None  # position in the archive at `location`; None: the file itself
    archive: str = ""  # "zip" or "tar" when it is a member of one
    url: str = ""  # of a file that is not on this machine
    signature: str = ""
    class_name: str = ""  # from a manifest


@dataclass
class Listing:
    """All that an import holds. `num_ignored` counts litter of operating systems, which nobody meant to import."""

    files: list[FoundFile] = field(default_factory=list)
    rejected: list[RejectedFile] = field(default_factory=list)
    num_ignored: int = 0
    total_bytes: int = 0
    _paths: set[str] = field(default_factory=set)

    def add(self, file: FoundFile) -> None:
        """Note a file, unless its name says that it is hidden or litter."""
        if is_litter(file.path):
            self.num_ignored += 1
        elif is_hidden(file.path):
            self.reject(file.path, "hidden file")
        else:
            self._keep(file)

    def reject(self, path: str, reason: str) -> None:
        """Note a file that cannot be imported."""
        self.rejected.append(RejectedFile(self._unique(path), reason))

    def take(self, other: "Listing") -> None:
        """Add all that another listing found."""
        for file in other.files:
            self._keep(file)
        for rejected in other.rejected:
            self.reject(rejected.path, rejected.reason)
        self.num_ignored += other.num_ignored

    def _keep(self, file: FoundFile) -> None:
        path = self._unique(file.path)
        self.files.append(file if path == file.path else replace(file, path=path))

    def _unique(self, path: str) -> str:
        """The path, with a number before its suffix if two files of one import are called the same."""
        unique, number = path, 1
        while unique in self._paths:
            number += 1
            pure = PurePosixPath(path)
            unique = str(pure.with_name(f"{pure.stem} ({number}){pure.suffix}"))
        self._paths.add(unique)
        return unique


def has_image_suffix(path: str) -> bool:
    """True when a name ends as images do."""
    return PurePosixPath(path).suffix.lower() in IMAGE_SUFFIXES


def folder_name(path: str) -> str:
    """Name of the folder that a file lies in; empty at the top."""
    return PurePosixPath(path).parent.name


def is_litter(path: str) -> bool:
    """Files that operating systems leave: resource forks, folder settings, and hidden files that are no pictures."""
    parts = PurePosixPath(path).parts
    name = parts[-1].lower()
    if "__MACOSX" in parts or name.startswith("._") or name in LITTER_NAMES:
        return True
    return is_hidden(path) and not has_image_suffix(path)


def is_hidden(path: str) -> bool:
    """True when a part of the path starts with a dot."""
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def shown_name(name: str) -> str:
    """A name as it is shown beside its reason: printable, of a length that fits."""
    printable = "".join(char for char in name.replace("\\", "/") if char.isprintable())
    return printable[:MAX_PATH_CHARS] or "(no name)"

"""The code blocks of the README and of docs/, and the commands in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").glob("*.md")]
)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    page: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text.strip().splitlines()[0][:60]}"


def blocks(language: str) -> list[Block]:
    """Every block of a language, in the order of pages."""
    return [
        Block(path.name, found[1], found[2])
        for path in PAGES
        for found in _BLOCK.finditer(path.read_text(encoding="utf-8"))
        if found[1] == language
    ]


def commands() -> list[tuple[str, str]]:
    """Every shell command with its page; continued lines are one command, comments are left out."""
    return [(block.page, line) for block in blocks("sh") for line in _lines(block.text)]


def _lines(text: str) -> Iterator[str]:
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def words(line: str) -> list[str]:
    """The words of a command as a shell splits them."""
    return shlex.split(line, comments=True)

"""Run all parts of the Python tests side by side: `python -m tests.run_all`.

The parts wait more than they compute: on browsers, servers, a database. So they run in three lanes, each part after
the one before it in its lane, and print their reports whole as they end. Browser tests that fail beside others run once
more alone at the end, and then count.
"""

import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PYTEST = (sys.executable, "-m", "pytest")
CACHES = Path(sys.prefix) / "pytest-caches"
SOME_FAILED = 1  # pytest's exit code


@dataclass(frozen=True)
class Part:
    """Some of the tests: a command, and whether those that fail are tried again alone."""

    name: str
    command: tuple[str, ...]
    is_tried_again: bool = False

    @property
    def full_command(self) -> tuple[str, ...]:
        """With a cache of the part's own, which remembers what failed."""
        return (*self.command, "-o", f"cache_dir={CACHES / self.name}")


LANES = (
    (Part("unit", (*PYTEST, "--ignore=tests/e2e")),),
    (
        Part("postgresql", (sys.executable, "-m", "tests.run_on_postgres", "-q")),
        Part("own-products", (*PYTEST, "tests/e2e", "-m", "own_product"), is_tried_again=True),
    ),
    (Part("browser", (*PYTEST, "tests/e2e", "-m", "not own_product"), is_tried_again=True),),
)


def main() -> int:
    """Return 0 when every part passed."""
    codes: dict[Part, int] = {}
    printing = threading.Lock()

    def run_lane(parts: tuple[Part, ...]) -> None:
        for part in parts:
            started = time.monotonic()
            with tempfile.TemporaryFile("w+") as report:
                code = subprocess.run(
                    part.full_command, stdout=report, stderr=subprocess.STDOUT, check=False
                ).returncode
                report.seek(0)
                with printing:
                    codes[part] = code
                    _say(f"{part.name}: exit code {code} after {time.monotonic() - started:.0f} s")
                    sys.stdout.write(report.read())
                    sys.stdout.flush()

    lanes = [threading.Thread(target=run_lane, args=(parts,)) for parts in LANES]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    for part in [part for part, code in codes.items() if part.is_tried_again and code == SOME_FAILED]:
        _say(f"{part.name}: what failed, alone")
        codes[part] = subprocess.run((*part.full_command, "--last-failed"), check=False).returncode
    failed = [part.name for lane in LANES for part in lane if codes.get(part, SOME_FAILED)]
    _say(f"failed: {', '.join(failed)}" if failed else "all parts passed")
    return 1 if failed else 0


def _say(line: str) -> None:
    print(f"\n===== {line} =====", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())

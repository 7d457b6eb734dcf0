"""Run all parts of the Python tests side by side: `python -m tests.run_all`.

The parts wait more than they compute: on browsers, servers, a database. So three run at a time, the long ones first,
and print their reports whole as they end. Browser tests that fail beside others run once more alone at the end, and
then count.
"""

import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PYTEST = (sys.executable, "-m", "pytest")
OWN_PRODUCT = (*PYTEST, "tests/e2e", "-m", "own_product")
FAULTS = "faults or killed"  # in the names of about half of those tests, by the time they take
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


PARTS = (
    Part("unit", (*PYTEST, "--ignore=tests/e2e")),
    Part("browser", (*PYTEST, "tests/e2e", "-m", "not own_product"), is_tried_again=True),
    Part("faults", (*OWN_PRODUCT, "-k", FAULTS), is_tried_again=True),
    Part("postgresql", (sys.executable, "-m", "tests.run_on_postgres", "-q")),
    Part("starts", (*OWN_PRODUCT, "-k", f"not ({FAULTS})"), is_tried_again=True),
)
NUM_AT_ONCE = 3


def main() -> int:
    """Return 0 when every part passed."""
    printing = threading.Lock()

    def run(part: Part) -> int:
        started = time.monotonic()
        with tempfile.TemporaryFile("w+") as report:
            code = subprocess.run(
                part.full_command, stdout=report, stderr=subprocess.STDOUT, check=False
            ).returncode
            report.seek(0)
            with printing:
                _say(f"{part.name}: exit code {code} after {time.monotonic() - started:.0f} s")
                sys.stdout.write(report.read())
                sys.stdout.flush()
        return code

    with ThreadPoolExecutor(NUM_AT_ONCE) as slots:
        codes = dict(zip(PARTS, slots.map(run, PARTS), strict=True))
    for part in [part for part, code in codes.items() if part.is_tried_again and code == SOME_FAILED]:
        _say(f"{part.name}: what failed, alone")
        codes[part] = subprocess.run((*part.full_command, "--last-failed"), check=False).returncode
    failed = [part.name for part, code in codes.items() if code]
    _say(f"failed: {', '.join(failed)}" if failed else "all parts passed")
    return 1 if failed else 0


def _say(line: str) -> None:
    print(f"\n===== {line} =====", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())

"""Find a Chromium for the end-to-end tests, or install one: `python -m tests.e2e.browser`.

Order: `CHROMIUM` in the environment; chromium, google-chrome or msedge on PATH; Debian's package by apt-get when root;
Playwright's own download. The tests never skip in silence: without a browser they fail with this module's message.
"""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

logger = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
LAUNCH_ARGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu-compositing",  # the page is put together without WebGL: much less work where that is software
]


class NoBrowser(RuntimeError):
    """No Chromium is installed and none could be installed."""


def find_browser() -> Path | None:
    """The executable that the tests drive; `None` when Playwright's own or nothing is there."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = Path(named)
        if not path.exists():
            raise NoBrowser(f"CHROMIUM is {named!r}, which does not exist")
        return path
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return _playwright_browser()


def require_browser() -> Path:
    """`find_browser`, or a message that says what to do."""
    found = find_browser()
    if found is None:
        raise NoBrowser("No Chromium found. Run `make browser`, or set CHROMIUM to its path.")
    return found


def install_browser() -> Path:
    """Install a Chromium by the first way that works here."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-q"])
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return require_browser()


def _playwright_browser() -> Path | None:
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(root.glob("chromium-*/chrome-*/chrome"))
    return found[-1] if found else None


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise NoBrowser(
            f"{' '.join(command)} ended with code {done.returncode}; set CHROMIUM to a browser's path"
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        logger.info("browser: %s", find_browser() or install_browser())
    except NoBrowser as error:
        logger.error("%s", error)  # the message is the whole story
        sys.exit(1)

"""Measure the map against other renderers of the same scene, in a headless Chromium with software rendering.

`make bench-map` prints one JSON object: `runs`, a row per renderer and number of items, and what the built application
weighs. The scene: all items as dots, and the pictures that have room at this zoom. A peer has null where it has no such
thing (no lasso, no account of its memory). `first_dots_s` and `first_picture_s` count from the start of the page to all
items as dots and to the first full frame, less the time to make the items up. `make bench-map COUNTS=100000
RENDERERS=ours` runs a part of it; each pair of a count and a renderer ends within about three minutes.
"""

import argparse
import functools
import gzip
import http.server
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import LAUNCH_ARGS, require_browser

logger = logging.getLogger(__name__)

FRONTEND = Path(__file__).parents[1] / "frontend"
COUNTS = (1_000, 10_000, 100_000, 1_000_000)
WIDTH, HEIGHT = 1280, 800
PAGE_TIMEOUT_MS = 300_000
BROWSER_ARGS = [*LAUNCH_ARGS, "--enable-precise-memory-info", "--js-flags=--expose-gc"]
OURS = "ours"
RENDERERS = {OURS: ("map/index.html", "mapPage"), "deck.gl": ("peers/deck.html", "peerPage")}
RENDERERS["pixi.js"] = ("peers/pixi.html", "peerPage")
DIGITS = 3


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a request a file is not news."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--renderers", nargs="+", choices=RENDERERS, default=list(RENDERERS))
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address:
        _build(Path(folder), with_peers=set(options.renderers) != {OURS})
        runs = [
            {
                "renderer": renderer,
                **_measure(address, renderer, count),
                "bundle_kb_gzip": bundle_size_kb(Path(folder), renderer),
            }
            for count in options.counts
            for renderer in options.renderers
        ]
    result = {
        "cpu_count": os.cpu_count(),
        "load_average_1min": round(os.getloadavg()[0], 1),
        "app_bundle_kb_gzip": app_bundle_kb(FRONTEND / "dist"),
        "runs": runs,
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def bundle_size_kb(folder: Path, renderer: str) -> float:
    """JavaScript of a renderer with all it may load, in kB after gzip.

    Peers count with the lines that drive them here.
    """
    name = "map" if renderer == OURS else "peers"
    manifest = json.loads((folder / name / ".vite" / "manifest.json").read_text())
    source = {OURS: "src/scatter/index.ts", "deck.gl": "deck.html", "pixi.js": "pixi.html"}[renderer]
    entry = next(key for key in manifest if key.endswith(source))
    return _gzip_kb([folder / name / file for file in _files_of(manifest, entry)])


def app_bundle_kb(folder: Path) -> float | None:
    """JavaScript that the Label screen loads, in kB after gzip; `None` without a build."""
    path = folder / ".vite" / "manifest.json"
    if not path.exists():
        return None
    manifest = json.loads(path.read_text())
    files = set(_files_of(manifest, "index.html", with_dynamic=False))
    label = next(key for key in manifest if key.endswith("label-page.tsx"))
    files |= set(_files_of(manifest, label, with_dynamic=False))
    return _gzip_kb([folder / file for file in sorted(files)])


def _files_of(manifest: dict[str, Any], entry: str, *, with_dynamic: bool = True) -> list[str]:
    seen: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        chunk = manifest[key]
        seen[key] = chunk["file"]
        waiting += chunk.get("imports", [])
        waiting += chunk.get("dynamicImports", []) if with_dynamic else []
    return [file for file in seen.values() if file.endswith(".js")]


def _gzip_kb(files: list[Path]) -> float:
    return round(sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1000, 1)


def _build(folder: Path, *, with_peers: bool) -> None:
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    configs = {"map": "bench/map/vite.config.ts", "peers": "bench/map/peers/vite.config.ts"}
    for name, config in configs.items():
        if name == "peers" and not with_peers:
            continue
        command = [str(vite), "build", "--config", config, "--outDir", str(folder / name)]
        subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _measure(address: str, renderer: str, count: int) -> dict[str, Any]:
    """One row, in a browser of its own, so that no renderer inherits another's memory."""
    path, hook = RENDERERS[renderer]
    logger.info("%s, %d items", renderer, count)
    with sync_playwright() as playwright, _browser(playwright) as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PAGE_TIMEOUT_MS)
        page.goto(f"{address}/{path}?n={count}&preserve=0&late")
        page.wait_for_function(f"() => window.{hook}")
        row: dict[str, Any] = page.evaluate(f"{hook}.measure()")
    return {key: round(value, DIGITS) if isinstance(value, float) else value for key, value in row.items()}


@contextmanager
def _browser(playwright: Any) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=str(require_browser()), args=BROWSER_ARGS)
    try:
        yield chromium
    finally:
        chromium.close()


if __name__ == "__main__":
    main()

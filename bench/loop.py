"""The learning loop's speed: training from cached features, feature pipeline, import, label actions.

    python -m bench.loop --json loop.json [--sizes 1000 10000 100000] [--postgres-url URL] [--photos DIR]

Each part runs in processes and folders of its own, which are removed afterwards. `cpu` is processor time: on a machine
that others use it says more than `wall`. `--postgres-url` names an empty database to use; without it SQLite alone is
measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    """Measure the parts that were asked for, print a table, write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--postgres-url", default="")
    parser.add_argument("--stored-actions", type=int, default=1_000_000)
    parser.add_argument("--photos", type=Path, help="a folder of JPEGs; without it pictures are generated")
    parser.add_argument("--parts", nargs="+", default=["cached", "pipeline", "labels"])
    options = parser.parse_args()
    result: dict[str, Any] = {"cpus": os.cpu_count(), "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory(prefix="bench-loop-") as folder:
        if "cached" in options.parts:
            result["cached"] = [cached(Path(folder), size) for size in options.sizes]
        if "pipeline" in options.parts:
            result["pipeline"] = pipeline(Path(folder), options.photos)
        if "labels" in options.parts:
            urls = ["", options.postgres_url] if options.postgres_url else [""]
            result["labels"] = [labels(Path(folder), url, options.stored_actions) for url in urls]
    options.json.write_text(json.dumps(result, indent=1))
    _print(result)


def cached(folder: Path, num_images: int) -> dict[str, Any]:
    """Head, scoring, saliency and quick crops from the cached features of so many images, on one thread."""
    return _child("bench.cached_steps", folder / f"cached-{num_images}", "--num-images", str(num_images), "--root",
                  str(folder / f"features-{num_images}"))  # fmt: skip


def labels(folder: Path, database_url: str, stored_actions: int) -> dict[str, Any]:
    """Label actions at the API on SQLite, or on the PostgreSQL of that address; medians and 95th percentiles."""
    name = "postgres" if database_url else "sqlite"
    raw = _child(
        "bench.label_actions",
        folder / name,
        "--stored-actions",
        str(stored_actions),
        database_url=database_url,
    )
    return {key: _spread(value) if isinstance(value, list) else value for key, value in raw.items()}


def pipeline(folder: Path, photos: Path | None) -> dict[str, Any]:
    """Images a second of the feature pipeline beside the bare network, and of an import beside Pillow's decoding."""
    chosen = [] if photos is None else ["--photos", str(photos)]
    return _child("bench.feature_pipeline", folder / "pipeline", *chosen)


def _child(module: str, folder: Path, *arguments: str, database_url: str = "") -> dict[str, Any]:
    folder.mkdir()
    env = {
        **os.environ,
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "for a bench only",
        "DATABASE_URL": database_url,
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    (folder / "data" / "static").mkdir(parents=True)
    command = [sys.executable, "-m", module, "--json", str(folder / "result.json"), *arguments]
    subprocess.run(command, env=env, check=True)
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def _spread(seconds: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        kind: {
            "median": round(float(np.median([one[kind] for one in seconds])), 4),
            "p95": round(float(np.quantile([one[kind] for one in seconds], 0.95)), 4),
            "min": round(min(one[kind] for one in seconds), 4),
        }
        for kind in ("wall", "cpu")
    }


def _print(result: dict[str, Any]) -> None:
    for one in result.get("cached", []):
        steps = "  ".join(f"{name} {step['cpu']:.3f}" for name, step in one["steps"].items())
        print(f"{one['num_images']} images, cpu s: {steps}  total {one['total']['cpu']:.3f}, "
              f"{one['peak_mb_over_baseline']:.0f} MB over the baseline")  # fmt: skip
    for name in ("pipeline", "labels"):
        if name in result:
            print(name, json.dumps(result[name], indent=1))


if __name__ == "__main__":
    main()

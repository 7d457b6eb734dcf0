"""What some published weights files expect of their input, told by their checksum.

A file that was converted from another framework does not say how its pictures are to be normalised, and the
registry's values for its architecture would be wrong without a sign of it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from worker.ml.preprocessing import Preprocessing

_HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class KnownWeights:
    """A weights file: its size in bytes, its SHA-256 in hex, and what it expects."""

    size_bytes: int
    sha256: str
    preprocessing: Preprocessing


KNOWN_WEIGHTS: tuple[KnownWeights, ...] = (
    # MobileNetV2 of google-coral/test_data (tf2_mobilenet_v2_1.0_224_ptq.tflite), dequantised: the bundled
    # backbone's teacher.
    KnownWeights(
        size_bytes=7_313_867,
        sha256="e50ad5996a2a6510a64806fe6c7e34808214fe89b92b40d62a0dbf06e8447448",
        preprocessing=Preprocessing(mean=_HALF, std=_HALF, padding="tf_same"),
    ),
)
"""Files whose input differs from the registry's. A JSON beside a file goes before this table."""


def known_preprocessing(weights_path: Path) -> Preprocessing | None:
    """Preprocessing of a file of `KNOWN_WEIGHTS`, else None; only a file of a known size is read."""
    if not weights_path.is_file():
        return None
    size_bytes = weights_path.stat().st_size
    alike = [known for known in KNOWN_WEIGHTS if known.size_bytes == size_bytes]
    if not alike:
        return None
    with weights_path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return next((known.preprocessing for known in alike if known.sha256 == digest), None)

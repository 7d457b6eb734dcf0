"""Find a backbone's weights file in named folders, or download torchvision's.

A folder's file counts for backbone `<name>` if it is `<name>.pth`, `<name>.safetensors`, or `<name>`
followed by one of `_`, `-`, `.` and anything, with one of these endings: `mobilenet_v2_imagenet.pth`,
`resnet34-b627a593.pth`. What it expects is said by `<file name>.json` beside it or, if that folder cannot
be written, in any other searched folder.
"""

import fcntl
import hashlib
import http.client
import logging
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from worker.ml.backbones import BackboneSpec, get_backbone_spec, read_sidecar, sidecar_path
from worker.ml.errors import WeightsUnavailable
from worker.ml.preprocessing import Preprocessing
from worker.ml.types import Progress, ProgressFn, ignore_progress

logger = logging.getLogger(__name__)

_SUFFIXES = (".pth", ".safetensors")
_CHUNK_BYTES = 1 << 18
_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class WeightsFile:
    """A weights file, what it expects of its input, and the JSON that said so, if one did."""

    path: Path
    preprocessing: Preprocessing
    sidecar: Path | None


@dataclass(frozen=True)
class WeightsSource:
    """The file of weights that torchvision publishes for a backbone; `base_url` is another place that has it."""

    backbone: str
    file_name: str
    base_url: str | None = None

    @property
    def url(self) -> str:
        """Where it is fetched from."""
        if self.base_url is not None:
            return f"{self.base_url.rstrip('/')}/{self.file_name}"
        from worker.ml.torchvision_networks import published_url  # noqa: PLC0415 - loads torch's compiler

        return published_url(self.backbone, self.file_name)

    @property
    def hash_prefix(self) -> str:
        """How the sha256 of the file begins."""
        match = re.search(r"-([0-9a-f]{8,})\.pth$", self.file_name)
        assert match, f"the file name {self.file_name} carries no checksum"
        return match.group(1)


class _TransferError(Exception):
    """The connection ended before the file did; trying again goes on where it stopped."""


class _RefusedError(Exception):
    """The server will not give the file; trying again is of no use."""


def weights_source(name: str, *, base_url: str | None = None) -> WeightsSource:
    """What to fetch for a backbone; `base_url` replaces everything before the file's name."""
    spec = get_backbone_spec(name)
    if spec.shipped_weights is not None:
        raise WeightsUnavailable(f"{spec.title} ships with the project and cannot be downloaded")
    return WeightsSource(name, spec.weights_file, base_url)


def find_weights(name: str, directories: Sequence[Path]) -> WeightsFile:
    """Find the best file of the first folder that has one: torchvision's own name, the bare name, then by alphabet.

    Raises:
        WeightsUnavailable: if no folder has one; the message says what to put where.
        CheckpointIncompatible: if the JSON that belongs to the file is broken.
    """
    spec = get_backbone_spec(name)
    if spec.shipped_weights is not None:
        return _shipped(spec, spec.shipped_weights)
    for directory in directories:
        candidates = _candidates(spec, directory)
        if candidates:
            return _described(candidates[0], spec=spec, directories=directories)
    raise WeightsUnavailable(f"No weights for {spec.title}. {_advice(spec, directories)}")


def ensure_weights(
    name: str,
    directories: Sequence[Path],
    *,
    download_to: Path | None,
    base_url: str | None = None,
    on_progress: ProgressFn = ignore_progress,
) -> WeightsFile:
    """Find weights in `directories` or `download_to`; failing that, download them there (None: never
    download).

    Raises:
        WeightsUnavailable: neither worked; the message tells the cause and what to put where.
    """
    folders = [*directories, *([download_to] if download_to else [])]
    try:
        return find_weights(name, folders)
    except WeightsUnavailable:
        if download_to is None:
            raise
    logger.info("no weights for %s in %s, downloading them", name, [str(folder) for folder in folders])
    return download_weights(
        name, download_to, base_url=base_url, directories=directories, on_progress=on_progress
    )


def download_weights(
    name: str,
    directory: Path,
    *,
    base_url: str | None = None,
    directories: Sequence[Path] = (),
    attempts: int = 5,
    pause_s: float = 1.0,
    on_progress: ProgressFn = ignore_progress,
) -> WeightsFile:
    """Download torchvision's file into `directory`; it appears under its name only whole and with the
    right checksum.

    A broken transfer goes on where it stopped, within this call and in the next one (`<file>.part`). Two
    processes may call this at once: the second waits for the first.

    Args:
        name: a key of `BACKBONES`.
        directory: made if it is not there.
        base_url: another place that serves the file under the same name.
        directories: further folders to look for the JSON in.
        attempts: tries without any progress between them.
        pause_s: wait before the second try, doubled for each further one.
        on_progress: called with bytes at stage "download"; may raise `Cancelled`.

    Raises:
        WeightsUnavailable: no network, a wrong checksum, a folder that cannot be written.
    """
    spec = get_backbone_spec(name)
    source = weights_source(name, base_url=base_url)
    final = directory / source.file_name
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory):
            if not final.is_file():
                part = directory / f"{source.file_name}.part"
                _fetch_checked(source, part, attempts=attempts, pause_s=pause_s, on_progress=on_progress)
                part.replace(final)
    except (_RefusedError, _TransferError, OSError) as error:
        advice = _advice(spec, [*directories, directory])
        raise WeightsUnavailable(
            f"The weights of {spec.title} could not be downloaded: {error}. {advice}"
        ) from error
    return _described(final, spec=spec, directories=directories)


def _shipped(spec: BackboneSpec, path: Path) -> WeightsFile:
    if not path.is_file():
        raise WeightsUnavailable(
            f"The weights of {spec.title} are missing at {path}; install the project again"
        )
    return WeightsFile(path=path, preprocessing=spec.preprocessing, sidecar=None)


def _candidates(spec: BackboneSpec, directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    pattern = re.compile(re.escape(spec.name) + r"([_.-].*)?\.(pth|safetensors)")
    found = [path for path in directory.iterdir() if pattern.fullmatch(path.name) and path.is_file()]
    preferred = [weights_source(spec.name).file_name, *(spec.name + suffix for suffix in _SUFFIXES)]

    def rank(path: Path) -> tuple[int, str]:
        return (preferred.index(path.name) if path.name in preferred else len(preferred), path.name)

    return sorted(found, key=rank)


def _described(path: Path, *, spec: BackboneSpec, directories: Sequence[Path]) -> WeightsFile:
    return WeightsFile(
        path=path,
        preprocessing=read_sidecar(path, spec=spec, directories=directories),
        sidecar=sidecar_path(path, directories=directories),
    )


def _advice(spec: BackboneSpec, directories: Sequence[Path]) -> str:
    source = weights_source(spec.name)
    places = " or ".join(str(folder) for folder in dict.fromkeys(directories)) or "a folder"
    return (
        f"Put torchvision's {source.file_name}, or any file named {spec.name}*.pth or "
        f"{spec.name}*.safetensors with weights of that network, into {places}, "
        "or name its folder in LABELER_WEIGHTS_DIR"
    )


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold a folder's exclusive lock between processes; it is freed with the process, whatever happens to it."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _fetch_checked(
    source: WeightsSource, part: Path, *, attempts: int, pause_s: float, on_progress: ProgressFn
) -> None:
    had_part = part.is_file()
    _fetch_whole(source, part, attempts=attempts, pause_s=pause_s, on_progress=on_progress)
    problem = _hash_problem(part, source)
    if problem and had_part:  # the part may be older than what the server has now
        part.unlink()
        _fetch_whole(source, part, attempts=attempts, pause_s=pause_s, on_progress=on_progress)
        problem = _hash_problem(part, source)
    if problem:
        part.unlink()
        raise _RefusedError(f"{problem}; they were discarded")


def _fetch_whole(
    source: WeightsSource, part: Path, *, attempts: int, pause_s: float, on_progress: ProgressFn
) -> None:
    failures, longest = 0, _size(part)
    while True:
        try:
            _fetch_rest(source.url, part, on_progress=on_progress)
            return
        except _TransferError as error:
            failures = 1 if _size(part) > longest else failures + 1
            longest = max(longest, _size(part))
            if failures >= attempts:
                raise
            logger.info("%s: %s; trying again after %s bytes", source.url, error, _size(part))
            time.sleep(pause_s * 2 ** (failures - 1))


def _fetch_rest(url: str, part: Path, *, on_progress: ProgressFn) -> None:
    """One request for what is missing of the file, appended to `part`."""
    have = _size(part)
    headers = {"User-Agent": "labeler", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    if not url.startswith(("http://", "https://")):
        raise _RefusedError(f"{url} is not an http address")
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310
            start, total = _extent(response, have)
            _append(response.read, part, start=start, total=total, on_progress=on_progress)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # the part is already as long as the file, or longer: let the checksum decide
            return
        kind = _TransferError if error.code >= 500 or error.code == 429 else _RefusedError
        raise kind(f"{url} answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise _TransferError(f"{url}: {error.reason}") from error
    except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
        raise _TransferError(f"{url}: {error!r}") from error


def _extent(response: http.client.HTTPResponse, have: int) -> tuple[int, int | None]:
    """Where this answer's bytes begin, and how long the whole file is (None: the server does not say)."""
    if response.status == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not match or int(match.group(1)) != have:
            raise _RefusedError(
                f"the server answered another range than asked: {response.headers.get('Content-Range')}"
            )
        return have, None if match.group(2) == "*" else int(match.group(2))
    length = response.headers.get("Content-Length")
    return 0, int(length) if length else None


def _append(
    read: Callable[[int], bytes], part: Path, *, start: int, total: int | None, on_progress: ProgressFn
) -> None:
    mode: Literal["ab", "wb"] = "ab" if start else "wb"
    done = start
    with part.open(mode) as file:
        while chunk := read(_CHUNK_BYTES):
            file.write(chunk)
            done += len(chunk)
            on_progress(Progress("download", done, max(done, total or 0)))
    if total is not None and done < total:
        raise _TransferError(f"the connection ended after {done} of {total} bytes")


def _hash_problem(part: Path, source: WeightsSource) -> str:
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest.startswith(source.hash_prefix):
        return ""
    gave = f"{_size(part)} bytes with sha256 {digest[:16]}..."
    return f"{source.url} gave {gave}, expected {source.hash_prefix}..."


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0

"""Files that are not on this machine: addresses of a manifest over HTTP, and objects of an S3-compatible bucket.

A few are fetched at once, and given back in order. What may be reached at all is the operator's to say (settings).
"""

import csv
import io
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from labeler.datasets.services import RejectedFile, clean_relative_path
from labeler.errors import InvalidInput, NotReady
from labeler.lib.remote_files import Refused, fetch
from worker.tasks.import_listing import FoundFile, Limits, Listing, shown_name

NUM_FETCHERS = 8
BUCKET_SCHEME = "s3://"
MAX_MANIFEST_BYTES = 256 * 2**20
_URL_COLUMNS = ("url", "image_url", "image")
_CLASS_COLUMNS = ("label", "class", "class_name")


def list_manifests(folder: Path, *, limits: Limits) -> Listing:
    """The addresses in uploaded manifests, CSV with a header or JSON Lines: `url`, and perhaps `path` and `label`."""
    listing = Listing()
    for name_file in sorted(folder.glob("*.path")):
        name, data = name_file.read_text(encoding="utf-8"), name_file.with_suffix(".data")
        if data.stat().st_size > MAX_MANIFEST_BYTES:
            listing.reject(
                name, f"a manifest of {data.stat().st_size} bytes; the limit is {MAX_MANIFEST_BYTES}"
            )
            continue
        try:
            for row in _manifest_rows(data.read_text(encoding="utf-8-sig"), name=name):
                _add_row(listing, row, limits=limits)
        except (csv.Error, ValueError, InvalidInput, RecursionError) as error:
            listing.reject(name, f"not a manifest: {error}")
    return listing


def list_bucket(bucket: str, prefix: str, *, limits: Limits) -> Listing:
    """Objects of a bucket below a prefix, in the order of their keys.

    Raises:
        NotReady: the bucket cannot be listed.
    """
    listing = Listing()
    try:
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                _add_object(listing, item, bucket=bucket, prefix=prefix, limits=limits)
    except (BotoCoreError, ClientError) as error:
        raise NotReady(
            f"The bucket {bucket!r} cannot be listed: {error}", code="bucket_unreadable"
        ) from error
    return listing


def read_remote(
    files: Sequence[FoundFile], *, limits: Limits
) -> Iterator[tuple[FoundFile, bytes | RejectedFile]]:
    """Contents in the order of the files; a file that cannot be had comes with the reason."""
    executor = ThreadPoolExecutor(NUM_FETCHERS, thread_name_prefix="fetch")
    waiting: deque[tuple[FoundFile, Future[bytes | RejectedFile]]] = deque()
    try:
        for file in files:
            read = _read_object if file.url.startswith(BUCKET_SCHEME) else _read_url
            waiting.append((file, executor.submit(read, file, limits)))
            if len(waiting) >= 2 * NUM_FETCHERS:
                yield _take(waiting)
        while waiting:
            yield _take(waiting)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _take(
    waiting: deque[tuple[FoundFile, "Future[bytes | RejectedFile]"]],
) -> tuple[FoundFile, bytes | RejectedFile]:
    file, future = waiting.popleft()
    return file, future.result()


def _manifest_rows(text: str, *, name: str) -> Iterator[dict[str, Any]]:
    if text.lstrip().startswith("{"):
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise InvalidInput(f"line {number} is not an object")
                yield row
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not set(_URL_COLUMNS) & set(reader.fieldnames or []):
        raise InvalidInput(f"{name!r} has no column {' or '.join(_URL_COLUMNS)}")
    yield from reader


def _add_row(listing: Listing, row: dict[str, Any], *, limits: Limits) -> None:
    url = str(next((row[column] for column in _URL_COLUMNS if row.get(column)), "")).strip()
    class_name = str(next((row[column] for column in _CLASS_COLUMNS if row.get(column)), "")).strip()
    raw = str(row.get("path") or _name_in(url) or url)
    if len(listing.files) >= limits.max_entries:
        listing.reject(shown_name(raw), f"an import holds at most {limits.max_entries} files")
        return
    if not _is_web_address(url):
        listing.reject(shown_name(raw), f"{url[:80]!r} is no http or https address")
        return
    try:
        path = clean_relative_path(raw)
    except InvalidInput as error:
        listing.reject(shown_name(raw), error.message)
        return
    listing.add(FoundFile(path, url=url, class_name=class_name))


def _name_in(url: str) -> str:
    """The last part of an address; empty where there is none."""
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2]
    except ValueError:
        return ""


def _is_web_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _add_object(listing: Listing, item: dict[str, Any], *, bucket: str, prefix: str, limits: Limits) -> None:
    key, size = str(item["Key"]), int(item["Size"])
    if key.endswith("/") and size == 0:  # a folder, as consoles make them
        return
    raw = key.removeprefix(prefix).lstrip("/") or key
    if len(listing.files) >= limits.max_entries:
        listing.reject(shown_name(raw), f"an import holds at most {limits.max_entries} files")
        return
    if size > limits.max_file_bytes:
        listing.reject(shown_name(raw), f"{size} bytes; the limit is {limits.max_file_bytes}")
        return
    try:
        path = clean_relative_path(raw)
    except InvalidInput as error:
        listing.reject(shown_name(raw), error.message)
        return
    listing.add(
        FoundFile(path, url=f"{BUCKET_SCHEME}{bucket}/{key}", signature=f"{item.get('ETag', '')}-{size}")
    )


def _read_url(file: FoundFile, limits: Limits) -> bytes | RejectedFile:
    try:
        return fetch(file.url, max_bytes=limits.max_file_bytes)
    except Refused as error:
        return RejectedFile(file.path, str(error))


def _read_object(file: FoundFile, limits: Limits) -> bytes | RejectedFile:
    bucket, _, key = file.url.removeprefix(BUCKET_SCHEME).partition("/")
    try:
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
        data: bytes = body.read(limits.max_file_bytes + 1)
    except (BotoCoreError, ClientError, OSError) as error:
        return RejectedFile(file.path, f"cannot be read from the bucket: {error}")
    if len(data) > limits.max_file_bytes:
        return RejectedFile(file.path, f"more than {limits.max_file_bytes} bytes")
    return data


def _client() -> Any:
    return _client_of(settings.S3_ENDPOINT_URL)


@cache
def _client_of(endpoint_url: str) -> Any:
    """One client a process; boto3's clients may be shared by threads. Credentials come from the environment."""
    config = Config(retries={"max_attempts": 4, "mode": "standard"}, max_pool_connections=2 * NUM_FETCHERS)
    make: Callable[..., Any] = boto3.client
    return make("s3", endpoint_url=endpoint_url or None, config=config)

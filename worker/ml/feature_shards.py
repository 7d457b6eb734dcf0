"""The feature cache of a project: shards of 1,024 images, each a bundle with codes, scales and pooled features, and the
codes of the border contrast where it was taken.

Shard k holds images k * 1024 onwards. All shards but the last are full. A shard is extended by writing it anew beside
the old one, so images are best appended some hundreds at a time. An image without features is stored as a hole
(`Features`) and filled later.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from worker.ml.checkpoints import Bundle, bundle_exists, read_bundle, read_header, write_bundle
from worker.ml.errors import CheckpointIncompatible, InvalidArray
from worker.ml.features import EncodedMaps, Features, concatenate_features, has_features
from worker.ml.types import AnyArray, FloatArray, IntArray, UInt8Array

SHARD_SIZE = 1024
_KIND = "features"


def append_features(root: Path, features: Features, *, start: int, signature: Mapping[str, object]) -> int:
    """Store the features of images `start` onwards; doing it again changes nothing.

    Args:
        root: the cache's folder, made if it is not there.
        features: of any number of images.
        start: leaves no gap in its shard; rows from there on are replaced, rows behind them kept. Shards before
            it may be missing: another worker makes them.
        signature: what the features depend on (backbone, input size, preprocessing), as JSON; all shards have the same.

    Returns:
        The number of images stored, in all shards up to the first that is not full.

    Raises:
        InvalidArray: if `start` leaves a gap, or the maps' size differs from the stored ones.
        CheckpointIncompatible: if the stored shards have another signature.
    """
    count_features(root, signature=signature)
    first = start // SHARD_SIZE
    stored = first * SHARD_SIZE + count_in_shard(root, first)
    if not first * SHARD_SIZE <= start <= stored:
        raise InvalidArray(f"the shard has images up to {stored}, so start is at most {stored}, got {start}")
    done = 0
    while done < len(features):
        shard, offset = divmod(start + done, SHARD_SIZE)
        size = min(SHARD_SIZE - offset, len(features) - done)
        added = _rows(features, slice(done, done + size))
        _extend_shard(root, shard, offset=offset, added=added, signature=signature)
        done += size
    return count_features(root)


def fill_features(root: Path, features: Features, indexes: IntArray) -> None:
    """Store the features of images (n,) that are stored already, as holes or not; each shard is written once.

    Raises:
        InvalidArray: if an image is not stored yet, or the maps' size differs from the stored ones.
    """
    stored = count_features(root)
    if len(indexes) != len(features) or (indexes.size and not 0 <= indexes.min() <= indexes.max() < stored):
        raise InvalidArray(f"need {len(features)} images below {stored}, got {indexes.tolist()}")
    for shard in np.unique(indexes // SHARD_SIZE).tolist():
        chosen = np.flatnonzero(indexes // SHARD_SIZE == shard)
        bundle = read_bundle(_folder(root, shard), kind=_KIND)
        rows = indexes[chosen] - shard * SHARD_SIZE
        filled = _replaced(_features_of(bundle), rows, _rows(features, chosen))
        _write_shard(root, shard, filled, signature=bundle.header.metadata["signature"])


def list_holes(root: Path) -> IntArray:
    """Indexes of the stored images that have no features, ascending."""
    found = [start + np.flatnonzero(~has_features(part.pooled)) for start, part in _iter_shards(root)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def count_in_shard(root: Path, number: int) -> int:
    """Images stored in one shard, whatever the others have."""
    folder = _folder(root, number)
    if number < 0 or not bundle_exists(folder):
        return 0
    return int(read_header(folder, kind=_KIND).arrays["pooled"].shape[0])


def count_features(root: Path, *, signature: Mapping[str, object] | None = None) -> int:
    """Images stored, in all shards up to the first that is not full.

    Raises:
        CheckpointIncompatible: if `signature` is given and a shard has another.
    """
    total = 0
    for shard in range(_num_shards(root)):
        header = read_header(_folder(root, shard), kind=_KIND)
        found = header.metadata.get("signature")
        if signature is not None and found != dict(signature):
            raise CheckpointIncompatible(
                f"features in {root} were made with {found}, needed are {dict(signature)}"
            )
        size = header.arrays["pooled"].shape[0]
        total += size
        if size < SHARD_SIZE:
            break
    return total


def read_pooled(root: Path) -> FloatArray:
    """Pooled features of all images (N, C), NaN for holes; (0, 0) if there are none."""
    parts = [part.pooled for _, part in _iter_shards(root)]
    return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)


def read_contrast(root: Path) -> UInt8Array:
    """Codes of the border contrast of all images (N, g, g); (0, 0, 0) if there are none.

    Raises:
        CheckpointIncompatible: if the features were stored without it.
    """
    parts = []
    for start, part in _iter_shards(root):
        if part.contrast is None:
            raise CheckpointIncompatible(
                f"the features of images {start} onwards have no border contrast; compute them anew"
            )
        parts.append(part.contrast)
    return np.concatenate(parts) if parts else np.zeros((0, 0, 0), dtype=np.uint8)


def iter_pooled(root: Path) -> Iterator[FloatArray]:
    """Pooled features (n, C) of each shard in turn, memory-mapped; NaN for holes."""
    for _, part in _iter_shards(root):
        yield part.pooled


def iter_maps(root: Path) -> Iterator[tuple[int, EncodedMaps]]:
    """Index of the first image and maps of each shard, memory-mapped."""
    for start, part in _iter_shards(root):
        yield start, part.maps


def read_maps(root: Path, *, start: int, stop: int) -> EncodedMaps:
    """Maps of images start..stop-1, over any number of shards; copies only where it joins shards.

    Raises:
        InvalidArray: if the range is empty or leaves what is stored.
    """
    stored = count_features(root)
    if not 0 <= start < stop <= stored:
        raise InvalidArray(f"need 0 <= start < stop <= {stored}, got {start}..{stop}")
    parts = []
    for shard in range(start // SHARD_SIZE, (stop - 1) // SHARD_SIZE + 1):
        first = shard * SHARD_SIZE
        part = _features_of(read_bundle(_folder(root, shard), kind=_KIND))
        parts.append(_rows(part, slice(max(start - first, 0), min(stop - first, SHARD_SIZE))))
    return (parts[0] if len(parts) == 1 else concatenate_features(parts)).maps


def _extend_shard(
    root: Path, shard: int, *, offset: int, added: Features, signature: Mapping[str, object]
) -> None:
    folder = _folder(root, shard)
    parts = [added]
    if bundle_exists(folder):
        old = _features_of(read_bundle(folder, kind=_KIND))
        before, after = _rows(old, slice(0, offset)), _rows(old, slice(offset + len(added), len(old)))
        parts = [part for part in (before, added, after) if len(part)]
    _write_shard(root, shard, concatenate_features(parts), signature=signature)


def _write_shard(root: Path, shard: int, joined: Features, *, signature: Mapping[str, object]) -> None:
    arrays: dict[str, AnyArray] = {
        "codes": joined.maps.codes,
        "scale": joined.maps.scale,
        "pooled": joined.pooled,
    }
    if joined.contrast is not None:
        arrays["contrast"] = joined.contrast
    size = {"height": joined.maps.height, "width": joined.maps.width}
    write_bundle(_folder(root, shard), arrays, kind=_KIND, metadata={"signature": dict(signature), **size})


def _iter_shards(root: Path) -> Iterator[tuple[int, Features]]:
    for shard in range(_num_shards(root)):
        part = _features_of(read_bundle(_folder(root, shard), kind=_KIND))
        yield shard * SHARD_SIZE, part
        if len(part) < SHARD_SIZE:
            return


def _features_of(bundle: Bundle) -> Features:
    try:
        facts, arrays = bundle.header.metadata, bundle.arrays
        maps = EncodedMaps(arrays["codes"], arrays["scale"], int(facts["height"]), int(facts["width"]))
        return Features(pooled=arrays["pooled"], maps=maps, contrast=arrays.get("contrast"))
    except (KeyError, InvalidArray) as error:
        raise CheckpointIncompatible(f"a shard of features is damaged: {error!r}") from error


def _rows(features: Features, rows: slice | IntArray) -> Features:
    maps = features.maps
    part = EncodedMaps(maps.codes[rows], maps.scale[rows], maps.height, maps.width)
    contrast = None if features.contrast is None else features.contrast[rows]
    return Features(pooled=features.pooled[rows], maps=part, contrast=contrast)


def _replaced(old: Features, rows: IntArray, new: Features) -> Features:
    """`old` with `new` in the place of some rows."""
    num = len(old)
    place = np.arange(num)
    place[rows] = num + np.arange(len(new))
    return _rows(concatenate_features([old, new]), place)


def _folder(root: Path, shard: int) -> Path:
    return root / f"{shard:06d}"


def _num_shards(root: Path) -> int:
    shard = 0
    while bundle_exists(_folder(root, shard)):
        shard += 1
    return shard

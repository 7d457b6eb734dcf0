"""More like this, and which of some images are unlike the others: from the index that the worker made."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from usearch.index import Index

from labeler.datasets.selectors import list_removed_indexes
from labeler.errors import InvalidInput, NotFound, NotReady
from labeler.results.models import View
from labeler.results.selectors import array_path
from labeler.results.suggestions import get_latest_set

MAX_EXAMPLES = 32  # of a selection; more are thinned evenly
MIN_EXPANSION = 128
MAX_INDEX = 2**31 - 1
_ROWS_AT_ONCE = 8192


def list_neighbours(
    *, project_id: int, image_indexes: list[int], num: int, view: View
) -> list[tuple[int, float]]:
    """Images like the given ones, the most alike first, with their cosine in [-1, 1]; the given ones are left out, and
    those that were removed.

    Of several given images the most alike one counts, so a selection of two kinds finds both.

    Raises:
        NotReady: no index yet, or it knows none of the images: they came after it, or could not be read.
        InvalidInput: an index below 0.
    """
    given = np.unique(image_indexes)
    num_asked = num + len(given)
    while True:
        index = _index_of(project_id, given, view=view, expansion=max(MIN_EXPANSION, 2 * num_asked))
        removed = list_removed_indexes(project_id=project_id, num_images=MAX_INDEX)
        left_out = np.union1d(given, np.asarray(removed, dtype=np.int64))
        found = _search(index, given, num_asked=num_asked, left_out=left_out)[:num]
        if len(found) == num or not removed or num_asked >= len(index):
            return found
        num_asked *= 2  # the removed ones took the places


def measure_oddness(*, project_id: int, image_indexes: list[int], view: View) -> npt.NDArray[np.float32]:
    """How far each of some images lies from the middle of them all, by what the model sees in them.

    The middle is the mean direction of the half that lies nearest to the mean of all, so that odd ones do not move it.

    Args:
        image_indexes: n images, any order.

    Returns:
        (n,) Euclidean distance between unit vectors, in [0, 2]; NaN for an image that no index knows yet.

    Raises:
        InvalidInput: an index below 0.
    """
    given = np.asarray(image_indexes, dtype=np.int64)
    _check_not_negative(given)
    index = _newest_index(project_id, view=view, expansion=MIN_EXPANSION)
    is_known = np.zeros(len(given), dtype=np.bool_) if index is None else _are_in(index, given)
    if index is None or not is_known.any():
        return np.full(len(given), np.nan, dtype=np.float32)
    known = given[is_known]
    far = _distances(index, known, _mean_direction(index, known))
    near_half = known[np.argsort(far, kind="stable")[: (len(known) + 1) // 2]]
    oddness = np.full(len(given), np.nan, dtype=np.float32)
    oddness[is_known] = _distances(index, known, _mean_direction(index, near_half))
    return oddness


def _search(
    index: Index, given: npt.NDArray[np.int64], *, num_asked: int, left_out: npt.NDArray[np.int64]
) -> list[tuple[int, float]]:
    given_known = given[_are_in(index, given)]
    thinned = given_known[
        np.linspace(0, len(given_known) - 1, min(MAX_EXAMPLES, len(given_known))).astype(int)
    ]
    queries = np.asarray([index.get(int(key)) for key in thinned], dtype=np.float32)
    matches = index.search(queries, min(len(index), num_asked), threads=1)
    return _best(matches.keys.ravel(), matches.distances.ravel(), without=left_out)


def _index_of(project_id: int, given: npt.NDArray[np.int64], *, view: View, expansion: int) -> Index:
    """The newest index of a view, if it knows at least one of the given images."""
    _check_not_negative(given)
    index = _newest_index(project_id, view=view, expansion=expansion)
    if index is None:
        raise NotReady(f"There is no index of {view.value} images yet", code="no_suggestions")
    if not _are_in(index, given).any():
        raise NotReady(
            f"Image {given.min()} is not in the index of {len(index)} images: it came later, or cannot be read",
            code="no_suggestions",
        )
    return index


def _are_in(index: Index, given: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray(index.contains(given.astype(np.uint64)), dtype=np.bool_)


def _newest_index(project_id: int, *, view: View, expansion: int) -> Index | None:
    latest = get_latest_set(project_id=project_id)
    stored = None if latest is None else latest.arrays.filter(name=f"neighbours_{view.value}").first()
    return None if stored is None else _open(array_path(stored), expansion=expansion)


def _check_not_negative(given: npt.NDArray[np.int64]) -> None:
    if int(given.min()) < 0:
        raise InvalidInput(f"Image indexes start at 0, got {given.min()}")


def _unit_rows(index: Index, keys: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.float32]]:
    """The embeddings of some images in blocks (b, D), each of length 1."""
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        block = keys[start : start + _ROWS_AT_ONCE].astype(np.uint64)
        rows = np.asarray(index.get(block), dtype=np.float32)
        yield rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def _mean_direction(index: Index, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """(D,) of length 1; zero where the directions cancel out."""
    total = sum(rows.sum(axis=0, dtype=np.float64) for rows in _unit_rows(index, keys))
    direction: npt.NDArray[np.float32] = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
    return direction


def _distances(
    index: Index, keys: npt.NDArray[np.int64], direction: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    cosines = np.concatenate([rows @ direction for rows in _unit_rows(index, keys)])
    distances: npt.NDArray[np.float32] = np.sqrt(np.maximum(0, 2 - 2 * cosines))
    return distances


def _open(path: Path, *, expansion: int) -> Index:
    """Map an index file into memory; more expansion finds more of the true neighbours."""
    facts = Index.metadata(str(path))
    if facts is None:
        raise NotFound(f"The index {path.name} is damaged", code="file_damaged")
    index = Index(ndim=int(facts["dimensions"]), metric="cos", dtype="f16", expansion_search=expansion)
    index.view(str(path))
    return index


def _best(
    keys: npt.NDArray[np.uint64],
    distances: npt.NDArray[np.float32],
    *,
    without: npt.NDArray[np.int64],
) -> list[tuple[int, float]]:
    order = np.argsort(distances, kind="stable")
    ranked, first = np.unique(keys[order], return_index=True)
    found = ranked[np.argsort(first)].astype(np.int64)
    nearest = distances[order][np.sort(first)]
    is_new = ~np.isin(found, without)
    pairs = zip(found[is_new].tolist(), nearest[is_new].tolist(), strict=True)
    return [(index, 1 - distance) for index, distance in pairs]

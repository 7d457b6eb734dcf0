"""More like this: images whose whole picture or crop looks like given ones, from the index that the worker made."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from usearch.index import Index

from labeler.errors import InvalidInput, NotFound, NotReady
from labeler.results.models import View
from labeler.results.selectors import array_path
from labeler.results.suggestions import get_latest_set

MAX_EXAMPLES = 32  # of a selection; more are thinned evenly
MIN_EXPANSION = 128


def list_neighbours(
    *, project_id: int, image_indexes: list[int], num: int, view: View
) -> list[tuple[int, float]]:
    """Images like the given ones, the most alike first, with their cosine in [-1, 1]; the given ones are left out.

    Of several given images the most alike one counts, so a selection of two kinds finds both.

    Raises:
        NotReady: no index yet, or an image came after it.
        InvalidInput: an index below 0.
    """
    latest = get_latest_set(project_id=project_id)
    stored = None if latest is None else latest.arrays.filter(name=f"neighbours_{view.value}").first()
    if latest is None or stored is None:
        raise NotReady(f"There is no index of {view.value} images yet", code="no_suggestions")
    given = np.unique(image_indexes)
    if given[0] < 0:
        raise InvalidInput(f"Image indexes start at 0, got {given[0]}")
    num_asked = num + len(given)
    index = _open(array_path(stored), expansion=max(MIN_EXPANSION, 2 * num_asked))
    given_known = given[given < len(index)]
    if len(given_known) == 0:
        raise NotReady(f"Image {given[0]} came after the index of {len(index)} images", code="no_suggestions")
    thinned = given_known[
        np.linspace(0, len(given_known) - 1, min(MAX_EXAMPLES, len(given_known))).astype(int)
    ]
    queries = np.asarray([index.get(int(key)) for key in thinned], dtype=np.float32)
    matches = index.search(queries, min(len(index), num_asked), threads=1)
    return _best(matches.keys.ravel(), matches.distances.ravel(), without=given, num=num)


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
    num: int,
) -> list[tuple[int, float]]:
    order = np.argsort(distances, kind="stable")
    ranked, first = np.unique(keys[order], return_index=True)
    found = ranked[np.argsort(first)].astype(np.int64)
    nearest = distances[order][np.sort(first)]
    is_new = ~np.isin(found, without)
    pairs = zip(found[is_new][:num].tolist(), nearest[is_new][:num].tolist(), strict=True)
    return [(index, 1 - distance) for index, distance in pairs]

"""What a layout is made from: rows, how they are compared, labels; described so that it can be kept with the layout."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labeler.datasets.models import Project, ProjectionEmbedding
from labeler.datasets.selectors import list_removed_indexes
from labeler.results.models import Projection, View
from worker.ml.feature_shards import iter_pooled
from worker.ml.features import has_features
from worker.ml.projection import fit as layouts
from worker.ml.projection.class_aware import class_aware_features, class_scale
from worker.ml.projection.large import LARGE, fit_large_projection
from worker.ml.types import BoolArray, FloatArray, IntArray

QUICK, EXACT = "quick", "exact"
"""Crops pooled from cached maps; crops that went through the network themselves."""
OPTIONS = ("projection_embedding", "projection_uses_labels")
"""Fields of a project that say what shapes its map."""
_BLOCK_ROWS = 16_384
_SCALE_ROWS = 20_000  # enough to weigh classes against looks


@dataclass(frozen=True)
class RowBlocks:
    """Rows that are read a block at a time, each time anew: more than one layout should take at once."""

    num_rows: int
    read: Callable[[], Iterator[FloatArray]]

    def __len__(self) -> int:
        return self.num_rows


def stored_rows(root: Path, num_rows: int) -> RowBlocks:
    """The first pooled features of a cache, left on disk."""

    def read() -> Iterator[FloatArray]:
        left = num_rows
        for block in iter_pooled(root):
            if left > 0:
                yield block[:left]
            left -= len(block)

    return RowBlocks(num_rows, read)


@dataclass(frozen=True)
class LayoutInput:
    """N images to lay out. `is_kept` (N,) tells which have features and are not removed; `class_index` (N,) has -1
    where labels are not to shape the layout. `facts` goes with the layout; `key` of it says what must be equal for a
    layout to be a guide.
    """

    view: View
    rows: FloatArray | RowBlocks
    is_kept: BoolArray
    class_index: IntArray
    facts: dict[str, Any]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def key(self) -> tuple[Any, ...]:
        """Backbone, input size and options."""
        return key_of(self.facts)


def key_of(facts: dict[str, Any]) -> tuple[Any, ...]:
    """What two layouts must share for the later to be held to the earlier one."""
    names = ("backbone", "input_size_px", "tuned_by_job", "embedding", "uses_labels")
    defaults = {"embedding": ProjectionEmbedding.LOOKS.value, "uses_labels": False}
    return tuple(facts.get(name, defaults.get(name)) for name in names)


def describe_input(
    project: Project,
    rows: FloatArray | RowBlocks,
    *,
    view: View,
    proba: FloatArray | None = None,
    class_index: IntArray | None = None,
    crops_are: str | None = None,
) -> LayoutInput:
    """The input of a layout, by the project's options.

    Args:
        project: whose options apply.
        rows: (N, C) features, NaN for images without.
        view: what is laid out.
        proba: (N, K) of a model, if there is one: with the option, classes count as well as looks.
        class_index: (N,) labels, -1 without one: with the option, they shape the layout.
        crops_are: `QUICK` or `EXACT`, for crops.
    """
    num = len(rows)
    options = options_of(project, proba=proba, class_index=class_index)
    if options["embedding"] == ProjectionEmbedding.CLASSES and proba is not None:
        rows = _with_classes(rows, proba)
    labels = class_index if options["uses_labels"] and class_index is not None else np.full(num, -1)
    is_kept = rows_with_features(rows)
    is_kept[list_removed_indexes(project_id=project.id, num_images=num)] = False
    facts = {
        "view": view.value,
        **options,
        "num_images": num,
        "num_removed": int(num - is_kept.sum()),
        "digest": digest_of(rows, is_kept, labels),
        **({} if crops_are is None else {"crops": crops_are}),
    }
    return LayoutInput(view, rows, is_kept, labels, facts)


def rows_with_features(rows: FloatArray | RowBlocks) -> BoolArray:
    """Which rows (N,) are no holes."""
    if isinstance(rows, np.ndarray):
        return has_features(rows)
    found = [has_features(block) for block in rows.read()]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)


def options_of(project: Project, *, proba: FloatArray | None, class_index: IntArray | None) -> dict[str, Any]:
    """Facts of a layout that `key_of` asks for, as a layout of this moment would have them."""
    by_classes = project.projection_embedding == ProjectionEmbedding.CLASSES and proba is not None
    by_labels = project.projection_uses_labels and class_index is not None and bool((class_index >= 0).any())
    return {
        "backbone": project.backbone,
        "input_size_px": project.input_size_px,
        "tuned_by_job": project.tuned_by_job,
        "embedding": (ProjectionEmbedding.CLASSES if by_classes else ProjectionEmbedding.LOOKS).value,
        "uses_labels": by_labels,
    }


def have_options_changed(project: Project) -> bool:
    """True when somebody has set other options since `project` was read."""
    now = Project.objects.values(*OPTIONS).get(id=project.id)
    return any(now[name] != getattr(project, name) for name in OPTIONS)


def facts_of(projection: Projection) -> dict[str, Any]:
    """What is kept of a layout's input; layouts of older versions kept less, beside the parameters."""
    facts = projection.parameters.get("input")
    return facts if isinstance(facts, dict) else projection.parameters


def digest_of(rows: FloatArray | RowBlocks, is_kept: BoolArray, labels: IntArray) -> str | None:
    """Of everything that a layout depends on; None for rows that are read block by block."""
    if isinstance(rows, RowBlocks):
        return None
    digest = hashlib.blake2b(digest_size=16)
    for array in (rows, is_kept, labels):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def fit(source: LayoutInput, *, init: FloatArray | None, **choices: Any) -> layouts.Projection:
    """Lay out the images that are kept; the others get no place. `init` (M, 2), M <= N, as `fit_projection`."""
    kept = source.is_kept
    known = np.full((len(source), 2), np.nan, dtype=np.float32)
    if init is not None:
        known[: len(init)] = init[: len(source)]
    if not source.facts["num_removed"]:
        return _fit_rows(source.rows, init=known, class_index=source.class_index, **choices)
    on_layout = choices.pop("on_layout", None)
    if (held := choices.pop("anchor_to", None)) is not None:
        choices["anchor_to"] = held[kept]
    result = _fit_rows(
        source.rows[kept] if isinstance(source.rows, np.ndarray) else source.rows,
        is_kept=None if isinstance(source.rows, np.ndarray) else kept,
        init=known[kept],
        class_index=source.class_index[kept],
        on_layout=None if on_layout is None else lambda layout: on_layout(_spread(layout, kept)),
        **choices,
    )
    return layouts.Projection(_spread(result.layout, kept), result.quality, result.parameters)


def _fit_rows(
    rows: FloatArray | RowBlocks, *, is_kept: BoolArray | None = None, **choices: Any
) -> layouts.Projection:
    """Lay out an array, or those rows of blocks that `is_kept` (N,) marks."""
    if isinstance(rows, np.ndarray) and len(rows) <= LARGE:
        return layouts.fit_projection(rows, **choices)
    blocks = _blocks_of(rows)
    num_rows = len(rows) if is_kept is None else int(is_kept.sum())
    return fit_large_projection(lambda: _kept(blocks.read(), is_kept), num_rows=num_rows, **choices)


def _with_classes(rows: FloatArray | RowBlocks, proba: FloatArray) -> FloatArray | RowBlocks:
    """Class-aware rows; of more than one layout takes at once, each block when it is read."""
    if isinstance(rows, np.ndarray) and len(rows) <= LARGE:
        return _where_known(rows, proba, scale=None)
    blocks = _blocks_of(rows)
    every = -(-len(rows) // _SCALE_ROWS)
    some = np.concatenate([block[-start % every :: every] for start, block in _numbered(blocks.read())])
    is_known = has_features(some)
    scale = class_scale(some[is_known], proba[::every][is_known])

    def read() -> Iterator[FloatArray]:
        for start, block in _numbered(blocks.read()):
            yield _where_known(block, proba[start : start + len(block)], scale=scale)

    return RowBlocks(len(rows), read)


def _where_known(rows: FloatArray, proba: FloatArray, *, scale: float | None) -> FloatArray:
    """Class-aware rows; NaN stays where there are no features."""
    is_known = has_features(rows)
    result = np.full((len(rows), rows.shape[1] + proba.shape[1]), np.nan, dtype=np.float32)
    result[is_known] = class_aware_features(rows[is_known], proba[is_known], scale=scale)
    return result


def _blocks_of(rows: FloatArray | RowBlocks) -> RowBlocks:
    if not isinstance(rows, np.ndarray):
        return rows
    starts = range(0, len(rows), _BLOCK_ROWS)
    return RowBlocks(len(rows), lambda: (rows[start : start + _BLOCK_ROWS] for start in starts))


def _numbered(blocks: Iterator[FloatArray]) -> Iterator[tuple[int, FloatArray]]:
    """Each block with the number of its first row."""
    start = 0
    for block in blocks:
        yield start, block
        start += len(block)


def _kept(blocks: Iterator[FloatArray], is_kept: BoolArray | None) -> Iterator[FloatArray]:
    """The rows that `is_kept` (N,) marks."""
    for start, block in _numbered(blocks):
        yield block if is_kept is None else block[is_kept[start : start + len(block)]]


def _spread(layout: FloatArray, is_kept: BoolArray) -> FloatArray:
    """Places (N, 2) with holes where images are not kept."""
    result = np.full((len(is_kept), 2), np.nan, dtype=np.float32)
    result[is_kept] = layout
    return result

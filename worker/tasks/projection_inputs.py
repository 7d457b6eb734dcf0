"""What a layout is made from: rows, how they are compared, labels; described so that it can be kept with the layout."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labeler.datasets.models import Image, Project, ProjectionEmbedding
from labeler.results.models import Projection, View
from worker.ml import projection as layouts
from worker.ml.class_aware import class_aware_features
from worker.ml.feature_shards import iter_pooled
from worker.ml.large_projection import LARGE, fit_large_projection
from worker.ml.types import BoolArray, FloatArray, IntArray

QUICK, EXACT = "quick", "exact"
"""Crops pooled from cached maps; crops that went through the network themselves."""
_BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class StoredRows:
    """Rows that stay on disk: more than one layout should take at once."""

    root: Path
    num_rows: int

    def __len__(self) -> int:
        return self.num_rows


@dataclass(frozen=True)
class LayoutInput:
    """N images to lay out. `is_kept` (N,) tells which are not removed; `class_index` (N,) has -1 where labels are not
    to shape the layout. `facts` goes with the layout; `key` of it says what must be equal for a layout to be a guide.
    """

    view: View
    rows: FloatArray | StoredRows
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
    rows: FloatArray | StoredRows,
    *,
    view: View,
    proba: FloatArray | None = None,
    class_index: IntArray | None = None,
    crops_are: str | None = None,
) -> LayoutInput:
    """The input of a layout, by the project's options.

    Args:
        project: whose options apply.
        rows: (N, C) features.
        view: what is laid out.
        proba: (N, K) of the model that is being published, if one is: with the option, classes count as well as looks.
        class_index: (N,) its classes' labels, -1 without one: with the option, they shape the layout.
        crops_are: `QUICK` or `EXACT`, for crops.
    """
    num = len(rows)
    by_classes = project.projection_embedding == ProjectionEmbedding.CLASSES and proba is not None
    by_labels = project.projection_uses_labels and class_index is not None
    if by_classes and isinstance(rows, np.ndarray) and proba is not None:
        rows = class_aware_features(rows, proba)
    labels = class_index if by_labels and class_index is not None else np.full(num, -1, dtype=np.int64)
    is_kept = np.ones(num, dtype=np.bool_)
    gone = Image.objects.filter(project=project, removed_at__isnull=False, index__lt=num)
    is_kept[list(gone.values_list("index", flat=True))] = False
    embedding = ProjectionEmbedding.CLASSES if by_classes else ProjectionEmbedding.LOOKS
    facts = {
        "view": view.value,
        "backbone": project.backbone,
        "input_size_px": project.input_size_px,
        "tuned_by_job": project.tuned_by_job,
        "embedding": embedding.value,
        "uses_labels": by_labels,
        "num_images": num,
        "num_removed": int(num - is_kept.sum()),
        "digest": _digest(rows, is_kept, labels),
        **({} if crops_are is None else {"crops": crops_are}),
    }
    return LayoutInput(view, rows, is_kept, labels, facts)


def labels_by_class(project: Project, class_ids: Sequence[int], *, num_images: int) -> IntArray:
    """Position (N,) of each image's class in `class_ids`, -1 for images without a label or of another class."""
    position = {class_id: number for number, class_id in enumerate(class_ids)}
    rows = Image.objects.filter(project=project, index__lt=num_images, resolved_class__in=class_ids)
    result = np.full(num_images, -1, dtype=np.int64)
    for index, class_id in rows.values_list("index", "resolved_class_id"):
        result[index] = position[class_id]
    return result


def facts_of(projection: Projection) -> dict[str, Any]:
    """What is kept of a layout's input; layouts of older versions kept less, beside the parameters."""
    facts = projection.parameters.get("input")
    return facts if isinstance(facts, dict) else projection.parameters


def fit(source: LayoutInput, *, init: FloatArray | None, **choices: Any) -> layouts.Projection:
    """Lay out the images that are not removed; the others get no place. `init` (M, 2), M <= N, as `fit_projection`."""
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
        source.rows if isinstance(source.rows, StoredRows) else source.rows[kept],
        is_kept=kept,
        init=known[kept],
        class_index=source.class_index[kept],
        on_layout=None if on_layout is None else lambda layout: on_layout(_spread(layout, kept)),
        **choices,
    )
    return layouts.Projection(_spread(result.layout, kept), result.quality, result.parameters)


def _fit_rows(
    rows: FloatArray | StoredRows, *, is_kept: BoolArray | None = None, **choices: Any
) -> layouts.Projection:
    """Lay out an array, or those stored rows that `is_kept` (N,) marks."""
    if isinstance(rows, np.ndarray) and len(rows) <= LARGE:
        return layouts.fit_projection(rows, **choices)
    if isinstance(rows, np.ndarray):
        return fit_large_projection(lambda: _blocks(rows), num_rows=len(rows), **choices)
    num_rows = len(rows) if is_kept is None else int(is_kept.sum())
    return fit_large_projection(lambda: _stored_blocks(rows.root, is_kept), num_rows=num_rows, **choices)


def _blocks(rows: FloatArray) -> Iterator[FloatArray]:
    for start in range(0, len(rows), _BLOCK_ROWS):
        yield rows[start : start + _BLOCK_ROWS]


def _stored_blocks(root: Path, is_kept: BoolArray | None) -> Iterator[FloatArray]:
    start = 0
    for block in iter_pooled(root):
        yield block if is_kept is None else block[is_kept[start : start + len(block)]]
        start += len(block)


def _spread(layout: FloatArray, is_kept: BoolArray) -> FloatArray:
    """Places (N, 2) with holes where images were removed."""
    result = np.full((len(is_kept), 2), np.nan, dtype=np.float32)
    result[is_kept] = layout
    return result


def _digest(rows: FloatArray | StoredRows, is_kept: BoolArray, labels: IntArray) -> str | None:
    """Of everything that a layout depends on; None for rows that stay on disk."""
    if isinstance(rows, StoredRows):
        return None
    digest = hashlib.blake2b(digest_size=16)
    for array in (rows, is_kept, labels):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()

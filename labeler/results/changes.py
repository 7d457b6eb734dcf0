"""What changed from one model version to a later one: predictions, and who lies beside whom on the map."""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from labeler.datasets.models import ProjectionEmbedding
from labeler.datasets.selectors import list_removed_indexes
from labeler.errors import InvalidInput, NotFound
from labeler.results.models import ModelVersion, Projection, View
from labeler.results.selectors import NO_PREDICTION, get_model_array, read_array

NUM_NEIGHBOURS = 15
STAYS_WITHIN = 3  # a neighbour is lost when it is no longer among three times as many
MAX_NEIGHBOURHOODS = 50_000  # of larger sets, only images that moved or changed class most are looked at

_Doubles = npt.NDArray[np.float64]


def get_changes(
    *, project_id: int, view: View, from_version: int | None, to_version: int | None, by: str, limit: int
) -> dict[str, Any]:
    """The images that changed most between two model versions: by default the latest one and the one before.

    Of the earlier version its layout of the same options is taken. Where there is none, places say nothing: then only
    classes are compared, whatever `by` says.

    Raises:
        NotFound: there is no such version.
        InvalidInput: the earlier version is not earlier.
    """
    later = _model(project_id, to_version)
    before = None if later is None else _model(project_id, from_version, earlier_than=later.number)
    if later is None or before is None:
        return _nothing()
    if before.number >= later.number:
        raise InvalidInput(f"from_version {before.number} is not earlier than to_version {later.number}")
    new = _newest(_layouts_of(later, view))
    old = None if new is None else _to_compare(_layouts_of(before, view), new)
    if old is None or new is None:
        return {**_nothing(), "from_version": before.number, "to_version": later.number}
    rows = _compared_rows(project_id, old, new)
    rows = rows[np.all([_predicted(model)[rows] != NO_PREDICTION for model in (before, later)], axis=0)]
    class_shift = _class_shift(before, later)[rows]
    classes = [_predicted(model)[rows] for model in (before, later)]
    is_by_places = _options_of(old) == _options_of(new)
    if is_by_places:
        moved, lost = (part[rows] for part in _movement(old.id, new.id))
        score = {"class": class_shift, "neighbourhood": lost, "both": (class_shift + lost) / 2}[by]
    else:
        moved = lost = np.zeros(len(rows))
        score = class_shift
    best = np.lexsort((-moved, -score))[:limit]
    best = best[score[best] > 0]
    places = [_places(projection)[rows] for projection in (old, new)]
    return {
        "from_version": before.number,
        "to_version": later.number,
        "are_places_compared": is_by_places,
        "num_compared": len(rows),
        "num_class_changed": int((classes[0] != classes[1]).sum()),
        "median_moved": float(np.median(moved)) if len(rows) and is_by_places else None,
        "items": [
            {
                "index": int(rows[k]),
                "class_id_before": int(classes[0][k]),
                "class_id": int(classes[1][k]),
                "class_shift": float(class_shift[k]),
                "lost_neighbours": float(lost[k]) if is_by_places else None,
                "moved": float(moved[k]) if is_by_places else None,
                "place_before": tuple(places[0][k].tolist()) if is_by_places else None,
                "place": tuple(places[1][k].tolist()),
            }
            for k in best
        ],
    }


def lost_neighbours(before: _Doubles, after: _Doubles, *, rows: npt.NDArray[np.int64]) -> _Doubles:
    """Share (n,) of each row's nearest neighbours that are no longer near. Places (N, 2) are without NaN.

    Args:
        before: earlier places.
        after: later places of the same points.
        rows: (n,) which to look at; the neighbours come from all.
    """
    nearest = min(NUM_NEIGHBOURS, len(before) - 1)
    if nearest < 1:
        return np.zeros(len(rows))
    wide = min(STAYS_WITHIN * NUM_NEIGHBOURS, len(before) - 1)
    _, old = cKDTree(before).query(before[rows], k=nearest + 1)
    _, new = cKDTree(after).query(after[rows], k=wide + 1)
    num_kept = np.zeros(len(rows))
    num_old = np.zeros(len(rows))
    for place in range(nearest + 1):
        neighbour = old[:, place]
        is_other = neighbour != rows
        num_old += is_other
        num_kept += is_other & (new == neighbour[:, None]).any(axis=1)
    return np.asarray(1 - num_kept / num_old)


@lru_cache(maxsize=16)
def _movement(old_id: int, new_id: int) -> tuple[_Doubles, _Doubles]:
    """Moves in radii and lost neighbours (N,) from one layout to another; NaN where an image has no place in both.

    Layouts never change, so neither does this.
    """
    old, new = (_places(Projection.objects.select_related("array").get(id=key)) for key in (old_id, new_id))
    num = min(len(old), len(new))
    old, new = old[:num], new[:num]
    shared = np.flatnonzero(~np.isnan(old).any(axis=1) & ~np.isnan(new).any(axis=1))
    moved, lost = np.full(num, np.nan), np.full(num, np.nan)
    if len(shared) == 0:
        return moved, lost
    before, after = old[shared], new[shared]
    radius = float(np.sqrt(((before - before.mean(axis=0)) ** 2).sum(axis=1).mean())) or 1.0
    distance = np.linalg.norm(after - before, axis=1) / radius
    looked_at = np.sort(np.argsort(-distance, kind="stable")[:MAX_NEIGHBOURHOODS])
    losses = np.zeros(len(shared))
    losses[looked_at] = lost_neighbours(before, after, rows=looked_at)
    moved[shared], lost[shared] = distance, losses
    return moved, lost


def _nothing() -> dict[str, Any]:
    return {
        "from_version": None,
        "to_version": None,
        "are_places_compared": True,
        "num_compared": 0,
        "num_class_changed": 0,
        "median_moved": None,
        "items": [],
    }


def _model(project_id: int, number: int | None, *, earlier_than: int | None = None) -> ModelVersion | None:
    found = ModelVersion.objects.filter(project_id=project_id).order_by("-number")
    if number is None:
        return (found if earlier_than is None else found.filter(number__lt=earlier_than)).first()
    model = found.filter(number=number).first()
    if model is None:
        raise NotFound(f"Project {project_id} has no model {number}")
    return model


def _layouts_of(model: ModelVersion, view: View) -> list[Projection]:
    """Newest first."""
    made = Projection.objects.filter(model_version=model, view=view, is_early=False)
    return list(made.select_related("array").order_by("-id"))


def _newest(made: list[Projection]) -> Projection | None:
    return made[0] if made else None


def _to_compare(made: list[Projection], later: Projection) -> Projection | None:
    """The newest of the same options as `later`; the newest of all when there is none."""
    alike = [layout for layout in made if _options_of(layout) == _options_of(later)]
    return _newest(alike or made)


def _options_of(projection: Projection) -> tuple[str, bool]:
    """What makes images alike on a layout, and whether labels shape it. Layouts that kept nothing went by looks."""
    source = projection.parameters.get("input", {})
    return source.get("embedding", ProjectionEmbedding.LOOKS.value), bool(source.get("uses_labels"))


def _places(projection: Projection) -> _Doubles:
    return np.array(read_array(projection.array), dtype=np.float64)


def _compared_rows(project_id: int, old: Projection, new: Projection) -> npt.NDArray[np.int64]:
    """Images that have a place in both and are not removed."""
    num = min(old.num_images, new.num_images)
    has_places = np.ones(num, dtype=np.bool_)
    for projection in (old, new):
        has_places &= ~np.isnan(_places(projection)[:num]).any(axis=1)
    has_places[list_removed_indexes(project_id=project_id, num_images=num)] = False
    return np.flatnonzero(has_places)


def _predicted(model: ModelVersion) -> npt.NDArray[np.int32]:
    return np.array(read_array(get_model_array(model=model, name="predicted_class")), dtype=np.int32)


def _class_shift(before: ModelVersion, later: ModelVersion) -> _Doubles:
    """Total variation (N,) between the two models' probabilities, over all classes that either knows."""
    old, new = (
        np.array(read_array(get_model_array(model=model, name="probabilities")), dtype=np.float64)
        for model in (before, later)
    )
    num = min(len(old), len(new))
    known = sorted({*before.class_ids, *later.class_ids})
    change = np.zeros((num, len(known)))
    change[:, [known.index(class_id) for class_id in later.class_ids]] += new[:num]
    change[:, [known.index(class_id) for class_id in before.class_ids]] -= old[:num]
    return np.asarray(np.minimum(np.abs(change).sum(axis=1) / 2, 1.0))

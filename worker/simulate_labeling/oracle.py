"""Gestures of an oracle: it knows every class, sees the map and ranked pages, and now and then slips.

A gesture is one drag around images or one click on an image, with the class key that follows it, or a click or a key
that labels nothing: one row of the product's log, and what it takes to take images out of one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from worker.ml.types import BoolArray, FloatArray, IntArray

NEIGHBOURS = 8
REACH = 4.0  # neighbours further than this many typical distances are not connected


@dataclass(frozen=True)
class Lasso:
    """Images inside one outline, and the class that the oracle gives them."""

    images: IntArray
    class_index: int


@dataclass(frozen=True)
class PageDecision:
    """What the oracle does with a ranked page: `taken` are accepted after `num_clicks`; `wrong` were clicked away,
    the rest is left for later."""

    taken: IntArray
    wrong: IntArray
    num_clicks: int

    @property
    def num_gestures(self) -> int:
        """Clicks, and Enter where something is taken."""
        return self.num_clicks + (len(self.taken) > 0)


def best_lasso(
    layout: FloatArray,
    classes: IntArray,
    *,
    selectable: BoolArray,
    purity: float,
    error_rate: float,
    rng: np.random.Generator,
    only_class: int | None = None,
) -> Lasso | None:
    """The outline that gives most images their right class in one drag.

    A group is a set of selectable images of one class that hang together on the map: each is among the
    `NEIGHBOURS` nearest of another; so is the middle of such a group, of images with neighbours of their class only.
    Images of other classes that lie among them, most of their neighbours being of the group, are inside the outline
    too; a group whose outline would be less pure than `purity` is passed over. With `error_rate` each image of the
    group is missed, and each foreign one at its border is caught.

    Args:
        layout: (N, 2), NaN where an image has no place.
        classes: (N,) the true classes.
        selectable: (N,) images that a drag takes: visible, passing the filter.
        purity: least share of right images inside an outline, in (0, 1].
        error_rate: in [0, 1).
        rng: of the slips.
        only_class: draw around images of this class only.
    """
    rows = np.flatnonzero(selectable & np.isfinite(layout).all(axis=1))
    if len(rows) < 2:
        return _single(rows, classes, only_class=only_class)
    distances, near = cKDTree(layout[rows]).query(layout[rows], k=min(NEIGHBOURS + 1, len(rows)))
    own = classes[rows]
    is_near = distances <= REACH * np.median(distances[:, -1])
    is_middle = ((own[near] == own[:, None]) | ~is_near).all(axis=1)
    of_their_own = own.max() + 1 + np.arange(len(own))
    best: Lasso | None = None
    best_gain = 0
    for groups, group in [
        *_largest_first(_groups(own, near, is_near)),
        *_largest_first(_groups(np.where(is_middle, own, of_their_own), near, is_near)),
    ]:
        members = np.flatnonzero(groups == group)
        if len(members) <= best_gain or (only_class is not None and own[members[0]] != only_class):
            continue
        share = ((groups[near[:, 1:]] == group) & is_near[:, 1:]).mean(axis=1)
        foreign = np.flatnonzero((groups != group) & (own != own[members[0]]))
        inside = foreign[share[foreign] > 0.5]
        border = foreign[(share[foreign] > 0.2) & (share[foreign] <= 0.5)]
        if len(members) < purity * (len(members) + len(inside)):
            continue
        caught = border[rng.random(len(border)) < error_rate]
        kept = members[rng.random(len(members)) >= error_rate] if len(members) > 1 else members
        best_gain = len(members)
        images = rows[np.concatenate([kept, inside, caught])]
        best = Lasso(np.sort(images), int(own[members[0]]))
    return best


def judge_page(ranked: IntArray, is_right: BoolArray) -> PageDecision:
    """Take the part of a page that costs least for what it gives.

    The oracle clicks wrong images away one by one down to some place, and everything behind it with two more clicks
    (the first and, with Shift, the last); the place is where most images are taken for each gesture.

    Args:
        ranked: (n,) images, the most certain first.
        is_right: (n,) whether the predicted class is the true one.
    """
    wrong_before = np.concatenate([[0], np.cumsum(~is_right)])
    best = PageDecision(ranked[:0], ranked[:0], 0)
    best_worth = 0.0
    for stop in range(1, len(ranked) + 1):
        num_wrong = int(wrong_before[stop])
        clicks = num_wrong + (2 if stop < len(ranked) else 0)
        num_right = stop - num_wrong
        worth = num_right / (clicks + 1)
        if num_right and worth >= best_worth:
            taken = ranked[:stop][is_right[:stop]]
            best, best_worth = PageDecision(taken, ranked[:stop][~is_right[:stop]], clicks), worth
    return best


def _single(rows: IntArray, classes: IntArray, *, only_class: int | None) -> Lasso | None:
    if len(rows) == 0 or (only_class is not None and classes[rows[0]] != only_class):
        return None
    return Lasso(rows, int(classes[rows[0]]))


def _largest_first(groups: IntArray) -> list[tuple[IntArray, int]]:
    """Each group with the grouping (n,) that it is of."""
    return [(groups, int(group)) for group in np.argsort(-np.bincount(groups), kind="stable")]


def _groups(own: IntArray, near: IntArray, is_near: BoolArray) -> IntArray:
    """Group of each row: rows of one class connected by being near each other."""
    rows = np.repeat(np.arange(len(own)), near.shape[1])
    columns = near.ravel()
    linked = (own[rows] == own[columns]) & is_near.ravel()
    graph = coo_matrix((np.ones(linked.sum()), (rows[linked], columns[linked])), shape=(len(own), len(own)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

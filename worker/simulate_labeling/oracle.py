"""Gestures of an oracle: it knows every class, sees the map and ranked pages, and now and then slips.

A gesture is one drag around images or one click on an image, with the class key that follows it, or a click or a key
that labels nothing: one row of the product's log, and what it takes to take images out of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from worker.ml.types import BoolArray, FloatArray, IntArray

NEIGHBOURS = 8
MAX_LEFT_OUT = (
    2  # images of an outline that are clicked away in the grid; with more another outline is better
)
REACH = 4.0  # neighbours further than this many typical distances are not connected


@dataclass(frozen=True)
class Lasso:
    """One outline for one class: the `members` it is drawn for, images of other classes `inside` of it, and others at
    its `border`; indexes of images. `is_cleaned`: what is not of the class is clicked away in the selection's grid.
    """

    class_index: int
    members: IntArray
    inside: IntArray
    border: IntArray
    is_cleaned: bool = False

    @property
    def num_gestures(self) -> int:
        """The outline, and the clicks in the grid."""
        return 1 + len(self.inside) if self.is_cleaned else 1

    @property
    def images(self) -> IntArray:
        """What the oracle means to label."""
        return np.sort(self.members if self.is_cleaned else np.concatenate([self.members, self.inside]))

    def drawn(self, *, error_rate: float, rng: np.random.Generator) -> tuple[IntArray, int]:
        """What gets the class when it slips, and the gestures for that: each member is missed, and each image at the
        border caught, with `error_rate` in [0, 1). A single image is never missed; in the grid what is caught costs a
        click.
        """
        caught = self.border[rng.random(len(self.border)) < error_rate]
        is_kept = rng.random(len(self.members)) >= error_rate
        kept = self.members[is_kept] if len(self.members) > 1 else self.members
        if self.is_cleaned:
            return np.sort(kept), self.num_gestures + len(caught)
        return np.sort(np.concatenate([kept, self.inside, caught])), self.num_gestures


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


def find_lassos(
    layout: FloatArray, classes: IntArray, *, selectable: BoolArray, purity: float
) -> list[Lasso]:
    """The outlines that give images their right class, those of most images for each gesture first.

    A group is a set of selectable images of one class that hang together on the map: each is among the
    `NEIGHBOURS` nearest of another; so is the middle of such a group, of images with neighbours of their class only.
    Images of other classes that lie among them, most of their neighbours being of the group, are inside the outline
    too. Where its outline would be less pure than `purity` by that, one or two of them are clicked away in the
    selection's grid; with more the group is passed over.

    Args:
        layout: (N, 2), NaN where an image has no place.
        classes: (N,) the true classes.
        selectable: (N,) images that a drag takes: visible, passing the filter.
        purity: least share of right images inside an outline that is taken as it is, in (0, 1].
    """
    rows = np.flatnonzero(selectable & np.isfinite(layout).all(axis=1))
    nothing = rows[:0]
    if len(rows) < 2:
        return [Lasso(int(classes[row]), rows, nothing, nothing) for row in rows]
    distances, near = cKDTree(layout[rows]).query(layout[rows], k=min(NEIGHBOURS + 1, len(rows)))
    own = classes[rows]
    is_near = distances <= REACH * np.median(distances[:, -1])
    is_middle = ((own[near] == own[:, None]) | ~is_near).all(axis=1)
    of_their_own = own.max() + 1 + np.arange(len(own))
    of_classes, of_middles = (
        _groups(own, near, is_near),
        _groups(np.where(is_middle, own, of_their_own), near, is_near),
    )
    found = []
    for groups in (of_classes, of_middles):
        for members, inside, border in _outlines(groups, own, near[:, 1:], is_near[:, 1:]):
            is_pure = len(members) >= purity * (len(members) + len(inside))
            if is_pure or len(inside) <= MAX_LEFT_OUT:
                parts = rows[members], rows[inside], rows[border]
                found.append(Lasso(int(own[members[0]]), *parts, is_cleaned=not is_pure))
    return sorted(found, key=lambda one: -len(one.members) / one.num_gestures)


def _outlines(
    groups: IntArray, own: IntArray, near: IntArray, is_near: BoolArray
) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Members of each group, and rows of other classes that lie inside of it and at its border."""
    num_rows, num_near = near.shape
    links = (np.repeat(np.arange(num_rows), num_near), groups[near].ravel())
    share = coo_matrix((is_near.ravel() / num_near, links), shape=(num_rows, groups.max() + 1)).tocsc()
    ordered = np.argsort(groups, kind="stable")
    for group, members in enumerate(np.split(ordered, np.cumsum(np.bincount(groups))[:-1])):
        column = slice(share.indptr[group], share.indptr[group + 1])
        others, shares = share.indices[column], share.data[column]
        is_foreign = (groups[others] != group) & (own[others] != own[members[0]])
        yield (
            members,
            np.sort(others[is_foreign & (shares > 0.5)]),
            np.sort(others[is_foreign & (shares > 0.2) & (shares <= 0.5)]),
        )


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


def _groups(own: IntArray, near: IntArray, is_near: BoolArray) -> IntArray:
    """Group of each row: rows of one class connected by being near each other."""
    rows = np.repeat(np.arange(len(own)), near.shape[1])
    columns = near.ravel()
    linked = (own[rows] == own[columns]) & is_near.ravel()
    graph = coo_matrix((np.ones(linked.sum()), (rows[linked], columns[linked])), shape=(len(own), len(own)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

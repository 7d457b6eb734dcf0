"""Cursor pages: the one shape of every list that grows.

A list takes `after` and `limit` and answers `{"items": [...], "next": cursor}`. `after` is the `next` of the page
before; left out, the list starts at its beginning. `next` is null on the last page. A cursor is a row's own number, so
rows that come or go between two pages neither shift nor repeat the others.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
MAX_CURSOR = 2**63 - 1

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
PageLimit = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)]
Cursor = Annotated[int | None, Query(ge=0, le=MAX_CURSOR)]


class Page(Schema, Generic[Item]):
    """`next` is the cursor for the next page; null at the end."""

    items: list[Item]
    next: int | None


def page_of_rows(rows: Sequence[Item], *, limit: int, cursor: Callable[[Item], int]) -> dict[str, Any]:
    """A page from rows of which one more than `limit` was read where there are more."""
    page = list(rows[:limit])
    return {"items": page, "next": cursor(page[-1]) if len(rows) > limit else None}


def newest_first_page(rows: QuerySet[Row], *, after: int | None, limit: int) -> dict[str, Any]:
    """A page of rows by descending id: those with an id below the cursor."""
    found = rows if after is None else rows.filter(pk__lt=after)
    return page_of_rows(list(found.order_by("-pk")[: limit + 1]), limit=limit, cursor=lambda row: int(row.pk))

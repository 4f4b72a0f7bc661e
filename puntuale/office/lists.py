"""Long lists in pages."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """A page of rows: its number, and that of the last one."""

    rows: list[Row]
    number: int
    last: int


def page(found: QuerySet[Row, Any], asked: str) -> ListPage[Row]:
    """Return the page asked for. What is no number of a page is the first."""
    last = max(1, -(-found.count() // ON_A_PAGE))
    shown = min(number(asked), last)
    return ListPage(list(found[(shown - 1) * ON_A_PAGE : shown * ON_A_PAGE]), shown, last)


def number(asked: str) -> int:
    """Return the number of the page asked for, from 1 on."""
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 9 else 1

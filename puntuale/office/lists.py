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
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 9 else 1
    return ListPage(list(found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]), number, last)

"""Long lists a page at a time, each found by where the one before it ended."""

import hashlib
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from pydantic import Field

from puntuale.api.calls import Call
from puntuale.api.problems import of_field
from puntuale.api.values import Asked, Told

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
MOST = 100

_signer = signing.Signer(salt="puntuale.api.pages")


class PageAsked(Asked):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    cursor: str | None = Field(
        None, max_length=1_000, description="Where the page before ended: its `next`, as it was given."
    )


class Page(Told, Generic[Item]):
    """Some of a list, and where the next page begins."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return what a page of something is called in the description."""
        return f"PageOf{params[0].__name__}"


def place(call: Call, cursor: str | None) -> str:
    """Return where the page before ended, or nothing for the first page.

    Raises Refused for a cursor that we did not give, or gave for another list.
    """
    if not cursor:
        return ""
    try:
        listed, _colon, ended = _signer.unsign(cursor).partition(":")
    except signing.BadSignature:
        listed, ended = "", ""
    if listed != _listed(call):
        raise of_field("query.cursor", "cursor.unknown", _("This cursor is none of this list."))
    return ended


def cursor(call: Call, ended: str) -> str | None:
    """Return the cursor of the page that begins where this one ended; None when nothing follows."""
    return _signer.sign(f"{_listed(call)}:{ended}") if ended else None


def _listed(call: Call) -> str:
    """Return what names a list: whose it is, of what, and what it is narrowed to."""
    asked = sorted((name, value) for name, value in call.GET.items() if name not in {"cursor", "limit"})
    said = f"{call.person.pk} {call.path}?{urlencode(asked, errors='replace')}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def of_rows(
    call: Call, found: QuerySet[Row], asked: PageAsked, *, latest_first: bool = False
) -> tuple[list[Row], str | None]:
    """Return the rows of the page that is asked for, in the order in which they were made, and the next cursor."""
    ended = place(call, asked.cursor)
    if ended:
        found = found.filter(**{"pk__lt" if latest_first else "pk__gt": int(ended)})
    rows = list(found.order_by("-pk" if latest_first else "pk")[: asked.limit + 1])
    following = str(rows[asked.limit - 1].pk) if len(rows) > asked.limit else ""
    return rows[: asked.limit], cursor(call, following)
